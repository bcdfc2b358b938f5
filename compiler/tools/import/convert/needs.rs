//! Needs between containers: from the source, and from names in values. They never form a cycle.

use super::names::ServiceNames;
use super::ports::texts;
use super::references::{names_host, references};
use crate::tools::import::found::{Found, FoundContainer, NeedCondition, Setting};
use std::collections::BTreeSet;

/// The needs of every container, by its index.
pub(crate) struct Edges {
    needs: Vec<BTreeSet<usize>>,
    needed_by: Vec<BTreeSet<usize>>,
    /// The position of each container in an order in which needs stand first.
    order: Vec<usize>,
}

impl Edges {
    /// Needs of the source come first. A name in a value adds none that would close a cycle.
    pub(super) fn new(found: &Found, names: &ServiceNames) -> Self {
        let count = found.containers.len();
        let none = || vec![BTreeSet::new(); count];
        let mut edges = Self { needs: none(), needed_by: none(), order: (0..count).collect() };
        for (index, container) in found.containers.iter().enumerate() {
            needs_of_source(container, names).into_iter().for_each(|target| edges.add(index, target));
        }
        for (index, container) in found.containers.iter().enumerate() {
            named(container, names).into_iter().for_each(|target| edges.add(index, target));
        }
        edges
    }

    /// Returns the needs of a container.
    pub(super) fn of(&self, index: usize) -> impl Iterator<Item = usize> {
        self.needs[index].iter().copied()
    }

    /// Returns whether one container needs the other directly.
    pub(crate) fn has(&self, index: usize, target: usize) -> bool {
        self.needs[index].contains(&target)
    }

    /// Adds a need unless it closes a cycle. It looks only at the containers between the two in the order (Pearce and Kelly, "A
    /// dynamic topological sort algorithm for directed acyclic graphs", 2006).
    fn add(&mut self, index: usize, target: usize) {
        if index == target || self.has(index, target) {
            return;
        }
        let (first, last) = (self.order[index], self.order[target]);
        if first < last {
            let Some(below) = reached(&self.needs, target, index, |one| self.order[one] > first) else {
                return;
            };
            let Some(above) = reached(&self.needed_by, index, target, |one| self.order[one] < last) else {
                return;
            };
            self.reorder(below, above);
        }
        self.needs[index].insert(target);
        self.needed_by[target].insert(index);
    }

    /// Puts `below` before `above`. Together they keep their positions, and each keeps its own order.
    fn reorder(&mut self, mut below: Vec<usize>, mut above: Vec<usize>) {
        below.sort_by_key(|one| self.order[*one]);
        above.sort_by_key(|one| self.order[*one]);
        let all: Vec<usize> = below.into_iter().chain(above).collect();
        let mut places: Vec<usize> = all.iter().map(|one| self.order[*one]).collect();
        places.sort_unstable();
        all.into_iter().zip(places).for_each(|(one, place)| self.order[one] = place);
    }
}

/// Returns all that one container reaches by way of `next` within a part; none if it reaches `to`.
fn reached(
    next: &[BTreeSet<usize>],
    from: usize,
    to: usize,
    within: impl Fn(usize) -> bool,
) -> Option<Vec<usize>> {
    let (mut open, mut seen) = (vec![from], BTreeSet::from([from]));
    while let Some(one) = open.pop() {
        if next[one].contains(&to) {
            return None;
        }
        open.extend(next[one].iter().copied().filter(|one| within(*one) && seen.insert(*one)));
    }
    Some(seen.into_iter().collect())
}

fn needs_of_source(container: &FoundContainer, names: &ServiceNames) -> Vec<usize> {
    let needs = container.settings.iter().filter_map(|setting| match &setting.value {
        Setting::Need(need) => names.of(&need.name),
        _ => None,
    });
    needs.collect()
}

fn named(container: &FoundContainer, names: &ServiceNames) -> Vec<usize> {
    let mut targets = Vec::new();
    for text in texts(container) {
        for reference in references(text, |name| names.seen_by(container, name).is_some()) {
            targets.extend(names.seen_by(container, &text[reference.name]));
        }
    }
    let whole = variables(container).into_iter().filter(|(name, _)| names_host(name));
    targets.extend(whole.filter_map(|(_, value)| names.seen_by(container, value)));
    targets
}

