//! `on`, `instances` and `port` → where each service runs, and what it listens on there.

use super::reading::Reading;
use super::{Context, Mine, scope};
use crate::container::Port;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::fleet::{Fleet, Host};
use crate::resolve::Layered;
use crate::syntax::Entry;
use crate::value::address::ListenAddress;
use crate::value::name::Name;
use crate::value::port::{Port as PortNumber, PortRange, Protocol};
use crate::value::suggest::nearest;
use std::collections::{BTreeMap, BTreeSet};

/// A service that runs nowhere.
pub const NO_HOST: Fault = Fault::error(
    "no-host",
    "a service or task runs on at least one host",
    "A service without a host is in nobody's bundle. If it should not run, it should not be there.",
);
/// `on` with a host that is not declared.
pub const UNKNOWN_HOST: Fault = Fault::error(
    "unknown-host",
    "`on` names declared hosts",
    "dpc writes one directory for each declared host; for another there is no address to advertise and no port to check.",
);

/// The most instances of a service on one host.
const MOST_INSTANCES: i64 = 1000;

/// A service on a host, and its ports there.
#[derive(Debug)]
pub struct Placed {
    /// The service or task.
    pub workload: String,
    /// The host's name.
    pub host: String,
    /// From 1.
    pub instance: u32,
    /// Sorted by name.
    pub ports: Vec<Port>,
}

/// Where everything runs, sorted by host and instance.
pub fn place<'t>(
    merged: &BTreeMap<&'t str, Mine<'t, '_>>,
    fleet: &Fleet,
    vars: &BTreeMap<&str, String>,
    context: &Context<'_>,
    report: &mut Report,
) -> BTreeMap<&'t str, Vec<Placed>> {
    let globals = scope::globals(vars);
    let mut all = BTreeMap::new();
    for (name, mine) in merged {
        let mut reading = Reading::new(&context.expressions, &globals, report);
        let hosts = hosts(name, mine, fleet, &mut reading);
        let mut placed = Vec::new();
        for host in hosts.iter().filter_map(|host| fleet.hosts.get(*host)) {
            let scoped = |instance| match mine.evaluates {
                true => scope::before_ports(vars, name, host, instance),
                false => Default::default(),
            };
            let scope = scoped(1);
            let mut reading = Reading::new(&context.expressions, &scope, report);
            for instance in 1..=instances(mine, &mut reading) {
                let scope = scoped(instance);
                let mut reading = Reading::new(&context.expressions, &scope, report);
                let ports = ports(mine, instance, &mut reading);
                placed.push(Placed { workload: name.to_string(), host: host.name.clone(), instance, ports });
            }
        }
        all.insert(*name, placed);
    }
    all
}

/// How many on one host; an expression may tell hosts apart.
fn instances(mine: &Mine<'_, '_>, reading: &mut Reading<'_>) -> u32 {
    let count = mine
        .merged
        .get("instances")
        .and_then(|setting| reading.integer(setting.argument()?, 1, MOST_INSTANCES));
    count.map_or(1, |count| count.value as u32)
}

fn hosts<'f>(
    name: &str,
    mine: &Mine<'_, '_>,
    fleet: &'f Fleet,
    reading: &mut Reading<'_>,
) -> BTreeSet<&'f str> {
    let Some(on) = mine.merged.get("on") else {
        reading.push(
            Diagnostic::new(&NO_HOST, format!("{} `{name}` runs on no host", mine.kind))
                .at(mine.block.span, "no `on` here, in its bases or in the defaults")
                .help("add `on \"host\"`, or `on role=\"…\"` for every host with that label"),
        );
        return BTreeSet::new();
    };
    let mut found = BTreeSet::new();
    for entry in on.node().arguments() {
        by_name(entry, fleet, &mut found, reading);
    }
    let wanted: Vec<(&str, String)> = on
        .node()
        .properties()
        .filter_map(|entry| Some((&*entry.name.as_ref()?.value, reading.text(entry)?.value)))
        .collect();
    if !wanted.is_empty() {
        let chosen = fleet.hosts.values().filter(|host| carries(host, &wanted));
        found.extend(chosen.map(|host| host.name.as_str()));
    }
    if found.is_empty() && !fleet.hosts.is_empty() {
        reading.push(nowhere(name, mine, on, fleet, &wanted));
    }
    found
}

