//! A unit → the values of its systemd units; a host → the values of its target.

use super::script::argument_paths;
use crate::model::container::Container;
use crate::model::fleet::Kind;
use crate::model::plan::{HostPlan, Plan, Sign, Unit};
use crate::template::{Value, context};
use crate::value::calendar::Calendar;
use crate::value::log_driver::LogDriver;
use crate::value::path::HostPath;
use crate::value::signal::Signal;
use std::collections::BTreeSet;

/// The values of `service.service.j2`, `task.service.j2` and `task.timer.j2`.
pub(super) fn unit(plan: &Plan, unit: &Unit) -> Value {
    let units = |started: bool| {
        let units = unit.waits.iter().filter_map(move |wait| match &wait.sign {
            Sign::Unit { unit } => Some(unit),
            Sign::Started { unit } if started => Some(unit),
            _ => None,
        });
        units.map(|unit| format!("{unit}.service")).collect::<Value>()
    };
    let schedule = unit.schedule.as_ref();
    let calendars = schedule.into_iter().flat_map(|schedule| &schedule.calendars);
    // The default of nearly every image, if the KDL has no signal.
    let stop = unit.container.stop.signal.as_ref().map_or(Signal::TERM, |signal| signal.value);
    context! {
        origin => unit.origin.as_str(),
        fleet => plan.fleet.as_str(),
        name => unit.name.as_str(),
        description => description(plan, unit),
        called => !unit.kind.runs_by_itself(),
        schedule => schedule.map(ToString::to_string).unwrap_or_default(),
        calendars => calendars.map(Calendar::as_str).collect::<Value>(),
        every => schedule.and_then(|schedule| schedule.every_seconds).unwrap_or(0),
        persistent => schedule.is_some_and(|schedule| schedule.persistent && schedule.every_seconds.is_none()),
        random_delay => schedule.and_then(|schedule| schedule.random_delay_seconds).unwrap_or(0),
        on_failure => unit.on_failure.as_deref().unwrap_or_default(),
        host_units => unit.after.iter().map(|unit| unit.as_str()).collect::<Value>(),
        wants => units(true),
        needs => units(false),
        mounts => mounts(&unit.container).into_iter().collect::<Value>(),
        joined => unit.container.joined.as_ref().map(|other| other.container.clone()).unwrap_or_default(),
        registers => !unit.registrations.is_empty(),
        words => words(unit),
        stop_signal => stop.to_string(),
        stop_status => 128 + u32::from(stop.number()),
        restart_delay => unit.restart.delay_seconds,
        starts => unit.restart.retries.as_ref().map_or(0, |retries| retries.value + 1),
        starts_within => unit.restart.within_seconds,
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
        Kind::Task | Kind::Scheduled | Kind::Hook => format!("{}: {}", plan.fleet, unit.service),
    }
}

/// The values of `fleet.target.j2`.
pub(super) fn target(plan: &Plan, host: &HostPlan, origin: &str) -> Value {
    let own = host.units.iter().filter(|unit| unit.kind != Kind::Hook);
    let units = own.map(|unit| match unit.kind {
        Kind::Scheduled => format!("{}.timer", unit.name),
        Kind::Service | Kind::Task | Kind::Hook => format!("{}.service", unit.name),
    });
    context! { origin, fleet => plan.fleet.as_str(), host => host.name.as_str(), units => units.collect::<Value>() }
}
