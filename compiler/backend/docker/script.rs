//! A unit → the values of its docker script.

use super::mount_points::{above, mount_points};
use super::run::{flags, image_and_command, marks, variables};
use super::shell::{CLOCK, NOT_LED, PROBE_HTTP, PROBE_PROXIED, PROBE_TCP};
use crate::encode::json::host_port;
use crate::model::container::{Container, Network, Volume};
use crate::model::fleet::{Check, Etcd, Kind, Target};
use crate::model::plan::{HostPlan, Plan, Sign, Unit, Wait};
use crate::template::{Value, context};
use crate::value::docker_flags::{self, HostMount};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// The values of `container.sh.j2`.
///
/// `written` are the directories of the host that its containers write.
pub(super) fn values(
    plan: &Plan,
    host: &HostPlan,
    unit: &Unit,
    etcd: &[String],
    written: &BTreeSet<String>,
) -> Value {
    let has = |wanted: fn(&Sign) -> bool| unit.waits.iter().any(|wait| wanted(&wait.sign));
    let flags = flags(&plan.fleet, &unit.name, &unit.container).into_iter().chain(marks(&plan.fleet, unit));
    let secrets = variables(&unit.container.secrets);
    context! {
        origin => unit.origin.as_str(),
        name => unit.name.as_str(),
        fleet => plan.fleet.as_str(),
        image => unit.container.image.to_string(),
        platform => unit.container.platform.as_ref().map_or("", |platform| platform.as_str()),
        host => host.name.as_str(),
        service => unit.kind == Kind::Service,
        etcd => etcd.to_vec(),
        waits => unit.waits.iter().map(wait).collect::<Value>(),
        waits_unit => has(|sign| matches!(sign, Sign::Unit { .. })),
        waits_started => has(|sign| matches!(sign, Sign::Started { .. })),
        waits_registration => has(|sign| matches!(sign, Sign::Registration { .. })),
        connects => has(|sign| !matches!(sign, Sign::Unit { .. } | Sign::Started { .. })),
        health => health(unit),
        probe => probe(unit),
        restart => unit.health.restart,
        interval => unit.health.interval_seconds,
        retries => unit.health.retries,
        pause_most => unit.restart.max_delay_seconds.saturating_sub(unit.restart.delay_seconds),
        restart_delay => unit.restart.delay_seconds,
        tries => if unit.kind == Kind::Service { 0 } else { unit.restart.retries.as_ref().map_or(0, |retries| retries.value) },
        run_timeout => unit.run_timeout_seconds.unwrap_or(0),
        ready_seconds => unit.health.ready_seconds(),
        // The unit ends it soon after.
        stop_limit => unit.container.stop.grace_seconds + 10,
        not_led => NOT_LED,
        clock => CLOCK,
        etcd_password => etcd_password(plan).unwrap_or_default(),
        certificates => waited_with(plan, unit).collect::<Value>(),
        mount_points => written_mount_points(&unit.container, written),
        must_be => must_be(&unit.container),
        sources => sources(&unit.container).into_iter().collect::<Value>(),
        secret_files => secret_files(&unit.container).into_iter().collect::<Value>(),
        noted_files => noted_files(&unit.container).into_iter().collect::<Value>(),
        secrets => secrets.map(|secret| context! { name => secret.name.as_str(), from => secret.from.value.as_str() }).collect::<Value>(),
        flags => flags.map(|flag| flag.into_words().collect::<Value>()).collect::<Value>(),
        image_and_command => image_and_command(&unit.container).collect::<Value>(),
    }
}

/// Returns the directories of the host that a container gets. A container with docker's socket needs no other way to become
/// root.
pub(super) fn mounted(container: &Container) -> impl Iterator<Item = &Volume> {
    container.volumes.iter().filter(|volume| !volume.docker_socket)
}