fn carries(host: &Host, wanted: &[(&str, String)]) -> bool {
    wanted.iter().all(|(label, value)| host.labels.get(*label) == Some(value))
}

fn by_name<'f>(
    entry: &Entry<'_>,
    fleet: &'f Fleet,
    found: &mut BTreeSet<&'f str>,
    reading: &mut Reading<'_>,
) {
    let Some(name) = reading.text(entry) else { return };
    if *name == "*" {
        found.extend(fleet.hosts.keys().map(String::as_str));
        return;
    }
    if let Some((known, _)) = fleet.hosts.get_key_value(&name.value) {
        found.insert(known);
        return;
    }
    reading.push(
        Diagnostic::new(&UNKNOWN_HOST, format!("there is no host `{}`", name.value))
            .at(name.span, "not a host")
            .help(match nearest(&name, fleet.hosts.keys().map(String::as_str)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("declare it: `host \"{}\" address=\"…\"`", name.value),
            }),
    );
}

fn nowhere(
    name: &str,
    mine: &Mine<'_, '_>,
    on: &Layered<'_, '_>,
    fleet: &Fleet,
    wanted: &[(&str, String)],
) -> Diagnostic {
    let labels =
        wanted.iter().map(|(label, value)| format!("{label}=\"{value}\"")).collect::<Vec<_>>().join(" ");
    let message = match wanted {
        [] => format!("{} `{name}` runs on no host", mine.kind),
        _ => format!("{} `{name}` runs on no host: none carries the labels {labels}", mine.kind),
    };
    let known: BTreeSet<String> = fleet
        .hosts
        .values()
        .flat_map(|host| host.labels.iter().map(|(label, value)| format!("{label}=\"{value}\"")))
        .collect();
    let help = match known.is_empty() {
        true => "label a host: `host \"…\" address=\"…\" { labels role=\"…\" }`".to_string(),
        false => format!("the labels that hosts carry: {}", known.into_iter().collect::<Vec<_>>().join(", ")),
    };
    Diagnostic::new(&NO_HOST, message).at(on.node().span, "chooses no host").help(help)
}

fn ports(mine: &Mine<'_, '_>, instance: u32, reading: &mut Reading<'_>) -> Vec<Port> {
    mine.merged.all("port").filter_map(|setting| port(setting, instance, reading)).collect()
}

fn port(setting: &Layered<'_, '_>, instance: u32, reading: &mut Reading<'_>) -> Option<Port> {
    let node = setting.node();
    let mut arguments = node.arguments();
    let name = reading.parsed(arguments.next()?, Name::parse)?;
    let number = reading.parsed(arguments.next()?, PortRange::parse)?;
    let range = reading.valid(number.value.offset(instance - 1), number.span)?.value;
    let protocol = match node.property("protocol") {
        Some(entry) => reading.choice(entry, &["tcp", "udp", "sctp"])?.value,
        None => Protocol::Tcp.as_str(),
    };
    let address = match node.property("address") {
        Some(entry) => Some(reading.parsed(entry, ListenAddress::parse)?.value),
        None => None,
    };
    let container = match node.property("container") {
        Some(entry) => Some(reading.parsed(entry, PortNumber::parse)?.value.get()),
        None => None,
    };
    Some(Port {
        name: name.value.to_string(),
        first: range.first().get(),
        last: range.last().get(),
        protocol: protocol.to_string(),
        address: address.map(ListenAddress::ip),
        container,
        span: number.span,
    })
}
