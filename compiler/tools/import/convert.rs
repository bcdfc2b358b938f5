//! Containers as found → the KDL that says the same, and the report of what became of every key.

mod check;
mod draft;
mod environment;
mod health;
mod known_images;
mod life;
mod limits;
mod mounts;
mod names;
mod needs;
mod network;
mod ports;
mod process;
mod references;
mod service;
mod taken;
mod target;
mod values;
mod wrote;

use super::document;
use super::found::Found;
use super::report::{Handling, ImportReport, ReportEntry};
use crate::kdl::write::NodeDraft;
use crate::project::Project;
pub(crate) use environment::is_secret;
use names::ServiceNames;
use needs::Edges;
use ports::Ports;
use std::collections::{BTreeMap, BTreeSet};

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
    edges: Edges,
    sources: mounts::MountWriters,
    tasks: BTreeSet<usize>,
}

/// Turns what was found into KDL and a report.
pub fn convert(found: &Found, options: &Options, project: &dyn Project) -> (String, ImportReport) {
    let known = know(found, options, project);
    let mut entries = found.entries.clone();
    let mut top = vec![fleet(&known)];
    top.extend(hosts(options));
    let mut variables = BTreeSet::new();
    let mut profiles: BTreeMap<&str, Vec<NodeDraft>> = BTreeMap::new();
    for (index, container) in found.containers.iter().enumerate() {
        let mut node = service::node(index, &known, &mut entries, &mut variables);
        node.apart = true;
        let off: Vec<&String> =
            container.profiles.iter().filter(|profile| !options.profiles.contains(profile)).collect();
        if off.len() == container.profiles.len() && !off.is_empty() {
            off.iter().for_each(|profile| profiles.entry(profile.as_str()).or_default().push(node.clone()));
        } else {
            top.push(node);
        }
    }
    top.extend(variables.iter().map(|name| variable(name)));
    let environments: Vec<String> = profiles.keys().map(|profile| values::name(profile, "profile")).collect();
    top.extend(profiles.into_iter().map(|(profile, mut children)| NodeDraft {
        children: {
            children[0].apart = false;
            children
        },
        apart: true,
        ..NodeDraft::new("environment").argument(values::name(profile, "profile"))
    }));
    let mut report = ImportReport { entries, defaults: defaults(options) };
    let head = ["What a person must decide is marked `decide`.".to_string()];
    let text = document::text(&head, &top, &[]);
    check::check(&text, &environments, project, &mut report);
    (text, report)
}

fn know<'f>(found: &'f Found, options: &'f Options, project: &'f dyn Project) -> ImportContext<'f> {
    let given = options.fleet.as_deref().or(found.project.as_deref()).unwrap_or("fleet");
    let fleet = values::fleet(given);
    let names = ServiceNames::new(found);
    let ports = Ports::new(found, &names);
    let tasks = needs::tasks(found, &names);
    let edges = Edges::new(found, &names);
    let sources = mounts::MountWriters::new(found);
    ImportContext { found, options, project, fleet, names, ports, edges, sources, tasks }
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

fn variable(name: &str) -> NodeDraft {
    NodeDraft {
        comments: vec![format!("decide: `{name}` was filled in by whoever ran it: write its value")],
        apart: true,
        ..NodeDraft::new("var").argument(name).argument("unset")
    }
}

fn defaults(options: &Options) -> Vec<String> {
    let mut defaults = vec![
        "detached: the unit's script starts the container detached, pulls nothing and watches it".to_string(),
        "network: the host's own; a port that a process binds is a port of the host".to_string(),
        "restart: systemd starts a service again for ever, docker never does".to_string(),
        "logs: to the journal, by the unit's name".to_string(),
        "labels: dpc's own are added".to_string(),
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
