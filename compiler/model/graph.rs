//! The graph of needs.

use std::collections::BTreeMap;

/// The graph of needs.
#[derive(Debug, Default)]
pub struct Graph {
    /// Each service, task and external with what it needs, sorted.
    pub needs: BTreeMap<String, Vec<String>>,
    /// The number of steps from each workload to one that needs nothing.
    pub layers: BTreeMap<String, usize>,
}
