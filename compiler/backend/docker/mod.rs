//! A host of a plan → `docker run` scripts, systemd units, etcd registrations, and `activate`.

mod activate;
mod arguments;
mod host;
mod mount_points;
mod registration;
pub mod run;
mod script;
pub mod shell;
mod systemd;

pub(crate) use arguments::TOO_MANY_ARGUMENTS;
pub(crate) use mount_points::{MountPoint, above, mount_points};

use super::{Backend, Effect, Print, Slack};
use crate::diagnostic::Report;
use crate::model::container::Container;
use crate::model::fleet::{Fleet, Placement, Workload};
use crate::model::plan::{HostPlan, Plan, Unit};
use crate::output::artifacts::Artifacts;
use crate::template::TemplateError;

/// docker, run by systemd.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Docker;

impl Backend for Docker {
    fn check(&self, fleet: &Fleet, workload: &Workload, placement: &Placement, report: &mut Report) {
        arguments::check(fleet, workload, placement, report);
    }

    /// The words for docker, and the content of the files that it mounts. The rest of a service (who waits for it, how its
    /// health is asked) can change while the container stays.
    fn identity(&self, fleet: &str, name: &str, container: &Container, word: &mut dyn FnMut(&str)) {
        run::identity(fleet, name, container, word);
    }

    fn slack(&self) -> Slack {
        Slack { start_seconds: 60, stop_seconds: 15 }
    }

    /// The same decision as in `templates/activate/start.sh`: a unit that runs by the calendar is replaced at its next run; one that
    /// no longer does runs at once.
    fn effect(&self, before: &Unit, after: &Unit, registers: bool) -> Effect {
        let another = before.hash != after.hash || !before.kind.runs_by_itself();
        if after.kind.runs_by_itself() && another {
            return Effect::Replaced;
        }
        if registers { Effect::Registered } else { Effect::NextStart }
    }

    fn host(&self, plan: &Plan, host: &HostPlan, print: &Print<'_>) -> Result<Artifacts, TemplateError> {
        host::files(plan, host, print)
    }
}
