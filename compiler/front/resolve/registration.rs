//! `register` → the keys and values that a service puts into etcd.

use super::container_place::ContainerPlace;
use super::health::named_port;
use super::merge::{Layered, Merged};
use super::reading::{Reading, refused};
use crate::diagnostic::{Diagnostic, Fault};
use crate::encode::digest::sha256;
use crate::encode::{Refused, dns, etcd, json};
use crate::kdl::{Entry, Node};
use crate::language::service::register;
use crate::model::container::Port;
use crate::model::fleet::{Record, Registration, instance_name};
use crate::text::Located;
use crate::text::Span;
use crate::value::Invalid;
use crate::value::dns::Fqdn;
use crate::value::number;
use crate::value::port::Protocol;
use crate::value::record_format::RecordFormat;
use crate::value::traefik::{Router, ServerScheme};
use std::collections::BTreeSet;

/// A registration without an etcd to register in.
pub(crate) const NO_ETCD: Fault = Fault::error(
    "no-etcd",
    "a fleet whose services register has an etcd cluster",
    "Registrations are keys in etcd; without its address there is nowhere to put them.",
);
/// A registration of a range of ports.
pub(crate) const RANGE_REGISTERED: Fault = Fault::error(
    "range-registered",
    "a registration advertises one port",
    "Every format that dpc writes carries one address and one port.",
);

/// A key among those of others.
pub(crate) const OUTSIDE_KEY: Fault = Fault::error(
    "outside-key",
    "a registration's keys are below the name of its fleet unless it says `outside`",
    "One etcd serves many fleets, and holds which host has claimed which port. A key that is not below the fleet's own name \
     can be another fleet's: it would be overwritten, and go when this service stops. Where a reader expects a key elsewhere, \
     `outside=#true` says to whoever reviews it that this is meant.",
);

/// Places that one message shows.
const SHOWN: usize = 3;

/// Reports once that the fleet has no etcd. `registers` are the services and the places where they register.
pub(crate) fn without_etcd(mut registers: Vec<(&str, Span)>) -> Option<Diagnostic> {
    registers.sort_by_key(|(_, span)| *span);
    registers.dedup_by_key(|(_, span)| *span);
    let (service, first) = *registers.first()?;
    let services: BTreeSet<&str> = registers.iter().map(|(service, _)| *service).collect();
    let message = match services.len() {
        1 => format!("`{service}` registers, but the fleet has no etcd"),
        2 => format!("`{service}` and another service register, but the fleet has no etcd"),
        all => format!("`{service}` and {} other services register, but the fleet has no etcd", all - 1),
    };
    let mut diagnostic = Diagnostic::new(&NO_ETCD, message).at(first, "there is nowhere to register");
    for (_, span) in registers.iter().skip(1).take(SHOWN - 1) {
        diagnostic = diagnostic.at(*span, "nor for this");
    }
    let (the, more) = match registers.len() {
        1 => ("the `register`", String::new()),
        all if all <= SHOWN => ("each `register`", String::new()),
        all => ("each `register`", format!(": {} more are not shown", all - SHOWN)),
    };
    Some(diagnostic.help(format!("add `etcd \"https://10.0.0.1:2379\"` to `fleet`, or remove {the}{more}")))
}

/// The registrations of a service at its place, sorted by port.
pub(crate) fn registrations(
    container: &ContainerPlace<'_, '_>,
    merged: &Merged<'_, '_>,
    reading: &mut Reading<'_>,
) -> Vec<Registration> {
    merged.gather("register", |setting| registration(container, setting, reading))
}

