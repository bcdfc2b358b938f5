//! A fleet and its graph → what each host runs, in what order, and why. This is dpc's data model: `plan.json` holds it,
//! artifacts are printed from it, `dpc diff` compares two of it.

mod waits;

use crate::backend::{Backend, Slack};
use crate::container::{Container, Network};
use crate::digest::sha256;
use crate::fleet::{Etcd, Fleet, Health, Host, Kind, Placement, Registration, Target, Workload};
use crate::graph::Graph;
use crate::large::parallel::map;
use crate::value::address::HostAddress;
use crate::value::calendar::Calendar;
use crate::value::port::PortRange;
use crate::value::storage_driver::StorageDriver;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The version of the plan's shape. It grows when a reader of the last one would misread this one.
pub const VERSION: u32 = 1;

/// What a fleet runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// The version of this shape.
    pub version: u32,
    /// What made it, and what to edit instead.
    #[serde(default)]
    pub generated: String,
    /// The fleet's name.
    pub fleet: String,
    /// The environment that it was built for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Where services register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etcd: Option<Etcd>,
    /// Sorted by name.
    pub hosts: Vec<HostPlan>,
}

/// What one host runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HostPlan {
    /// The host's name.
    pub name: String,
    /// Its declared address.
    pub address: HostAddress,
    /// The storage driver that docker must report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_driver: Option<StorageDriver>,
    /// Ports and ranges to keep from outgoing connections, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserved_ports: Vec<PortRange>,
    /// In the order in which they start.
    pub units: Vec<Unit>,
}

/// One container and the unit that runs it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unit {
    /// The name of the unit and of the container, such as `shop-api-1`.
    pub name: String,
    /// The service or task.
    pub service: String,
    /// From 1; tasks have one.
    pub instance: u32,
    /// What it is.
    pub kind: Kind,
    /// Where it is declared: file and node.
    pub origin: String,
    /// How many steps it is from what needs nothing.
    pub layer: usize,
    /// Twelve hexadecimal digits over all that makes the container what it is; another hash is another container.
    pub hash: String,
    /// The container.
    pub container: Box<Container>,
    /// How to tell that it is ready and healthy.
    pub health: Health,
    /// What it waits for before it starts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Wait>,
    /// What it puts into etcd while it is healthy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registrations: Vec<Registration>,
    /// Seconds before it is started again.
    pub restart_delay_seconds: u64,
    /// Seconds that a start may take: all waits, then becoming ready.
    pub start_timeout_seconds: u64,
    /// Seconds that a stop may take.
    pub stop_timeout_seconds: u64,
    /// When it runs, for a scheduled task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Calendar>,
}

impl Plan {
    /// How many containers it runs.
    pub fn containers(&self) -> usize {
        self.hosts.iter().map(|host| host.units.len()).sum()
    }

    /// The names of the hosts that run the same by another plan.
    pub fn same_hosts(&self, other: &Plan) -> BTreeSet<String> {
        let known: BTreeMap<&str, &HostPlan> =
            other.hosts.iter().map(|host| (host.name.as_str(), host)).collect();
        let same = |host: &&HostPlan| known.get(host.name.as_str()) == Some(host);
        self.hosts.iter().filter(same).map(|host| host.name.clone()).collect()
    }

    /// Where in the KDL that comes from which belongs to no service.
    pub fn origin(&self) -> String {
        format!("dpc.kdl, fleet \"{}\"", self.fleet)
    }

    /// What it says of the fleet.
    pub fn without_hosts(&self) -> Plan {
        Plan {
            version: self.version,
            generated: self.generated.clone(),
            fleet: self.fleet.clone(),
            environment: self.environment.clone(),
            etcd: self.etcd.clone(),
            hosts: Vec::new(),
        }
    }
}

