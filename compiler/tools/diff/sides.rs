//! Two plans → who was where and who is where: by host, by service, and which service is another one by a new name.

use super::container::container;
use super::reason::Reasons;
use crate::model::plan::{HostPlan, Plan, Unit};
use crate::secret::Known;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write;

/// A unit on its host.
#[derive(Clone, Copy)]
pub(crate) struct PlacedUnit<'p> {
    /// The host's name.
    pub(crate) host: &'p str,
    /// The unit.
    pub(crate) unit: &'p Unit,
}

/// One plan by host and by service.
pub(crate) struct PlanSide<'p> {
    /// The plan.
    pub(crate) plan: &'p Plan,
    /// Hosts by name.
    pub(crate) hosts: BTreeMap<&'p str, &'p HostPlan>,
    /// Units by service, by host and instance.
    pub(crate) services: BTreeMap<&'p str, Vec<PlacedUnit<'p>>>,
}

impl<'p> PlanSide<'p> {
    /// Looks at a plan.
    pub(super) fn new(plan: &'p Plan) -> Self {
        let hosts = plan.hosts.iter().map(|host| (host.name.as_str(), host)).collect();
        let mut services: BTreeMap<&str, Vec<PlacedUnit>> = BTreeMap::new();
        for host in &plan.hosts {
            for unit in &host.units {
                services.entry(&unit.service).or_default().push(PlacedUnit { host: &host.name, unit });
            }
        }
        for placed in services.values_mut() {
            placed.sort_by_key(|placed| (placed.host, placed.unit.instance));
        }
        Self { plan, hosts, services }
    }

    /// Everything that runs anywhere.
    pub(crate) fn placed(&self) -> impl Iterator<Item = PlacedUnit<'p>> + '_ {
        self.services.values().flatten().copied()
    }

    /// A service's units.
    pub(super) fn of(&self, service: &str) -> &[PlacedUnit<'p>] {
        self.services.get(service).map_or(&[], Vec::as_slice)
    }
}

/// Both plans.
pub(crate) struct Sides<'p> {
    /// The plan that runs.
    pub(crate) base: PlanSide<'p>,
    /// The plan that is next.
    pub(crate) head: PlanSide<'p>,
    /// The old name of each service that has a new one.
    pub(crate) renamed: BTreeMap<&'p str, &'p str>,
    /// The texts of both that look like secrets.
    pub(crate) known: Known,
    /// The old name of each service that has a new one, the other way.
    new_names: BTreeMap<&'p str, &'p str>,
    /// Hosts with the same units and the same settings of the fleet.
    settled: HashSet<&'p str>,
    /// Units of the base by host and name.
    units: [HashMap<(&'p str, &'p str), &'p Unit>; 2],
    /// The old host of each unit that is new on its host, by host and name; and the new host of each that leaves.
    moves: BTreeMap<(&'p str, &'p str), &'p str>,
}

