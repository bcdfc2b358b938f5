//! Both plans → what waits for what, among all that starts.

use super::hosts::{replaced, starts};
use super::report::{Note, NoteKind};
use super::risks::{Notes, about};
use super::sides::{PlacedUnit, Sides};
use crate::model::fleet::Kind;
use crate::model::plan::{Sign, Wait};
use std::collections::{BTreeMap, BTreeSet};

/// One note for each service that starts and what it waits for that starts too, sorted by service.
pub(crate) fn order(sides: &Sides) -> Vec<Note> {
    let unsettled = sides.head.placed().filter(|placed| !sides.is_unchanged(placed.host));
    let starting: Vec<PlacedUnit> = unsettled.filter(|placed| starts(sides, placed)).collect();
    let mut names: Starting = BTreeMap::new();
    for placed in &starting {
        names.entry(&placed.unit.service).or_default().insert(placed.host);
    }
    let mut found = Notes::default();
    for placed in &starting {
        let waits = placed.unit.waits.iter().filter(|wait| names.contains_key(wait.service.as_str()));
        for wait in waits {
            note(sides, placed, wait, &names, &mut found);
        }
    }
    for (name, after) in sides.changing() {
        one_by_one(sides, name, after, &mut found);
    }
    found.sorted()
}

/// The services that start, each with its hosts.
type Starting<'p> = BTreeMap<&'p str, BTreeSet<&'p str>>;

/// A service that restarts everywhere answers all the time only if its hosts take turns.
fn one_by_one(sides: &Sides, name: &str, after: &[PlacedUnit], found: &mut Notes) {
    let services = after.iter().filter(|placed| placed.unit.kind == Kind::Service);
    let known = |placed: &&PlacedUnit| sides.before(placed.host, &placed.unit.name).is_some();
    let old: Vec<&PlacedUnit> = services.filter(known).collect();
    let hosts: BTreeSet<&str> = old.iter().map(|placed| placed.host).collect();
    if hosts.len() > 1 && sides.same_fleet() && old.iter().all(|placed| replaced(sides, placed)) {
        let message =
            about(name).say("restarts on all its hosts; it goes on answering if they are activated in turn");
        hosts.into_iter().for_each(|host| found.add(NoteKind::InTurn, name, host, message.clone()));
    }
}

fn note(sides: &Sides, placed: &PlacedUnit, wait: &Wait, starting: &Starting, found: &mut Notes) {
    let message = about(&placed.unit.service).say("waits for ").value(&wait.service);
    let seconds = wait.timeout_seconds;
    let message = match &wait.sign {
        Sign::Unit { .. } | Sign::Started { .. } => message.say(format!(", at most {seconds} s")),
        Sign::Registration { .. } | Sign::Connection { .. } => {
            let hosts = starting.get(wait.service.as_str()).cloned().unwrap_or_default();
            let all = sides.head.of(&wait.service).len();
            let first = if hosts.len() < all { "" } else { "; activate there first" };
            message.say(" on ").values(hosts).say(format!(", at most {seconds} s{first}"))
        }
    };
    found.add(NoteKind::Waits, &placed.unit.service, placed.host, message);
}
