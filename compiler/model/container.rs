//! What one container is: every setting of a service or task after merging and evaluation, as plain data.
//!
//! The fleet is checked by it, the plan holds it, the docker script is written from it.

use crate::text::{Located, Span};
use crate::value::address::ListenAddress;
use crate::value::capability::Capability;
use crate::value::cdi::CdiDevice;
use crate::value::choice::choice;
use crate::value::container_hostname::ContainerHostname;
use crate::value::cpus::Cpus;
use crate::value::cpuset::Cpuset;
use crate::value::device::Permissions;
use crate::value::dns::Fqdn;
use crate::value::env_name::EnvName;
use crate::value::hosts_address::HostsAddress;
use crate::value::image::Image;
use crate::value::label_name::LabelName;
use crate::value::log_driver::LogDriver;
use crate::value::mode::Mode;
use crate::value::mounting::{Propagation, VolumeLabel};
use crate::value::namespace::{Ipc, Pid};
use crate::value::path::{ContainerPath, HostPath, ProjectPath};
use crate::value::platform::Platform;
use crate::value::port::{Port as PortNumber, PortRange, Protocol};
use crate::value::security::{Apparmor, Seccomp, SelinuxLabel};
use crate::value::signal::Signal;
use crate::value::size::Size;
use crate::value::sysctl::Sysctl;
use crate::value::ulimit::Ulimit;
use crate::value::user::{Account, Owner, User};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

/// One container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Container {
    /// The image reference.
    pub image: Located<Image>,
    /// The platform of the image; none for the host's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Located<Platform>>,
    /// Words instead of the image's entrypoint; empty for the image's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entrypoint: Vec<Located<String>>,
    /// Words instead of the image's command; empty for the image's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<Located<String>>,
    /// User, with or without a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Located<User>>,
    /// Further groups of the process.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_add: Vec<Account>,
    /// The name that the container has for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hostname: Option<Located<ContainerHostname>>,
    /// Directory that the process starts in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workdir: Option<Located<ContainerPath>>,
    /// The network.
    pub network: Located<Network>,
    /// The service of its host whose network it has; `network` is the kind of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<JoinedNetwork>,
    /// Ports of those that have its network, which are published here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<Port>,
    /// What the process listens on, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Port>,
    /// Environment variables.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<EnvName, Located<String>>,
    /// Files of variables on the host, sorted by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env_files: Vec<Located<HostPath>>,
    /// Secrets, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<Secret>,
    /// Config files, sorted by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<ConfigFile>,
    /// Directories of the host, sorted by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Volume>,
    /// Directories in memory, sorted by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tmpfs: Vec<Tmpfs>,
    /// Paths that the application writes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub writes: Vec<Located<ContainerPath>>,
    /// Whether the root filesystem is read-only.
    pub read_only: Located<bool>,
    /// Whether setuid programs gain nothing.
    pub no_new_privileges: bool,
    /// Whether docker's init is process 1.
    pub init: bool,
    /// Limits.
    pub resources: Resources,
    /// Limits of setrlimit(2), sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ulimits: Vec<Ulimit>,
    /// Capabilities beyond docker's default set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cap_add: Vec<Capability>,
    /// Capabilities taken from docker's default set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cap_drop: Vec<Capability>,
    /// Whether nothing confines it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub privileged: bool,
    /// What confines the process.
    #[serde(default, skip_serializing_if = "Confinement::is_docker_s")]
    pub confinement: Confinement,
    /// Whose processes it sees; none for its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<Pid>,
    /// Whose shared memory it has; none for its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ipc: Option<Located<Ipc>>,
    /// Devices of the host, sorted by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<Device>,
    /// GPUs, by their names in the container device interface.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gpus: Vec<CdiDevice>,
    /// Labels that the user gave.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<LabelName, String>,
    /// Files of labels on the host, sorted by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub label_files: Vec<Located<HostPath>>,
    /// Lines in /etc/hosts: name to address.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra_hosts: BTreeMap<Fqdn, Located<HostsAddress>>,
    /// Name servers, in order; empty for the host's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dns: Vec<Located<ListenAddress>>,
    /// The search domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns_search: Option<Fqdn>,
    /// Kernel parameters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sysctls: BTreeMap<Sysctl, Located<String>>,
    /// Size of /dev/shm in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shm_size: Option<Size>,
    /// How it is stopped.
    pub stop: Stop,
    /// Where its output goes.
    pub logs: Logs,
    /// Raw arguments for `docker run`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub docker_args: Vec<Located<String>>,
}