impl<'p> Sides<'p> {
    /// Compares both. `same` names the hosts that run the same.
    pub(super) fn new(base: &'p Plan, head: &'p Plan, same: &BTreeSet<String>) -> Self {
        let indexed = |plan: &'p Plan| {
            let side = PlanSide::new(plan);
            let index = side.placed().map(|placed| ((placed.host, placed.unit.name.as_str()), placed.unit));
            (index.collect(), side)
        };
        let ((before, base), (after, head)) = (indexed(base), indexed(head));
        let units = [before, after];
        let renamed = renamed(&base, &head);
        let new_names = renamed.iter().map(|(new, old)| (*old, *new)).collect();
        let (known, settled, moves) = Default::default();
        let mut sides = Self { base, head, renamed, known, new_names, settled, units, moves };
        if sides.same_fleet() && sides.base.plan.etcd == sides.head.plan.etcd {
            let same = sides.head.hosts.keys().filter(|name| same.contains(**name));
            sides.settled = same.copied().collect();
        }
        sides.moves = sides.moved();
        sides
    }

    /// Returns whether both are of one fleet. Units of another are no business of an `activate`.
    pub(crate) fn same_fleet(&self) -> bool {
        self.base.plan.fleet == self.head.plan.fleet
    }

    /// Returns whether nothing changes on a host: its units and its settings are the same.
    pub(crate) fn is_unchanged(&self, host: &str) -> bool {
        self.settled.contains(host)
    }

    /// Returns the services of the head without an instance on an unchanged host.
    pub(crate) fn changing(&self) -> impl Iterator<Item = (&'p str, &[PlacedUnit<'p>])> {
        let services = self.head.services.iter().map(|(name, placed)| (*name, placed.as_slice()));
        services.filter(|(_, placed)| !placed.iter().any(|placed| self.is_unchanged(placed.host)))
    }

    /// The unit that ran there under that name.
    pub(crate) fn before(&self, host: &str, unit: &str) -> Option<&'p Unit> {
        self.units[0].get(&(host, unit)).copied()
    }

    /// The unit that will run there under that name.
    pub(crate) fn after(&self, host: &str, unit: &str) -> Option<&'p Unit> {
        self.units[1].get(&(host, unit)).copied()
    }

    /// The other host of a unit that moves from or to this one.
    pub(crate) fn other_host(&self, host: &str, unit: &str) -> Option<&'p str> {
        self.moves.get(&(host, unit)).copied()
    }

    /// The new name of a service of the base.
    pub(crate) fn new_name(&self, old: &str) -> Option<&'p str> {
        self.new_names.get(old).copied()
    }

    /// Pairs the units of a service that leave hosts with those that come to hosts, in the hosts' order: they moved.
    fn moved(&self) -> BTreeMap<(&'p str, &'p str), &'p str> {
        let mut moves = BTreeMap::new();
        for (service, before) in &self.base.services {
            let after = self.head.of(service);
            let hosts =
                |placed: &[PlacedUnit<'p>]| placed.iter().map(|one| one.host).collect::<BTreeSet<_>>();
            let (old, new) = (hosts(before), hosts(after));
            let left: Vec<_> = before.iter().filter(|placed| !new.contains(placed.host)).collect();
            let come: Vec<_> = after.iter().filter(|placed| !old.contains(placed.host)).collect();
            if left.len() == come.len() {
                for (from, to) in left.into_iter().zip(come) {
                    moves.insert((from.host, from.unit.name.as_str()), to.host);
                    moves.insert((to.host, to.unit.name.as_str()), from.host);
                }
            }
        }
        moves
    }
}

/// Pairs services that are gone with the new one that is most like each: the same image except its tag, the same hosts, the
/// same ports, and few other differences.
fn renamed<'p>(base: &PlanSide<'p>, head: &PlanSide<'p>) -> BTreeMap<&'p str, &'p str> {
    let only = |one: &PlanSide<'p>, other: &PlanSide<'p>| -> Vec<&'p str> {
        one.services.keys().filter(|name| !other.services.contains_key(*name)).copied().collect()
    };
    let gone = only(base, head);
    let mut pairs: BTreeMap<String, Vec<&'p str>> = BTreeMap::new();
    // The first by name last, where it is taken from.
    for old in gone.iter().rev() {
        pairs.entry(likeness(base.of(old))).or_default().push(old);
    }
    let mut renamed = BTreeMap::new();
    for new in only(head, base) {
        let Some(candidates) = pairs.get_mut(&likeness(head.of(new))) else { continue };
        let distance = |old: &&str| differences(base.of(old), head.of(new));
        // The next ones go by name: somebody who renames hundreds of similar services does it in order.
        let distances = candidates.iter().rev().take(MOST_CANDIDATES).map(distance).enumerate();
        let best = distances.min_by_key(|(behind, distance)| (*distance, *behind));
        if let Some((behind, _)) = best.filter(|(_, distance)| *distance <= MOST_DIFFERENCES) {
            renamed.insert(new, candidates.remove(candidates.len() - 1 - behind));
        }
    }
    renamed
}

/// Maximum number of gone services that a new one is compared with.
const MOST_CANDIDATES: usize = 16;
/// A service with more differences than these is another service.
const MOST_DIFFERENCES: usize = 6;

/// Returns the common traits by which two services count as the same one renamed.
fn likeness(placed: &[PlacedUnit]) -> String {
    let mut text = String::new();
    for PlacedUnit { host, unit } in placed {
        let name = unit.container.image.name();
        let ports: Vec<_> =
            unit.container.ports.iter().map(|port| (port.range.first(), port.protocol)).collect();
        let _ = writeln!(text, "{host} {} {name} {:?} {ports:?}", unit.instance, unit.kind);
    }
    text
}

fn differences(before: &[PlacedUnit], after: &[PlacedUnit]) -> usize {
    let (Some(before), Some(after)) = (before.first(), after.first()) else { return 0 };
    let nothing = Known::default();
    let mut found = Reasons::new(&nothing);
    container(&before.unit.container, &after.unit.container, &mut found);
    found.found.len()
}
