//! The reasons why the files of a build cannot be written, in words.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A path that cannot be written, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// The path.
    pub(crate) path: PathBuf,
    /// The reason, in words that follow the file's name.
    pub(crate) reason: String,
}

impl Failure {
    pub(super) fn new(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }

    pub(super) fn unwritable(path: &Path, error: &io::Error) -> Self {
        Self::new(path, format!("cannot be written: {}", words(error)))
    }

    pub(super) fn unreadable(path: &Path, error: &io::Error) -> Self {
        Self::new(path, format!("cannot be read: {}", words(error)))
    }

    pub(super) fn link(path: impl Into<PathBuf>) -> Self {
        Self::new(path, "is a symbolic link, and dpc writes through none: remove the link")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.path.display(), self.reason)
    }
}

/// The end of an incomplete build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomplete {
    /// Before anything changed.
    Before(Vec<Failure>),
    /// While files were replaced; the next build goes on from there.
    Midway(Failure),
}

impl From<Vec<Failure>> for Incomplete {
    fn from(failures: Vec<Failure>) -> Self {
        Incomplete::Before(failures)
    }
}

/// The message of the system, without its error number.
pub(super) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
