//! A map that is made once and read often.

use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;

/// Values by name, sorted by name, with no room for more. A node of a tree has room for eleven, and a large fleet has tens
/// of thousands of these maps with three names each.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "BTreeMap<String, V>")]
pub struct Sorted<V>(Box<[(String, V)]>);

impl<V> Sorted<V> {
    /// Whether it has no names.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&V> {
        let found = self.0.binary_search_by(|(known, _)| known.as_str().cmp(name));
        found.ok().map(|index| &self.0[index].1)
    }

    /// All of it, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &V)> {
        self.0.iter().map(|(name, value)| (name, value))
    }
}

impl<V> Default for Sorted<V> {
    fn default() -> Sorted<V> {
        Sorted(Box::default())
    }
}

impl<V> From<BTreeMap<String, V>> for Sorted<V> {
    fn from(map: BTreeMap<String, V>) -> Sorted<V> {
        Sorted(map.into_iter().collect())
    }
}

impl<V: Serialize> Serialize for Sorted<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
