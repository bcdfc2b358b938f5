//! `on`, `instances` and `port` → where each service runs, and what it listens on there.

use super::placed::Placed;
use super::reading::Reading;
use super::scope::SharedScope;
use super::{Context, MergedWorkload};
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::front::resolve::Layered;
use crate::kdl::Entry;
use crate::language::service::network;
use crate::language::service::process::INSTANCES;
use crate::model::container::Port;
use crate::model::fleet::{Fleet, Host};
use crate::template::Value;
use crate::text::Located;
use crate::value::name::Name;
use crate::value::port::{Port as PortNumber, PortRange};
use crate::value::suggest::{listed, nearest};
use crate::value::{Invalid, quoted};
use std::collections::{BTreeMap, BTreeSet};

/// A service that runs nowhere.
pub(crate) const NO_HOST: Fault = Fault::error(
    "no-host",
    "a service or task runs on at least one host, and its labels choose one",
    "A service without a host is in nobody's bundle. If it should not run, it should not be there.",
);
/// `on` with a host that is not declared.
pub(crate) const UNKNOWN_HOST: Fault = Fault::error(
    "unknown-host",
    "`on` names declared hosts",
    "dpc writes one directory for each declared host; for another there is no address to advertise and no port to check.",
);

/// Places everything on hosts, sorted by host and instance.
pub(crate) fn place<'t>(
    merged: &BTreeMap<&'t str, MergedWorkload<'t, '_>>,
    fleet: &Fleet,
    common: &SharedScope,
    context: &Context<'_>,
    report: &mut Report,
) -> BTreeMap<&'t str, Vec<Placed>> {
    let available = AvailableHosts::new(fleet, common, context);
    let mut all = Vec::with_capacity(merged.len());
    let of_one = |(name, workload): (&&'t str, &MergedWorkload<'t, '_>), report: &mut Report| {
        (*name, available.of(name, workload, report))
    };
    all.extend(report.each_in_shares(merged.iter().collect(), of_one));
    all.into_iter().collect()
}

/// The hosts that services can run on.
struct AvailableHosts<'c> {
    fleet: &'c Fleet,
    common: &'c SharedScope,
    context: &'c Context<'c>,
    /// The hosts that carry a label.
    labelled: BTreeMap<(&'c str, &'c str), Vec<&'c Host>>,
}

impl<'c> AvailableHosts<'c> {
    fn new(fleet: &'c Fleet, common: &'c SharedScope, context: &'c Context<'c>) -> Self {
        let mut labelled: BTreeMap<_, Vec<&Host>> = BTreeMap::new();
        for host in fleet.hosts.values() {
            for (label, value) in &host.labels {
                labelled.entry((label.as_str(), value.as_str())).or_default().push(host);
            }
        }
        Self { fleet, common, context, labelled }
    }

    /// The hosts that carry all of some labels; none where none is wanted.
    fn carriers(&self, wanted: &[(&str, String)]) -> Vec<&'c str> {
        let lists = wanted.iter().map(|(label, value)| self.labelled.get(&(*label, value.as_str())));
        let fewest = lists.map(|hosts| hosts.map_or(&[][..], Vec::as_slice)).min_by_key(|hosts| hosts.len());
        let carriers = fewest.into_iter().flatten().filter(|host| carries(host, wanted));
        carriers.map(|host| host.name.as_str()).collect()
    }

    /// Places one service.
    fn of(&self, name: &str, workload: &MergedWorkload<'_, '_>, report: &mut Report) -> Vec<Placed> {
        let Self { fleet, common, context, .. } = *self;
        if context.containers.is_used_up() || context.room.is_used_up() {
            return Vec::new();
        }
        let mut reading = Reading::new(context, &common.globals, report);
        let hosts = hosts(name, workload, self, &mut reading);
        let mut placed = Vec::new();
        let evaluates =
            workload.evaluates && ["instances", "port"].into_iter().any(|name| workload.evaluates_in(name));
        for host in hosts.iter().filter_map(|host| fleet.hosts.get(*host)) {
            let scoped = |instance| {
                if evaluates { common.before_ports(name, host, instance) } else { Value::default() }
            };
            let scope = scoped(1);
            let mut reading = Reading::new(context, &scope, report);
            let instances = instances(workload, &mut reading);
            for instance in 1..=instances {
                if !(context.containers.take(1) && context.room.take(workload.size)) {
                    return placed;
                }
                let scope = scoped(instance);
                let mut reading = Reading::new(context, &scope, report);
                let ports = ports(workload, instance, &mut reading);
                placed.push(Placed { workload: name.to_string(), host: host.name.clone(), instance, ports });
            }
        }
        placed
    }
}

/// Returns the number of instances on one host; an expression may tell hosts apart.
fn instances(workload: &MergedWorkload<'_, '_>, reading: &mut Reading<'_>) -> u32 {
    let count = workload
        .merged
        .get(INSTANCES.node.name)
        .and_then(|setting| reading.parsed(setting.argument()?, |text| INSTANCES.parse(text)));
    let count = count.map_or_else(|| INSTANCES.default(), |count| count.value);
    u32::try_from(count).unwrap_or(1)
}

