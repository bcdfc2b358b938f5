//! A report → its extent: in numbers, and in one line.

use super::report::{Action, Change, Counts, Diff, HostDiff, ResourceKind, UnitDiff};
use super::sentence::Sentence;
use super::sides::Sides;
use crate::model::fleet::Kind;
use std::collections::BTreeSet;

impl HostDiff {
    /// Returns whether anything changes here.
    pub(crate) fn is_changed(&self) -> bool {
        self.change != Change::Same
            || !(self.reasons.is_empty()
                && self.units.is_empty()
                && self.resources.is_empty()
                && self.files.is_empty())
    }
}

/// Counts services and tasks, each once for each kind of change.
pub(crate) fn counts(diff: &Diff, sides: &Sides) -> Counts {
    let units = || diff.hosts.iter().flat_map(|host| &host.units);
    let with = |wanted: &dyn Fn(&UnitDiff) -> bool| {
        let names: BTreeSet<&str> =
            units().filter(|unit| wanted(unit)).map(|unit| unit.service.as_str()).collect();
        names.len()
    };
    let touched: BTreeSet<&str> = units().map(|unit| unit.service.as_str()).collect();
    let is_task = |unit: &UnitDiff| unit.kind == Kind::Task;
    Counts {
        start: with(&|unit| unit.action == Action::Start),
        stop: with(&|unit| unit.action == Action::Stop),
        restart: with(&|unit| unit.action == Action::Restart && !is_task(unit)),
        rerun: with(&|unit| unit.action == Action::Restart && is_task(unit)),
        reregister: with(&|unit| unit.action == Action::Reregister),
        file_only: with(&|unit| unit.action == Action::FileOnly),
        orphan: with(&|unit| unit.action == Action::Orphan),
        unchanged: sides.head.services.keys().filter(|name| !touched.contains(*name)).count(),
        hosts: diff.hosts.iter().filter(|host| host.is_changed()).count(),
    }
}

/// The summary without changes.
const NOTHING: &str = "no changes: nothing starts, stops, restarts or registers anew";

/// `restarts 3 services on 2 hosts, re-registers 1, opens port 8081 on app-1, 14 unchanged`.
pub(crate) fn summary(diff: &Diff) -> Sentence {
    if !diff.changed {
        return Sentence::default().say(NOTHING);
    }
    let mut parts = actions(diff);
    parts.extend(ports(diff, Change::Added, "opens"));
    parts.extend(ports(diff, Change::Removed, "closes"));
    parts.extend(ports(diff, Change::Changed, "hands over"));
    if parts.is_empty() {
        let hosts = if diff.counts.hosts == 1 { "host" } else { "hosts" };
        parts.push(said(format!("changes {} {hosts}, but no service", diff.counts.hosts)));
    }
    parts.push(said(format!("{} unchanged", diff.counts.unchanged)));
    let mut line = Sentence::default();
    for (index, part) in parts.into_iter().enumerate() {
        line = if index == 0 { part } else { line.say(", ").then(part) };
    }
    line
}

fn said(words: String) -> Sentence {
    Sentence::default().say(words)
}

/// Summarizes the actions. The first number says in full what it counts; the others are numbers alone.
fn actions(diff: &Diff) -> Vec<Sentence> {
    let counts = &diff.counts;
    let verbs = [
        ("restarts", counts.restart, Action::Restart, false),
        ("runs again", counts.rerun, Action::Restart, true),
        ("starts", counts.start, Action::Start, false),
        ("stops", counts.stop, Action::Stop, false),
        ("re-registers", counts.reregister, Action::Reregister, false),
        ("changes only files of", counts.file_only, Action::FileOnly, false),
    ];
    let mut parts: Vec<Sentence> = Vec::new();
    for (verb, count, action, tasks) in verbs.into_iter().filter(|(_, count, ..)| *count > 0) {
        parts.push(if parts.is_empty() || tasks {
            said(format!("{verb} {}", noun(diff, action, tasks))).then(on_hosts(diff, action, tasks))
        } else {
            said(format!("{verb} {count}"))
        });
    }
    if counts.orphan > 0 {
        parts.push(said(format!("leaves {} running without a bundle", counts.orphan)));
    }
    parts
}

fn matching(diff: &Diff, action: Action, tasks: bool) -> impl Iterator<Item = (&str, &UnitDiff)> {
    let units = diff.hosts.iter().flat_map(|host| host.units.iter().map(|unit| (host.host.as_str(), unit)));
    let split = action == Action::Restart;
    units.filter(move |(_, unit)| unit.action == action && (!split || (unit.kind == Kind::Task) == tasks))
}

/// `2 services and 1 task`.
fn noun(diff: &Diff, action: Action, tasks: bool) -> String {
    let names = |service: bool| -> BTreeSet<&str> {
        let units = matching(diff, action, tasks).filter(|(_, unit)| (unit.kind == Kind::Service) == service);
        units.map(|(_, unit)| unit.service.as_str()).collect()
    };
    let counted = |count: usize, noun: &str| match count {
        0 => None,
        1 => Some(format!("1 {noun}")),
        count => Some(format!("{count} {noun}s")),
    };
    let parts = [counted(names(true).len(), "service"), counted(names(false).len(), "task")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

fn on_hosts(diff: &Diff, action: Action, tasks: bool) -> Sentence {
    let hosts: BTreeSet<&str> = matching(diff, action, tasks).map(|(host, _)| host).collect();
    match hosts.len() {
        1 => Sentence::default().say(" on ").values(hosts),
        count => said(format!(" on {count} hosts")),
    }
}

/// The most ports that the line names.
const NAMED_PORTS: usize = 2;

fn ports(diff: &Diff, change: Change, verb: &str) -> Option<Sentence> {
    let ports: Vec<(&str, &str)> = diff
        .hosts
        .iter()
        .flat_map(|host| host.resources.iter().map(|resource| (host.host.as_str(), resource)))
        .filter(|(_, resource)| resource.kind == ResourceKind::Port && resource.change == change)
        .map(|(host, resource)| (host, resource.name.as_str()))
        .collect();
    let mut line = said(match ports.len() {
        0 => return None,
        1 => format!("{verb} port "),
        2..=NAMED_PORTS => format!("{verb} ports "),
        count => return Some(said(format!("{verb} {count} ports"))),
    });
    for (index, (host, port)) in ports.into_iter().enumerate() {
        line = if index == 0 { line } else { line.say(" and ") };
        line = line.value(port.strip_suffix("/tcp").unwrap_or(port)).say(" on ").value(host);
    }
    Some(line)
}
