//! Both plans → what no bundle does: data that stays behind, directories that are never touched, keys that go with no
//! lease, units that run on, files that must be there before.

use super::report::{Note, NoteKind};
use super::risks::{Notes, about};
use super::sentence::Sentence;
use super::sides::{PlacedUnit, Sides};
use crate::model::container::Volume;
use crate::model::fleet::Record;
use crate::model::plan::Unit;
use crate::value::path::HostPath;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

/// Returns all notes, by kind and service.
pub(crate) fn left_to_you(sides: &Sides) -> Vec<Note> {
    let mut found = Notes::default();
    orphans(sides, &mut found);
    renamed(sides, &mut found);
    let mounted = mounted(sides);
    let changes = |placed: &PlacedUnit| !sides.is_unchanged(placed.host);
    for placed in sides.base.placed().filter(changes) {
        volumes_left_behind(sides, placed, &mounted, &mut found);
    }
    for placed in sides.head.placed().filter(changes) {
        if let Some(before) = sides.before(placed.host, &placed.unit.name).filter(|_| sides.same_fleet()) {
            paths(before, placed, &mut found);
        }
    }
    keys(sides, &mut found);
    secret_files(sides, &mut found);
    found.sorted()
}

/// Every directory that something mounts, with its host, where anything changes.
fn mounted<'p>(sides: &Sides<'p>) -> BTreeSet<(&'p str, &'p str)> {
    let of = |placed: PlacedUnit<'p>| {
        placed.unit.container.volumes.iter().map(move |volume| (placed.host, volume.from.value.as_str()))
    };
    sides.head.placed().filter(|placed| !sides.is_unchanged(placed.host)).flat_map(of).collect()
}

/// The volumes with data: those that are mounted to be written.
fn data(unit: &Unit) -> impl Iterator<Item = &Volume> {
    unit.container.volumes.iter().filter(|volume| !volume.read_only && !volume.docker_socket)
}

/// The service, or, where others of it stay, the instance.
fn leaving(sides: &Sides, unit: &Unit) -> String {
    if sides.head.of(&unit.service).is_empty() {
        unit.service.clone()
    } else {
        format!("{}-{}", unit.service, unit.instance)
    }
}

fn orphans(sides: &Sides, found: &mut Notes) {
    let (old, new) = (&sides.base.plan.fleet, &sides.head.plan.fleet);
    for (name, host) in &sides.base.hosts {
        if !sides.same_fleet() {
            let message = Sentence::default()
                .say("the fleet ")
                .value(old)
                .say(" is now ")
                .value(new)
                .say(": its units run on beside the new ones and hold their ports, until ")
                .value(format!("systemctl disable --now {old}.target"));
            found.add(NoteKind::Orphan, "", name, message);
        } else if !sides.head.hosts.contains_key(name) && !host.units.is_empty() {
            let message = Sentence::default()
                .value(*name)
                .say(" leaves the fleet, and no bundle is made for it: what runs there runs on, registered as it is, until ")
                .value(format!("systemctl disable --now {old}.target"));
            found.add(NoteKind::Orphan, "", name, message);
        }
    }
}

fn renamed(sides: &Sides, found: &mut Notes) {
    for (new, old) in &sides.renamed {
        for placed in sides.head.of(new) {
            let message = about(new)
                .say("looks like ")
                .value(*old)
                .say(" by a new name: the old one is stopped, the new one started");
            found.add(NoteKind::Renamed, new, placed.host, message);
            let before =
                sides.base.of(old).iter().find(|before| {
                    before.host == placed.host && before.unit.instance == placed.unit.instance
                });
            if let Some(before) = before {
                paths(before.unit, *placed, found);
            }
        }
    }
}

