//! What a comparison of two plans comes to, as data. The printers, and `docs/diff.schema.json`, are made from it.

use super::sentence::Sentence;
use crate::model::fleet::Kind;
use schemars::JsonSchema;
use serde::Serialize;

/// The version of the report's shape. It grows when a reader of the last one would misread this one.
pub const VERSION: u32 = 1;

/// What the head does to what the base runs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Diff {
    /// The version of this shape.
    pub version: u32,
    /// The head's fleet.
    pub fleet: String,
    /// The environment that both were built for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Whether anything changes on any host.
    pub changed: bool,
    /// How far it reaches, in one line.
    pub summary: Sentence,
    /// The same in numbers.
    pub counts: Counts,
    /// What a reviewer should look at twice.
    pub risks: Vec<Note>,
    /// Services that nobody answers for, for a while.
    pub interruptions: Vec<Note>,
    /// Data that stays behind, and other things that no bundle does.
    pub left_to_you: Vec<Note>,
    /// What waits for what, among all that starts.
    pub order: Vec<Note>,
    /// Sorted by name; hosts on which nothing changes are not listed.
    pub hosts: Vec<HostDiff>,
    /// What else was not as it should be for comparing, such as a base without its files.
    pub remarks: Vec<Sentence>,
}

/// Numbers of services and tasks; one that starts on one host and stops on another is in both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Counts {
    /// Started where they did not run.
    pub start: usize,
    /// Stopped for good.
    pub stop: usize,
    /// Stopped and started.
    pub restart: usize,
    /// Tasks that run once more.
    pub rerun: usize,
    /// Kept, with a new registration.
    pub reregister: usize,
    /// Kept, with other files.
    pub file_only: usize,
    /// Running on without anyone who looks after them.
    pub orphan: usize,
    /// Nothing happens to them on any host.
    pub unchanged: usize,
    /// Hosts on which something changes.
    pub hosts: usize,
}

/// Something to know, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Note {
    /// What it is, for machines.
    pub kind: NoteKind,
    /// The service or task; empty where it is about a host.
    pub service: String,
    /// The hosts, sorted.
    pub hosts: Vec<String>,
    /// It in words.
    pub message: Sentence,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// docker's socket is mounted.
    DockerSocket,
    /// Arguments of `docker run` that nobody checks.
    DockerArgs,
    /// The root filesystem can be written.
    WritableRoot,
    /// Rights of root, or a way to gain them.
    Privileges,
    /// A key in etcd that is not below the name of the fleet.
    OutsideKey,
    /// Keys in etcd that begin otherwise than before, or than those of other fleets.
    KeyPrefix,
    /// A port that changes while its container does not.
    PortUntold,
    /// A port that another service had.
    PortTakenOver,
    /// An image by tag, which can be moved, or of which the lock says nothing new.
    NoDigest,
    /// One instance, which restarts.
    Interruption,
    /// A volume that nothing mounts any more.
    DataStaysBehind,
    /// A volume that is somewhere else now.
    DataPath,
    /// A directory that exists is never touched.
    DataOwner,
    /// A key that goes with no lease.
    KeyStays,
    /// A host, or the whole fleet, has another bundle or none.
    Orphan,
    /// A file of the host that must be there.
    SecretFile,
    /// One waits for another.
    Waits,
    /// Its hosts should take turns.
    InTurn,
    /// A service with another name.
    Renamed,
}

/// What changes on a host.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct HostDiff {
    /// Its name.
    pub host: String,
    /// Whether it comes, leaves or stays.
    pub change: Change,
    /// What changes about the host itself.
    pub reasons: Vec<Reason>,
    /// Units to which something happens: those that leave, then the others in the order in which they start.
    pub units: Vec<UnitDiff>,
    /// How many units nothing happens to.
    pub unchanged: usize,
    /// Ports, volumes, registrations, claims: what comes and what goes.
    pub resources: Vec<Resource>,
    /// The host's files, by path.
    pub files: Vec<FileDiff>,
}

/// What happens to a unit, and why.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct UnitDiff {
    /// The unit.
    pub unit: String,
    /// The service or task.
    pub service: String,
    /// From 1.
    pub instance: u32,
    /// What it is.
    pub kind: Kind,
    /// What happens.
    pub action: Action,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What happens to a unit on its host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It is stopped and removed.
    Stop,
    /// No bundle knows it any more: it runs on until someone stops it.
    Orphan,
    /// It is started where it did not run.
    Start,
    /// Its container is replaced. A task runs again.
    Restart,
    /// It goes on running, and what it puts into etcd is replaced.
    Reregister,
    /// It goes on running; what was written for it counts from its next start, or from its next run.
    FileOnly,
}

/// One thing that is not as it was.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Reason {
    /// What kind of thing, in the language's word: `image`, `env`, `port`.
    pub field: String,
    /// Which one, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it came, left or changed.
    pub change: Change,
    /// How it was; masked where it looks like a secret, and absent where it would say nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// How it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Whether a thing came, left or stayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is there before and after, and differs.
    Changed,
    /// It is there before and after.
    Same,
}

