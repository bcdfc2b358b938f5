//! A host → the values at the top of its `activate`; the rest of that script is the same everywhere.

use super::mount_points::mounted_paths;
use super::run::config_file;
use super::script::{argument_paths, certificates, etcd_password, mounted};
use super::shell::ACTIVATE;
use crate::model::container::{Container, MustBe, Volume};
use crate::model::fleet::{Check, Kind};
use crate::model::plan::{HostPlan, Plan, Unit};
use crate::template::{Value, context};
use crate::value::log_driver::LogDriver;
use crate::value::mode::Mode;
use crate::value::record_format::RecordFormat;
use crate::value::scheme::Scheme;
use crate::value::storage_driver::StorageDriver;
use std::collections::{BTreeMap, BTreeSet};

/// The values of `activate.j2`.
pub(super) fn values(plan: &Plan, host: &HostPlan, etcd: &[String], origin: &str) -> Value {
    context! {
        origin,
        fleet => plan.fleet.as_str(),
        host => host.name.as_str(),
        address => host.address.to_string(),
        storage_driver => host.storage_driver.map_or("", StorageDriver::as_str),
        first_port => host.unprivileged_ports.map(|port| port.to_string()).unwrap_or_default(),
        etcd_password => etcd_password(plan).unwrap_or_default(),
        prefix => plan.etcd.as_ref().map_or("", |etcd| etcd.prefix.as_str()),
        etcd => etcd.to_vec(),
        units => table(host.units.iter().map(row)),
        volumes => volumes(host),
        mounts => mounts(host),
        files => files(plan, host),
        given => given(host),
        engine => engine(host),
        cpus => cpus(host),
        programs => programs(host),
        modes => modes(host),
        functions => ACTIVATE.join("\n"),
        platforms => platforms(host),
    }
}

/// Name, kind, hash, ports, image, the key by which others see it, and how its health is asked; `-` for none.
fn row(unit: &Unit) -> Vec<String> {
    let kind = match unit.kind {
        Kind::Service => "service",
        Kind::Task => "task",
        Kind::Scheduled => "timer",
        Kind::Hook => "hook",
    };
    // docker publishes them for the container whose network they are in: that one holds them.
    let container = &unit.container;
    let own = container.ports.iter().filter(|_| container.joined.is_none());
    let ports = own.chain(&container.published).map(|port| {
        let bound = port.bound().map_or(String::new(), |address| format!("@{address}"));
        format!("{}/{}{bound}", port.protocol, port.range)
    });
    let ports = ports.collect::<Vec<_>>().join(",");
    let keys = unit.records();
    let key =
        keys.filter(|record| record.format == RecordFormat::Plain).map(|record| record.key.clone()).next();
    vec![
        unit.name.clone(),
        kind.to_string(),
        unit.hash.clone(),
        if ports.is_empty() { "-".to_string() } else { ports },
        unit.container.image.to_string(),
        key.unwrap_or_else(|| "-".to_string()),
        asked(unit).to_string(),
    ]
}

/// What runs is asked for nothing else where it has no check.
fn asked(unit: &Unit) -> &str {
    match (&unit.kind, &unit.health.check) {
        (Kind::Task | Kind::Scheduled | Kind::Hook, _) | (_, Check::Running) => "-",
        (_, Check::Http { .. }) => "http",
        (_, Check::Tcp { .. }) => "tcp",
        (_, Check::Command { .. } | Check::Exec { .. }) => "command",
    }
}

/// A longer cell does not widen its column: one long list of ports would fill all other rows with spaces.
const WIDEST: usize = 200;

/// Joins rows with newlines, and aligns their columns.
fn table(rows: impl Iterator<Item = Vec<String>>) -> String {
    let rows: Vec<Vec<String>> = rows.collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let lengths = rows.iter().map(|row| row[column].chars().count());
        lengths.filter(|length| *length <= WIDEST).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::from("\n");
    for row in &rows {
        let line: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        text.push_str(line.join(" ").trim_end());
        text.push('\n');
    }
    text
}

/// Returns unit, owner, mode, access, whether it is made or what it must be, its label, and path of every directory for data of services, each once. If several
/// services have it, one that names an owner wins, and one that writes it makes it written.
fn volumes(host: &HostPlan) -> String {
    let volumes =
        || host.units.iter().flat_map(|unit| mounted(&unit.container).map(move |volume| (unit, volume)));
    let mut chosen: BTreeMap<&str, (&Unit, &Volume)> = BTreeMap::new();
    for (unit, volume) in volumes() {
        let known = chosen.entry(&volume.from).or_insert((unit, volume));
        if known.1.owner.is_none() {
            *known = (unit, volume);
        }
    }
    let written: BTreeSet<&str> = volumes()
        .filter(|(_, volume)| !volume.read_only)
        .map(|(_, volume)| volume.from.value.as_str())
        .collect();
    let bound = volumes().filter_map(|(_, volume)| Some((volume.from.value.as_str(), volume.must_be?)));
    let bound: BTreeMap<&str, MustBe> = bound.collect();
    let unlabelled =
        volumes().filter(|(unit, volume)| volume.selinux.is_none() && is_confined(&unit.container));
    let bare: BTreeSet<&str> = unlabelled.map(|(_, volume)| volume.from.value.as_str()).collect();
    table(chosen.into_iter().map(|(path, (unit, volume))| {
        let access = if written.contains(path) { "rw" } else { "ro" };
        let made = if written.contains(path) && !volume.outside { "made" } else { "kept" };
        let made = bound.get(path).map_or(made, |kind| kind.as_str());
        // Without a user in the KDL the image says who writes.
        let unsaid = if made == "made" && unit.container.user.is_none() { "image" } else { "-" };
        let owner = volume.owner.map_or(unsaid.to_string(), |owner| owner.to_string());
        let label = if bare.contains(path) { "bare" } else { "labelled" };
        let cells = [&unit.name, &owner, &volume.mode.to_string(), access, made, label, path];
        cells.map(str::to_string).to_vec()
    }))
}

