//! Hooks: what runs when something fails is there where that fails.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::fleet::{Fleet, Kind, Workload};
use crate::text::{Located, Span};
use crate::value::quoted;
use crate::value::suggest::{listed, nearest};

/// A hook that cannot run.
pub(crate) const UNKNOWN_HOOK: Fault = Fault::error(
    "unknown-hook",
    "`on-failure` names a task that runs on the same hosts",
    "systemd starts the task on the host where something failed. One that is not there would be missed on the day when it was to tell \
     somebody.",
);

/// The hooks of one service or task.
pub(crate) fn check(fleet: &Fleet, workload: &Workload, report: &mut Report) {
    let hooks =
        workload.placements.iter().filter_map(|placement| Some((placement, placement.on_failure.as_ref()?)));
    let mut said: Option<Span> = None;
    for (placement, hook) in hooks {
        // One line may be that of many instances.
        if said == Some(hook.span) {
            continue;
        }
        if let Some(diagnostic) = fault(fleet, hook, &placement.host) {
            said = Some(hook.span);
            report.push(diagnostic);
        }
    }
}

fn fault(fleet: &Fleet, hook: &Located<String>, host: &str) -> Option<Diagnostic> {
    let task = fleet.workloads.get(&hook.value).filter(|task| task.kind != Kind::Service);
    let Some(task) = task else {
        let tasks = || fleet.workloads.values().filter(|task| task.kind != Kind::Service);
        let names = || tasks().map(|task| task.name.as_str());
        let help = match (nearest(&hook.value, names()), names().next()) {
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, Some(_)) => format!("the tasks: {}", listed(names())),
            (None, None) => "declare a task that tells somebody".to_string(),
        };
        let message = format!("{} is no task", quoted(&hook.value));
        return Some(
            Diagnostic::new(&UNKNOWN_HOOK, message).at(hook.span, "to run after a failure").help(help),
        );
    };
    if task.placements.iter().any(|placement| placement.host == host) {
        return None;
    }
    let message =
        format!("the task `{}` is not on host `{host}`, where it is to run after a failure", task.name);
    Some(
        Diagnostic::new(&UNKNOWN_HOOK, message)
            .at(hook.span, format!("this is on host `{host}` too"))
            .at(task.span, "this is not")
            .help("give the task `on \"*\"`: a hook that never runs costs nothing"),
    )
}