impl Container {
    /// The platform of its image on a host of another one.
    pub(crate) fn platform_or<'p>(&'p self, host: &'p Platform) -> &'p Platform {
        self.platform.as_ref().map_or(host, |platform| &platform.value)
    }

    /// Returns the files of the host that docker's client reads as root, with what is in them.
    pub(crate) fn client_files(&self) -> impl Iterator<Item = (&'static str, &HostPath, Span)> {
        let variables = self.env_files.iter().map(|path| ("env", &path.value, path.span));
        let labels = self.label_files.iter().map(|path| ("label", &path.value, path.span));
        let profile = self.confinement.seccomp.iter().filter_map(|seccomp| match &seccomp.value {
            Seccomp::Profile(path) => Some(("seccomp", path, seccomp.span)),
            Seccomp::Unconfined => None,
        });
        variables.chain(labels).chain(profile)
    }
}

/// What confines the process of a container, where it is not what docker chooses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Confinement {
    /// The profile of system calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seccomp: Option<Located<Seccomp>>,
    /// The profile of AppArmor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apparmor: Option<Apparmor>,
    /// Parts of the label of SELinux.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub label: Vec<SelinuxLabel>,
}

impl Confinement {
    fn is_docker_s(&self) -> bool {
        *self == Self::default()
    }
}

/// The network of a container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// The host's own.
    #[default]
    Host,
    /// docker's bridge, with NAT.
    Bridge,
    /// None.
    None,
}

choice!(Network { Host = "host", Bridge = "bridge", None = "none" });

/// A network that was made for the container of another service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JoinedNetwork {
    /// The service.
    pub service: Located<String>,
    /// Its container.
    pub container: String,
    /// What makes that container what it is: another one has another network.
    pub hash: String,
}

/// A port, or a range of them, that a process listens on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Port {
    /// Its name in the service.
    pub name: String,
    /// The ports.
    #[serde(flatten, with = "PortRangeFields")]
    #[schemars(with = "PortRangeFields")]
    pub range: PortRange,
    /// The transport: `tcp`, `udp` or `sctp`.
    pub protocol: Protocol,
    /// The address that it is bound to; none for every address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<IpAddr>")]
    pub address: Option<Located<ListenAddress>>,
    /// The port inside a bridged container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<Located<PortNumber>>,
    /// Where it was written.
    #[serde(skip)]
    pub span: Span,
}

impl Port {
    /// The one address that the port is bound to; none where it is bound to every address.
    pub fn bound(&self) -> Option<IpAddr> {
        self.address.as_ref().filter(|address| !address.is_wildcard()).map(|address| address.ip())
    }

    /// Returns whether two listeners on one port cannot both have their addresses. Without an address a process binds `::`,
    /// which covers IPv4 too (`net.ipv6.bindv6only` is 0).
    pub fn shares_address(&self, other: &Port) -> bool {
        let address =
            |port: &Port| port.address.as_ref().map_or(ListenAddress::EVERY, |address| address.value);
        address(self).overlaps(address(other))
    }

    /// The ports inside a bridged container.
    pub fn inside(&self) -> PortRange {
        self.container.as_ref().map_or(self.range, |first| self.range.starting_at(first.value))
    }
}

