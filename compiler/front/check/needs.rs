//! Needs: a unit can see from its host whether what it waits for is ready.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::fleet::{Fleet, Kind, Need, Placement, Until, Workload};
use crate::value::port::Protocol;

/// A need across hosts that cannot be seen.
pub(crate) const NEED_UNREACHABLE: Fault = Fault::error(
    "need-unreachable",
    "what is needed from another host registers, or has a tcp port to wait on that other hosts reach",
    "On one host systemd knows when a service is ready. Across hosts the only signs are its registration in etcd and its \
     port; a service with neither cannot be waited for, and one that listens on 127.0.0.1 answers nobody else.",
);
/// A need of a workload that comes and goes by the calendar.
pub(crate) const NEED_SCHEDULED: Fault = Fault::error(
    "need-scheduled",
    "a scheduled task is not something to wait for",
    "It is ready at no time: it runs by its calendar and ends. A task without a schedule runs once, and what needs it \
     starts after it.",
);

/// The needs of one service or task.
pub(crate) fn check(fleet: &Fleet, workload: &Workload, report: &mut Report) {
    for need in &workload.needs {
        let Some(target) = fleet.workloads.get(&need.target.value) else { continue };
        // A workload that needs itself is reported as a circle.
        if target.name == workload.name {
            continue;
        }
        if let Some((when, help)) = runs_at_its_time(&target.kind) {
            let message = format!("`{}` needs `{}`, which runs {when}", workload.name, target.name);
            report.push(
                Diagnostic::new(&NEED_SCHEDULED, message)
                    .at(need.target.span, "needed here")
                    .at(target.span, format!("a task that runs {when}"))
                    .help(help),
            );
        } else if need.until == Until::Started && target.kind == Kind::Task {
            report.push(started(
                workload,
                need,
                "a task is needed for what it has done when it ends",
                "remove `until=`",
            ));
        } else if let (Until::Started, Some(host)) = (need.until, remote(workload, need, target)) {
            let why = format!("whether it is started cannot be seen from host `{host}`");
            report.push(started(workload, need, &why, "remove `until=`, or run both on the same hosts"));
        } else if let Some(host) = remote(workload, need, target) {
            check_remote(workload, need, target, host, report);
        }
    }
}

fn runs_at_its_time(kind: &Kind) -> Option<(&'static str, &'static str)> {
    match kind {
        Kind::Scheduled => Some(("by a schedule", "remove the `schedule`, or the need")),
        Kind::Hook => Some(("when something failed", "remove the `on-failure` that names it, or the need")),
        Kind::Service | Kind::Task => None,
    }
}

fn started(workload: &Workload, need: &Need, why: &str, help: &str) -> Diagnostic {
    let message = format!("`{}` cannot wait until `{}` is started", workload.name, need.target.value);
    Diagnostic::new(&NEED_UNREACHABLE, message).at(need.target.span, why).help(help)
}

/// Returns a host from which another host serves the need.
fn remote<'w>(workload: &'w Workload, need: &Need, target: &Workload) -> Option<&'w str> {
    let serves = |host: &str| match &need.host {
        Some(chosen) => chosen.value == host,
        // Both are sorted by host.
        None => target.placements.binary_search_by(|placement| placement.host.as_str().cmp(host)).is_ok(),
    };
    workload.placements.iter().map(|placement| placement.host.as_str()).find(|host| !serves(host))
}

fn check_remote(workload: &Workload, need: &Need, target: &Workload, host: &str, report: &mut Report) {
    let visible = |placement: &Placement| {
        let wanted = |name: &str| need.port.as_ref().is_none_or(|port| port.value == name);
        let registered = placement.registrations.iter().any(|registration| wanted(&registration.port));
        let loopback =
            |port: &crate::model::container::Port| port.bound().is_some_and(|address| address.is_loopback());
        let open = placement
            .container
            .ports
            .iter()
            .any(|port| wanted(&port.name) && port.protocol == Protocol::Tcp && !loopback(port));
        registered || open
    };
    if target.placements.iter().any(visible) {
        return;
    }
    let message = format!("`{}` on host `{host}` cannot see when `{}` is ready", workload.name, target.name);
    let diagnostic = Diagnostic::new(&NEED_UNREACHABLE, message)
        .at(need.target.span, format!("it runs on other hosts than `{host}`"));
    let diagnostic = match &need.port {
        Some(port) => diagnostic.at(
            port.span,
            format!("`{}` is neither registered nor a tcp port that other hosts reach", port.value),
        ),
        None => diagnostic.at(target.span, "neither registers nor has a tcp port that other hosts reach"),
    };
    report.push(match target.kind {
        Kind::Service if need.port.is_some() => diagnostic
            .help("wait for another port, or add `register` for this one, or run both on the same hosts"),
        Kind::Service => {
            diagnostic.help("add `register \"port\"` to it, or a tcp `port`, or run both on the same hosts")
        }
        _ => diagnostic.help(format!("run the task `{}` on the same hosts as what needs it", target.name)),
    });
}