/// Variables with their values, from files too.
pub(crate) fn variables(container: &FoundContainer) -> Vec<(&str, &str)> {
    let mut all = Vec::new();
    for setting in &container.settings {
        match &setting.value {
            Setting::Env(name, Some(value)) => all.push((name.as_str(), value.as_str())),
            Setting::EnvFile(file) => all.extend(
                file.variables
                    .iter()
                    .flatten()
                    .filter_map(|(name, value)| Some((name.as_str(), value.as_deref()?))),
            ),
            _ => {}
        }
    }
    all
}

/// Containers that run and end before others start, or by a schedule.
pub(crate) fn tasks(found: &Found, names: &ServiceNames) -> BTreeSet<usize> {
    let once = found.containers.iter().enumerate().filter(|(_, container)| runs_once(container));
    let settings = || found.containers.iter().flat_map(|container| &container.settings);
    let completed = settings().filter_map(|setting| match &setting.value {
        Setting::Need(need) if need.until == NeedCondition::Completed => names.of(&need.name),
        _ => None,
    });
    let scheduled = found.containers.iter().enumerate().filter(|(_, container)| {
        container.settings.iter().any(|setting| matches!(setting.value, Setting::Schedule(_)))
    });
    completed.chain(scheduled.chain(once).map(|(index, _)| index)).collect()
}

/// Words of what is done once.
const ONCE: [&str; 10] = [
    "migrate",
    "migration",
    "migrations",
    "init",
    "setup",
    "seed",
    "bootstrap",
    "initdb",
    "createbuckets",
    "provision",
];

/// Returns whether a container ends when its work is done: it is not always started again, has no port, and is called so.
fn runs_once(container: &FoundContainer) -> bool {
    if container.settings.iter().any(|setting| setting.value == Setting::Once) {
        return true;
    }
    let mut policy = "no";
    let mut words = vec![container.name.value.as_str()];
    for setting in &container.settings {
        match &setting.value {
            Setting::Restart(text) => policy = text,
            Setting::Published(_) | Setting::Exposed(..) | Setting::Health(_) | Setting::Instances(_) => {
                return false;
            }
            Setting::Command(command) | Setting::Entrypoint(command) => {
                words.extend(command.iter().map(String::as_str));
            }
            _ => {}
        }
    }
    let ends = matches!(policy, "no" | "none" | "false" | "") || policy.starts_with("on-failure");
    // A script that ends so is done.
    if ends && words.iter().any(|word| word.trim_end_matches([';', ' ', '\n', '"', '\'']).ends_with("exit 0"))
    {
        return true;
    }
    let parts = words.iter().flat_map(|word| word.split(|c: char| !c.is_ascii_alphanumeric()));
    ends && parts.into_iter().any(|part| ONCE.contains(&part.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, Edges};

    fn edges(count: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Edges {
        let none = || vec![BTreeSet::new(); count];
        let mut edges = Edges { needs: none(), needed_by: none(), order: (0..count).collect() };
        pairs.into_iter().for_each(|(index, target)| edges.add(index, target));
        edges
    }

    #[test]
    fn a_need_that_closes_a_cycle_gives_way() {
        let edges = edges(4, [(0, 1), (1, 2), (2, 0), (3, 0), (2, 3), (0, 3), (1, 1)]);
        let of = |index: usize| edges.of(index).collect::<Vec<_>>();
        assert_eq!([of(0), of(1), of(2), of(3)], [vec![1], vec![2], vec![], vec![0]]);
    }

    #[test]
    fn needs_stand_before_what_needs_them_in_any_order_of_asking() {
        // Every pair once, in an order that jumps, and against the order of the containers.
        let count = 60;
        let pairs = (0..count * count).map(|step| step * 37 % (count * count));
        let pairs = pairs.map(|pair| (pair / count, pair % count)).filter(|(one, other)| one < other);
        let edges = edges(count, pairs);
        for index in 0..count {
            assert_eq!(edges.of(index).count(), count - 1 - index);
            assert!(edges.of(index).all(|target| edges.order[target] < edges.order[index]));
        }
    }
}
