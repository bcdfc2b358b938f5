//! A unit → the values of its systemd units; a host → the values of its target.

use super::script::{origin_of, strings};
use crate::fleet::Kind;
use crate::jinja::Item;
use crate::plan::{HostPlan, Plan, Sign, Unit};
use crate::value::signal::Signal;

/// The values of `service.service.j2`, `task.service.j2`, `task.timer.j2` and `register.service.j2`.
pub fn unit<'p>(plan: &'p Plan, unit: &'p Unit) -> Item<'p> {
    let needs = unit.waits.iter().filter_map(|wait| match &wait.sign {
        Sign::Unit { unit } => Some(format!("{unit}.service")),
        _ => None,
    });
    Item::from([
        ("origin", origin_of(unit)),
        ("fleet", Item::from(plan.fleet.as_str())),
        ("name", Item::from(unit.name.as_str())),
        ("description", Item::from(description(plan, unit))),
        ("scheduled", Item::from(unit.kind == Kind::Scheduled)),
        ("schedule", Item::from(unit.schedule.as_deref().unwrap_or_default())),
        ("needs", strings(needs)),
        ("registers", Item::from(!unit.registrations.is_empty())),
        ("words", Item::from(words(unit))),
        ("stop_signal", Item::from(stop_signal(unit).to_string())),
        ("stop_status", Item::from(128 + u32::from(stop_signal(unit).number()))),
        ("restart_delay", Item::from(unit.restart_delay_seconds)),
        ("start_timeout", Item::from(unit.start_timeout_seconds)),
        ("stop_timeout", Item::from(unit.stop_timeout_seconds)),
    ])
}

/// Where to read what the unit and its container say.
fn words(unit: &Unit) -> String {
    let name = &unit.name;
    match unit.container.logs.driver.as_str() {
        "journald" => format!("With what the container says: journalctl -t {name}"),
        "none" => {
            format!("What the script says: journalctl -t {name}. What the container says is kept nowhere.")
        }
        _ => {
            format!("What the script says: journalctl -t {name}. What the container says: docker logs {name}")
        }
    }
}

/// The signal that a stop begins with, where the KDL says one; images rarely ask for another than SIGTERM.
fn stop_signal(unit: &Unit) -> Signal {
    let said = unit.container.stop.signal.as_deref();
    said.and_then(|signal| Signal::parse(signal).ok()).unwrap_or(Signal::TERM)
}

fn description(plan: &Plan, unit: &Unit) -> String {
    match unit.kind {
        Kind::Service => format!("{}: {} {}", plan.fleet, unit.service, unit.instance),
        Kind::Task | Kind::Scheduled => format!("{}: {}", plan.fleet, unit.service),
    }
}

/// The values of `fleet.target.j2`.
pub fn target<'p>(plan: &'p Plan, host: &'p HostPlan, origin: &'p str) -> Item<'p> {
    let units = host.units.iter().map(|unit| match unit.kind {
        Kind::Scheduled => format!("{}.timer", unit.name),
        Kind::Service | Kind::Task => format!("{}.service", unit.name),
    });
    Item::from([
        ("origin", Item::from(origin)),
        ("fleet", Item::from(plan.fleet.as_str())),
        ("host", Item::from(host.name.as_str())),
        ("units", strings(units)),
    ])
}
