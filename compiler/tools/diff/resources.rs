//! Both plans → what comes to a host and what goes from it: ports, directories, keys in etcd, files that must be there.

use super::reason::Reasons;
use super::report::{Resource, ResourceKind};
use super::sides::{PlanSide, Sides};
use crate::model::container::{Network, Port};
use crate::model::plan::{HostPlan, Unit};
use crate::secret::Known;
use std::collections::{BTreeMap, BTreeSet};

/// The resources of one kind on a host: the name, and its owners or values.
type HostResources = BTreeMap<String, BTreeSet<String>>;

/// Finds what a host has of one kind.
type Finder = fn(&PlanSide, &HostPlan) -> HostResources;

/// Everything that differs, by kind and name. On a host that gets no bundle any more nothing goes.
pub(crate) fn resources(sides: &Sides, host: &str) -> Vec<Resource> {
    let Some(after) = sides.head.hosts.get(host) else { return Vec::new() };
    let before = sides.base.hosts.get(host).copied().filter(|_| sides.same_fleet());
    let mut found = Vec::new();
    let kinds: [(ResourceKind, Finder); 6] = [
        (ResourceKind::Port, ports),
        (ResourceKind::Volume, volumes),
        (ResourceKind::Registration, registrations),
        (ResourceKind::Claim, claims),
        (ResourceKind::SecretFile, secret_files),
        (ResourceKind::ReservedPort, reserved_ports),
    ];
    for (kind, of) in kinds {
        let before = before.map(|before| of(&sides.base, before)).unwrap_or_default();
        compare(kind, &before, &of(&sides.head, after), &sides.known, &mut found);
    }
    found
}

fn compare(
    kind: ResourceKind,
    before: &HostResources,
    after: &HostResources,
    known: &Known,
    found: &mut Vec<Resource>,
) {
    let text = |owned: &HostResources| -> Vec<(String, String)> {
        let joined = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
        owned.iter().map(|(name, owners)| (name.clone(), joined(owners))).collect()
    };
    let mut reasons = Reasons::new(known);
    if kind == ResourceKind::Registration {
        reasons.named_texts("", text(before), text(after));
    } else {
        reasons.named("", text(before), text(after));
    }
    found.extend(reasons.found.into_iter().map(|reason| Resource {
        kind,
        name: reason.name.unwrap_or_default(),
        change: reason.change,
        before: reason.before,
        after: reason.after,
    }));
}

/// The ports that are the host's: all but those of containers without a network.
pub(crate) fn host_ports(unit: &Unit) -> impl Iterator<Item = &Port> {
    unit.container.ports.iter().filter(|_| unit.container.network.value != Network::None)
}

fn owned<'u>(host: &'u HostPlan, of: impl Fn(&'u Unit) -> Vec<(String, String)>) -> HostResources {
    let mut owned = HostResources::new();
    for (name, owner) in host.units.iter().flat_map(of) {
        owned.entry(name).or_default().insert(owner);
    }
    owned
}

fn ports(_: &PlanSide, host: &HostPlan) -> HostResources {
    owned(host, |unit| host_ports(unit).map(|port| (port_name(port), unit.service.clone())).collect())
}

/// `8080/tcp`, or `127.0.0.1:8080/tcp`.
fn port_name(port: &Port) -> String {
    let range = port.range;
    match port.bound() {
        Some(address) if address.is_ipv6() => format!("[{address}]:{range}/{}", port.protocol),
        Some(address) => format!("{address}:{range}/{}", port.protocol),
        None => format!("{range}/{}", port.protocol),
    }
}

fn volumes(_: &PlanSide, host: &HostPlan) -> HostResources {
    owned(host, |unit| {
        let mounted = unit.container.volumes.iter().map(|volume| {
            let note = if volume.read_only { " (read-only)" } else { "" };
            (volume.from.to_string(), format!("{}{note}", unit.service))
        });
        mounted.collect()
    })
}

fn registrations(_: &PlanSide, host: &HostPlan) -> HostResources {
    owned(host, |unit| {
        let records = unit.records();
        records.map(|record| (record.key.clone(), record.value.clone())).collect()
    })
}

/// Returns the claims as `activate` writes them: `<prefix>/.ports/<host>/<protocol>/<port>`, with `<fleet>/<service>` as their
/// value.
fn claims(side: &PlanSide, host: &HostPlan) -> HostResources {
    let Some(etcd) = &side.plan.etcd else { return HostResources::new() };
    owned(host, |unit| {
        let claim = |port: &Port| {
            let Port { range, protocol, .. } = port;
            let key = format!("{}/.ports/{}/{protocol}/{range}", etcd.prefix, host.name);
            (key, format!("{}/{}", side.plan.fleet, unit.service))
        };
        unit.container.ports.iter().map(claim).collect()
    })
}

fn secret_files(_: &PlanSide, host: &HostPlan) -> HostResources {
    owned(host, |unit| {
        let secrets = unit.container.secrets.iter();
        secrets.map(|secret| (secret.from.to_string(), unit.service.clone())).collect()
    })
}

fn reserved_ports(_: &PlanSide, host: &HostPlan) -> HostResources {
    host.reserved_ports.iter().map(|ports| (ports.to_string(), BTreeSet::new())).collect()
}