/// Returns the host paths of a container's volumes, secrets, devices and `docker-args`, each once.
fn sources(container: &Container) -> BTreeSet<Cow<'_, str>> {
    let volumes = mounted(container).map(|volume| &volume.from);
    let secrets = container.secrets.iter().map(|secret| &secret.from);
    let devices = container.devices.iter().map(|device| &device.path);
    let files = container.client_files().map(|(_, path, _)| path.as_str().into());
    let own = volumes.chain(secrets).chain(devices).map(|path| path.value.as_str().into()).chain(files);
    own.chain(argument_paths(container).into_iter().map(|(_, path)| path.from.into())).collect()
}

/// Returns what volumes must be: the kind, and the path.
fn must_be(container: &Container) -> Value {
    let kinds =
        container.volumes.iter().filter_map(|volume| Some([volume.must_be?.as_str(), volume.from.as_str()]));
    kinds.map(Value::from_iter).collect()
}

fn secret_files(container: &Container) -> BTreeSet<&str> {
    container.secrets.iter().map(|secret| secret.from.value.as_str()).collect()
}

/// Returns the files whose content the container gets once, when it starts.
fn noted_files(container: &Container) -> BTreeSet<&str> {
    let variables = container.env_files.iter().map(|path| path.value.as_str());
    secret_files(container).into_iter().chain(variables).collect()
}

/// Returns the paths of the host that `docker-args` name, each with its flag.
pub(super) fn argument_paths(container: &Container) -> Vec<(String, HostMount)> {
    let words = container.docker_args.iter().map(|word| word.as_str());
    let read = docker_flags::read(words, docker_flags::docker);
    read.host_paths().map(|(flag, path)| (flag.name.to_string(), path)).collect()
}

/// Returns the mount points in directories that any container writes: the directory, and the path below it, in order.
fn written_mount_points(container: &Container, written: &BTreeSet<String>) -> Value {
    let is_written = |place: &str| above(place).any(|directory| written.contains(directory));
    let points = mount_points(container).into_iter().filter(|point| is_written(&point.place()));
    let words: BTreeSet<[String; 2]> =
        points.map(|point| [point.directory.into_owned(), point.below]).collect();
    words.into_iter().map(Value::from_iter).collect()
}

/// The files of the host that etcdctl reads: certificates and their key.
pub(crate) fn certificates(plan: &Plan) -> impl Iterator<Item = &str> {
    plan.etcd.iter().flat_map(Etcd::files).map(|path| path.as_str())
}

/// The file with the password of etcd's user.
pub(super) fn etcd_password(plan: &Plan) -> Option<&str> {
    Some(plan.etcd.as_ref()?.password_file.as_ref()?.as_str())
}

/// The needs that a script checks while it waits for a registration.
fn waited_with<'p>(plan: &'p Plan, unit: &Unit) -> impl Iterator<Item = &'p str> {
    let waits = unit.waits.iter().any(|wait| matches!(wait.sign, Sign::Registration { .. }));
    certificates(plan).filter(move |_| waits)
}

/// The variables that etcdctl reads, each as a word `NAME=value`; none without etcd.
pub(super) fn etcd_variables(plan: &Plan) -> Vec<String> {
    let Some(etcd) = &plan.etcd else { return Vec::new() };
    let endpoints: Vec<String> = etcd.endpoints.iter().map(ToString::to_string).collect();
    let mut variables =
        vec!["ETCDCTL_API=3".to_string(), format!("ETCDCTL_ENDPOINTS={}", endpoints.join(","))];
    for (name, path) in [("CACERT", &etcd.cacert), ("CERT", &etcd.cert), ("KEY", &etcd.key)] {
        variables.extend(path.as_ref().map(|path| format!("ETCDCTL_{name}={path}")));
    }
    variables.extend(etcd.user.as_ref().map(|user| format!("ETCDCTL_USER={user}")));
    variables
}

/// Writes one line of the function `needs`: the name in messages, and the words of the command that checks it.
fn wait(wait: &Wait) -> Value {
    let (what, words) = match &wait.sign {
        Sign::Unit { unit } => (unit.clone(), vec!["unit_active".to_string(), format!("{unit}.service")]),
        Sign::Started { unit } => (format!("the start of {unit}"), vec!["started".to_string(), unit.clone()]),
        Sign::Registration { key, targets } => {
            (format!("{} in etcd", wait.service), command("registered", Some(key), targets))
        }
        Sign::Connection { targets } => {
            (format!("{} to accept connections", wait.service), command("reachable", None, targets))
        }
    };
    context! { seconds => wait.timeout_seconds, what, words }
}

