//! A unit → the values of its docker script.

use crate::container::{Container, Volume};
use crate::docker_run::{flags, image_and_command, marks, variables};
use crate::encode::json::host_port;
use crate::fleet::{Check, Kind, Target};
use crate::jinja::Item;
use crate::plan::{HostPlan, Plan, Sign, Unit, Wait};
use std::collections::BTreeSet;

/// The values of `container.sh.j2`.
pub fn context<'p>(plan: &'p Plan, host: &'p HostPlan, unit: &'p Unit, etcd: &'p [String]) -> Item<'p> {
    let has = |wanted: fn(&Sign) -> bool| Item::from(unit.waits.iter().any(|wait| wanted(&wait.sign)));
    let tcp = matches!(unit.health.check, Check::Tcp { .. });
    let connects = |sign: &Sign| !matches!(sign, Sign::Unit { .. });
    let lines: Vec<Item<'_>> = flags(&plan.fleet, &unit.name, &unit.container)
        .into_iter()
        .chain(marks(&plan.fleet, unit))
        .map(|flag| strings(flag.into_words()))
        .collect();
    let secrets: Vec<Item<'_>> = variables(&unit.container.secrets)
        .map(|secret| {
            Item::from([
                ("name", Item::from(secret.name.as_str())),
                ("from", Item::from(secret.from.as_str())),
            ])
        })
        .collect();
    Item::from([
        ("origin", origin_of(unit)),
        ("name", Item::from(unit.name.as_str())),
        ("host", Item::from(host.name.as_str())),
        ("service", Item::from(unit.kind == Kind::Service)),
        ("etcd", strings(etcd.iter().map(String::as_str))),
        ("waits", Item::from(unit.waits.iter().map(wait).collect::<Vec<_>>())),
        ("waits_unit", has(|sign| matches!(sign, Sign::Unit { .. }))),
        ("waits_registration", has(|sign| matches!(sign, Sign::Registration { .. }))),
        ("connects", Item::from(tcp || unit.waits.iter().any(|wait| connects(&wait.sign)))),
        ("health", health(unit)),
        ("ready_seconds", Item::from(unit.health.ready_seconds())),
        ("sources", strings(sources(unit))),
        ("secrets", Item::from(secrets)),
        ("flags", Item::from(lines)),
        ("image_and_command", strings(image_and_command(&unit.container))),
    ])
}

/// The directories of the host that a container is given. What has docker's socket needs no other way to become root.
pub fn mounted(container: &Container) -> impl Iterator<Item = &Volume> {
    container.volumes.iter().filter(|volume| !volume.docker_socket)
}

/// The paths of the host that a container's volumes and secrets are at, each once.
fn sources(unit: &Unit) -> BTreeSet<&str> {
    let volumes = mounted(&unit.container).map(|volume| volume.from.value.as_str());
    volumes.chain(unit.container.secrets.iter().map(|secret| secret.from.value.as_str())).collect()
}

/// A list of texts.
pub fn strings<'t, T: Into<Item<'t>>>(texts: impl IntoIterator<Item = T>) -> Item<'t> {
    Item::from(texts.into_iter().map(T::into).collect::<Vec<_>>())
}

/// Where a unit comes from.
pub fn origin_of(unit: &Unit) -> Item<'_> {
    Item::from(unit.origin.as_str())
}

/// The variables that etcdctl reads, each as a word `NAME=value`; none without etcd.
pub fn etcd_variables(plan: &Plan) -> Vec<String> {
    let Some(etcd) = &plan.etcd else { return Vec::new() };
    let mut variables =
        vec!["ETCDCTL_API=3".to_string(), format!("ETCDCTL_ENDPOINTS={}", etcd.endpoints.join(","))];
    for (name, path) in [("CACERT", &etcd.cacert), ("CERT", &etcd.cert), ("KEY", &etcd.key)] {
        variables.extend(path.as_ref().map(|path| format!("ETCDCTL_{name}={path}")));
    }
    variables
}

/// One line of the function `needs`: what it is called in messages, and the words of the command that tells.
fn wait(wait: &Wait) -> Item<'_> {
    let (what, words) = match &wait.sign {
        Sign::Unit { unit } => (unit.clone(), vec!["unit_active".to_string(), format!("{unit}.service")]),
        Sign::Registration { key, targets } => {
            (format!("{} in etcd", wait.service), command("registered", Some(key), targets))
        }
        Sign::Connection { targets } => {
            (format!("{} to accept connections", wait.service), command("reachable", None, targets))
        }
    };
    Item::from([
        ("seconds", Item::from(wait.timeout_seconds)),
        ("what", Item::from(what)),
        ("words", strings(words)),
    ])
}

fn command(name: &str, key: Option<&String>, targets: &[Target]) -> Vec<String> {
    let mut words = vec![name.to_string()];
    words.extend(key.cloned());
    words.extend(targets.iter().flat_map(|target| [target.host.clone(), target.port.to_string()]));
    words
}

fn health(unit: &Unit) -> Item<'_> {
    let timeout = unit.health.timeout_seconds.to_string();
    let (kind, commands) = match &unit.health.check {
        Check::Http { address, port, path } => {
            let address = address.to_string();
            let host = host_port(&address, *port);
            ("http", vec![strings(["http".into(), address, port.to_string(), host, path.clone(), timeout])])
        }
        Check::Tcp { targets } => {
            let accepts = |target: &Target| {
                strings(["accepts".into(), target.host.clone(), target.port.to_string(), timeout.clone()])
            };
            ("tcp", targets.iter().map(accepts).collect())
        }
        Check::Command { command } => {
            let words = ["docker", "exec", &unit.name, "sh", "-c", command].map(Item::from);
            ("command", vec![strings(["timeout".into(), timeout.into()].into_iter().chain(words))])
        }
        Check::Running => ("running", vec![strings(["running"])]),
    };
    Item::from([("kind", Item::from(kind)), ("commands", Item::from(commands))])
}
