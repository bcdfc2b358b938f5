//! How much is read of one project: a few links, or a few kilobytes of a commit's objects, can say the same text a million times.

use super::Unreadable;
use std::sync::atomic::{AtomicU64, Ordering};

/// The bytes that may still be read.
#[derive(Debug)]
pub(super) struct Allowance(AtomicU64);

/// The most bytes that are read of one project.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

impl Default for Allowance {
    fn default() -> Self {
        Self(AtomicU64::new(MOST_BYTES))
    }
}

impl Allowance {
    /// Takes what a file has, before it is read.
    pub(super) fn take(&self, bytes: u64) -> Result<(), Unreadable> {
        let less = |left: u64| left.checked_sub(bytes);
        let taken = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        taken.map(drop).map_err(|_| Unreadable::TooMuchRead)
    }
}
