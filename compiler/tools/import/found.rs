//! Containers as found: every kind of source is read into them. Each has a list of settings with the places of their keys.

use super::place::At;
use super::report::ReportEntry;
use std::collections::BTreeMap;

/// Everything that one import found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The name of the whole in the source, such as compose's `name`.
    pub(crate) project: Option<String>,
    /// Set if containers without a network of their own are in one that resolves their names, as in compose.
    pub(crate) default_network: bool,
    /// Profiles that the source itself turns on; `*` for all.
    pub(crate) profiles: Vec<String>,
    /// The containers, in the order of the source.
    pub(crate) containers: Vec<FoundContainer>,
    /// Named volumes that are a directory of the host and not docker's own: the name and the directory.
    pub(crate) volumes: BTreeMap<String, String>,
    /// Notes on keys that belong to no container or could not be read.
    pub(crate) entries: Vec<ReportEntry>,
}

/// One container.
#[derive(Clone, Debug)]
pub(crate) struct FoundContainer {
    /// Its name in the source; the first name that others know it by.
    pub(crate) name: At<String>,
    /// Other names it is reached by: host names, aliases, the name of the container.
    pub(crate) aliases: Vec<String>,
    /// Its profiles; without any it always runs.
    pub(crate) profiles: Vec<String>,
    /// Its settings in the order of the source. Of two that exclude each other, the later one counts.
    pub(crate) settings: Vec<At<Setting>>,
}

/// One setting of a container.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Setting {
    /// The image.
    Image(String),
    /// An image that has no other name: that of the first service that builds the same.
    Built(String),
    /// The folder that the image is built from.
    BuiltFrom(String),
    /// Words instead of the image's command.
    Command(Vec<String>),
    /// Words instead of the image's entrypoint; none for no entrypoint at all.
    Entrypoint(Vec<String>),
    /// The user.
    User(String),
    /// The directory that the process starts in.
    Workdir(String),
    /// A variable; without a value it comes from whoever starts the container.
    Env(String, Option<String>),
    /// A file of variables, and the variables in it where it could be read.
    EnvFile(EnvFile),
    /// A label.
    Label(String, String),
    /// A port that is reachable from outside.
    Published(Published),
    /// All ports are reachable from outside.
    PublishAll,
    /// A port that the process listens on, named to other containers only.
    Exposed(u16, u16, String),
    /// Something mounted.
    Mount(FoundMount),
    /// A directory in memory.
    Tmpfs(FoundTmpfs),
    /// The root filesystem is read-only or not.
    ReadOnly(bool),
    /// docker's init is process 1 or not.
    Init(bool),
    /// A capability to add.
    CapAdd(String),
    /// A capability to drop.
    CapDrop(String),
    /// A device: on the host, in the container, permissions.
    Device(String, Option<String>, Option<String>),
    /// A limit of setrlimit(2): name, soft, hard.
    Ulimit(String, String, Option<String>),
    /// A line in /etc/hosts.
    ExtraHost(String, String),
    /// A name server.
    Dns(String),
    /// A search domain.
    DnsSearch(String),
    /// A kernel parameter.
    Sysctl(String, String),
    /// Size of /dev/shm.
    ShmSize(String),
    /// Memory limit.
    Memory(String),
    /// Memory and swap.
    MemorySwap(String),
    /// Processors.
    Cpus(String),
    /// Processes.
    Pids(String),
    /// The signal that stops it.
    StopSignal(String),
    /// Time from that signal to the last one.
    StopGrace(String),
    /// Setuid programs gain no privileges, or do.
    NoNewPrivileges(bool),
    /// docker's log driver.
    LogDriver(String),
    /// An option of the log driver.
    LogOption(String, String),
    /// When it is started again.
    Restart(String),
    /// Time before it is started again.
    RestartDelay(String),
    /// The network's mode: `host`, `none`, `bridge`, `container:NAME` or a network's name.
    Network(String),
    /// Another container that must be there first.
    Need(FoundNeed),
    /// The health check.
    Health(FoundHealth),
    /// A secret: its name, and where it is mounted, or the variable it becomes.
    Secret(FoundSecret),
    /// A config file.
    File(FoundFile),
    /// The number of instances.
    Instances(String),
    /// A registration of a port in etcd: the port or none for its only one, the time to live in seconds.
    Register(Option<u16>, Option<String>),
    /// It runs once, and ends.
    Once,
    /// When it runs, as systemd's calendar; it may have several.
    Schedule(String),
    /// Another property of when it runs.
    Timer(&'static str, String),
    /// Time that a run may take.
    RunTimeout(String),
    /// Starts after a failure until it gives up.
    Retries(String),
    /// Time in which it has these starts.
    RetriesWithin(String),
    /// A unit of the host that is started before it.
    After(String),
    /// What runs when it failed.
    OnFailure(String),
    /// A directory that the container wrote in, and whether the image has it too.
    Wrote(String, bool),
    /// A raw flag of docker that dpc has no node for: it is passed on as it is.
    Raw(String),
    /// The setting is not carried over, for this reason.
    Lost(String),
    /// dpc does it by itself or in another way.
    Changed(String),
    /// A person must decide, for this reason.
    Decide(String),
    /// The setting is in effect anyway.
    Kept(String),
}

