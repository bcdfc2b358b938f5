//! Hooks: what runs when something fails is there where that fails.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::front::graph::{DRAWN, circles, cycle_text};
use crate::model::fleet::{Fleet, Kind, Placement, Workload};
use crate::text::{Located, Span};
use crate::value::quoted;
use crate::value::suggest::{listed, nearest};
use std::collections::BTreeMap;

/// A hook that cannot run.
pub(crate) const UNKNOWN_HOOK: Fault = Fault::error(
    "unknown-hook",
    "`on-failure` names a task that runs on the same hosts",
    "systemd starts the task on the host where something failed. One that is not there would be missed on the day when it was to tell \
     somebody.",
);

/// A hook that comes back to itself.
pub(crate) const HOOK_CYCLE: Fault = Fault::error(
    "hook-cycle",
    "what runs on a failure does not lead back to itself",
    "Where the cause stays, each failure starts the next task, and the last one the first: they run in a circle until somebody stops \
     them.",
);
/// A hook of what never fails.
pub(crate) const IDLE_HOOK: Fault = Fault::warning(
    "idle-hook",
    "`on-failure` stands where something can fail for good",
    "A service is started again for ever, unless it says how often: until it gives up, systemd does not call it failed, and nothing \
     runs.",
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

/// The hooks of the whole fleet, which lead from one to another, and may stand in the defaults.
pub(crate) fn check_together(fleet: &Fleet, report: &mut Report) {
    let hooks = || fleet.workloads.values().flat_map(Workload::hooks);
    let mut edges: BTreeMap<&str, BTreeMap<&str, Span>> = BTreeMap::new();
    let mut idle: BTreeMap<Span, Option<&Workload>> = BTreeMap::new();
    for (workload, hook) in hooks() {
        edges.entry(&workload.name).or_default().insert(&hook.value, hook.span);
        edges.entry(&hook.value).or_default();
        idle.entry(hook.span).or_insert(Some(workload));
    }
    let fail = fleet.placements().filter(|(workload, placement)| gives_up(workload, placement));
    idle.extend(fail.filter_map(|(_, placement)| Some((placement.on_failure.as_ref()?.span, None))));
    check_circles(&edges, report);
    for (span, workload) in idle.into_iter().filter_map(|(span, workload)| Some((span, workload?))) {
        report.push(
            Diagnostic::new(
                &IDLE_HOOK,
                format!("`{}` is started again for ever, and never fails", workload.name),
            )
            .at(span, "never runs")
            .help("say when it gives up, as in `restart retries=5 within=\"10m\"`, or remove this"),
        );
    }
}

fn gives_up(workload: &Workload, placement: &Placement) -> bool {
    workload.kind != Kind::Service || placement.restart.retries.is_some()
}

fn check_circles(hooks: &BTreeMap<&str, BTreeMap<&str, Span>>, report: &mut Report) {
    let names: Vec<&str> = hooks.keys().copied().collect();
    let number = |name: &&str| names.binary_search(name).ok();
    let edges: Vec<Vec<usize>> =
        hooks.values().map(|targets| targets.keys().filter_map(number).collect()).collect();
    for circle in circles(&edges) {
        let mut ring: Vec<&str> = circle.iter().map(|index| names[*index]).collect();
        ring.push(names[circle[0]]);
        let message = match circle.len() {
            1 => format!("`{}` runs when it fails itself", ring[0]),
            _ => format!("failures go in a circle: {}", cycle_text(&ring)),
        };
        let mut diagnostic = Diagnostic::new(&HOOK_CYCLE, message);
        for pair in ring.windows(2).take(DRAWN) {
            diagnostic = diagnostic.at(hooks[pair[0]][pair[1]], format!("when `{}` fails", pair[0]));
        }
        report.push(diagnostic.help(
            "let the last one have none: `remove \"on-failure\"` where it comes from the defaults or a base",
        ));
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
