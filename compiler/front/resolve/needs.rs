//! `needs` → what each service waits for, and which instances it is served by.

use super::placed::Placed;
use super::reading::Reading;
use super::{Context, Layered, MergedWorkload};
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::language::service::network;
use crate::model::fleet::{Fleet, Need};
use crate::template::Value;
use crate::text::Located;
use crate::value::quoted;
use crate::value::suggest::{listed, nearest};
use std::collections::BTreeMap;

/// A need that nothing provides.
pub(crate) const UNKNOWN_NEED: Fault = Fault::error(
    "unknown-need",
    "`needs` names a service, task or external of the project",
    "A service that waits for something that nothing starts never starts. What dpc does not run is declared as \
     `external`, so that there is an address to wait for.",
);
/// A need of a port or a host that the needed service does not have.
pub(crate) const NEED_PORT: Fault = Fault::error(
    "need-port",
    "a need names a port that the needed service has, on a host where it runs",
    "The port is what is waited for; one that nobody listens on never answers.",
);

/// The needs of each service or task, sorted by what they need.
pub(crate) type NeedsByName = BTreeMap<String, Vec<Need>>;

/// Reads all needs. Those that lead nowhere are reported and left out.
pub(crate) fn needs(
    merged: &BTreeMap<&str, MergedWorkload<'_, '_>>,
    placed: &BTreeMap<&str, Vec<Placed>>,
    fleet: &Fleet,
    globals: &Value,
    context: &Context<'_>,
    report: &mut Report,
) -> NeedsByName {
    let of_one = |(name, workload): (&&str, &MergedWorkload<'_, '_>), report: &mut Report| {
        let mut reading = Reading::new(context, globals, report);
        let found = of_one(workload, placed, fleet, context, &mut reading);
        (!found.is_empty()).then(|| (name.to_string(), found))
    };
    report.each_in_shares(merged.iter().collect(), of_one).flatten().collect()
}

fn of_one(
    workload: &MergedWorkload<'_, '_>,
    placed: &BTreeMap<&str, Vec<Placed>>,
    fleet: &Fleet,
    context: &Context<'_>,
    reading: &mut Reading<'_>,
) -> Vec<Need> {
    let mut found = Vec::new();
    let written = workload.merged.all("needs").map(Layered::key);
    let written: Vec<&str> = written.collect();
    // Whose network it has must be ready first. It can be said how long that may take.
    let network = workload.merged.get(network::NETWORK.node.name);
    let network = network.and_then(|setting| of_network(setting, &written, reading));
    let said =
        workload.merged.all("needs").filter_map(|setting| Some((Some(setting), need(setting, reading)?)));
    let said: Vec<(Option<&Layered<'_, '_>>, Need)> = said.collect();
    for (setting, need) in said.into_iter().chain(network.map(|need| (None, need))) {
        if fleet.externals.contains_key(need.target.as_str()) {
            setting.iter().for_each(|setting| check_external(setting, &need, reading));
            found.push(need);
        } else if let Some(places) = placed.get(need.target.as_str()) {
            if check(&need, places, reading) {
                found.push(need);
            }
        } else {
            let known = placed.keys().copied().chain(fleet.externals.keys().map(String::as_str));
            reading.push_error(|| unknown(&need, context, known));
        }
    }
    found.sort_by(|one, other| one.target.value.cmp(&other.target.value));
    found.shrink_to_fit();
    found
}

fn of_network(setting: &Layered<'_, '_>, written: &[&str], reading: &mut Reading<'_>) -> Option<Need> {
    let target = reading.text(setting.property(network::SERVICE)?)?;
    (!written.contains(&target.value.as_str())).then(|| Need {
        target,
        port: None,
        host: None,
        timeout_seconds: network::NEED_TIMEOUT.default().as_seconds_ceil(),
        until: network::UNTIL.default(),
    })
}

