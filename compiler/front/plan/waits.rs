//! Needs of a service on a host → the waits of its script.

use crate::model::fleet::{Fleet, Need, Placement, Registration, Target, Until, Workload, instance_name};
use crate::model::plan::{Sign, Wait, unit_name};
use crate::value::port::Protocol;

/// Returns the waits of one instance, sorted by what it needs.
pub(crate) fn waits(fleet: &Fleet, workload: &Workload, placement: &Placement) -> Vec<Wait> {
    let mut found = Vec::with_capacity(workload.needs.len());
    for need in &workload.needs {
        for sign in signs(fleet, need, &placement.host) {
            found.push(Wait {
                service: need.target.value.clone(),
                sign,
                timeout_seconds: need.timeout_seconds,
            });
        }
    }
    found
}

fn signs(fleet: &Fleet, need: &Need, host: &str) -> Vec<Sign> {
    if let Some(external) = fleet.externals.get(&need.target.value) {
        let target = Target { host: external.host.clone(), port: external.port };
        return vec![Sign::Connection { targets: vec![target] }];
    }
    let Some(target) = fleet.workloads.get(&need.target.value) else { return Vec::new() };
    let chosen = need.host.as_ref().map(|host| host.value.as_str());
    let near = on(&target.placements, host).iter().filter(|_| chosen.is_none_or(|chosen| chosen == host));
    let units: Vec<Sign> = near
        .map(|placement| unit_name(&fleet.name, target, placement.instance))
        .map(|unit| match need.until {
            Until::Ready => Sign::Unit { unit },
            Until::Started => Sign::Started { unit },
        })
        .collect();
    if !units.is_empty() {
        return units;
    }
    let serving = chosen.map_or(&*target.placements, |chosen| on(&target.placements, chosen));
    remote(fleet, need, target, serving)
}

/// Returns the placements on a host. All of them are sorted by host.
fn on<'p>(placements: &'p [Placement], host: &str) -> &'p [Placement] {
    let first = placements.partition_point(|placement| placement.host.as_str() < host);
    let many = placements[first..].partition_point(|placement| placement.host == host);
    &placements[first..first + many]
}

/// Returns the signs from another host: every registered port that is needed, or any tcp port if none is registered.
fn remote(fleet: &Fleet, need: &Need, target: &Workload, serving: &[Placement]) -> Vec<Sign> {
    let wanted = |name: &str| need.port.as_ref().is_none_or(|port| port.value == name);
    let registered: Vec<&Registration> = serving
        .first()
        .into_iter()
        .flat_map(|placement| &placement.registrations)
        .filter(|registration| wanted(&registration.port))
        .collect();
    if registered.is_empty() {
        return vec![Sign::Connection { targets: targets(fleet, serving, wanted) }];
    }
    registered
        .into_iter()
        .map(|registration| Sign::Registration {
            key: key(fleet, need, target, serving, &registration.port),
            targets: targets(fleet, serving, |name| name == registration.port.value),
        })
        .collect()
}

/// Returns the directory of a port's plain records, which ends in `/`: any of them will do. If a host is chosen, returns the
/// record of its first instance.
fn key(fleet: &Fleet, need: &Need, target: &Workload, serving: &[Placement], port: &str) -> String {
    let prefix = fleet.etcd.as_ref().map_or("", |etcd| etcd.prefix.as_str());
    let directory = format!("{prefix}/{}/{}/{port}/", fleet.name, target.name);
    match (&need.host, serving) {
        (Some(_), [placement, ..]) => {
            format!("{directory}{}", instance_name(&placement.host, placement.instance))
        }
        _ => directory,
    }
}

fn targets(fleet: &Fleet, serving: &[Placement], wanted: impl Fn(&str) -> bool) -> Vec<Target> {
    let mut found = Vec::new();
    for placement in serving {
        let Some(host) = fleet.hosts.get(&placement.host) else { continue };
        for port in placement
            .container
            .ports
            .iter()
            .filter(|port| port.protocol == Protocol::Tcp && wanted(&port.name))
        {
            let address = host.reached_at(port.bound());
            if !address.is_loopback() {
                found.push(Target { host: address.to_string(), port: port.range.first() });
            }
        }
    }
    found
}