fn command(name: &str, key: Option<&String>, targets: &[Target]) -> Vec<String> {
    let mut words = vec![name.to_string()];
    words.extend(key.cloned());
    words.extend(targets.iter().flat_map(|target| [target.host.clone(), target.port.to_string()]));
    words
}

/// Returns the kind of check, and the words of each command that must succeed.
fn health(unit: &Unit) -> Value {
    let timeout = unit.health.timeout_seconds.to_string();
    let asked = |words: Vec<String>| [vec!["ask".to_string(), timeout.clone()], words].concat();
    let (kind, commands) = match &unit.health.check {
        Check::Http { .. } => ("http", probes(unit).into_iter().map(asked).collect()),
        Check::Tcp { .. } => ("tcp", probes(unit).into_iter().map(asked).collect()),
        Check::Command { command } => {
            ("command", vec![vec!["in_container".to_string(), timeout, command.clone()]])
        }
        Check::Exec { words } => {
            ("exec", vec![[vec!["in_container".to_string(), timeout], words.clone()].concat()])
        }
        Check::Running => ("running", vec![vec!["running".to_string()]]),
    };
    context! { kind, commands => commands.into_iter().map(Value::from_iter).collect::<Value>() }
}

/// Returns the functions that ask for its health.
fn probe(unit: &Unit) -> String {
    match &unit.health.check {
        Check::Http { .. } => PROBE_HTTP.to_string(),
        Check::Tcp { targets } if targets.iter().any(|target| is_proxied(unit, target)) => {
            [PROBE_TCP, PROBE_PROXIED].join("\n")
        }
        _ => PROBE_TCP.to_string(),
    }
}

/// Returns whether docker's proxy stands between the host and the process. Other addresses of a bridge's ports are translated by the
/// kernel.
fn is_proxied(unit: &Unit, target: &Target) -> bool {
    let is_loopback = target.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    unit.container.network.value == Network::Bridge && is_loopback
}

/// Returns the words of each probe that is asked from the host, as `templates/probe_*.sh` know them.
pub(super) fn probes(unit: &Unit) -> Vec<Vec<String>> {
    let check = &unit.health.check;
    match check {
        Check::Http { address, port, status, scheme, .. } => {
            let (address, port) = (address.to_string(), port.to_string());
            let accepted = status.to_string().replace(' ', ",");
            vec![vec![scheme.to_string(), address, port, accepted, request(check)]]
        }
        Check::Tcp { targets } => {
            let kind = |target: &Target| if is_proxied(unit, target) { "proxied" } else { "tcp" };
            let tcp =
                |target: &Target| vec![kind(target).into(), target.host.clone(), target.port.to_string()];
            targets.iter().map(tcp).collect()
        }
        Check::Command { .. } | Check::Exec { .. } | Check::Running => Vec::new(),
    }
}

/// Returns the request in one line, as `printf %b` reads it, without the newline at its end.
fn request(check: &Check) -> String {
    let Check::Http { address, port, path, host, headers, .. } = check else { return String::new() };
    let host = host.as_ref().map_or_else(|| host_port(&address.to_string(), *port), ToString::to_string);
    let own = [("Host", &*host), ("User-Agent", "dpc"), ("Accept", "*/*"), ("Connection", "close")];
    let said = |name: &str| headers.keys().any(|header| header.eq_ignore_ascii_case(name));
    let own = own.into_iter().filter(|(name, _)| !said(name));
    let given = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let lines = own.chain(given).map(|(name, value)| format!("{name}: {}", value.replace('\\', r"\\")));
    format!(r"GET {path} HTTP/1.1\r\n{}\r\n\r", lines.collect::<Vec<_>>().join(r"\r\n"))
}