fn need(setting: &Layered<'_, '_>, reading: &mut Reading<'_>) -> Option<Need> {
    let target = reading.text(setting.argument()?)?;
    let property = |name: &str| setting.property(name);
    let timeout = reading.field_unless_wrong(&network::NEED_TIMEOUT, property)?;
    let until = reading.field_unless_wrong(&network::UNTIL, property)?;
    let mut text = |name| setting.property(name).and_then(|entry| reading.text(entry));
    Some(Need {
        target,
        port: text("port"),
        host: text("host"),
        timeout_seconds: timeout.as_seconds_ceil(),
        until,
    })
}

fn check(need: &Need, places: &[Placed], reading: &mut Reading<'_>) -> bool {
    // A target that runs nowhere was reported where it is placed.
    if places.is_empty() {
        return false;
    }
    let ports = || places.iter().flat_map(|place| place.ports.iter().map(|port| port.name.as_str()));
    if let Some(port) = need.port.as_ref().filter(|port| !ports().any(|name| name == port.value)) {
        reading.push_error(|| no_such(&need.target, ("port", "its ports"), port, ports()));
        return false;
    }
    let hosts = || places.iter().map(|place| place.host.as_str());
    if let Some(host) = need.host.as_ref().filter(|host| !hosts().any(|name| name == host.value)) {
        reading.push_error(|| no_such(&need.target, ("instance on host", "it runs on"), host, hosts()));
        return false;
    }
    true
}

/// An external has the one endpoint that it declares.
fn check_external(setting: &Layered<'_, '_>, need: &Need, reading: &mut Reading<'_>) {
    for property in ["port", "host"] {
        let Some(entry) = setting.property(property) else { continue };
        reading.push(
            Diagnostic::new(
                &NEED_PORT,
                format!("the external `{}` has one endpoint, and no {property} to choose", need.target.value),
            )
            .at(entry.span(), "means nothing here")
            .help(format!("remove `{property}=`")),
        );
    }
}

fn no_such<'n>(
    target: &str,
    (what, list): (&str, &str),
    name: &Located<String>,
    known: impl Iterator<Item = &'n str>,
) -> Diagnostic {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    known.dedup();
    Diagnostic::new(&NEED_PORT, format!("`{target}` has no {what} `{}`", name.value))
        .at(name.span, "not there")
        .help(match nearest(name, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if known.is_empty() => format!("`{target}` has no {what}: remove this"),
            None => format!("{list}: {}", listed(known.iter().copied())),
        })
}

fn unknown<'n>(need: &Need, context: &Context<'_>, known: impl Iterator<Item = &'n str>) -> Diagnostic {
    let name = need.target.as_str();
    let diagnostic = Diagnostic::new(&UNKNOWN_NEED, format!("nothing provides {}", quoted(name)))
        .at(need.target.span, "needed here");
    let removal =
        ["service", "task", "external"].into_iter().find_map(|kind| context.removed.get(&(kind, name)));
    if let Some(removal) = removal {
        return diagnostic.at(*removal, "this environment takes it away here").help(format!(
            "take the need away too (`remove \"needs\" \"{name}\"`), or declare an `external \"{name}\"` in this environment"
        ));
    }
    diagnostic.help(match nearest(name, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!(
            "declare a service or task `{name}`, or `external \"{name}\" {{ endpoint \"host:port\" }}` for what dpc does not run"
        ),
    })
}

/// The instances on a host. All of them are sorted by host.
pub(crate) fn on<'p>(places: &'p [Placed], host: &str) -> &'p [Placed] {
    let first = places.partition_point(|place| place.host.as_str() < host);
    let many = places[first..].partition_point(|place| place.host == host);
    &places[first..first + many]
}

/// Returns the instances that serve a need on `host`: those on the host that it names, else those on the same host, else all.
pub(crate) fn provider<'p>(places: &'p [Placed], need: &Need, host: &str) -> &'p [Placed] {
    match &need.host {
        Some(chosen) => on(places, chosen),
        None => Some(on(places, host)).filter(|near| !near.is_empty()).unwrap_or(places),
    }
}
