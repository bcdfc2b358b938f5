//! `health` → the check that a service is ready.

use super::container_place::ContainerPlace;
use super::merge::{Layered, Merged};
use super::reading::{Reading, refused};
use crate::diagnostic::{Diagnostic, Fault};
use crate::kdl::{Entry, Node};
use crate::language::service::network;
use crate::model::container::Port;
use crate::model::fleet::{Check, Health, Target};
use crate::text::Located;
use crate::value::Invalid;
use crate::value::header::{HeaderName, header_value};
use crate::value::port::Protocol;
use crate::value::suggest::{listed, nearest};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// A name of a port that the service does not have.
pub(crate) const UNKNOWN_PORT: Fault = Fault::error(
    "unknown-port",
    "`health` and `register` name ports of the service",
    "A health check against a port that is not declared asks a process that dpc knows nothing of, perhaps another \
     service's.",
);

/// The health check of a service at its place.
pub(crate) fn health(
    container: &ContainerPlace<'_, '_>,
    merged: &Merged<'_, '_>,
    reading: &mut Reading<'_>,
) -> Option<Health> {
    let setting = merged.get("health");
    let property = |name: &str| setting?.property(name);
    let retries = reading.field_unless_wrong(&network::RETRIES, property)?;
    Some(Health {
        check: match setting {
            Some(setting) => check(container, setting, reading)?,
            None => listening(container),
        },
        interval_seconds: reading.field_or_default(&network::INTERVAL, property).as_seconds_ceil(),
        timeout_seconds: reading.field_or_default(&network::TIMEOUT, property).as_seconds_ceil(),
        retries: retries.unsigned_abs(),
        start_period_seconds: reading.field_or_default(&network::START_PERIOD, property).as_seconds_ceil(),
        restart: property("restart")
            .and_then(|entry| reading.boolean(entry))
            .is_some_and(|restart| restart.value),
    })
}

/// The check of a service without `health`: every tcp port accepts a connection.
fn listening(container: &ContainerPlace<'_, '_>) -> Check {
    let tcp = container.place.ports.iter().filter(|port| port.protocol == Protocol::Tcp);
    let targets: Vec<Target> = tcp.map(|port| target(container, port)).collect();
    if targets.is_empty() { Check::Running } else { Check::Tcp { targets } }
}

fn target(container: &ContainerPlace<'_, '_>, port: &Port) -> Target {
    Target { host: address(container, port).to_string(), port: port.range.first() }
}

/// Returns the address that others would ask: the one that the port is bound to, else the host's declared one.
fn address(container: &ContainerPlace<'_, '_>, port: &Port) -> IpAddr {
    port.bound().unwrap_or(container.host.address.ip())
}

fn check(
    container: &ContainerPlace<'_, '_>,
    setting: &Layered<'_, '_>,
    reading: &mut Reading<'_>,
) -> Option<Check> {
    let kinds = ["http", "tcp", "command"];
    let given: Vec<Entry<'_>> = kinds.iter().filter_map(|kind| setting.property(kind)).collect();
    if let (Some(node), []) = (child_nodes(setting, "command").next(), &given[..]) {
        only_for_http(setting, reading);
        return exec(node, reading);
    }
    let given_twice = child_nodes(setting, "command").next().map(Node::span);
    if let (Some(span), true) = (given_twice, given.len() == 1) {
        let invalid = Invalid::new("`health` asks one thing: `http`, `tcp` or `command`");
        reading.push(refused(invalid.help("keep one of the two"), span));
        return None;
    }
    let [entry] = given[..] else {
        let message = match given.len() {
            0 => "`health` does not say what to ask",
            _ => "`health` asks one thing: `http`, `tcp` or `command`",
        };
        let invalid = Invalid::new(message).help(
            "write `health http=\"port\" path=\"/healthz\"`, `health tcp=\"port\"` or `health command=\"…\"`",
        );
        reading.push(refused(invalid, given.get(1).map_or(setting.node().span(), |entry| entry.span())));
        return None;
    };
    if setting.property("http").is_none() {
        only_for_http(setting, reading);
    }
    if setting.property("command").is_some() {
        let command = reading.text(entry)?;
        if command.value.trim().is_empty() {
            let invalid = Invalid::new("an empty command is always healthy")
                .help("write a command that exits with 0 when the service answers");
            reading.push(refused(invalid, entry.value_span()));
        }
        return reading.fits(&command, 0).then_some(Check::Command { command: command.value });
    }
    let port = named_port(container, entry, reading)?;
    if port.protocol != Protocol::Tcp {
        let invalid =
            Invalid::new(format!("the port `{}` is {}, and accepts no connection", port.name, port.protocol))
                .help("check a tcp port, or use `command`");
        reading.push(refused(invalid, entry.value_span()));
        return None;
    }
    if setting.property("tcp").is_some() {
        return Some(Check::Tcp { targets: vec![target(container, port)] });
    }
    let property = |name: &str| setting.property(name);
    let path = reading.field_unless_wrong(&network::PATH, property);
    let status = reading.field_unless_wrong(&network::STATUS, property);
    let headers = headers(setting, reading);
    Some(Check::Http {
        address: address(container, port),
        port: port.range.first(),
        scheme: reading.field_or_default(&network::SCHEME, property),
        host: reading.field(&network::HOST, property).map(|host| host.value),
        headers,
        path: path?,
        status: status?,
    })
}

