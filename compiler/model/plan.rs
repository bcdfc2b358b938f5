//! What each host runs, in what order, and why. This is dpc's data model: `plan.json` holds it, artifacts are printed from it,
//! `dpc diff` compares two of it.

use super::container::Container;
use super::fleet::{Etcd, Health, Kind, Record, Registration, Restart, Schedule, Target, Workload};
use super::image::ImageConfig;
use crate::text::Located;
use crate::value::address::HostAddress;
use crate::value::image::Image;
use crate::value::platform::Platform;
use crate::value::port::{Port, PortRange};
use crate::value::storage_driver::StorageDriver;
use crate::value::unit_name::UnitName;
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
    /// What the lock says of the images that it has, by platform.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub images: BTreeMap<Image, BTreeMap<Platform, ImageConfig>>,
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
    /// The first port that users other than root must be able to bind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unprivileged_ports: Option<Port>,
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
    /// How it is started again.
    pub restart: Restart,
    /// Seconds that a start may take: all waits, then becoming ready.
    pub start_timeout_seconds: u64,
    /// Seconds that a stop may take.
    pub stop_timeout_seconds: u64,
    /// When it runs, for a scheduled task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Seconds that a run of a task may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_timeout_seconds: Option<u64>,
    /// Units of the host that are started before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Located<UnitName>>,
    /// The unit that runs when it fails, without suffix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<String>,
}

impl Unit {
    /// What all its registrations put into etcd.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.registrations.iter().flat_map(|registration| &registration.records)
    }
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
            images: self.images.clone(),
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
    /// The container of a unit of this host runs.
    Started {
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

/// The name of a unit and its container. Tasks are not numbered: there is one on a host.
pub fn unit_name(fleet: &str, workload: &Workload, instance: u32) -> String {
    match workload.kind {
        Kind::Service => format!("{fleet}-{}-{instance}", workload.name),
        Kind::Task | Kind::Scheduled | Kind::Hook => format!("{fleet}-{}", workload.name),
    }
}

/// The name of the unit that registers what runs of a fleet on a host.
pub fn register_name(fleet: &str) -> String {
    format!("{fleet}-register")
}
