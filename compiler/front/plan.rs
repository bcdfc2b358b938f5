//! A fleet and its graph → what each host runs, in what order, and why.

mod waits;

use crate::backend::{Backend, Slack};
use crate::encode::digest::sha256;
use crate::large::parallel::map;
use crate::model::container::{Container, Network};
use crate::model::fleet::{Fleet, Host, Kind, Placement, Workload};
use crate::model::graph::Graph;
use crate::model::image::{ImageConfig, Locked};
use crate::model::plan::{HostPlan, Plan, Unit, VERSION, Wait, unit_name};
use crate::value::image::Image;
use crate::value::platform::Platform;
use crate::value::port::PortRange;
use std::collections::{BTreeMap, BTreeSet};

/// Lays out what each host runs.
pub fn plan(mut fleet: Fleet, graph: &Graph, backend: &dyn Backend) -> Plan {
    name_networks(&mut fleet, backend);
    let images = images(&fleet);
    let mut units = room(&fleet);
    let mut about = abouts(&fleet, backend).into_iter();
    let mut layers = graph.layers.iter().peekable();
    let (name, environment, etcd) = (fleet.name, fleet.environment, fleet.etcd);
    for (_, workload) in fleet.workloads {
        // Both are sorted by name.
        while layers.next_if(|(name, _)| **name < workload.name).is_some() {}
        let layer = layers.next_if(|(name, _)| **name == workload.name).map_or(0, |(_, layer)| *layer);
        let common = (workload.name, workload.kind, workload.origin, layer);
        for (placement, about) in workload.placements.into_iter().zip(&mut about) {
            if let Some(units) = units.get_mut(&placement.host) {
                units.push(unit(&common, placement, about, backend.slack()));
            }
        }
    }
    let hosts = fleet
        .hosts
        .values()
        .map(|host| host_plan(host, units.remove(host.name.as_str()).unwrap_or_default()));
    Plan {
        version: VERSION,
        generated: format!("by dpc from dpc.kdl, fleet \"{name}\"; edit that instead"),
        hosts: hosts.collect(),
        fleet: name,
        environment,
        etcd,
        images,
    }
}

/// Tells each container what the one is whose network it has: with another one it has another network.
fn name_networks(fleet: &mut Fleet, backend: &dyn Backend) {
    let mut hashes: BTreeMap<(String, String), String> = BTreeMap::new();
    for (_, placement) in fleet.placements() {
        let Some(joined) = &placement.container.joined else { continue };
        let owner =
            fleet.workloads.get(&joined.service.value).into_iter().flat_map(|owner| &owner.placements);
        let same =
            |owner: &&Placement| (&owner.host, owner.instance) == (&placement.host, placement.instance);
        let Some(owner) = owner.into_iter().find(same) else { continue };
        let hash = hash(&fleet.name, &joined.container, &owner.container, backend);
        hashes.insert((placement.host.clone(), joined.container.clone()), hash);
    }
    for placement in fleet.workloads.values_mut().flat_map(|workload| &mut workload.placements) {
        let Some(joined) = &mut placement.container.joined else { continue };
        let hash = hashes.get(&(placement.host.clone(), joined.container.clone()));
        joined.hash = hash.cloned().unwrap_or_default();
    }
}

/// What is known of the images that run.
fn images(fleet: &Fleet) -> BTreeMap<Image, BTreeMap<Platform, ImageConfig>> {
    let mut images: BTreeMap<Image, BTreeMap<Platform, ImageConfig>> = BTreeMap::new();
    for placement in fleet.workloads.values().flat_map(|workload| &workload.placements) {
        let Some(Locked { platform, config: Some(config), .. }) = &placement.locked else { continue };
        let known = images.entry(placement.container.image.value.clone()).or_default();
        known.entry(platform.clone()).or_insert_with(|| ImageConfig::clone(config));
    }
    images
}

