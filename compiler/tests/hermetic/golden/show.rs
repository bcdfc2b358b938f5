//! `dpc show`: services after merging, as its user sees them. The printed KDL means the same as the layers.

use crate::golden::case::{build, examples, messages, name, open, request, root};
use crate::golden::files::{Files, assert_same, compare};
use crate::golden::reordered::written_with;
use dpc::diagnostic::Report;
use dpc::front::read::{ENTRY, read};
use dpc::kdl::{self, Document};
use dpc::model::plan::Unit;
use dpc::pipeline::Planned;
use dpc::project::{Memory, Project, Unreadable};
use std::collections::BTreeSet;
use std::process::Command;

/// Example, service or task, environment.
const SHOWN: &[(&str, &str, Option<&str>)] = &[
    ("defaults-and-bases", "web", None),
    ("defaults-and-bases", "worker", None),
    ("environments", "api", None),
    ("environments", "api", Some("staging")),
    ("files", "api", None),
    ("nasty", "values", None),
    ("nodejs", "api", None),
    ("shop", "api", None),
    ("shop", "api", Some("staging")),
    ("shop", "migrate", None),
    ("tasks", "report", None),
];

#[test]
fn services_are_shown_with_the_place_of_every_value() {
    let mut made = Files::new();
    for (example, service, environment) in SHOWN {
        let text = show(example, service, *environment);
        let at = environment.map(|environment| format!("@{environment}")).unwrap_or_default();
        made.insert(format!("{example}{at}.{service}.kdl"), (text.into_bytes(), false));
    }
    assert_same(compare(&made, &root().join("golden/show")));
}

fn show(example: &str, service: &str, environment: Option<&str>) -> String {
    let folder = root().join("examples").join(example);
    let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
    command.args(["show", "--color", "never", service]).arg(&folder);
    command.args(environment.iter().flat_map(|environment| ["--env", environment]));
    command.args(request(&folder).vars.iter().map(|(name, value)| format!("--var={name}={value}")));
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    assert!(output.status.success(), "{example}: show {service}:\n{}", text(output.stderr));
    text(output.stdout)
}

/// Every service of every example, put as it is shown in place of its layers, is the same container.
#[test]
fn what_is_shown_means_what_the_layers_meant() {
    for example in examples() {
        let (disk, request) = (open(&example), request(&example));
        let straight = build(&disk, &request).result.unwrap().0;
        let shown = Shown { kdl: flat(&disk, &name(&example), &straight), rest: &disk };
        let outcome = build(&shown, &request);
        let Some((flat, _)) = &outcome.result else { panic!("{}:\n{}", name(&example), messages(&outcome)) };
        for (unit, other) in units(&straight).zip(units(flat)) {
            assert_eq!(unit.hash, other.hash, "{}: {}", name(&example), unit.name);
            assert_eq!(unit.waits, other.waits, "{}: {}", name(&example), unit.name);
            assert_eq!(unit.health, other.health, "{}: {}", name(&example), unit.name);
        }
        assert_eq!(units(&straight).count(), units(flat).count(), "{}", name(&example));
    }
}

fn units(planned: &Planned) -> impl Iterator<Item = &Unit> {
    planned.plan.hosts.iter().flat_map(|host| &host.units)
}

/// One file: everything but defaults, bases, environments and services as it is written, and the services as they are shown.
fn flat(project: &dyn Project, example: &str, planned: &Planned) -> Memory {
    let sources = read(project, &mut Report::default()).unwrap();
    let mut text = String::new();
    for (file, source) in sources.iter() {
        text.push_str(&rest(&kdl::whole(file, &source.text).unwrap()));
    }
    let services: BTreeSet<&str> = units(planned).map(|unit| unit.service.as_str()).collect();
    services.iter().for_each(|service| text.push_str(&show(example, service, None)));
    let mut project = Memory::default();
    project.insert(ENTRY, text);
    project
}

fn rest(document: &Document) -> String {
    let layers = ["include", "base", "environment", "service", "task"];
    let mut nodes: Vec<_> = document.nodes().filter(|node| !layers.contains(&node.name())).collect();
    nodes.reverse();
    nodes.into_iter().map(|node| written_with(node, |child| child.name() != "defaults")).collect()
}

struct Shown<'d> {
    kdl: Memory,
    rest: &'d dyn Project,
}

impl Project for Shown<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        self.kdl.read(path).or_else(|_| self.rest.read(path))
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        self.rest.list(directory)
    }
}