/// A range of ports as a plan holds it.
#[derive(Serialize, Deserialize, JsonSchema)]
struct PortRangeFields {
    /// The first port.
    first: PortNumber,
    /// The last port; the same as the first where it is one.
    last: PortNumber,
}

impl PortRangeFields {
    fn serialize<S: Serializer>(range: &PortRange, serializer: S) -> Result<S::Ok, S::Error> {
        Serialize::serialize(&Self { first: range.first(), last: range.last() }, serializer)
    }

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PortRange, D::Error> {
        <Self as Deserialize>::deserialize(deserializer).map(|ends| PortRange::from((ends.first, ends.last)))
    }
}

/// A secret that is read from a file of the host at start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Secret {
    /// The variable; with `path` only a name.
    pub name: String,
    /// The file on the host.
    pub from: Located<HostPath>,
    /// Where it is mounted instead of becoming a variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Located<ContainerPath>>,
}

/// A config file that the bundle carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConfigFile {
    /// Its path in the container.
    pub path: Located<ContainerPath>,
    /// Where it comes from in the project; none for content written in the KDL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ProjectPath>,
    /// Its mode, as octal text.
    pub mode: Mode,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// The content; not part of the plan.
    #[serde(skip)]
    pub content: Arc<[u8]>,
}

/// A directory of the host, mounted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Volume {
    /// The path in the container.
    pub path: Located<ContainerPath>,
    /// The path on the host.
    pub from: Located<HostPath>,
    /// Numeric owner of the directory when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// Mode of the directory when it is made, as octal text.
    pub mode: Mode,
    /// Whether it is mounted read-only.
    pub read_only: bool,
    /// Whether other services may write there too.
    pub shared: bool,
    /// The label of SELinux that docker gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selinux: Option<VolumeLabel>,
    /// Whether what is mounted below it later is seen; none for docker's `rprivate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub propagation: Option<Propagation>,
    /// Whether docker's socket is mounted on purpose.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub docker_socket: bool,
    /// Whether it lies outside of `data-root`, where `activate` makes no directory.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside: bool,
    /// What must be there before it is mounted; it is never made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub must_be: Option<MustBe>,
}

/// What a path of the host must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MustBe {
    /// A place where something is mounted.
    Mount,
    /// A directory.
    Directory,
    /// A file.
    File,
}

choice!(MustBe { Mount = "mount", Directory = "directory", File = "file" });

/// A directory in memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tmpfs {
    /// The path in the container.
    pub path: Located<ContainerPath>,
    /// The size in bytes; none for docker's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// The mode, as octal text.
    pub mode: Mode,
    /// Numeric owner; none for the user of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// Whether programs in it may run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exec: bool,
}

/// Limits of a container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Resources {
    /// Memory in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<Located<Size>>,
    /// Memory and swap in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_swap: Option<Size>,
    /// Memory in bytes that it is brought down to when the host runs short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_reservation: Option<Size>,
    /// How readily its memory is swapped out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_swappiness: Option<u64>,
    /// The processors that it runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpuset: Option<Cpuset>,
    /// Its weight where processors are short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_shares: Option<u64>,
    /// How soon the kernel ends it when the host has no memory left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oom_score_adj: Option<i64>,
    /// Processors, as decimal text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpus: Option<Cpus>,
    /// Processes and threads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pids: Option<u64>,
}

/// A device of the host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Device {
    /// The path on the host.
    pub path: Located<HostPath>,
    /// The path in the container.
    pub container: ContainerPath,
    /// `r`, `w` and `m`.
    pub permissions: Permissions,
}

/// How a container is stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stop {
    /// The signal; none for the image's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<Located<Signal>>,
    /// Seconds until SIGKILL.
    pub grace_seconds: u64,
}

/// Where the output of a container goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Logs {
    /// docker's log driver.
    pub driver: LogDriver,
    /// Bytes of one log file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_size: Option<Size>,
    /// How many log files are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_file: Option<u64>,
    /// Further options of the driver.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, Located<String>>,
}
