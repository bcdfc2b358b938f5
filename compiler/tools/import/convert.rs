//! Containers as found → the KDL that says the same, and the report of what became of every key.

mod check;
mod code;
mod draft;
mod environment;
mod flags;
mod health;
mod life;
mod limits;
mod listening;
mod mentions;
mod mounts;
mod names;
mod needs;
mod network;
mod ports;
mod process;
mod ready;
mod references;
mod resolved;
mod service;
mod stale;
mod taken;
mod target;
mod tell;
mod together;
mod values;
mod variables;
mod wrote;

use super::document;
use super::found::Found;
use super::report::{Handling, ImportReport, ReportEntry};
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::project::Project;
use draft::ImportNotes;
pub(crate) use environment::is_secret;
use mentions::Mentions;
use names::ServiceNames;
use needs::Edges;
use ports::Ports;
use std::collections::{BTreeMap, BTreeSet};
use variables::VariableNames;

/// The options of the command line for the result.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The fleet's name.
    pub fleet: Option<String>,
    /// Hosts with their addresses.
    pub hosts: Vec<(String, String)>,
    /// Keeps root filesystems writable.
    pub writable_root: bool,
    /// Profiles whose services always run.
    pub profiles: Vec<String>,
    /// The name of the source's folder, after which compose names a project without a name.
    pub folder: Option<String>,
    /// Takes every default, so that the result compiles without a decision.
    pub ready: bool,
}

/// The host that is made up where none is named, and its address from RFC 5737.
const HOST: (&str, &str) = ("host-1", "192.0.2.10");

/// Everything that the parts of a service are made from.
pub(super) struct ImportContext<'f> {
    found: &'f Found,
    options: &'f Options,
    project: &'f dyn Project,
    fleet: String,
    names: ServiceNames,
    ports: Ports,
    mentions: Mentions,
    /// The names that the containers' networks resolve, with their addresses.
    resolved: Vec<(String, String)>,
    edges: Edges,
    sources: mounts::MountWriters,
    tasks: BTreeSet<usize>,
}

/// Turns what was found into KDL and a report.
pub fn convert(found: &Found, options: &Options, project: &dyn Project) -> (String, ImportReport) {
    let known = know(found, options, project);
    let mut notes = ImportNotes { entries: found.entries.clone(), ..ImportNotes::default() };
    let mut top = vec![fleet(&known)];
    top.extend(hosts(options));
    let mut profiles: BTreeMap<&str, Vec<NodeDraft>> = BTreeMap::new();
    for (index, container) in found.containers.iter().enumerate() {
        let mut node = service::node(index, &known, &mut notes);
        node.apart = true;
        if !container.profiles.is_empty() && !known.is_on(index) {
            container
                .profiles
                .iter()
                .for_each(|profile| profiles.entry(profile.as_str()).or_default().push(node.clone()));
        } else {
            top.push(node);
        }
    }
    top.extend(variables(&notes.variables, options.ready));
    let environments: Vec<String> = profiles.keys().map(|profile| values::name(profile, "profile")).collect();
    top.extend(profiles.into_iter().map(|(profile, mut children)| NodeDraft {
        children: {
            children[0].apart = false;
            children
        },
        apart: true,
        ..NodeDraft::new("environment").argument(values::name(profile, "profile"))
    }));
    let groups = notes.groups.entries();
    top[0].comments.extend(groups.iter().map(|entry| format!("decide: {}", entry.words)));
    notes.entries.extend(groups);
    let mut report = ImportReport { entries: notes.entries, defaults: defaults(options) };
    if options.ready {
        let text = ready::text(&mut top, &environments, project, &mut report);
        return (text, report);
    }
    let text = document::text(&[HEAD.to_string()], &top, &[]);
    check::check(&text, &environments, project, &mut report);
    (text, report)
}

const HEAD: &str = "What a person must decide is marked `decide`.";