fn registration(
    container: &ContainerPlace<'_, '_>,
    setting: &Layered<'_, '_>,
    reading: &mut Reading<'_>,
) -> Option<Registration> {
    let node = setting.node();
    let entry = setting.argument()?;
    let port = named_port(container, entry, reading)?;
    // If there is none, that was reported for the whole fleet.
    let etcd = container.settings.etcd.as_ref()?;
    if !port.range.is_one() {
        reading.push(
            Diagnostic::new(&RANGE_REGISTERED, format!("`{}` is a range of ports", port.name))
                .at(entry.value_span(), "a registration advertises one port")
                .at(port.span, "the range")
                .help("register a port of its own, such as the one for signalling"),
        );
        return None;
    }
    let ttl = reading.field_or_default(&register::TTL, |name| node.property(name)).as_seconds_ceil();
    if ttl < 5 {
        let invalid = Invalid::new(format!("a time to live of {ttl}s leaves no room to renew the lease"))
            .help("write at least `5s`");
        reading.push(refused(invalid, node.property("ttl").map_or(node.span(), |entry| entry.span())));
    }
    let address = container.host.reached_at(port.bound()).to_string();
    let advertised = Advertised { container, prefix: &etcd.prefix, port, ttl, address };
    let mut records = vec![advertised.plain(node.span(), reading)?];
    for format in node.children().into_iter().flatten() {
        let found: Vec<Record> = match format.name() {
            "json" => advertised.json(format, reading).into_iter().collect(),
            "coredns" => advertised.coredns(format, reading).into_iter().collect(),
            "traefik" => advertised.traefik(format, reading).unwrap_or_default(),
            _ => advertised.grpc(format, reading).into_iter().collect(),
        };
        advertised.check_own(format, &found, reading);
        records.extend(found);
    }
    records.sort_by(|a, b| a.key.cmp(&b.key));
    Some(Registration {
        port: Located::new(port.name.clone(), entry.value_span()),
        ttl_seconds: ttl,
        records,
    })
}

/// One port of one instance, in the form of the formats.
struct Advertised<'a> {
    container: &'a ContainerPlace<'a, 'a>,
    prefix: &'a str,
    port: &'a Port,
    ttl: u64,
    address: String,
}

