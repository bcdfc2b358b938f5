//! Starts: what gives up can give up, and the order among a fleet's own units is that of its needs.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::fleet::{Fleet, Kind, Placement, Restart, Workload};
use crate::model::plan::register_name;
use crate::text::{Located, Span};
use crate::value::unit_name::UnitName;

/// A service that never gives up, against what it says.
pub(crate) const RESTART_WINDOW: Fault = Fault::warning(
    "restart-window",
    "a service has time for its `retries` in `within`",
    "systemd gives up where a service was started more often than that in this time. Between two starts lies `delay`, and up to \
     `max-delay` where it ends again and again. Starts that do not fit into the time never count together: the service is started for \
     ever, and nothing runs on its failure.",
);
/// A unit of the fleet's own in `after`.
pub(crate) const OWN_UNIT: Fault = Fault::error(
    "own-unit",
    "`after` names units of the host, and `needs` what the fleet runs",
    "What must run first in the fleet is a need: it is waited for until it is ready, counts in the order of an activation, and is shown \
     in the plan. An order that only systemd knows is none of these, and may go in a circle.",
);

/// The starts of one service or task.
pub(crate) fn check(fleet: &Fleet, workload: &Workload, report: &mut Report) {
    let (mut windows, mut units) = (None, None);
    for placement in &workload.placements {
        // One line may be that of many instances.
        let retries = placement.restart.retries.as_ref().filter(|_| workload.kind == Kind::Service);
        if let Some(retries) = retries.filter(|retries| windows.replace(retries.span) != Some(retries.span)) {
            check_window(workload, &placement.restart, retries, report);
        }
        let spans: Vec<Span> = placement.after.iter().map(|unit| unit.span).collect();
        if units.as_ref() != Some(&spans) {
            check_units(fleet, placement, report);
            units = Some(spans);
        }
    }
}

fn check_window(workload: &Workload, restart: &Restart, retries: &Located<u64>, report: &mut Report) {
    let least = seconds_of(restart, retries.value);
    if least <= restart.within_seconds {
        return;
    }
    let message = format!(
        "`{}` never gives up: {} retries take {least}s, and `within` is {}s",
        workload.name, retries.value, restart.within_seconds
    );
    report.push(
        Diagnostic::new(&RESTART_WINDOW, message)
            .at(retries.span, "never reached in this time")
            .help(format!("write `within=\"{}m\"` or more, or fewer `retries`", least.div_ceil(60) * 2)),
    );
}

/// Returns the seconds between the first start and the one that is refused, of a service that ends at once each time.
fn seconds_of(restart: &Restart, retries: u64) -> u64 {
    // As the script waits before a start: not before the first three, then longer and longer.
    let most = restart.max_delay_seconds.saturating_sub(restart.delay_seconds);
    let pauses = std::iter::successors(Some(5_u64), |pause| Some((pause * 2 + 5).min(3600)));
    let pauses = [0, 0, 0].into_iter().chain(pauses).map(|pause| pause.min(most));
    let starts = usize::try_from(retries).unwrap_or(usize::MAX).saturating_add(1);
    pauses.take(starts).map(|pause| pause + restart.delay_seconds).sum()
}

fn check_units(fleet: &Fleet, placement: &Placement, report: &mut Report) {
    for unit in &placement.after {
        let Some(help) = own(fleet, unit) else { continue };
        let message = format!("`{}` is a unit of this fleet", unit.value);
        report
            .push(Diagnostic::new(&OWN_UNIT, message).at(unit.span, "no unit of the host's own").help(help));
    }
}

/// Returns what to write in the place of a unit, if it is one of the fleet.
fn own(fleet: &Fleet, unit: &UnitName) -> Option<String> {
    let (stem, kind) = unit.as_str().rsplit_once('.')?;
    if (stem == fleet.name && kind == "target") || stem == register_name(&fleet.name) {
        return Some("remove it".to_string());
    }
    let name = stem.strip_prefix(&fleet.name)?.strip_prefix('-')?;
    let task = || fleet.workloads.get(name).filter(|task| task.kind != Kind::Service);
    let service = || {
        let (name, instance) = name.rsplit_once('-')?;
        fleet.workloads.get(name).filter(|_| instance.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let workload = task().or_else(service).filter(|_| kind == "service")?;
    Some(format!("write `needs \"{}\"`", workload.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_delays_and_pauses() {
        let restart = |delay_seconds, max_delay_seconds| Restart {
            delay_seconds,
            max_delay_seconds,
            retries: None,
            within_seconds: 3600,
        };
        assert_eq!(seconds_of(&restart(5, 60), 0), 5);
        assert_eq!(seconds_of(&restart(5, 60), 3), 25);
        assert_eq!(seconds_of(&restart(5, 60), 6), 35 + 5 + 15 + 35 + 55);
        assert_eq!(seconds_of(&restart(10, 10), 1000), 10010);
    }
}
