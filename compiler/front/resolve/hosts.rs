//! `fleet`, `host` and `external` → their values.

use super::layers::Layers;
use super::reading::{Reading, refused};
use crate::diagnostic::{Diagnostic, Fault};
use crate::front::parse::{MISSING_ARGUMENT, MISSING_PROPERTY};
use crate::kdl::{Entry, Node};
use crate::language::{Single, top};
use crate::model::fleet::{Etcd, External, Host, Reserved};
use crate::model::spec::{Block, Setting};
use crate::text::Located;
use crate::value::address::{Endpoint, EndpointHost, EtcdUrl, HostAddress};
use crate::value::path::HostPath;
use crate::value::pin::Pin;
use crate::value::port::{Port, PortRange};
use crate::value::{Invalid, hostname::Hostname};
use std::collections::BTreeMap;

/// Two hosts with one address.
pub(crate) const HOST_ADDRESS: Fault = Fault::error(
    "host-address",
    "every host has an address of its own",
    "The address is what registrations advertise and what `activate` checks. Two hosts with one address are one machine \
     described twice, whose ports are then not checked against each other.",
);

/// Settings of the fleet for all its services.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) name: String,
    pub(crate) etcd: Option<Etcd>,
    pub(crate) data_root: HostPath,
    pub(crate) pin: Option<Pin>,
}

/// The fleet's own settings; `None` without a fleet.
pub(crate) fn fleet(layers: &Layers<'_, '_>, reading: &mut Reading<'_>) -> Option<Settings> {
    let last = layers.fleet.last()?;
    for block in &layers.fleet {
        reading.check_name(&block.name, "fleet");
    }
    let etcd = latest(&layers.fleet, "etcd").map(|setting| etcd(setting, reading));
    let data_root = single_value(&layers.fleet, &top::DATA_ROOT, reading)
        .map_or_else(|| top::DATA_ROOT.default(), |path| path.value);
    let pin = single_value(&layers.fleet, &top::PIN, reading).map(|pin| pin.value);
    Some(Settings { name: last.name.value.to_string(), etcd, data_root, pin })
}

/// Reads the cluster and reports what is wrong. There is a cluster in any case, so that no registration asks for one.
fn etcd(setting: &Setting<'_>, reading: &mut Reading<'_>) -> Etcd {
    let node = setting.node;
    let endpoints = node.arguments().filter_map(|entry| reading.parsed(entry, EtcdUrl::parse));
    let endpoints = endpoints.map(|url| url.value).collect();
    let prefix = reading.field_or_default(&top::PREFIX, |name| node.property(name));
    check_client(node, reading);
    let mut file = |name: &str| {
        let entry = node.property(name)?;
        reading.parsed(entry, HostPath::parse)
    };
    let (cacert, cert, key) = (file("cacert"), file("cert"), file("key"));
    let password_file = file("password-file");
    let user = reading.field(&top::ETCD_USER, |name| node.property(name)).map(|user| user.value);
    Etcd { endpoints, prefix, cacert, cert, key, user, password_file }
}

/// etcdctl takes a certificate and its key together or not at all, and so a user and its password.
fn check_client(node: Node<'_>, reading: &mut Reading<'_>) {
    let certificate = ("cert", "key", "the certificate and its key");
    let password = ("user", "password-file", "the user and its password");
    let both = [certificate, password]
        .into_iter()
        .flat_map(|(one, other, all)| [(one, other, all), (other, one, all)]);
    for (one, other, all) in both {
        if let (Some(entry), None) = (node.property(one), node.property(other)) {
            let invalid = Invalid::new(format!("`{one}` without `{other}`"))
                .help(format!("add `{other}=`: etcdctl takes {all} together"));
            reading.push(refused(invalid, entry.span()));
        }
    }
}

/// Every host by name.
pub(crate) fn hosts(layers: &Layers<'_, '_>, reading: &mut Reading<'_>) -> BTreeMap<String, Host> {
    let mut found = BTreeMap::new();
    for (name, blocks) in &layers.hosts {
        if let Some(host) = host(name, blocks, reading) {
            found.insert(name.to_string(), host);
        }
    }
    check_addresses(&found, reading);
    found
}