/// Reserves the lists of units of each host.
fn room(fleet: &Fleet) -> BTreeMap<String, Vec<Unit>> {
    let mut counts: BTreeMap<&str, usize> = fleet.hosts.keys().map(|name| (name.as_str(), 0)).collect();
    for placement in fleet.workloads.values().flat_map(|workload| &workload.placements) {
        counts.entry(&placement.host).and_modify(|count| *count += 1);
    }
    counts.into_iter().map(|(name, count)| (name.to_string(), Vec::with_capacity(count))).collect()
}

/// The name of a unit, its waits, and the hash of its container.
struct UnitSummary {
    name: String,
    waits: Vec<Wait>,
    hash: String,
    on_failure: Option<String>,
}

/// Returns that of each placement, in the order of the workloads.
fn abouts(fleet: &Fleet, backend: &dyn Backend) -> Vec<UnitSummary> {
    let of_one = |workload: &Workload| {
        workload
            .placements
            .iter()
            .map(|placement| about(fleet, workload, placement, backend))
            .collect::<Vec<_>>()
    };
    map(fleet.workloads.values().collect(), of_one).into_iter().flatten().collect()
}

fn about(fleet: &Fleet, workload: &Workload, placement: &Placement, backend: &dyn Backend) -> UnitSummary {
    let name = unit_name(&fleet.name, workload, placement.instance);
    let hash = hash(&fleet.name, &name, &placement.container, backend);
    let hook = placement.on_failure.as_ref().and_then(|task| fleet.workloads.get(&task.value));
    let on_failure = hook.map(|task| unit_name(&fleet.name, task, 1));
    UnitSummary { name, waits: waits::waits(fleet, workload, placement), hash, on_failure }
}

fn host_plan(host: &Host, mut units: Vec<Unit>) -> HostPlan {
    units.sort_by(|a, b| (a.layer, &a.service, a.instance).cmp(&(b.layer, &b.service, b.instance)));
    HostPlan {
        name: host.name.clone(),
        address: host.address.value,
        storage_driver: host.storage_driver,
        unprivileged_ports: host.unprivileged_ports,
        reserved_ports: reserved_ports(host, &units),
        units,
    }
}

/// Returns ports of services in the range of outgoing connections, in the form of net.ipv4.ip_local_reserved_ports.
fn reserved_ports(host: &Host, units: &[Unit]) -> Vec<PortRange> {
    let ports = units
        .iter()
        .filter(|unit| unit.container.network.value != Network::None)
        .flat_map(|unit| &unit.container.ports)
        .map(|port| port.range)
        .filter(|range| range.overlaps(host.ephemeral_ports));
    ports.collect::<BTreeSet<_>>().into_iter().collect()
}

fn unit(
    common: &(String, Kind, String, usize),
    placement: Placement,
    about: UnitSummary,
    slack: Slack,
) -> Unit {
    let (service, kind, origin, layer) = common;
    let waiting: u64 = about.waits.iter().map(|wait| wait.timeout_seconds).sum();
    Unit {
        name: about.name,
        service: service.clone(),
        instance: placement.instance,
        kind: kind.clone(),
        origin: origin.clone(),
        layer: *layer,
        hash: about.hash,
        start_timeout_seconds: waiting + placement.health.ready_seconds() + slack.start_seconds,
        stop_timeout_seconds: placement.container.stop.grace_seconds + slack.stop_seconds,
        container: placement.container,
        health: placement.health,
        waits: about.waits,
        registrations: placement.registrations,
        restart: placement.restart,
        schedule: placement.schedule,
        run_timeout_seconds: placement.run_timeout_seconds,
        after: placement.after,
        on_failure: about.on_failure,
    }
}

fn hash(fleet: &str, name: &str, container: &Container, backend: &dyn Backend) -> String {
    let mut words = String::with_capacity(1024);
    backend.identity(fleet, name, container, &mut |word| {
        words.push_str(word);
        words.push('\0');
    });
    let mut digest = sha256(words.as_bytes());
    digest.truncate(12);
    digest.shrink_to_fit();
    digest
}
