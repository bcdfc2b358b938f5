//! What expressions see: `var`, `host`, `service`, `instance`, `ports` and `needs`.
//!
//! A name with a dash is there with `_` too, since a dash is a minus in an expression: `needs.my_db.address`.

use super::needs::{Needs, Provider, provider};
use super::place::Placed;
use crate::container::Port;
use crate::fleet::{External, Fleet, Host, Need};
use crate::jinja::{Value, map};
use crate::syntax::{self, Node};
use std::collections::{BTreeMap, BTreeSet};

/// Whether any value of a node, or of its children, holds an expression.
pub fn evaluates(node: Node<'_>) -> bool {
    may_hold(node, "{{")
}

/// Whether any expression in a node, or in its children, may ask for `needs`.
pub fn asks_for_needs(node: Node<'_>) -> bool {
    may_hold(node, "needs")
}

/// Whether any value of a node, or of its children, holds some letters. What a file holds is not known here.
fn may_hold(node: Node<'_>, letters: &str) -> bool {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let holds =
            |value: syntax::Value<'_>| matches!(value, syntax::Value::Text(text) if text.contains(letters));
        if node.entries().any(|entry| holds(entry.value())) || node.name() == "file" {
            return true;
        }
        open.extend(node.children().into_iter().flatten());
    }
    false
}

/// The scope of what belongs to no host: `var` alone.
pub fn globals(vars: &BTreeMap<&str, String>) -> Value {
    map([("var", variables(vars))])
}

/// The scope of ports and instances, which `ports` and `needs` are made from.
pub fn before_ports(vars: &BTreeMap<&str, String>, service: &str, host: &Host, instance: u32) -> Value {
    map(own(vars, service, host, instance))
}

fn variables(vars: &BTreeMap<&str, String>) -> Value {
    map(vars.iter().map(|(name, value)| (name.to_string(), Value::from(value.as_str()))))
}

fn own(
    vars: &BTreeMap<&str, String>,
    service: &str,
    host: &Host,
    instance: u32,
) -> Vec<(&'static str, Value)> {
    let host = map([
        ("name", Value::from(host.name.as_str())),
        ("address", Value::from(host.address.value.to_string())),
        (
            "labels",
            named(host.labels.iter().map(|(label, value)| (label.as_str(), Value::from(value.as_str())))),
        ),
    ]);
    vec![
        ("var", variables(vars)),
        ("host", host),
        ("service", map([("name", Value::from(service))])),
        ("instance", Value::from(instance)),
    ]
}

/// What scopes are made from.
pub struct Lookup<'l> {
    pub fleet: &'l Fleet,
    pub placed: &'l BTreeMap<&'l str, Vec<Placed>>,
    pub needs: &'l Needs,
    pub vars: &'l BTreeMap<&'l str, String>,
}

impl Lookup<'_> {
    /// Everything that one instance of a service sees; where nobody asks for `needs`, nobody is among them.
    pub fn scope(&self, place: &Placed, asks_for_needs: bool) -> Value {
        let host = &self.fleet.hosts[&place.host];
        let mut names = own(self.vars, &place.workload, host, place.instance);
        names.push(("ports", ports(&place.ports)));
        let needs = self.needs.get(place.workload.as_str()).filter(|_| asks_for_needs);
        let needs = needs.map(Vec::as_slice).unwrap_or_default();
        names.push((
            "needs",
            named(needs.iter().filter_map(|need| Some((need.target.as_str(), self.need(need, place)?)))),
        ));
        map(names)
    }

    fn need(&self, need: &Need, place: &Placed) -> Option<Value> {
        if let Some(external) = self.fleet.externals.get(need.target.as_str()) {
            return Some(outside(external));
        }
        let provider = provider(self.placed.get(need.target.as_str())?, need, &place.host);
        Some(self.provided(need.target.as_str(), &provider))
    }

    /// `address`, `host`, `instance` and `ports` are there only where all instances in reach agree.
    fn provided(&self, name: &str, provider: &Provider<'_>) -> Value {
        let instances: Vec<Vec<(&'static str, Value)>> =
            provider.places.iter().map(|place| self.instance(place)).collect();
        let mut names = vec![("name", Value::from(name))];
        for (index, (key, value)) in instances.first().into_iter().flatten().enumerate() {
            if instances.iter().all(|instance| instance[index].1 == *value) {
                names.push((key, value.clone()));
            }
        }
        let list = instances.into_iter().map(map).collect::<Vec<_>>();
        names.push(("instances", Value::from(list)));
        map(names)
    }

    fn instance(&self, place: &Placed) -> Vec<(&'static str, Value)> {
        let address = answering_address(&place.ports, &self.fleet.hosts[&place.host]);
        vec![
            ("address", Value::from(address)),
            ("host", Value::from(place.host.as_str())),
            ("instance", Value::from(place.instance)),
            ("ports", ports(&place.ports)),
        ]
    }
}

/// The address that a service answers at: the one that all its ports are bound to, else the host's.
fn answering_address(ports: &[Port], host: &Host) -> String {
    let bound: BTreeSet<_> = ports.iter().map(Port::bound).collect();
    match bound.into_iter().collect::<Vec<_>>()[..] {
        [Some(address)] => address.to_string(),
        _ => host.address.value.to_string(),
    }
}

fn ports(ports: &[Port]) -> Value {
    named(ports.iter().map(|port| (port.name.as_str(), Value::from(port.first))))
}

fn outside(external: &External) -> Value {
    let host =
        if external.host.contains(':') { format!("[{}]", external.host) } else { external.host.clone() };
    map([
        ("name", Value::from(external.name.as_str())),
        ("address", Value::from(external.host.as_str())),
        ("port", Value::from(external.port)),
        ("endpoint", Value::from(format!("{host}:{}", external.port))),
    ])
}

fn named<'n>(entries: impl Iterator<Item = (&'n str, Value)>) -> Value {
    map(entries.flat_map(|(name, value)| {
        let spoken = name.contains('-').then(|| (name.replace('-', "_"), value.clone()));
        spoken.into_iter().chain([(name.to_string(), value)])
    }))
}
