//! Every container's name in dpc, and all names that others know it by.

use super::values;
use crate::tools::import::found::{Found, FoundContainer, Setting};
use std::collections::{BTreeMap, BTreeSet};

/// Names, by the container's index.
pub(crate) struct ServiceNames {
    own: Vec<String>,
    taken: BTreeSet<String>,
    known: BTreeMap<String, usize>,
    /// The names that the source itself gives.
    said: Vec<String>,
}

impl ServiceNames {
    /// The names of everything found. Two that come out the same get a number.
    ///
    /// `project` is the one that compose names containers after.
    pub(super) fn new(found: &Found, project: Option<&str>) -> Self {
        let mut taken = BTreeSet::new();
        let mut own: Vec<String> = Vec::new();
        let mut known = BTreeMap::new();
        for (index, container) in found.containers.iter().enumerate() {
            let name = unique(values::name(&container.name.value, "service"), &mut taken);
            known.entry(container.name.value.clone()).or_insert(index);
            own.push(name);
        }
        for (index, container) in found.containers.iter().enumerate() {
            for alias in &container.aliases {
                known.entry(alias.clone()).or_insert(index);
            }
        }
        let said: Vec<String> = known.keys().cloned().collect();
        for (index, container) in found.containers.iter().enumerate() {
            for separator in project.into_iter().flat_map(|_| ["-", "_"]) {
                let parts = [project.unwrap_or_default(), &container.name.value, "1"];
                known.entry(parts.join(separator)).or_insert(index);
            }
        }
        Self { own, taken, known, said }
    }

    /// The name of a container.
    pub(crate) fn own(&self, index: usize) -> &str {
        &self.own[index]
    }

    /// Returns whether a container has this name in dpc.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// The container that goes by a name.
    pub(super) fn of(&self, name: &str) -> Option<usize> {
        self.known.get(name).copied()
    }

    /// All names, each with its container, and whether the source itself gives it.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&String, usize, bool)> {
        self.known.iter().map(|(name, index)| (name, *index, self.said.binary_search(name).is_ok()))
    }

    /// The container of a host name in `container`, whose links give further names.
    pub(crate) fn seen_by(&self, container: &FoundContainer, name: &str) -> Option<usize> {
        let link = container.settings.iter().find_map(|setting| match &setting.value {
            Setting::Need(need) if need.alias.as_deref() == Some(name) => self.of(&need.name),
            _ => None,
        });
        link.or_else(|| self.of(name))
    }

    /// The name in an expression, where a dash would be a minus.
    pub(crate) fn in_expression(&self, index: usize) -> String {
        self.own[index].replace('-', "_")
    }
}

/// The name of a project as compose writes it in names of containers.
pub(super) fn project(text: &str) -> String {
    let lower = text.to_lowercase();
    let kept: String =
        lower.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    kept.trim_start_matches(['-', '_']).to_string()
}

/// The name, or one with a number that nobody has.
pub(crate) fn unique(name: String, taken: &mut BTreeSet<String>) -> String {
    let cut = &name[..name.len().min(36)];
    let numbered = (2..).map(|number| format!("{}-{number}", cut.trim_end_matches('-')));
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name));
    let free = free.unwrap_or(name);
    taken.insert(free.clone());
    free
}
