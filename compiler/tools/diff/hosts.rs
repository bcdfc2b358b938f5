//! Both plans → by host, what happens to each unit and why.

use super::report::{Action, Change, HostDiff, Reason, UnitDiff};
use super::resources::resources;
use super::sides::{PlacedUnit, Sides};
use super::unit::{Plans, unit};
use crate::model::fleet::Kind;
use crate::model::plan::{HostPlan, Unit};
use crate::secret::Known;
use std::collections::BTreeSet;

/// Every host on which something changes, and how many units stay on the others.
pub(crate) fn hosts(sides: &Sides) -> Vec<HostDiff> {
    let names: BTreeSet<&str> = sides.base.hosts.keys().chain(sides.head.hosts.keys()).copied().collect();
    names.into_iter().map(|name| host(sides, name)).collect()
}

fn host(sides: &Sides, name: &str) -> HostDiff {
    let (base, head) = (sides.base.hosts.get(name).copied(), sides.head.hosts.get(name).copied());
    if let Some(head) = head.filter(|_| sides.is_unchanged(name)) {
        return same(head);
    }
    let mut units: Vec<UnitDiff> =
        base.into_iter().flat_map(|host| &host.units).filter_map(|unit| leaves(sides, name, unit)).collect();
    let leaving = units.len();
    units.extend(head.into_iter().flat_map(|host| &host.units).filter_map(|unit| stays(sides, name, unit)));
    let changed = units.len() - leaving;
    HostDiff {
        host: name.to_string(),
        change: match (base, head) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ => Change::Same,
        },
        reasons: base.zip(head).map(|(base, head)| about(base, head, &sides.known)).unwrap_or_default(),
        units,
        unchanged: head.map_or(0, |host| host.units.len()) - changed,
        resources: resources(sides, name),
        files: Vec::new(),
    }
}

fn same(host: &HostPlan) -> HostDiff {
    HostDiff {
        host: host.name.clone(),
        change: Change::Same,
        reasons: Vec::new(),
        units: Vec::new(),
        unchanged: host.units.len(),
        resources: Vec::new(),
        files: Vec::new(),
    }
}

/// Returns the changes of the host itself. Its units are told one by one, and its reserved ports among its resources.
fn about(base: &HostPlan, head: &HostPlan, known: &Known) -> Vec<Reason> {
    let HostPlan { name: _, address, storage_driver, unprivileged_ports, reserved_ports: _, units: _ } = base;
    let mut found = super::reason::Reasons::new(known);
    found.one("address", address, head.address);
    found.maybe("storage-driver", *storage_driver, head.storage_driver);
    found.maybe("unprivileged-ports", *unprivileged_ports, head.unprivileged_ports);
    found.found
}

/// A unit that the head's bundle for this host does not have.
fn leaves(sides: &Sides, host: &str, unit: &Unit) -> Option<UnitDiff> {
    let bundle = sides.head.hosts.contains_key(host);
    if !sides.same_fleet() {
        return Some(unit_diff(unit, Action::Orphan, vec![other_fleet(sides)]));
    }
    if sides.after(host, &unit.name).is_some() {
        return None;
    }
    if bundle {
        return Some(unit_diff(unit, Action::Stop, vec![why_gone(sides, host, unit)]));
    }
    let elsewhere = Some(why_gone(sides, host, unit)).filter(|reason| reason.field != PLACEMENT);
    let reasons = std::iter::once(Reason::of("host", Change::Removed)).chain(elsewhere).collect();
    Some(unit_diff(unit, Action::Orphan, reasons))
}

fn other_fleet(sides: &Sides) -> Reason {
    let (old, new) = (sides.base.plan.fleet.clone(), sides.head.plan.fleet.clone());
    Reason::of("fleet", Change::Changed).values(Some(old), Some(new))
}

fn why_gone(sides: &Sides, host: &str, unit: &Unit) -> Reason {
    if let Some(new) = sides.new_name(&unit.service) {
        return Reason::of("renamed", Change::Changed).values(Some(unit.service.clone()), Some(new.into()));
    }
    if let Some(to) = sides.other_host(host, &unit.name) {
        return Reason::of("moved", Change::Changed).values(Some(host.into()), Some(to.into()));
    }
    came_or_went(sides.head.of(&unit.service), host, unit, Change::Removed)
}

fn why_new(sides: &Sides, host: &str, unit: &Unit) -> Reason {
    if !sides.same_fleet() {
        return other_fleet(sides);
    }
    if let Some(old) = sides.renamed.get(unit.service.as_str()) {
        let names = (Some(old.to_string()), Some(unit.service.clone()));
        return Reason::of("renamed", Change::Changed).values(names.0, names.1);
    }
    if let Some(from) = sides.other_host(host, &unit.name) {
        return Reason::of("moved", Change::Changed).values(Some(from.into()), Some(host.into()));
    }
    came_or_went(sides.base.of(&unit.service), host, unit, Change::Added)
}

/// The field of a reason that is only about where.
const PLACEMENT: &str = "placement on";

fn came_or_went(elsewhere: &[PlacedUnit], host: &str, unit: &Unit, change: Change) -> Reason {
    let noun = if unit.kind == Kind::Service { "service" } else { "task" };
    if elsewhere.is_empty() {
        return Reason::of(noun, change);
    }
    if elsewhere.iter().any(|placed| placed.host == host) {
        Reason::of("instance", change).named(unit.instance.to_string())
    } else {
        Reason::of(PLACEMENT, change).named(host)
    }
}

/// A unit that the head's bundle for this host has.
fn stays(sides: &Sides, host: &str, head: &Unit) -> Option<UnitDiff> {
    let before = sides.before(host, &head.name).filter(|_| sides.same_fleet());
    let Some(base) = before else {
        return Some(unit_diff(head, Action::Start, vec![why_new(sides, host, head)]));
    };
    let plans = Plans { before: sides.base.plan, after: sides.head.plan, known: &sides.known };
    let (action, reasons) = unit(base, head, &plans)?;
    Some(unit_diff(head, action, reasons))
}

fn unit_diff(unit: &Unit, action: Action, reasons: Vec<Reason>) -> UnitDiff {
    UnitDiff {
        unit: unit.name.clone(),
        service: unit.service.clone(),
        instance: unit.instance,
        kind: unit.kind.clone(),
        action,
        reasons,
    }
}

/// Returns whether a unit of the head, which ran before, is another container afterwards.
pub(crate) fn replaced(sides: &Sides, placed: &PlacedUnit) -> bool {
    let before = sides.before(placed.host, &placed.unit.name);
    before.is_some_and(|before| before.hash != placed.unit.hash)
}

/// Returns whether a unit of the head is started, for the first time or again.
pub(crate) fn starts(sides: &Sides, placed: &PlacedUnit) -> bool {
    let known = sides.before(placed.host, &placed.unit.name).is_some() && sides.same_fleet();
    placed.unit.kind.runs_by_itself() && (!known || replaced(sides, placed))
}
