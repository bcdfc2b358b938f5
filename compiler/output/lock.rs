//! One writer at a time. It locks the directory itself (flock(2)), so that no lock file is left behind. A file system that
//! cannot lock goes without.

use std::fs::{File, TryLockError};
use std::path::Path;

/// Locks for writing. Calls `waiting` before it waits. The lock ends when the file is dropped, or with the process.
pub(crate) fn exclusive(out: &Path, waiting: &mut dyn FnMut()) -> Option<File> {
    let folder = File::open(out).ok()?;
    let held = match folder.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => {
            waiting();
            folder.lock().is_ok()
        }
        Err(TryLockError::Error(_)) => false,
    };
    held.then_some(folder)
}

/// Locks for reading: waits for a writer, and writes nothing.
pub(crate) fn shared(out: &Path) -> Option<File> {
    File::open(out).ok().filter(|folder| folder.lock_shared().is_ok())
}
