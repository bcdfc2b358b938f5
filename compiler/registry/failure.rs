//! Why nothing could be said about an image.

use std::fmt;

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// There is no such repository, tag or manifest.
    Gone,
    /// The registry wants other credentials, or none would do.
    Denied,
    /// Nobody answers, or no answer comes in time.
    Unreachable,
    /// What arrived is not what its digest says.
    Lied,
    /// The image is there, but not for the platform.
    OtherPlatform,
    /// What arrived is no image as dpc reads it, or larger than one.
    Unreadable,
}

/// Why nothing could be said about an image. It holds no credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The kind.
    pub cause: Cause,
    /// What is wrong, and who answered what: lower case, no full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Failure {
    pub(super) fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self { cause, message: message.into(), help: None }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