fn host(name: &str, blocks: &[&Block<'_>], reading: &mut Reading<'_>) -> Option<Host> {
    let first = blocks.first()?;
    if let Err(invalid) = Hostname::parse(name) {
        reading.push(refused(invalid, first.name.span));
    }
    let address = address(name, first, blocks, reading);
    let mut labels = BTreeMap::new();
    for entry in blocks.iter().flat_map(|block| properties(block, "labels")) {
        if let (Some(name), Some(value)) = (entry.name(), reading.text(entry)) {
            labels.insert(name.to_string(), value.value);
        }
    }
    let reserve = reserved(blocks, reading);
    let advertised = blocks.iter().rev().find_map(|block| block.property("advertise"));
    let advertise = advertised.and_then(|entry| reading.parsed(entry, HostAddress::parse));
    let cpus = single_value(blocks, &top::CPUS, reading);
    let unprivileged_ports = single_value(blocks, &top::UNPRIVILEGED_PORTS, reading).map(|port| port.value);
    let memory = single_value(blocks, &top::MEMORY, reading);
    let ephemeral = single_value(blocks, &top::EPHEMERAL_PORTS, reading)
        .map_or_else(|| top::EPHEMERAL_PORTS.default(), |range| range.value);
    let driver = single_value(blocks, &top::STORAGE_DRIVER, reading);
    let platform = single_value(blocks, &top::HOST_PLATFORM, reading)
        .map_or_else(|| top::HOST_PLATFORM.default(), |platform| platform.value);
    Some(Host {
        name: name.to_string(),
        span: first.span,
        advertise: advertise.map_or(address.value, |address| address.value),
        address,
        labels,
        reserve,
        cpus,
        unprivileged_ports,
        memory,
        ephemeral_ports: ephemeral,
        storage_driver: driver.map(|driver| driver.value),
        platform,
    })
}

/// Returns the address, or `0.0.0.0` if it is missing or wrong, which is reported. The host exists all the same, and services
/// that name it are not to blame.
fn address(
    name: &str,
    first: &Block<'_>,
    blocks: &[&Block<'_>],
    reading: &mut Reading<'_>,
) -> Located<HostAddress> {
    let unknown = Located::new(HostAddress::UNKNOWN, first.span);
    let Some(entry) = blocks.iter().rev().find_map(|block| block.property("address")) else {
        reading.push(
            Diagnostic::new(&MISSING_PROPERTY, format!("host `{name}` has no `address`"))
                .at(first.span, "`address=` is missing")
                .help(format!("write `host \"{name}\" address=\"10.0.0.11\"`")),
        );
        return unknown;
    };
    reading.parsed(entry, HostAddress::parse).unwrap_or(unknown)
}

/// Returns the ports of the host itself, by their address: a later layer replaces its namesake.
fn reserved(blocks: &[&Block<'_>], reading: &mut Reading<'_>) -> Vec<Reserved> {
    let settings = blocks.iter().flat_map(|block| &block.settings);
    let lines: BTreeMap<&str, Node<'_>> = settings
        .filter(|setting| setting.rule.name == "reserve")
        .map(|setting| (setting.key(), setting.node))
        .collect();
    let mut found = Vec::new();
    for node in lines.into_values() {
        let address =
            reading.field(&top::RESERVED_ADDRESS, |name| node.property(name)).map(|address| address.value);
        let ranges = node.arguments().filter_map(|entry| reading.parsed(entry, PortRange::parse));
        found.extend(ranges.map(|range| Reserved { range, address }));
    }
    found
}

fn check_addresses(hosts: &BTreeMap<String, Host>, reading: &mut Reading<'_>) {
    let mut seen: BTreeMap<HostAddress, &Host> = BTreeMap::new();
    for host in hosts.values().filter(|host| host.address.value != HostAddress::UNKNOWN) {
        if let Some(first) = seen.insert(host.address.value, host) {
            let message = format!(
                "hosts `{}` and `{}` both have the address {}",
                first.name, host.name, host.address.value
            );
            reading.push(
                Diagnostic::new(&HOST_ADDRESS, message)
                    .at(host.address.span, "the same address")
                    .at(first.address.span, format!("the address of `{}`", first.name))
                    .help("correct one of them"),
            );
        }
    }
}

/// Every external by name.
pub(crate) fn externals(layers: &Layers<'_, '_>, reading: &mut Reading<'_>) -> BTreeMap<String, External> {
    let mut found = BTreeMap::new();
    for (name, blocks) in &layers.externals {
        if let Some(external) = external(name, blocks, reading) {
            found.insert(name.to_string(), external);
        }
    }
    found
}

/// Reads an external. If its endpoint is missing or wrong, that is reported, and the external exists all the same: a service
/// that needs it is not to blame.
fn external(name: &str, blocks: &[&Block<'_>], reading: &mut Reading<'_>) -> Option<External> {
    let first = blocks.first()?;
    reading.check_name(&first.name, "external");
    let entry = latest(blocks, "endpoint").and_then(argument);
    if entry.is_none() {
        reading.push(
            Diagnostic::new(&MISSING_ARGUMENT, format!("external `{name}` has no `endpoint`"))
                .at(first.span, "`endpoint` is missing")
                .help(format!("write `external \"{name}\" {{ endpoint \"host:port\" }}`")),
        );
    }
    let endpoint = entry.and_then(|entry| reading.parsed(entry, Endpoint::parse));
    let (host, port) = endpoint.map_or(("unknown".to_string(), Port::FIRST), |endpoint| {
        (unbracketed(&endpoint.value.host), endpoint.value.port)
    });
    Some(External { name: name.to_string(), span: first.span, host, port })
}

/// Returns a host as programs take it apart from its port: an IPv6 address without its brackets.
fn unbracketed(host: &EndpointHost) -> String {
    match host {
        EndpointHost::Address(address) => address.to_string(),
        name => name.to_string(),
    }
}

/// Returns the setting with that name in the latest layer that has it.
fn latest<'t, 's>(blocks: &[&'t Block<'s>], name: &str) -> Option<&'t Setting<'s>> {
    blocks.iter().rev().find_map(|block| block.setting(name))
}

/// Returns the value of a single node in the latest layer that has it.
fn single_value<T>(blocks: &[&Block<'_>], row: &Single<T>, reading: &mut Reading<'_>) -> Option<Located<T>> {
    reading.parsed(argument(latest(blocks, row.node.name)?)?, |text| row.parse(text))
}

fn argument<'s>(setting: &Setting<'s>) -> Option<Entry<'s>> {
    setting.node.arguments().next()
}

fn properties<'s>(block: &Block<'s>, name: &str) -> impl Iterator<Item = Entry<'s>> {
    block.setting(name).into_iter().flat_map(|setting| setting.node.properties())
}
