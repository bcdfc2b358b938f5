//! A plan → the files of each host. A back end also says which changes make a container another one, and what a change does to
//! a unit that runs. docker is the only one.
//!
//! A back end does not decide what runs where, and neither reads nor writes files: that is for the plan and the output.

pub mod docker;
mod manifest;
mod own_templates;
mod plan_text;
mod printer;

pub(crate) use docker::{Docker, MountPoint, TOO_MANY_ARGUMENTS, above, mount_points};
pub(crate) use own_templates::{TEMPLATE, broken_template, own_templates};
pub use printer::{Bundle, Printer};

use crate::diagnostic::Report;
use crate::model::container::Container;
use crate::model::fleet::{Fleet, Placement, Workload};
use crate::model::plan::{HostPlan, Plan, Unit};
use crate::output::artifacts::Artifacts;
use crate::template::{TemplateError, Value};
use std::fmt::Debug;

/// The back end of every fleet.
pub(crate) const BACKEND: &dyn Backend = &Docker;

/// An engine and what runs its containers.
pub trait Backend: Debug + Sync {
    /// Reports containers that another engine could start and this one cannot.
    fn check(&self, fleet: &Fleet, workload: &Workload, placement: &Placement, report: &mut Report);

    /// Passes to `word` everything that makes a container what it is. A container with another word is another container.
    fn identity(&self, fleet: &str, name: &str, container: &Container, word: &mut dyn FnMut(&str));

    /// The time that the engine takes for itself.
    fn slack(&self) -> Slack;

    /// Returns what happens to a running unit when its host gets the next plan. `registers` says whether the unit's keys in
    /// etcd change.
    fn effect(&self, before: &Unit, after: &Unit, registers: bool) -> Effect;

    /// The files of one host, but for its manifest.
    fn host(&self, plan: &Plan, host: &HostPlan, print: &Print<'_>) -> Result<Artifacts, TemplateError>;
}

/// Prints a template, given its values and how many containers it is for.
pub type Print<'p> = dyn Fn(&str, Value, usize) -> Result<String, TemplateError> + 'p;

/// Seconds beyond what a unit may take by its own settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slack {
    /// Seconds for a start.
    pub(crate) start_seconds: u64,
    /// Seconds for a stop: between the end of the grace period and the kill of the unit.
    pub(crate) stop_seconds: u64,
}

/// The effect of the next plan on a unit that is in both plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Its container ends for another one.
    Replaced,
    /// Its container stays, and its keys in etcd are replaced.
    Registered,
    /// It goes on running. The new files count from its next start.
    NextStart,
}