/// Something that must be ready first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Wait {
    /// The service, task or external.
    pub service: String,
    /// How it is seen to be ready.
    #[serde(flatten)]
    pub sign: Sign,
    /// Seconds to wait before the start counts as failed and is tried anew.
    pub timeout_seconds: u64,
}

/// How something is seen to be ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "by", rename_all = "lowercase")]
pub enum Sign {
    /// A unit of this host is active.
    Unit {
        /// The unit's name without suffix.
        unit: String,
    },
    /// The key is in etcd; where etcd does not answer, one of the targets accepts a connection.
    Registration {
        /// The key; one that ends in `/` is a directory, of which any key will do.
        key: String,
        /// Tried in order.
        targets: Vec<Target>,
    },
    /// One of the targets accepts a connection.
    Connection {
        /// Tried in order.
        targets: Vec<Target>,
    },
}

/// Lays out what each host runs.
pub fn plan(fleet: Fleet, graph: &Graph, backend: &dyn Backend) -> Plan {
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
    }
}

/// For the units of each host, as many as there will be.
fn room(fleet: &Fleet) -> BTreeMap<String, Vec<Unit>> {
    let mut counts: BTreeMap<&str, usize> = fleet.hosts.keys().map(|name| (name.as_str(), 0)).collect();
    for placement in fleet.workloads.values().flat_map(|workload| &workload.placements) {
        counts.entry(&placement.host).and_modify(|count| *count += 1);
    }
    counts.into_iter().map(|(name, count)| (name.to_string(), Vec::with_capacity(count))).collect()
}

/// What a unit is called and waits for, and the hash of its container.
struct About {
    name: String,
    waits: Vec<Wait>,
    hash: String,
}

/// That of each placement, in the order of the workloads.
fn abouts(fleet: &Fleet, backend: &dyn Backend) -> Vec<About> {
    let of_one = |workload: &Workload| {
        workload
            .placements
            .iter()
            .map(|placement| about(fleet, workload, placement, backend))
            .collect::<Vec<_>>()
    };
    map(fleet.workloads.values().collect(), of_one).into_iter().flatten().collect()
}

fn about(fleet: &Fleet, workload: &Workload, placement: &Placement, backend: &dyn Backend) -> About {
    let name = unit_name(&fleet.name, workload, placement.instance);
    let hash = hash(&fleet.name, &name, &placement.container, backend);
    About { name, waits: waits::waits(fleet, workload, placement), hash }
}

fn host_plan(host: &Host, mut units: Vec<Unit>) -> HostPlan {
    units.sort_by(|a, b| (a.layer, &a.service, a.instance).cmp(&(b.layer, &b.service, b.instance)));
    HostPlan {
        name: host.name.clone(),
        address: host.address.value,
        storage_driver: host.storage_driver,
        reserved_ports: reserved_ports(host, &units),
        units,
    }
}

/// Ports of services in the range of outgoing connections, as net.ipv4.ip_local_reserved_ports takes them.
fn reserved_ports(host: &Host, units: &[Unit]) -> Vec<PortRange> {
    let ports = units
        .iter()
        .filter(|unit| unit.container.network.value != Network::None)
        .flat_map(|unit| &unit.container.ports)
        .map(|port| port.range)
        .filter(|range| range.overlaps(host.ephemeral_ports));
    ports.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The name of a unit and its container. Tasks are not numbered: there is one on a host.
pub fn unit_name(fleet: &str, workload: &Workload, instance: u32) -> String {
    match workload.kind {
        Kind::Service => format!("{fleet}-{}-{instance}", workload.name),
        Kind::Task | Kind::Scheduled => format!("{fleet}-{}", workload.name),
    }
}

/// The name of the unit that registers what another unit runs.
pub fn register_name(unit: &str) -> String {
    format!("{unit}-register")
}

fn unit(common: &(String, Kind, String, usize), placement: Placement, about: About, slack: Slack) -> Unit {
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
        restart_delay_seconds: placement.restart_delay_seconds,
        schedule: placement.schedule,
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