impl Advertised<'_> {
    fn instance(&self) -> String {
        instance_name(&self.container.place.host, self.container.place.instance)
    }

    fn key(&self, parts: &[&str], span: Span, reading: &mut Reading<'_>) -> Option<String> {
        writable(etcd::key(self.prefix, parts), span, reading)
    }

    /// Refuses keys of another owner, unless the registration says that it knows.
    fn check_own(&self, node: Node<'_>, records: &[Record], reading: &mut Reading<'_>) {
        let outside = node.property("outside").and_then(|entry| reading.boolean(entry));
        let (prefix, fleet) = (self.prefix, &self.container.settings.name);
        let foreign = records.iter().find(|record| !etcd::is_own(record.format, &record.key, prefix, fleet));
        let Some(record) = foreign.filter(|_| outside.is_none_or(|outside| !outside.value)) else { return };
        let own = match record.format {
            RecordFormat::Coredns => "leave `prefix` out".to_string(),
            RecordFormat::Traefik => format!("begin `name` with `{fleet}_` and leave `root` out"),
            RecordFormat::Grpc => format!("begin it with `{fleet}/`"),
            RecordFormat::Plain | RecordFormat::Json => format!("begin it with `{prefix}/{fleet}/`"),
        };
        let message = format!("the key `{}` is not below the name of the fleet `{fleet}`", record.key);
        reading.push(
            Diagnostic::new(&OUTSIDE_KEY, message)
                .at(record.span, "may be another fleet's")
                .help(format!("{own}, or write `outside=#true` where a reader expects it there")),
        );
    }

    /// The record that is always there: a need on another host waits for it.
    fn plain(&self, span: Span, reading: &mut Reading<'_>) -> Option<Record> {
        let fleet = &self.container.settings.name;
        let instance = self.instance();
        let parts = [fleet, &self.container.place.workload, &self.port.name, &instance].map(String::as_str);
        let value = json::host_port(&self.address, self.port.range.first());
        Some(record(RecordFormat::Plain, self.key(&parts, span, reading)?, value, true, span))
    }

    fn json(&self, node: Node<'_>, reading: &mut Reading<'_>) -> Option<Record> {
        let place = self.container.place;
        let fleet = &self.container.settings.name;
        let key = if let Some(entry) = node.property("key") {
            let directory = reading.text(entry)?;
            writable(etcd::key(&directory.value, &[&self.instance()]), directory.span, reading)?
        } else {
            let port = format!("{}.json", self.port.name);
            self.key(&[fleet, &place.workload, &port, &self.instance()], node.span(), reading)?
        };
        let value = json::object(&[
            ("fleet", json::Member::Text(fleet)),
            ("service", json::Member::Text(&place.workload)),
            ("host", json::Member::Text(&place.host)),
            ("instance", json::Member::Number(place.instance.into())),
            ("address", json::Member::Text(&self.address)),
            ("port", json::Member::Number(self.port.range.first().get().into())),
            ("protocol", json::Member::Text(self.port.protocol.as_str())),
        ]);
        Some(record(RecordFormat::Json, key, value, true, node.span()))
    }

    /// CoreDNS plugin/etcd: the labels reversed, then one label for each instance, so that no record is above another.
    fn coredns(&self, node: Node<'_>, reading: &mut Reading<'_>) -> Option<Record> {
        let name = reading.parsed(node.arguments().next()?, Fqdn::parse)?;
        let prefix = reading.field_unless_wrong(&register::PREFIX, |name| node.property(name))?;
        let full = format!("{}.{}", self.instance(), name.value);
        let key = writable(dns::skydns_key(&prefix, &full), name.span, reading)?;
        let ttl = reading.field(&register::TTL, |name| node.property(name));
        let ttl = ttl.map_or(self.ttl, |ttl| ttl.value.as_seconds_ceil());
        let mut members = vec![
            ("host", json::Member::Text(&self.address)),
            ("port", json::Member::Number(self.port.range.first().get().into())),
            ("ttl", json::Member::Number(ttl)),
        ];
        for name in ["priority", "weight"] {
            if let Some(entry) = node.property(name) {
                members.push((
                    name,
                    json::Member::Number(
                        reading.parsed(entry, number::within::<0, 65535>)?.value.unsigned_abs(),
                    ),
                ));
            }
        }
        Some(record(RecordFormat::Coredns, key, json::object(&members), true, node.span()))
    }

    /// Traefik's KV provider: servers are a list. An index must belong to one instance and stay the same when hosts come and
    /// go, so it is a hash of the instance. Only the server goes with the lease. A router whose service has no servers answers 503;
    /// one whose service is gone is dropped, and the answer is 404. So a key of the service stays too: `passhostheader` with Traefik's
    /// own default (traefik/traefik, pkg/server/service/service.go).
    fn traefik(&self, node: Node<'_>, reading: &mut Reading<'_>) -> Option<Vec<Record>> {
        let place = self.container.place;
        let name = match node.property("name") {
            Some(entry) => reading.text(entry)?,
            None => Located::new(
                // The separator is one that no name holds: `shop` and `a-b` are not `shop-a` and `b`.
                format!("{}_{}_{}", self.container.settings.name, place.workload, self.port.name),
                node.span(),
            ),
        };
        let valid = writable(etcd::traefik_name(&name.value), name.span, reading).is_some();
        let name = name.value;
        let root = reading.field_unless_wrong(&register::ROOT, |name| node.property(name))?;
        let kind = match node.property("router") {
            Some(_) => reading.field(&register::ROUTER, |name| node.property(name))?.value,
            None if self.port.protocol == Protocol::Udp => Router::Udp,
            None => Router::Http,
        };
        self.check_router(node, kind, reading);
        let digest = sha256(format!("{}/{}", place.host, place.instance).as_bytes());
        let index = u32::from_str_radix(&digest[..8], 16).unwrap_or_default().to_string();
        let service = [kind.as_str(), "services", &name, "loadbalancer"];
        let target = json::host_port(&self.address, self.port.range.first());
        let (leaf, value) = match kind {
            Router::Tcp | Router::Udp => ("address", target),
            Router::Http => ("url", format!("{}://{target}", self.scheme(node, reading)?)),
        };
        let server = [&service[..], &["servers", &index, leaf]].concat();
        let key = writable(etcd::key(&root, &server), node.span(), reading)?;
        let mut records = vec![record(RecordFormat::Traefik, key, value, true, node.span())];
        if kind == Router::Http {
            let stays = [&service[..], &["passhostheader"]].concat();
            let key = writable(etcd::key(&root, &stays), node.span(), reading)?;
            records.push(record(RecordFormat::Traefik, key, "true".to_string(), false, node.span()));
        }
        for (parts, value) in self.router(node, &name, kind, reading)? {
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let key = writable(etcd::key(&root, &parts), node.span(), reading)?;
            records.push(record(RecordFormat::Traefik, key, value, false, node.span()));
        }
        valid.then_some(records)
    }

    /// A router of one transport sends nothing to a port of another. Traefik refuses the whole configuration if a router has an
    /// option that its kind does not have. Without a rule there is no router.
    fn check_router(&self, node: Node<'_>, kind: Router, reading: &mut Reading<'_>) {
        if self.port.protocol != kind.transport() {
            let port = &self.port;
            let message =
                format!("a router of kind `{kind}` cannot reach the {} port `{}`", port.protocol, port.name);
            let span = node.property("router").map_or(node.span(), |entry| entry.span());
            reading.push(refused(
                Invalid::new(message).help("choose the `router` by the port's protocol"),
                span,
            ));
        }
        let (names, message, help): (&[&str], _, _) = match kind {
            Router::Udp => (
                &["rule", "middlewares", "tls", "cert-resolver", "scheme"],
                "Traefik's udp routers have no such option, and it would refuse its whole configuration",
                "remove it: a udp router takes all that arrives at its `entrypoint`",
            ),
            Router::Tcp if node.property("scheme").is_some() => {
                (&["scheme"], "`scheme` belongs to an http router", "remove it")
            }
            _ if node.property("rule").is_none() => (
                &["entrypoint", "middlewares", "tls", "cert-resolver"],
                "this belongs to a router, and there is none without a `rule`",
                "add `rule=\"Host(`…`)\"`, or remove this",
            ),
            _ => return,
        };
        for entry in names.iter().filter_map(|name| node.property(name)) {
            reading.push(refused(Invalid::new(message).help(help), entry.span()));
        }
    }

    fn scheme(&self, node: Node<'_>, reading: &mut Reading<'_>) -> Option<ServerScheme> {
        reading.field_unless_wrong(&register::SCHEME, |name| node.property(name))
    }

    /// The leaves of the router; none without a rule, or for udp without an entry point.
    fn router(
        &self,
        node: Node<'_>,
        name: &str,
        kind: Router,
        reading: &mut Reading<'_>,
    ) -> Option<Vec<(Vec<String>, String)>> {
        let path = |leaf: &[&str]| {
            [kind.as_str(), "routers", name]
                .iter()
                .chain(leaf)
                .map(|part| part.to_string())
                .collect::<Vec<_>>()
        };
        let mut leaves = Vec::new();
        match (kind, node.property("rule"), node.property("entrypoint")) {
            (Router::Udp, _, Some(_)) => {}
            (_, Some(rule), _) => leaves.push((path(&["rule"]), reading.text(rule)?.value)),
            _ => return Some(leaves),
        }
        leaves.push((path(&["service"]), name.to_string()));
        if let Some(entry) = node.property("entrypoint") {
            leaves.push((path(&["entrypoints", "0"]), self.element(entry, reading)?));
        }
        if let Some(entry) = node.property("middlewares") {
            let names = reading.text(entry)?;
            for (index, middleware) in names.split_ascii_whitespace().enumerate() {
                let middleware = writable(etcd::traefik_element(middleware), names.span, reading)?;
                leaves.push((path(&["middlewares", &index.to_string()]), middleware.to_string()));
            }
        }
        let tls = node.property("tls").and_then(|entry| reading.boolean(entry)).is_some_and(|tls| tls.value);
        match node.property("cert-resolver") {
            Some(entry) => leaves.push((path(&["tls", "certresolver"]), self.element(entry, reading)?)),
            None if tls => leaves.push((path(&["tls"]), "true".to_string())),
            None => {}
        }
        Some(leaves)
    }

    fn element(&self, entry: Entry<'_>, reading: &mut Reading<'_>) -> Option<String> {
        let text = reading.text(entry)?;
        writable(etcd::traefik_element(&text.value), text.span, reading).map(str::to_string)
    }

    /// gRPC-Go's resolver lists `<target>/`, without a leading slash.
    fn grpc(&self, node: Node<'_>, reading: &mut Reading<'_>) -> Option<Record> {
        let target = reading.text(node.arguments().next()?)?;
        let root = target.value.strip_prefix('/').unwrap_or(&target.value);
        // gRPC takes one slash away. A second one would be an empty part, which is refused.
        writable(etcd::part(root.split('/').next().unwrap_or_default()), target.span, reading)?;
        let key = writable(etcd::key(root, &[&self.instance()]), target.span, reading)?;
        let value = json::grpc(&json::host_port(&self.address, self.port.range.first()));
        Some(record(RecordFormat::Grpc, key, value, true, node.span()))
    }
}

fn record(format: RecordFormat, key: String, value: String, leased: bool, span: Span) -> Record {
    Record { format, key, value, leased, span }
}

/// Returns the encoded text, or reports the refusal at the value's place.
fn writable<T>(result: Result<T, Refused>, span: Span, reading: &mut Reading<'_>) -> Option<T> {
    match result {
        Ok(written) => Some(written),
        Err(why) => {
            reading.push(refused(Invalid::new(why.to_string()), span));
            None
        }
    }
}
