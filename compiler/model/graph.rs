//! Who needs whom.

use std::collections::BTreeMap;

/// Who needs whom.
#[derive(Debug, Default)]
pub struct Graph {
    /// Each service, task and external with what it needs, sorted.
    pub needs: BTreeMap<String, Vec<String>>,
    /// How many steps each is from what needs nothing.
    pub layers: BTreeMap<String, usize>,
}
