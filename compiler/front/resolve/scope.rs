//! The scope of expressions: `var`, `host`, `service`, `instance`, `ports` and `needs`.
//!
//! A name with a dash is there with `_` too, since a dash is a minus in an expression: `needs.my_db.address`.

use super::needs::{NeedsByName, provider};
use super::placed::Placed;
use crate::kdl::{self, Node};
use crate::model::container::Port;
use crate::model::fleet::{External, Fleet, Host, Need};
use crate::template::{Value, map};
use std::collections::{BTreeMap, BTreeSet};

/// Returns whether any value of a node, or of its children, holds an expression.
pub(crate) fn evaluates(node: Node<'_>) -> bool {
    may_hold(node, "{{")
}

/// Returns whether any expression in a node, or in its children, may ask for `needs`.
pub(crate) fn asks_for_needs(node: Node<'_>) -> bool {
    may_hold(node, "needs")
}

/// Returns whether any value of a node, or of its children, holds some letters. What a file holds is not known here.
fn may_hold(node: Node<'_>, letters: &str) -> bool {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        let holds = |value: kdl::Value<'_>| matches!(value, kdl::Value::Text(text) if text.contains(letters));
        if node.entries().any(|entry| holds(entry.value())) || node.name() == "file" {
            return true;
        }
        open.extend(node.children().into_iter().flatten());
    }
    false
}

/// The part that many scopes share. It is made once.
pub(crate) struct SharedScope {
    var: Value,
    hosts: BTreeMap<String, Value>,
    /// The scope of values that belong to no host: `var` alone.
    pub(crate) globals: Value,
}

impl SharedScope {
    /// A scope with these variables; hosts are added later.
    pub(super) fn new(vars: &BTreeMap<&str, String>) -> Self {
        let var = map(vars.iter().map(|(name, value)| (name.to_string(), Value::from(value.as_str()))));
        let globals = map([("var", var.clone())]);
        Self { var, hosts: BTreeMap::new(), globals }
    }

    /// Adds the hosts as expressions see them.
    pub(crate) fn add_hosts(&mut self, fleet: &Fleet) {
        self.hosts = fleet.hosts.iter().map(|(name, seen)| (name.clone(), host(seen))).collect();
    }

    /// The scope of ports and instances, which `ports` and `needs` are made from.
    pub(crate) fn before_ports(&self, service: &str, host: &Host, instance: u32) -> Value {
        map(self.own(service, &host.name, instance))
    }

    fn own(&self, service: &str, host: &str, instance: u32) -> Vec<(&'static str, Value)> {
        vec![
            ("var", self.var.clone()),
            ("host", self.hosts.get(host).cloned().unwrap_or_default()),
            ("service", map([("name", Value::from(service))])),
            ("instance", Value::from(instance)),
        ]
    }
}

fn host(host: &Host) -> Value {
    let labels = host.labels.iter().map(|(label, value)| (label.as_str(), Value::from(value.as_str())));
    map([
        ("name", Value::from(host.name.as_str())),
        ("address", Value::from(host.address.value.to_string())),
        ("labels", named(labels)),
    ])
}

/// The data that scopes are made from.
pub(crate) struct Lookup<'l> {
    pub(crate) fleet: &'l Fleet,
    pub(crate) placed: &'l BTreeMap<&'l str, Vec<Placed>>,
    pub(crate) needs: &'l NeedsByName,
    pub(crate) common: &'l SharedScope,
    /// The view of a needed service: on a host where it runs, and on others.
    seen: BTreeMap<(&'l str, Option<&'l str>), Value>,
}

impl<'l> Lookup<'l> {
    /// Collects the views that these services have of those that they need.
    pub(super) fn new(
        fleet: &'l Fleet,
        placed: &'l BTreeMap<&'l str, Vec<Placed>>,
        needs: &'l NeedsByName,
        common: &'l SharedScope,
        asking: impl Iterator<Item = &'l str>,
    ) -> Self {
        let mut lookup = Self { fleet, placed, needs, common, seen: BTreeMap::new() };
        let needed = asking.filter_map(|name| needs.get(name)).flatten();
        let needed: BTreeSet<&str> = needed.map(|need| need.target.as_str()).collect();
        for name in needed {
            let Some(places) = placed.get(name) else { continue };
            lookup.seen.insert((name, None), lookup.provided(name, places));
            for near in places.chunk_by(|one, other| one.host == other.host) {
                lookup.seen.insert((name, Some(&near[0].host)), lookup.provided(name, near));
            }
        }
        lookup
    }

    /// Returns the scope of one instance of a service. The services that it needs are in it only if something asks for `needs`.
    pub(crate) fn scope(&self, place: &Placed, asks_for_needs: bool) -> Value {
        let mut names = self.common.own(&place.workload, &place.host, place.instance);
        names.push(("ports", ports(&place.ports)));
        let needs = self.needs.get(place.workload.as_str()).filter(|_| asks_for_needs);
        let needs = needs.map(Vec::as_slice).unwrap_or_default();
        names.push((
            "needs",
            named(needs.iter().filter_map(|need| Some((need.target.as_str(), self.need(need, place)?)))),
        ));
        map(names)
    }

    /// Counts the instances that a container waits for.
    pub(crate) fn waits(&self, place: &Placed) -> usize {
        let needs = self.needs.get(place.workload.as_str()).into_iter().flatten();
        let places = needs.filter_map(|need| Some((self.placed.get(need.target.as_str())?, need)));
        let many = |(places, need): (&Vec<Placed>, &Need)| match places.len() {
            0 | 1 => 1,
            _ => provider(places, need, &place.host).len(),
        };
        places.map(many).sum()
    }

    fn need(&self, need: &Need, place: &Placed) -> Option<Value> {
        let name = need.target.as_str();
        if let Some(external) = self.fleet.externals.get(name) {
            return Some(outside(external));
        }
        let host = need.host.as_ref().map_or(&place.host, |host| &host.value);
        let near = self.seen.get(&(name, Some(host.as_str())));
        near.or_else(|| self.seen.get(&(name, None)).filter(|_| need.host.is_none())).cloned()
    }

    /// `address`, `host`, `instance` and `ports` exist only if all instances in reach agree.
    fn provided(&self, name: &str, places: &[Placed]) -> Value {
        let instances: Vec<Vec<(&'static str, Value)>> =
            places.iter().map(|place| self.instance(place)).collect();
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

/// Returns the address that a service answers at: the one that all its ports are bound to, else the host's.
fn answering_address(ports: &[Port], host: &Host) -> String {
    let bound: BTreeSet<_> = ports.iter().map(Port::bound).collect();
    match bound.into_iter().collect::<Vec<_>>()[..] {
        [Some(address)] => address.to_string(),
        _ => host.address.value.to_string(),
    }
}

fn ports(ports: &[Port]) -> Value {
    named(ports.iter().map(|port| (port.name.as_str(), Value::from(port.range.first().get()))))
}

fn outside(external: &External) -> Value {
    let host =
        if external.host.contains(':') { format!("[{}]", external.host) } else { external.host.clone() };
    map([
        ("name", Value::from(external.name.as_str())),
        ("address", Value::from(external.host.as_str())),
        ("port", Value::from(external.port.get())),
        ("endpoint", Value::from(format!("{host}:{}", external.port))),
    ])
}

fn named<'n>(entries: impl Iterator<Item = (&'n str, Value)>) -> Value {
    map(entries.flat_map(|(name, value)| {
        let spoken = name.contains('-').then(|| (name.replace('-', "_"), value.clone()));
        spoken.into_iter().chain([(name.to_string(), value)])
    }))
}
