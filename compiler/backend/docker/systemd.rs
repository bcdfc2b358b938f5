//! A unit → the values of its systemd units; a host → the values of its target.

use super::script::argument_paths;
use crate::model::container::Container;
use crate::model::fleet::Kind;
use crate::model::plan::{HostPlan, Plan, Sign, Unit};
use crate::template::{Value, context};
use crate::value::log_driver::LogDriver;
use crate::value::path::HostPath;
use crate::value::signal::Signal;
use std::collections::BTreeSet;

/// The values of `service.service.j2`, `task.service.j2` and `task.timer.j2`.
pub(super) fn unit(plan: &Plan, unit: &Unit) -> Value {
    let needs = unit.waits.iter().filter_map(|wait| match &wait.sign {
        Sign::Unit { unit } => Some(format!("{unit}.service")),
        _ => None,
    });
    // The default of nearly every image, if the KDL has no signal.
    let stop = unit.container.stop.signal.unwrap_or(Signal::TERM);
    context! {
        origin => unit.origin.as_str(),
        fleet => plan.fleet.as_str(),
        name => unit.name.as_str(),
        description => description(plan, unit),
        scheduled => unit.kind == Kind::Scheduled,
        schedule => unit.schedule.as_deref().unwrap_or_default(),
        needs => needs.collect::<Value>(),
        mounts => mounts(&unit.container).into_iter().collect::<Value>(),
        registers => !unit.registrations.is_empty(),
        words => words(unit),
        stop_signal => stop.to_string(),
        stop_status => 128 + u32::from(stop.number()),
        restart_delay => unit.restart_delay_seconds,
        start_timeout => unit.start_timeout_seconds,
        stop_timeout => unit.stop_timeout_seconds,
    }
}

/// Returns the paths of the host that must be mounted before a container gets them.
fn mounts(container: &Container) -> BTreeSet<String> {
    let volumes = container.volumes.iter().map(|volume| &volume.from);
    let secrets = container.secrets.iter().map(|secret| &secret.from);
    let arguments = argument_paths(container).into_iter().filter(|(flag, _)| flag != "device");
    // Of what docker reads in its own way, only what is a path for systemd too.
    let arguments = arguments.map(|(_, path)| path.from).filter(|path| HostPath::parse(path).is_ok());
    volumes.chain(secrets).map(|path| path.value.to_string()).chain(arguments).collect()
}

/// Returns a comment that tells where to read the output of the unit and its container.
fn words(unit: &Unit) -> String {
    let name = &unit.name;
    match &unit.container.logs.driver {
        LogDriver::Journald => format!("With what the container says: journalctl -t {name}"),
        LogDriver::None => {
            format!("What the script says: journalctl -t {name}. What the container says is kept nowhere.")
        }
        LogDriver::Other(driver) => {
            format!(
                "What the script says: journalctl -t {name}. What the container says: {driver}, and docker logs {name}"
            )
        }
        LogDriver::JsonFile | LogDriver::Local => {
            format!("What the script says: journalctl -t {name}. What the container says: docker logs {name}")
        }
    }
}

fn description(plan: &Plan, unit: &Unit) -> String {
    match unit.kind {
        Kind::Service => format!("{}: {} {}", plan.fleet, unit.service, unit.instance),
        Kind::Task | Kind::Scheduled => format!("{}: {}", plan.fleet, unit.service),
    }
}

/// The values of `fleet.target.j2`.
pub(super) fn target(plan: &Plan, host: &HostPlan, origin: &str) -> Value {
    let units = host.units.iter().map(|unit| match unit.kind {
        Kind::Scheduled => format!("{}.timer", unit.name),
        Kind::Service | Kind::Task => format!("{}.service", unit.name),
    });
    context! { origin, fleet => plan.fleet.as_str(), host => host.name.as_str(), units => units.collect::<Value>() }
}
