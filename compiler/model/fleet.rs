//! The fleet as meant: complete, evaluated, placed on hosts.

use crate::model::container::Container;
use crate::model::image::{ImageConfig, Images, Locked};
use crate::text::Located;
use crate::text::Span;
use crate::value::address::{EtcdUrl, HostAddress, ListenAddress};
use crate::value::calendar::Calendar;
use crate::value::choice::choice;
use crate::value::cpus::Cpus;
use crate::value::dns::Fqdn;
use crate::value::header::HeaderName;
use crate::value::path::HostPath;
use crate::value::pin::Pin;
use crate::value::platform::Platform;
use crate::value::port::{Port, PortRange};
use crate::value::record_format::RecordFormat;
use crate::value::scheme::Scheme;
use crate::value::size::Size;
use crate::value::status::StatusCodes;
use crate::value::storage_driver::StorageDriver;
use crate::value::unit_name::UnitName;
use crate::value::url_path::UrlPath;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

/// Everything that dpc runs, and where.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// Its name.
    pub name: String,
    /// The environment that was asked for.
    pub environment: Option<String>,
    /// Where services register.
    pub etcd: Option<Etcd>,
    /// What every image must be pinned by.
    pub pin: Option<Pin>,
    /// What is known of the images.
    pub images: Arc<Images>,
    /// By name.
    pub hosts: BTreeMap<String, Host>,
    /// By name.
    pub externals: BTreeMap<String, External>,
    /// Services and tasks by name.
    pub workloads: BTreeMap<String, Workload>,
}

impl Fleet {
    /// All that runs, sorted by name, host and instance.
    pub(crate) fn placements(&self) -> impl Iterator<Item = (&Workload, &Placement)> {
        let all = self.workloads.values();
        all.flat_map(|workload| workload.placements.iter().map(move |placement| (workload, placement)))
    }
}

/// An etcd cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Etcd {
    /// URLs of its members.
    pub endpoints: Vec<EtcdUrl>,
    /// Where the keys of registrations begin.
    pub prefix: String,
    /// The authority's certificate on the hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cacert: Option<Located<HostPath>>,
    /// The client's certificate on the hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cert: Option<Located<HostPath>>,
    /// The client's key on the hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Located<HostPath>>,
    /// The user of etcd's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The file with its password on the hosts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<Located<HostPath>>,
}

impl Etcd {
    /// The files of the hosts that its clients read.
    pub fn files(&self) -> impl Iterator<Item = &Located<HostPath>> {
        [&self.cacert, &self.cert, &self.key, &self.password_file].into_iter().flatten()
    }
}

/// Ports of a host itself.
#[derive(Clone, Debug)]
pub struct Reserved {
    /// The ports.
    pub range: Located<PortRange>,
    /// The address that they are bound to; none for every address.
    pub address: Option<ListenAddress>,
}

/// A machine that services run on.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub span: Span,
    /// The address that it is reached at.
    pub address: Located<HostAddress>,
    /// What `on` chooses by.
    pub labels: BTreeMap<String, String>,
    /// Ports of the host itself.
    pub reserve: Vec<Reserved>,
    /// The address that other hosts reach it at.
    pub advertise: HostAddress,
    /// Its processors.
    pub cpus: Option<Located<Cpus>>,
    /// The first port that users other than root may bind, where it is said.
    pub unprivileged_ports: Option<Port>,
    /// Memory in bytes.
    pub memory: Option<Located<Size>>,
    /// The kernel's range for outgoing connections.
    pub ephemeral_ports: PortRange,
    /// The storage driver that docker must report.
    pub storage_driver: Option<StorageDriver>,
    /// The platform of its images, unless a service says another.
    pub platform: Platform,
}

impl Host {
    /// The address at which other hosts reach what is bound to one of its own.
    pub fn reached_at(&self, bound: Option<IpAddr>) -> IpAddr {
        bound.filter(|bound| *bound != self.address.ip()).unwrap_or(self.advertise.ip())
    }
}

/// Something that dpc does not run.
#[derive(Clone, Debug)]
pub struct External {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub span: Span,
    /// Its DNS name or address.
    pub host: String,
    /// Its port.
    pub port: Port,
}

/// A service or a task.
#[derive(Clone, Debug)]
pub struct Workload {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where it is declared.
    pub span: Span,
    /// The file and node that it comes from, such as `services/api.kdl, service "api"`.
    pub origin: String,
    /// What must be ready before it, sorted by name.
    pub needs: Vec<Need>,
    /// Where it runs, sorted by host and instance.
    pub placements: Vec<Placement>,
}

impl Workload {
    /// The tasks that run when it fails, one for each of its placements that has one.
    pub(crate) fn hooks(&self) -> impl Iterator<Item = (&Self, &Located<String>)> {
        self.placements.iter().filter_map(move |placement| Some((self, placement.on_failure.as_ref()?)))
    }
}

/// What a workload is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It always runs.
    Service,
    /// It runs once a boot and whenever it changed.
    Task,
    /// It runs by the calendar.
    Scheduled,
    /// It runs when another one failed.
    Hook,
}

impl Kind {
    /// Returns whether it runs because its host does.
    pub fn runs_by_itself(&self) -> bool {
        matches!(self, Kind::Service | Kind::Task)
    }
}

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// That it is ready; of a task, that it succeeded.
    Ready,
    /// That its container runs.
    Started,
}