fn only_for_http(setting: &Layered<'_, '_>, reading: &mut Reading<'_>) {
    let fields = [network::PATH.row, network::SCHEME.row, network::HOST.row, network::STATUS.row];
    let properties = fields.iter().filter_map(|row| Some((row.name, setting.property(row.name)?.span())));
    let headers = header_nodes(setting).map(|node| ("header", node.span()));
    for (name, span) in properties.chain(headers) {
        reading.push(refused(Invalid::new(format!("`{name}` goes with `http`")).help("remove it"), span));
    }
}

/// The program of a check, by its words.
fn exec(node: Node<'_>, reading: &mut Reading<'_>) -> Option<Check> {
    let mut words = Vec::new();
    for entry in node.arguments() {
        let word = reading.text(entry)?;
        if words.is_empty() && word.value.trim().is_empty() {
            let invalid = Invalid::new("an empty word is no program");
            reading.push(refused(
                invalid.help("write the program first, as in `command \"pg_isready\" \"-q\"`"),
                word.span,
            ));
        }
        words.extend(reading.fits(&word, 0).then_some(word.value));
    }
    Some(Check::Exec { words })
}

fn header_nodes<'s>(setting: &Layered<'s, '_>) -> impl Iterator<Item = Node<'s>> {
    child_nodes(setting, "header")
}

fn child_nodes<'s>(setting: &Layered<'s, '_>, name: &'static str) -> impl Iterator<Item = Node<'s>> {
    let children = setting.node().children().into_iter().flatten();
    children.filter(move |node| node.name() == name)
}

fn headers(setting: &Layered<'_, '_>, reading: &mut Reading<'_>) -> BTreeMap<HeaderName, Located<String>> {
    let mut found = BTreeMap::new();
    for node in header_nodes(setting) {
        let mut arguments = node.arguments();
        let (Some(name), Some(value)) = (arguments.next(), arguments.next()) else { continue };
        let name = reading.parsed(name, HeaderName::parse);
        if let (Some(name), Some(value)) = (name, reading.parsed(value, header_value)) {
            found.insert(name.value, value);
        }
    }
    found
}

/// The port of the service that an entry names.
pub(crate) fn named_port<'p>(
    container: &ContainerPlace<'p, '_>,
    entry: Entry<'_>,
    reading: &mut Reading<'_>,
) -> Option<&'p Port> {
    let name = reading.text(entry)?;
    let found = container.place.ports.iter().find(|port| port.name == name.value);
    if found.is_none() {
        reading.push_error(|| unknown_port(container, &name));
    }
    found
}

fn unknown_port(container: &ContainerPlace<'_, '_>, name: &Located<String>) -> Diagnostic {
    let known = || container.place.ports.iter().map(|port| port.name.as_str());
    let help = match (nearest(name, known()), known().next()) {
        (Some(meant), _) => format!("did you mean `{meant}`?"),
        (None, None) => format!("declare it: `port \"{}\" 8080`", name.value),
        (None, Some(_)) => format!("its ports: {}", listed(known())),
    };
    let message = format!("`{}` has no port `{}`", container.place.workload, name.value);
    Diagnostic::new(&UNKNOWN_PORT, message).at(name.span, "not a port").help(help)
}