/// Something on a host, or in etcd, that comes, goes or changes hands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Resource {
    /// What it is.
    pub kind: ResourceKind,
    /// Its name: a port, a path, a key.
    pub name: String,
    /// Whether it comes, goes or changes.
    pub change: Change,
    /// Whose or what it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Whose or what it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResourceKind {
    /// A port of the host.
    Port,
    /// A directory of the host.
    Volume,
    /// A key in etcd, and its value.
    Registration,
    /// A key in etcd that says whose a port is.
    Claim,
    /// A file that a secret is read from.
    SecretFile,
    /// A port that the kernel keeps from outgoing connections.
    ReservedPort,
}

/// A file of a host's bundle that comes, goes or changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileDiff {
    /// Its path below the host.
    pub path: String,
    /// Whether it comes, goes or changes.
    pub change: Change,
    /// Its unified diff, secrets masked; or, in one line, why there is none.
    pub diff: String,
}

impl Reason {
    /// A field that has one value.
    pub fn of(field: &str, change: Change) -> Self {
        Self { field: field.into(), name: None, change, before: None, after: None }
    }

    /// With a name.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// With how it was and how it is.
    pub fn values(mut self, before: Option<String>, after: Option<String>) -> Self {
        self.before = before;
        self.after = after;
        self
    }

    /// In words: `env PORT 8080 → 8081`.
    pub fn sentence(&self) -> Sentence {
        let mut sentence = Sentence::default().say(self.field.clone());
        if let Some(name) = &self.name {
            sentence = sentence.say(" ").value(name);
        }
        let masked = |value: &&String| value.ends_with(crate::secret::CHANGED);
        match (self.change, &self.before, &self.after) {
            (Change::Added, _, Some(after)) => sentence.say(" added: ").value(after),
            (Change::Added, _, None) => sentence.say(" added"),
            (Change::Removed, Some(before), _) => sentence.say(" removed: ").value(before),
            (Change::Removed, None, _) => sentence.say(" removed"),
            (_, Some(_), Some(after)) if masked(&after) => sentence.say(" ").value(after),
            (_, Some(before), Some(after)) => sentence.say(" ").value(before).say(" → ").value(after),
            (_, None, Some(after)) => sentence.say(" → ").value(after),
            (_, Some(before), None) => sentence.say(" ").value(before).say(" → none"),
            (_, None, None) => sentence,
        }
    }
}

impl Resource {
    /// In words: `port tcp/8080 api → web`.
    pub fn sentence(&self) -> Sentence {
        let kind = match self.kind {
            ResourceKind::Port => "port ",
            ResourceKind::Volume => "volume ",
            ResourceKind::Registration => "registration ",
            ResourceKind::Claim => "claim ",
            ResourceKind::SecretFile => "secret file ",
            ResourceKind::ReservedPort => "reserved port ",
        };
        let sentence = Sentence::default().say(kind).value(&self.name);
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => sentence.say(": ").value(before).say(" → ").value(after),
            (None, Some(one)) | (Some(one), None) => sentence.say(": ").value(one),
            (None, None) => sentence,
        }
    }
}

impl Change {
    /// The mark of a line: `+`, `-`, `~`.
    pub fn mark(self) -> &'static str {
        match self {
            Change::Added => "+",
            Change::Removed => "-",
            Change::Changed => "~",
            Change::Same => " ",
        }
    }
}

impl UnitDiff {
    /// What happens, in a word or two.
    pub fn verb(&self) -> &'static str {
        match (self.action, &self.kind) {
            (Action::Stop, _) => "stop",
            (Action::Orphan, _) => "left running",
            (Action::Start, Kind::Service) => "start",
            (Action::Start, Kind::Task) => "run",
            (Action::Start, Kind::Scheduled) => "schedule",
            (Action::Start, Kind::Hook) => "keep for a failure",
            (Action::Restart, Kind::Service) => "restart",
            (Action::Restart, Kind::Task | Kind::Scheduled | Kind::Hook) => "run again",
            (Action::Reregister, _) => "re-register",
            (Action::FileOnly, _) => "file only",
        }
    }
}

impl HostDiff {
    /// Units to which the same happens for the same reasons, together: the instances of a service, mostly.
    pub fn rows(&self) -> Vec<(Vec<&UnitDiff>, &UnitDiff)> {
        let mut rows: Vec<(Vec<&UnitDiff>, &UnitDiff)> = Vec::new();
        for unit in &self.units {
            match rows.last_mut() {
                Some((together, first)) if first.same_as(unit) => together.push(unit),
                _ => rows.push((vec![unit], unit)),
            }
        }
        rows
    }
}

impl UnitDiff {
    fn same_as(&self, other: &UnitDiff) -> bool {
        (&self.service, self.action, &self.kind, &self.reasons)
            == (&other.service, other.action, &other.kind, &other.reasons)
    }

    /// The unit's name without its fleet's.
    pub fn label(&self) -> String {
        match self.kind {
            Kind::Service => format!("{}-{}", self.service, self.instance),
            Kind::Task | Kind::Scheduled | Kind::Hook => self.service.clone(),
        }
    }
}