fn know<'f>(found: &'f Found, options: &'f Options, project: &'f dyn Project) -> ImportContext<'f> {
    let project_name = found.project.as_deref().or(options.folder.as_deref());
    let given = options.fleet.as_deref().or(project_name).unwrap_or("fleet");
    let fleet = values::fleet(given);
    let normal = project_name.map(names::project).filter(|name| found.default_network && !name.is_empty());
    let names = ServiceNames::new(found, normal.as_deref());
    let mentions = Mentions::new(found, &names, project);
    let ports = Ports::new(found, &names, &mentions);
    let tasks = needs::tasks(found, &names);
    let edges = Edges::new(found, &names);
    let sources = mounts::MountWriters::new(found);
    let resolved = Vec::new();
    let mut known = ImportContext {
        found,
        options,
        project,
        fleet,
        names,
        ports,
        mentions,
        resolved,
        edges,
        sources,
        tasks,
    };
    known.resolved = resolved::names(&known);
    known
}

fn fleet(known: &ImportContext<'_>) -> NodeDraft {
    let registers = known.found.containers.iter().flat_map(|container| &container.settings);
    let mut fleet = NodeDraft::new("fleet").argument(known.fleet.as_str());
    if registers.into_iter().any(|setting| matches!(setting.value, super::found::Setting::Register(..))) {
        fleet.children.push(NodeDraft {
            comments: vec!["decide: the etcd that services register in".to_string()],
            ..NodeDraft::new("etcd").argument("http://127.0.0.1:2379")
        });
    }
    fleet.children.extend(resolved::defaults(known));
    NodeDraft { apart: true, ..fleet }
}

fn hosts(options: &Options) -> Vec<NodeDraft> {
    let host = |name: &str, address: &str| NodeDraft::new("host").argument(name).property("address", address);
    if options.hosts.is_empty() {
        vec![NodeDraft {
            apart: true,
            comments: vec!["decide: the host that runs this, and its address".to_string()],
            ..host(HOST.0, HOST.1)
        }]
    } else {
        options.hosts.iter().map(|(name, address)| host(name, address)).collect()
    }
}

/// The variables. None has a value, so that a build asks for it: docker takes an empty one.
fn variables(names: &VariableNames, ready: bool) -> Vec<NodeDraft> {
    let all: Vec<&str> = names.all().map(String::as_str).collect();
    let words = format!("decide: {}: {}", check::VARIABLES, all.join(", "));
    let node = |(index, name): (usize, &&str)| {
        let value = if names.is_in_image(name) { "latest" } else { "" };
        let value = ready.then(|| NodeValue::from(value));
        NodeDraft {
            comments: if index == 0 { vec![words.clone()] } else { Vec::new() },
            apart: index == 0,
            arguments: std::iter::once(NodeValue::from(*name)).chain(value).collect(),
            ..NodeDraft::new("var")
        }
    };
    all.iter().enumerate().map(node).collect()
}

fn defaults(options: &Options) -> Vec<String> {
    let mut defaults = vec![
        "detached: the unit's script starts the container detached, pulls nothing and watches it".to_string(),
        "network: the host's own; a port that a process binds is a port of the host".to_string(),
        "restart: systemd starts a service again for ever, docker never does".to_string(),
        "logs: to the journal, by the unit's name".to_string(),
        "labels: dpc's own are added".to_string(),
        "volumes: `activate` makes directories below `data-root` alone; others must be there, as docker made them"
            .to_string(),
        "no-new-privileges: setuid programs gain nothing, unless the source says otherwise".to_string(),
    ];
    if !options.writable_root {
        defaults.push(
            "read-only: the root filesystem is read-only; a path that is written needs a volume or a tmpfs \
             (`dpc import container` finds them; `--writable-root` leaves it writable)"
                .to_string(),
        );
    }
    defaults
}

/// An entry about a service.
pub(crate) fn entry(
    fate: Handling,
    service: &str,
    place: &super::place::Place,
    words: impl Into<String>,
) -> ReportEntry {
    ReportEntry { service: Some(service.to_string()), ..ReportEntry::new(fate, place, words) }
}
