//! A unit → the values of its docker script; a plan → the values of its page for people.

use crate::docker_run::{flags, image_and_command, marks, variables};
use crate::encode::json::host_port;
use crate::fleet::{Check, Kind, Target};
use crate::jinja::{Value, map};
use crate::plan::{HostPlan, Plan, Sign, Unit, Wait};

/// The values of `container.sh.j2`.
pub fn context(plan: &Plan, host: &HostPlan, unit: &Unit) -> Value {
    let has = |wanted: fn(&Sign) -> bool| Value::from(unit.waits.iter().any(|wait| wanted(&wait.sign)));
    let tcp = matches!(unit.health.check, Check::Tcp { .. });
    let connects = |sign: &Sign| !matches!(sign, Sign::Unit { .. });
    let lines: Vec<Value> = flags(&plan.fleet, &unit.name, &unit.container)
        .into_iter()
        .chain(marks(&plan.fleet, unit))
        .map(strings)
        .collect();
    let secrets: Vec<Value> = variables(&unit.container.secrets)
        .map(|secret| {
            map([("name", Value::from(secret.name.as_str())), ("from", Value::from(secret.from.as_str()))])
        })
        .collect();
    map([
        ("origin", origin_of(unit)),
        ("name", Value::from(unit.name.as_str())),
        ("host", Value::from(host.name.as_str())),
        ("service", Value::from(unit.kind == Kind::Service)),
        ("etcd", etcd_variables(plan)),
        ("waits", Value::from(unit.waits.iter().map(wait).collect::<Vec<_>>())),
        ("waits_unit", has(|sign| matches!(sign, Sign::Unit { .. }))),
        ("waits_registration", has(|sign| matches!(sign, Sign::Registration { .. }))),
        ("connects", Value::from(tcp || unit.waits.iter().any(|wait| connects(&wait.sign)))),
        ("health", health(unit)),
        ("ready_seconds", Value::from(unit.health.ready_seconds())),
        ("secrets", Value::from(secrets)),
        ("flags", Value::from(lines)),
        ("image_and_command", strings(image_and_command(&unit.container))),
    ])
}

/// A list of texts.
pub fn strings<S: Into<String>>(texts: impl IntoIterator<Item = S>) -> Value {
    Value::from(texts.into_iter().map(|text| Value::from(text.into())).collect::<Vec<_>>())
}

/// Where a unit comes from.
pub fn origin_of(unit: &Unit) -> Value {
    Value::from(unit.origin.as_str())
}

/// The variables that etcdctl reads, each as a word `NAME=value`; none without etcd.
pub fn etcd_variables(plan: &Plan) -> Value {
    let Some(etcd) = &plan.etcd else { return strings(Vec::<String>::new()) };
    let mut variables =
        vec!["ETCDCTL_API=3".to_string(), format!("ETCDCTL_ENDPOINTS={}", etcd.endpoints.join(","))];
    for (name, path) in [("CACERT", &etcd.cacert), ("CERT", &etcd.cert), ("KEY", &etcd.key)] {
        variables.extend(path.as_ref().map(|path| format!("ETCDCTL_{name}={path}")));
    }
    strings(variables)
}

/// One line of the function `needs`: what it is called in messages, and the words of the command that tells.
fn wait(wait: &Wait) -> Value {
    let (what, words) = match &wait.sign {
        Sign::Unit { unit } => (unit.clone(), vec!["unit_active".to_string(), format!("{unit}.service")]),
        Sign::Registration { key, targets } => {
            (format!("{} in etcd", wait.service), command("registered", Some(key), targets))
        }
        Sign::Connection { targets } => {
            (format!("{} to accept connections", wait.service), command("reachable", None, targets))
        }
    };
    map([
        ("seconds", Value::from(wait.timeout_seconds)),
        ("what", Value::from(what)),
        ("words", strings(words)),
    ])
}