/// A volume of a unit that leaves, and that nothing on its host mounts any more.
fn volumes_left_behind(
    sides: &Sides,
    placed: PlacedUnit,
    mounted: &BTreeSet<(&str, &str)>,
    found: &mut Notes,
) {
    let PlacedUnit { host, unit } = placed;
    let stays = sides.after(host, &unit.name).is_some() && sides.same_fleet();
    // A service with a new name has notes about its new paths.
    if stays || sides.new_name(&unit.service).is_some() {
        return;
    }
    for volume in data(unit).filter(|volume| !mounted.contains(&(host, volume.from.value.as_str()))) {
        let message = match sides.other_host(host, &unit.name) {
            Some(to) => about(&unit.service)
                .say("moved ")
                .value(host)
                .say(" → ")
                .value(to)
                .say(": its volume ")
                .value(&volume.from.value)
                .say(" stays behind, and it starts with what is on the other host"),
            None => about(&leaving(sides, unit))
                .say("leaves, and its volume ")
                .value(&volume.from.value)
                .say(" stays behind; nothing mounts it any more"),
        };
        found.add(NoteKind::DataStaysBehind, &unit.service, host, message);
    }
}

/// The same path in the container, another one on the host; or another owner of a directory that is there already.
fn paths(before: &Unit, placed: PlacedUnit, found: &mut Notes) {
    let PlacedUnit { host, unit } = placed;
    let old: BTreeMap<&str, &Volume> =
        data(before).map(|volume| (volume.path.value.as_str(), volume)).collect();
    let still: BTreeSet<&str> = data(unit).map(|volume| volume.from.value.as_str()).collect();
    for volume in data(unit) {
        let Some(was) = old.get(volume.path.value.as_str()) else { continue };
        if was.from != volume.from {
            let message = about(&unit.service)
                .say("the data of ")
                .value(&volume.path.value)
                .say(" was in ")
                .value(&was.from.value)
                .say(" and is now in ")
                .value(&volume.from.value)
                .say(": nothing is copied");
            found.add(NoteKind::DataPath, &unit.service, host, message);
        } else if was.owner != volume.owner || was.mode != volume.mode {
            let message = about(&unit.service)
                .say("owner or mode of ")
                .value(&volume.from.value)
                .say(" changes, but a directory that exists is never touched: do it by hand");
            found.add(NoteKind::DataOwner, &unit.service, host, message);
        }
    }
    let new: BTreeSet<&str> =
        unit.container.volumes.iter().map(|volume| volume.path.value.as_str()).collect();
    for was in old.values().filter(|was| !new.contains(was.path.value.as_str())) {
        if !still.contains(was.from.value.as_str()) {
            let message = about(&unit.service)
                .say("no longer mounts ")
                .value(&was.from.value)
                .say(" at ")
                .value(&was.path.value)
                .say(": it stays on the host");
            found.add(NoteKind::DataStaysBehind, &unit.service, host, message);
        }
    }
}

/// Keys that are not under a lease and that nobody puts any more.
fn keys(sides: &Sides, found: &mut Notes) {
    let wanted: LazyCell<BTreeSet<&str>, _> =
        LazyCell::new(|| sides.head.placed().flat_map(|placed| placed.unit.records()).map(key).collect());
    for PlacedUnit { host, unit } in sides.base.placed().filter(|placed| !sides.is_unchanged(placed.host)) {
        for record in unit.records().filter(|record| !record.leased && !wanted.contains(key(record))) {
            let message = about(&unit.service)
                .say("the key ")
                .value(&record.key)
                .say(" stays in etcd, since it is under no lease: ")
                .value(format!("etcdctl del {}", record.key));
            found.add(NoteKind::KeyStays, &unit.service, host, message);
        }
    }
}

fn key(record: &Record) -> &str {
    &record.key
}

/// `activate` refuses to start where one is missing.
fn secret_files(sides: &Sides, found: &mut Notes) {
    let files = |placed: PlacedUnit<'_>| -> Vec<HostPath> {
        placed.unit.container.secrets.iter().map(|secret| secret.from.value.clone()).collect()
    };
    let known: BTreeSet<(String, HostPath)> = sides
        .base
        .placed()
        .flat_map(|placed| files(placed).into_iter().map(|path| (placed.host.to_string(), path)))
        .collect();
    for placed in sides.head.placed() {
        for path in files(placed) {
            if !known.contains(&(placed.host.to_string(), path.clone())) {
                let message = about(&placed.unit.service)
                    .say("the secret file ")
                    .value(path)
                    .say(" must be there before: `activate` refuses without it");
                found.add(NoteKind::SecretFile, &placed.unit.service, placed.host, message);
            }
        }
    }
}
