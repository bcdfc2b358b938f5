//! Why nothing is known of an image.

use std::fmt;

/// What went wrong, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Nothing has this name.
    Gone,
    /// The source does not let us see it.
    Denied,
    /// The source does not answer, or answers what is no answer.
    Unreachable,
    /// What it gave is not what it said.
    Wrong,
    /// It has the image for other platforms.
    Platform,
}

/// What went wrong, in words, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// In a word.
    pub kind: FailureKind,
    /// What is wrong, and who says so.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Failure {
    /// A failure without help.
    pub(super) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), help: String::new() }
    }

    /// The failure with what to do.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: help.into(), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// What a document says that is not as its specification has it.
pub(super) fn wrong(what: &str, why: &str) -> Failure {
    Failure::new(FailureKind::Wrong, format!("{what} {why}"))
}
