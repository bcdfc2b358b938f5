//! What is left of what is done for one project: a few links, or a few kilobytes of a commit's objects, can say the same text a
//! million times, and lead to it by as many ways.

use super::Unreadable;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is left of something.
#[derive(Debug)]
pub(super) struct Allowance {
    left: AtomicU64,
    /// What is said where there is too little.
    why: Unreadable,
}

/// Maximum bytes that are read of one project.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// Maximum number of folders that its links lead through: each can say a thousand, and a path has forty links.
const MOST_STEPS: u64 = 500_000;

impl Allowance {
    /// The bytes that are read of files.
    pub(super) fn of_bytes() -> Self {
        Self { left: AtomicU64::new(MOST_BYTES), why: Unreadable::TooMuchRead }
    }

    /// The folders that links lead through.
    pub(super) fn of_steps() -> Self {
        Self { left: AtomicU64::new(MOST_STEPS), why: Unreadable::TooManySteps }
    }

    /// Takes so much, before it is used.
    pub(super) fn take(&self, size: u64) -> Result<(), Unreadable> {
        let less = |left: u64| left.checked_sub(size);
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        taken.map(drop).map_err(|_| self.why)
    }
}
