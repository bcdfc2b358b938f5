//! Who needs whom: what the source says, and what follows from names in values. Never a cycle.

use super::names::Names;
use super::ports::texts;
use super::references::{names_host, references};
use crate::import::found::{Container, Found, Setting, Until};
use std::collections::{BTreeMap, BTreeSet};

/// The needs of every container, by its index.
pub struct Edges {
    of: BTreeMap<usize, BTreeSet<usize>>,
}

impl Edges {
    /// What the source says goes first, so that it is the names in values that give way.
    pub fn new(found: &Found, names: &Names) -> Self {
        let mut edges = Self { of: BTreeMap::new() };
        for (index, container) in found.containers.iter().enumerate() {
            said(container, names).into_iter().for_each(|target| edges.add(index, target));
        }
        for (index, container) in found.containers.iter().enumerate() {
            named(container, names).into_iter().for_each(|target| edges.add(index, target));
        }
        edges
    }

    /// What a container needs.
    pub fn of(&self, index: usize) -> impl Iterator<Item = usize> {
        self.of.get(&index).into_iter().flatten().copied()
    }

    /// Whether one needs the other by itself.
    pub fn has(&self, index: usize, target: usize) -> bool {
        self.of.get(&index).is_some_and(|targets| targets.contains(&target))
    }

    fn add(&mut self, index: usize, target: usize) {
        if index != target && !self.reaches(target, index) {
            self.of.entry(index).or_default().insert(target);
        }
    }

    fn reaches(&self, from: usize, to: usize) -> bool {
        let mut open = vec![from];
        let mut seen = BTreeSet::new();
        while let Some(next) = open.pop() {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                open.extend(self.of(next));
            }
        }
        false
    }
}

fn said(container: &Container, names: &Names) -> Vec<usize> {
    let needs = container.settings.iter().filter_map(|setting| match &setting.value {
        Setting::Need(need) => names.of(&need.name),
        _ => None,
    });
    needs.collect()
}

fn named(container: &Container, names: &Names) -> Vec<usize> {
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
pub fn variables(container: &Container) -> Vec<(&str, &str)> {
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
pub fn tasks(found: &Found, names: &Names) -> BTreeSet<usize> {
    let settings = || found.containers.iter().flat_map(|container| &container.settings);
    let completed = settings().filter_map(|setting| match &setting.value {
        Setting::Need(need) if need.until == Until::Completed => names.of(&need.name),
        _ => None,
    });
    let scheduled = found.containers.iter().enumerate().filter(|(_, container)| {
        container.settings.iter().any(|setting| matches!(setting.value, Setting::Schedule(_)))
    });
    completed.chain(scheduled.map(|(index, _)| index)).collect()
}