fn hosts<'f>(
    name: &str,
    workload: &MergedWorkload<'_, '_>,
    available: &AvailableHosts<'f>,
    reading: &mut Reading<'_>,
) -> BTreeSet<&'f str> {
    let AvailableHosts { fleet, context, .. } = *available;
    let Some(on) = workload.merged.get("on") else {
        // A block without an image either is a misspelt name, which is said about the image.
        if workload.merged.get("image").is_some() {
            reading.push(
                Diagnostic::new(&NO_HOST, format!("{} `{name}` runs on no host", workload.kind))
                    .at(workload.block.span, "no `on` here, in its bases or in the defaults")
                    .help("add `on \"host\"`, or `on role=\"…\"` for every host with that label"),
            );
        }
        return BTreeSet::new();
    };
    let mut found = BTreeSet::new();
    let mut named = true;
    for entry in on.node().arguments() {
        named &= by_name(entry, fleet, context, &mut found, reading);
    }
    let wanted: Vec<(&str, String)> = on
        .node()
        .properties()
        .filter_map(|entry| Some((entry.name()?, reading.text(entry)?.value)))
        .collect();
    let chosen: Vec<&str> = available.carriers(&wanted);
    let fruitless = !wanted.is_empty() && chosen.is_empty();
    found.extend(chosen);
    if (found.is_empty() || fruitless) && named {
        let message = if found.is_empty() {
            format!("{} `{name}` runs on no host", workload.kind)
        } else {
            "these labels add no host to those that are named".to_string()
        };
        reading.push_error(|| nowhere(message, on, fleet, &wanted));
    }
    found
}

fn carries(host: &Host, wanted: &[(&str, String)]) -> bool {
    wanted.iter().all(|(label, value)| host.labels.get(*label) == Some(value))
}

/// Adds the hosts of that name; false where there are none, which is then said.
fn by_name<'f>(
    entry: Entry<'_>,
    fleet: &'f Fleet,
    context: &Context<'_>,
    found: &mut BTreeSet<&'f str>,
    reading: &mut Reading<'_>,
) -> bool {
    let Some(name) = reading.text(entry) else { return false };
    if *name == "*" {
        found.extend(fleet.hosts.keys().map(String::as_str));
        return true;
    }
    if let Some((known, _)) = fleet.hosts.get_key_value(&name.value) {
        found.insert(known);
        return true;
    }
    reading.push_error(|| unknown(&name, fleet, context));
    false
}

fn unknown(name: &Located<String>, fleet: &Fleet, context: &Context<'_>) -> Diagnostic {
    let diagnostic = Diagnostic::new(&UNKNOWN_HOST, format!("there is no host {}", quoted(name)))
        .at(name.span, "not a host");
    match context.removed.get(&("host", &*name.value)) {
        Some(removal) => diagnostic
            .at(*removal, "this environment takes it away here")
            .help("let what runs on it run on another host in this environment, or take that away too"),
        None => diagnostic.help(match nearest(name, fleet.hosts.keys().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("declare it: `host \"{}\" address=\"…\"`", name.value),
        }),
    }
}

/// Maximum number of hosts whose labels a message lists.
const LOOKED_AT: usize = 100;

fn nowhere(message: String, on: &Layered<'_, '_>, fleet: &Fleet, wanted: &[(&str, String)]) -> Diagnostic {
    let labels =
        wanted.iter().map(|(label, value)| format!("{label}=\"{value}\"")).collect::<Vec<_>>().join(" ");
    let reason = match wanted {
        _ if fleet.hosts.is_empty() => ": the project declares none".to_string(),
        [] => String::new(),
        _ => format!(": none carries `{labels}`"),
    };
    let known: BTreeSet<String> = fleet
        .hosts
        .values()
        .take(LOOKED_AT)
        .flat_map(|host| host.labels.iter().map(|(label, value)| format!("{label}=\"{value}\"")))
        .collect();
    let help = match (fleet.hosts.is_empty(), wanted, known.is_empty()) {
        (true, _, _) => "declare one: `host \"app-1\" address=\"10.0.0.11\"`".to_string(),
        (_, [], _) => "name a host, `\"*\"` for all, or a label: `on role=\"…\"`".to_string(),
        (_, _, true) => "label a host: `host \"…\" address=\"…\" { labels role=\"…\" }`".to_string(),
        _ => format!("the labels that hosts carry: {}", listed(known.iter().map(String::as_str))),
    };
    Diagnostic::new(&NO_HOST, message + &reason).at(on.node().span(), "chooses no host").help(help)
}

fn ports(workload: &MergedWorkload<'_, '_>, instance: u32, reading: &mut Reading<'_>) -> Vec<Port> {
    workload.merged.gather("port", |setting| port(setting, instance, reading))
}

/// A port whose values are wrong, which is said here, is there all the same: what names it is not to blame.
fn port(setting: &Layered<'_, '_>, instance: u32, reading: &mut Reading<'_>) -> Option<Port> {
    let node = setting.node();
    let number = node.arguments().nth(1)?;
    reading.parsed(setting.argument()?, Name::parse);
    let range = reading
        .parsed(number, PortRange::parse)
        .and_then(|range| reading.valid(range.value.offset(instance - 1), range.span));
    let range = range.map_or(PortNumber::FIRST.into(), |range| range.value);
    let protocol = reading.field_or_default(&network::PROTOCOL, |name| node.property(name));
    let address = reading.field(&network::ADDRESS, |name| node.property(name));
    let container = node.property("container").and_then(|entry| {
        let inside = reading.parsed(entry, PortNumber::parse)?;
        let fits = inside.value.offset(range.count() - 1).map(|_| inside.value);
        let message =
            format!("a range of {} ports from `{}` ends behind port 65535", range.count(), inside.value);
        reading.valid(fits.map_err(|_| Invalid::new(message).help("begin it lower")), inside.span)
    });
    Some(Port {
        name: setting.key().to_string(),
        range,
        protocol,
        address,
        container,
        span: number.value_span(),
    })
}