choice!(Until { Ready = "ready", Started = "started" });

/// How something is started again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Restart {
    /// Seconds before the next start.
    pub delay_seconds: u64,
    /// Seconds before the next start of a service that ends again and again.
    pub max_delay_seconds: u64,
    /// Starts after a failure until it gives up; none for a service that never does, and for a task that fails at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<Located<u64>>,
    /// Seconds in which a service has its retries.
    pub within_seconds: u64,
}

/// When a task runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Schedule {
    /// Calendar expressions, sorted as they were written; none with `every`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<Calendar>,
    /// Seconds between the end of a run and the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_seconds: Option<u64>,
    /// Whether a run that the host missed is made up for.
    pub persistent: bool,
    /// Maximum seconds that a run is put off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub random_delay_seconds: Option<u64>,
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let calendars: Vec<&str> = self.calendars.iter().map(Calendar::as_str).collect();
        f.write_str(&calendars.join("; "))?;
        self.every_seconds.map_or(Ok(()), |seconds| write!(f, "{seconds} s after the last run"))
    }
}

/// One line `needs "redis"`.
#[derive(Clone, Debug)]
pub struct Need {
    /// The service, task or external.
    pub target: Located<String>,
    /// The port to wait for.
    pub port: Option<Located<String>>,
    /// The host whose instances are used.
    pub host: Option<Located<String>>,
    /// Seconds to wait.
    pub timeout_seconds: u64,
    /// What is waited for.
    pub until: Until,
}

/// A workload on a host.
#[derive(Clone, Debug)]
pub struct Placement {
    /// The host's name.
    pub host: String,
    /// From 1.
    pub instance: u32,
    /// What runs.
    pub container: Box<Container>,
    /// What the lock says of its image.
    pub locked: Option<Locked>,
    /// When it is ready.
    pub health: Health,
    /// Whether that is what dpc chooses, and not what somebody wrote.
    pub health_by_default: bool,
    /// What it puts into etcd, sorted by port.
    pub registrations: Vec<Registration>,
    /// How it is started again.
    pub restart: Restart,
    /// When it runs, for a scheduled task.
    pub schedule: Option<Schedule>,
    /// Seconds that a run of a task may take.
    pub run_timeout_seconds: Option<u64>,
    /// Units of the host that are started before it.
    pub after: Vec<Located<UnitName>>,
    /// The task that runs when it fails.
    pub on_failure: Option<Located<String>>,
}

impl Placement {
    /// What the lock knows of its image.
    pub(crate) fn image_config(&self) -> Option<&Arc<ImageConfig>> {
        self.locked.as_ref()?.config.as_ref()
    }
}

/// How to tell that a service is ready and healthy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Health {
    /// What is asked.
    pub check: Check,
    /// Seconds between two checks.
    pub interval_seconds: u64,
    /// Seconds that one check may take.
    pub timeout_seconds: u64,
    /// Failures in a row that make it unhealthy.
    pub retries: u64,
    /// Seconds that it may take to become ready.
    pub start_period_seconds: u64,
    /// Whether it is started again when it is unhealthy.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restart: bool,
}

impl Health {
    /// Seconds that it may take to become ready: the start period, then the failures that make it unhealthy.
    pub fn ready_seconds(&self) -> u64 {
        self.start_period_seconds + self.retries * (self.interval_seconds + self.timeout_seconds)
    }
}

/// What a health check asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum Check {
    /// An answer with an accepted status.
    Http {
        /// The address asked.
        address: IpAddr,
        /// The port asked.
        port: Port,
        /// The path asked for.
        path: UrlPath,
        /// How it is asked.
        #[serde(default, skip_serializing_if = "Scheme::is_plain")]
        scheme: Scheme,
        /// The name in the request; none for the address and the port.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        host: Option<Fqdn>,
        /// Further headers of the request.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        headers: BTreeMap<HeaderName, Located<String>>,
        /// The accepted status codes.
        #[serde(default = "StatusCodes::usual", skip_serializing_if = "StatusCodes::is_usual")]
        status: StatusCodes,
    },
    /// Each accepts a connection.
    Tcp {
        /// The addresses and ports asked.
        targets: Vec<Target>,
    },
    /// A shell command in the container exits with 0.
    Command {
        /// The command.
        command: String,
    },
    /// A program in the container exits with 0, without a shell.
    Exec {
        /// Its words.
        words: Vec<String>,
    },
    /// The container runs.
    Running,
}

/// An address and a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// An IP address, or a DNS name for an external.
    pub host: String,
    /// The port.
    pub port: Port,
}

/// What one port of a service puts into etcd.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Registration {
    /// The port's name.
    pub port: Located<String>,
    /// Seconds after which a dead host's registration is gone.
    pub ttl_seconds: u64,
    /// What is put.
    pub records: Vec<Record>,
}

/// One key and its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// `plain`, `json`, `coredns`, `traefik` or `grpc`.
    pub format: RecordFormat,
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
    /// Whether it goes with the lease; without, it stays (a router that several instances share).
    pub leased: bool,
    /// Where it was written.
    #[serde(skip)]
    pub span: Span,
}

/// `<host>-<instance>`, unique in a fleet; one DNS label and one part of a key in etcd.
pub fn instance_name(host: &str, instance: u32) -> String {
    format!("{}-{instance}", host.replace('.', "-"))
}
