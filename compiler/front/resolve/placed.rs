//! A service where it runs.

use crate::model::container::Port;

/// A service on a host, and its ports there.
#[derive(Debug)]
pub(crate) struct Placed {
    /// The service or task.
    pub(crate) workload: String,
    /// The host's name.
    pub(crate) host: String,
    /// Its number, from 1.
    pub(crate) instance: u32,
    /// Sorted by name.
    pub(crate) ports: Vec<Port>,
}
