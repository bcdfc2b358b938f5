//! Artifacts → files below the output directory: all of them, or none.
//!
//! Unchanged files are not touched. Files that dpc did not make are neither overwritten nor removed: the manifests of the last
//! build list what it made. Nothing is written through a symbolic link. If a build was killed while it replaced files, the next
//! one finishes it, and readers see its files until then.

// This room writes the files of a build.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod artifacts;
mod commit;
mod compare;
mod failure;
mod folders;
mod lock;
mod owned;
mod root;
mod stage;
mod tree;
mod writing;

pub(crate) use failure::{Failure, Incomplete};
pub use root::OutputRoot;
pub use writing::TreeWriter;

/// A change of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileChange {
    /// The file is new.
    New,
    /// Its bytes or its mode differ.
    Changed,
    /// dpc made the file, and no longer does.
    Removed,
    /// dpc no longer makes the file, but a user changed it: it stays, and belongs to the user from now on.
    Kept,
}

/// The files that a build changes, sorted by path below the output directory.
pub(crate) type Changes = Vec<(Box<str>, FileChange)>;
