//! The place of a key in the source of an import.

use std::fmt;
use std::sync::Arc;

/// The place of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file as it was named, or what stands in its place.
    pub file: Arc<str>,
    /// The line, from 1; 0 where there are no lines.
    pub line: u32,
    /// The key as its language writes it: `services.web.ports`, `--publish`, `ExecStart`.
    pub key: String,
}

impl Place {
    /// A place in a file.
    pub fn new(file: &Arc<str>, line: u32, key: impl Into<String>) -> Self {
        Self { file: Arc::clone(file), line, key: key.into() }
    }

    /// The same place with another key.
    pub(crate) fn key(&self, key: impl Into<String>) -> Self {
        Self { key: key.into(), ..self.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.file),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct At<T> {
    /// The value.
    pub(crate) value: T,
    /// Its place.
    pub(crate) place: Place,
}

impl<T> At<T> {
    /// A value at a place.
    pub(crate) fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }
}