fn command(name: &str, key: Option<&String>, targets: &[Target]) -> Vec<String> {
    let mut words = vec![name.to_string()];
    words.extend(key.cloned());
    words.extend(targets.iter().flat_map(|target| [target.host.clone(), target.port.to_string()]));
    words
}

fn health(unit: &Unit) -> Value {
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
            let words = ["timeout", &timeout, "docker", "exec", &unit.name, "sh", "-c", command];
            ("command", vec![strings(words)])
        }
        Check::Running => ("running", vec![strings(["running"])]),
    };
    map([("kind", Value::from(kind)), ("commands", Value::from(commands))])
}

/// The values of `plan.txt.j2`.
pub fn plan_text(plan: &Plan) -> Value {
    let hosts: Vec<Value> = plan.hosts.iter().map(host_text).collect();
    map([
        ("fleet", Value::from(plan.fleet.as_str())),
        ("environment", Value::from(plan.environment.clone().unwrap_or_default())),
        ("hosts", Value::from(hosts)),
    ])
}

fn host_text(host: &HostPlan) -> Value {
    map([
        ("name", Value::from(host.name.as_str())),
        ("address", Value::from(host.address.as_str())),
        ("units", Value::from(host.units.iter().map(unit_text).collect::<Vec<_>>())),
    ])
}

fn unit_text(unit: &Unit) -> Value {
    let container = &unit.container;
    let kind = match unit.kind {
        Kind::Service => "service",
        Kind::Task => "task",
        Kind::Scheduled => "task",
    };
    let mut facts = Vec::new();
    let mut fact =
        |name: &str, value: String| facts.push(map([("name", name.into()), ("value", Value::from(value))]));
    fact("image", container.image.value.clone());
    if let Some(schedule) = &unit.schedule {
        fact("runs", schedule.clone());
    }
    for port in &container.ports {
        let range = if port.first == port.last {
            port.first.to_string()
        } else {
            format!("{}-{}", port.first, port.last)
        };
        let bound = port.bound().map(|address| format!(" on {address}")).unwrap_or_default();
        fact("port", format!("{} {range}/{}{bound}", port.name, port.protocol));
    }
    for volume in &container.volumes {
        let note = if volume.read_only { " (read-only)" } else { "" };
        fact("volume", format!("{} → {}{note}", volume.from.value, volume.path.value));
    }
    for file in &container.files {
        fact(
            "file",
            format!("{} ({})", file.path.value, file.source.as_deref().unwrap_or("written in the KDL")),
        );
    }
    for secret in &container.secrets {
        fact(
            "secret",
            format!(
                "{} from {}",
                secret.path.as_deref().map_or(&*secret.name, |path| path),
                secret.from.value
            ),
        );
    }
    for wait in &unit.waits {
        fact("after", waited(wait));
    }
    for record in unit.registrations.iter().flat_map(|registration| &registration.records) {
        fact("registers", record.key.clone());
    }
    if !container.docker_args.is_empty() {
        let words: Vec<&str> = container.docker_args.iter().map(|argument| argument.value.as_str()).collect();
        fact("docker-args", format!("{} (unchecked)", words.join(" ")));
    }
    map([
        ("name", Value::from(unit.name.as_str())),
        ("kind", Value::from(kind)),
        ("hash", Value::from(unit.hash.as_str())),
        ("origin", origin_of(unit)),
        ("facts", Value::from(facts)),
    ])
}

fn waited(wait: &Wait) -> String {
    let limit = wait.timeout_seconds;
    match &wait.sign {
        Sign::Unit { unit } => format!("{unit} is ready (at most {limit}s)"),
        Sign::Registration { .. } => format!("{} is registered (at most {limit}s)", wait.service),
        Sign::Connection { targets } => {
            let targets: Vec<String> =
                targets.iter().map(|target| host_port(&target.host, target.port)).collect();
            format!("{} accepts connections at {} (at most {limit}s)", wait.service, targets.join(" or "))
        }
    }
}
