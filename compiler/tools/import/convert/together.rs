//! Decisions that are one for the whole fleet: what is asked of a person once, however many lines it is about.

use crate::tools::import::place::Place;
use crate::tools::import::report::{Handling, ReportEntry};
use std::collections::BTreeMap;

/// What a person decides once. They stand in the KDL in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Together {
    /// Images that are built here.
    Images,
    /// Files that are not here.
    Missing,
    /// Ports that another service of the host has.
    Clashes,
    /// Ports that callers find elsewhere.
    Moved,
    /// Ports that were closed to other machines, of processes that cannot be told so.
    Open,
    /// Files of secrets on the host.
    Secrets,
    /// Secrets that stand in plain text.
    PlainSecrets,
    /// Files to copy to the host.
    Data,
    /// Owners of directories that the image knows.
    Owners,
}

impl Together {
    fn words(self, items: &str) -> String {
        match self {
            Self::Images => format!("build and push these images, or write other references: {items}"),
            Self::Missing => format!("these are not here, and left out until they are: {items}"),
            Self::Clashes => {
                format!("two processes want one port of the host: let these bind the other one: {items}")
            }
            Self::Moved => format!(
                "a process binds the port that it bound in its container: tell callers, or let it bind another: {items}"
            ),
            Self::Open => format!(
                "nothing else reached these ports: let the process bind the address that stands there, or close the \
                 port in the firewall of the host: {items}"
            ),
            Self::Secrets => format!("put these values into files of the host: {items}"),
            Self::PlainSecrets => {
                format!(
                    "these stay in plain text: move them to files of the host and write `secret`: {items}"
                )
            }
            Self::Data => format!("copy these into the directory of their volume on the host: {items}"),
            Self::Owners => format!(
                "docker gave these directories the owner that the image has there: write `owner=` where that is not \
                 root: {items}"
            ),
        }
    }
}

/// The decisions of an import that are asked once.
#[derive(Default)]
pub(crate) struct DecisionGroups(BTreeMap<Together, Vec<(Place, String)>>);

/// The most items that one decision names.
const MOST_NAMED: usize = 12;

impl DecisionGroups {
    /// Adds what one decision is about.
    pub(crate) fn add(&mut self, group: Together, place: &Place, item: String) {
        let items = self.0.entry(group).or_default();
        if !items.iter().any(|(_, other)| *other == item) {
            items.push((place.clone(), item));
        }
    }

    /// The decisions.
    pub(crate) fn entries(&self) -> Vec<ReportEntry> {
        let entries = self.0.iter().filter_map(|(group, items)| {
            let (place, _) = items.first()?;
            let mut named: Vec<&str> = items.iter().take(MOST_NAMED).map(|(_, item)| item.as_str()).collect();
            // The words of each stand under `changed`.
            let more = format!("{} more, under `changed`", items.len().saturating_sub(MOST_NAMED));
            if items.len() > MOST_NAMED {
                named.push(&more);
            }
            Some(ReportEntry::new(Handling::Decide, place, group.words(&named.join(", "))))
        });
        entries.collect()
    }
}