/// Lists where containers have a mount: unit, and path in its container.
fn mounts(host: &HostPlan) -> String {
    let rows = host.units.iter().flat_map(|unit| {
        mounted_paths(&unit.container).into_iter().map(|path| vec![unit.name.clone(), path])
    });
    table(rows)
}

/// Returns whether SELinux keeps a container from what has no label for it. Who gives it a label of its own knows what that may use.
fn is_confined(container: &Container) -> bool {
    container.confinement.label.is_empty()
}

/// Lists the kind and path of each file of the host that root reads for services.
fn files(plan: &Plan, host: &HostPlan) -> String {
    let secrets = host.units.iter().flat_map(|unit| &unit.container.secrets);
    let secrets = secrets.map(|secret| ("secret", secret.from.value.as_str()));
    let read = host.units.iter().flat_map(|unit| unit.container.client_files());
    let read = read.map(|(what, path, _)| (what, path.as_str()));
    let certificates = certificates(plan).map(|path| ("certificate", path));
    let files: BTreeSet<(&str, &str)> = certificates.chain(secrets).chain(read).collect();
    table(files.into_iter().map(|(what, path)| vec![what.to_string(), path.to_string()]))
}

/// Lists devices of the host and what `docker-args` take of it: the kind or the flag, the access, and the path.
fn given(host: &HostPlan) -> String {
    let containers = || host.units.iter().map(|unit| &*unit.container);
    let devices = containers().flat_map(|container| &container.devices);
    let devices = devices.map(|device| vec!["device".into(), "ro".into(), device.path.to_string()]);
    let arguments = containers().flat_map(argument_paths);
    let arguments = arguments.map(|(flag, path)| {
        let access = if path.writable && flag != "device" { "rw" } else { "ro" };
        vec![flag, access.into(), path.from]
    });
    let rows: BTreeSet<Vec<String>> = devices.chain(arguments).collect();
    table(rows.into_iter())
}

/// Returns what the containers of a host ask of its engine.
fn engine(host: &HostPlan) -> String {
    let asked: BTreeSet<&str> = host.units.iter().flat_map(|unit| asks(&unit.container)).collect();
    asked.into_iter().collect::<Vec<_>>().join(" ")
}

fn asks(container: &Container) -> impl Iterator<Item = &'static str> {
    let Container { resources, logs, gpus, .. } = container;
    let words = [
        (resources.cpus.is_some(), "cpus"),
        (resources.cpuset.is_some(), "cpuset"),
        (!gpus.is_empty(), "gpu"),
        (logs.driver == LogDriver::Journald, "journal"),
        (resources.memory.is_some(), "memory"),
        (resources.pids.is_some(), "pids"),
        (resources.memory_swap.is_some(), "swap"),
    ];
    words.into_iter().filter(|(asked, _)| *asked).map(|(_, word)| word)
}

/// Returns how many processors containers are limited to, or need for their sets, each number once.
fn cpus(host: &HostPlan) -> String {
    let numbers = host.units.iter().filter_map(|unit| unit.container.resources.cpus.as_ref());
    let sets = host.units.iter().filter_map(|unit| unit.container.resources.cpuset.as_ref());
    let sets = sets.map(|set| set.needed().to_string());
    numbers
        .map(ToString::to_string)
        .chain(sets)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns image and platform of each container that says one.
fn platforms(host: &HostPlan) -> String {
    let containers = host.units.iter().map(|unit| &unit.container);
    let said =
        containers.filter_map(|one| Some(vec![one.image.to_string(), one.platform.as_ref()?.to_string()]));
    table(said.collect::<BTreeSet<_>>().into_iter())
}

/// Returns the programs that not every host has.
fn programs(host: &HostPlan) -> &'static str {
    let tls = |unit: &Unit| matches!(unit.health.check, Check::Http { scheme: Scheme::Https, .. });
    if host.units.iter().any(tls) { "openssl" } else { "" }
}

/// Returns mode and path of each config file whose mode is not the usual one.
fn modes(host: &HostPlan) -> String {
    let files = host.units.iter().flat_map(|unit| unit.container.files.iter().map(|file| (&unit.name, file)));
    let others = files.filter(|(_, file)| file.mode != Mode::FILE);
    let lines = others.map(|(unit, file)| format!("{} {}\n", file.mode, config_file(unit, &file.path)));
    std::iter::once("\n".to_string()).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_cell_widens_no_column() {
        let long = "x".repeat(70_000);
        let rows = [[long.as_str(), "b"], ["a", "b"], ["aaa", "b"]];
        let rows = rows.map(|row| row.map(str::to_string).to_vec());
        assert_eq!(table(rows.into_iter()), format!("\n{long} b\na   b\naaa b\n"));
    }
}
