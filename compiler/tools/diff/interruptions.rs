//! Both plans → the services that nobody answers for, for a while.
//!
//! On a host `activate` stops the units that leave, then starts one unit after the other and waits until each is ready. So a
//! service is gone in between, unless one of its instances goes on running, or another instance is up before it is stopped.

use super::hosts::replaced;
use super::report::{Note, NoteKind};
use super::risks::about;
use super::sentence::Sentence;
use super::sides::{PlacedUnit, Sides};
use crate::model::fleet::Kind;
use crate::model::plan::Unit;
use std::collections::{BTreeMap, BTreeSet};

/// One note for each service, sorted by name.
pub(crate) fn interruptions(sides: &Sides) -> Vec<Note> {
    if !sides.same_fleet() {
        return Vec::new();
    }
    let mut needs = WaitingServices::new();
    for placed in sides.head.placed() {
        for wait in &placed.unit.waits {
            needs.entry(&wait.service).or_default().insert(&placed.unit.service);
        }
    }
    sides.changing().filter_map(|(name, after)| interruption(sides, &needs, name, after)).collect()
}

/// The services that wait for one.
type WaitingServices<'p> = BTreeMap<&'p str, BTreeSet<&'p str>>;

fn interruption(sides: &Sides, needs: &WaitingServices, name: &str, after: &[PlacedUnit]) -> Option<Note> {
    let old_name = sides.renamed.get(name).copied().unwrap_or(name);
    let before = sides.base.of(old_name);
    let runs = |placed: &PlacedUnit| placed.unit.kind == Kind::Service;
    if !before.iter().any(runs) || !after.iter().any(runs) {
        return None;
    }
    // Units go on running on a host that gets no bundle any more.
    if before.iter().any(|placed| !sides.head.hosts.contains_key(placed.host)) {
        return None;
    }
    let same = |placed: &&PlacedUnit| sides.before(placed.host, &placed.unit.name).is_some();
    let stay: Vec<&PlacedUnit> = after.iter().filter(same).collect();
    let kept = stay.iter().any(|placed| !replaced(sides, placed));
    if kept || stay.len() > 1 {
        return None;
    }
    let message = match (stay.as_slice(), after) {
        ([one], _) => restarts(sides, one),
        _ if old_name != name => replaces(old_name, before, after),
        _ => moves(before, after),
    };
    let hosts = before.iter().chain(after).map(|placed| placed.host.to_string()).collect::<BTreeSet<_>>();
    Some(Note {
        kind: NoteKind::Interruption,
        service: name.to_string(),
        hosts: hosts.into_iter().collect(),
        message: message.then(needed_by(needs, name)),
    })
}

fn restarts(sides: &Sides, one: &PlacedUnit) -> Sentence {
    let old = sides.before(one.host, &one.unit.name).unwrap_or(one.unit);
    let others = sides.base.of(&one.unit.service).len() - 1;
    let count = match others {
        0 => "has a single instance, and is down while that restarts",
        _ => "loses its other instances first, and is down while the last one restarts",
    };
    about(&one.unit.service).say(format!("{count}: {}", times(old, one.unit)))
}

fn replaces(old_name: &str, before: &[PlacedUnit], after: &[PlacedUnit]) -> Sentence {
    let new_name = &after[0].unit.service;
    about(new_name)
        .say("is down from the stop of ")
        .value(old_name)
        .say(" until it is ready: ")
        .say(times(before[0].unit, after[0].unit))
}

fn moves(before: &[PlacedUnit], after: &[PlacedUnit]) -> Sentence {
    let hosts = |placed: &[PlacedUnit]| -> BTreeSet<String> {
        placed.iter().map(|placed| placed.host.to_string()).collect()
    };
    about(&after[0].unit.service)
        .say("is down from the activation of ")
        .values(hosts(before))
        .say(" until that of ")
        .values(hosts(after))
        .say("; activate the latter first if two may run at once")
}

/// The longest time that it can take: that of a stop and a start.
fn times(before: &Unit, after: &Unit) -> String {
    format!(
        "at most {} s to stop and {} s to become ready",
        before.container.stop.grace_seconds,
        after.health.ready_seconds()
    )
}

fn needed_by(needs: &WaitingServices, name: &str) -> Sentence {
    match needs.get(name) {
        None => Sentence::default(),
        Some(names) => Sentence::default().say("; needed by ").values(names.iter().copied()),
    }
}