/// A file of variables.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EnvFile {
    /// Its path, as written.
    pub(crate) path: String,
    /// Its variables; none where it could not be read.
    pub(crate) variables: Option<Vec<(String, Option<String>)>>,
    /// Set if docker's grammar reads the same from it.
    pub(crate) plain: bool,
}

/// A published port.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Published {
    /// The address of the host that it is bound to.
    pub(crate) address: Option<String>,
    /// The ports of the host; none for any that is free.
    pub(crate) host: Option<(u16, u16)>,
    /// Ports of the host of which any may be taken.
    pub(crate) any_of: Option<(u16, u16)>,
    /// The ports in the container.
    pub(crate) container: (u16, u16),
    /// `tcp`, `udp` or `sctp`.
    pub(crate) protocol: String,
    /// Its name, where the source gives one.
    pub(crate) name: Option<String>,
}

/// Something mounted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FoundMount {
    /// The source of the mount.
    pub(crate) source: MountSource,
    /// The path in the container.
    pub(crate) target: String,
    /// Set if it is read-only.
    pub(crate) read_only: bool,
    /// Options that dpc has no word for.
    pub(crate) options: Vec<String>,
}

/// A directory in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FoundTmpfs {
    /// The path in the container.
    pub(crate) path: String,
    /// Its size.
    pub(crate) size: Option<String>,
    /// Its mode.
    pub(crate) mode: Option<String>,
    /// The number of its owner.
    pub(crate) uid: Option<String>,
    /// The number of its group.
    pub(crate) gid: Option<String>,
    /// Set if programs in it run.
    pub(crate) exec: bool,
}

/// The source of a mount.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum MountSource {
    /// A directory of docker's own without a name.
    #[default]
    Anonymous,
    /// A directory of docker's own by name.
    Named(String),
    /// A path of the host.
    Host(String),
    /// A path from the folder of the source.
    Relative(String),
}

/// Another container that must be there first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FoundNeed {
    /// Its name.
    pub(crate) name: String,
    /// The condition to wait for.
    pub(crate) until: NeedCondition,
    /// A further host name for it.
    pub(crate) alias: Option<String>,
    /// Set if the container does not start without it.
    pub(crate) required: bool,
}

/// A condition to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NeedCondition {
    /// It was started.
    Started,
    /// It is healthy.
    Healthy,
    /// It ended with 0.
    Completed,
}

/// A health check. docker's defaults fill in what it leaves out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FoundHealth {
    /// The command: words, or text for a shell.
    pub(crate) test: Option<Test>,
    /// Time between two checks.
    pub(crate) interval: Option<String>,
    /// Time that one may take.
    pub(crate) timeout: Option<String>,
    /// Failures in a row.
    pub(crate) retries: Option<String>,
    /// Time to become ready.
    pub(crate) start_period: Option<String>,
}

/// A health command.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    /// Turns off the health check of the image.
    Disabled,
    /// Words.
    Words(Vec<String>),
    /// Text for the container's shell.
    Shell(String),
}

/// A secret.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FoundSecret {
    /// Its name.
    pub name: String,
    /// The path in the container; none if it becomes a variable.
    pub path: Option<String>,
    /// The file it comes from, as written.
    pub from: Option<String>,
}

/// A config file.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundFile {
    /// The path in the container.
    pub path: String,
    /// The file it comes from, as written.
    pub(crate) source: Option<String>,
    /// Its content, instead.
    pub(crate) content: Option<String>,
    /// Its mode.
    pub mode: Option<String>,
}
