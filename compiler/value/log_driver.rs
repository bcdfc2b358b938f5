//! docker's log drivers: `journald`.

use super::choice::choice;

/// A log driver of docker (docker-run(1), `--log-driver`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogDriver {
    /// The journal of the host.
    Journald,
    /// Files with JSON in them.
    JsonFile,
    /// Files in docker's own format.
    Local,
    /// The output is kept nowhere.
    None,
}

choice!(LogDriver { Journald = "journald", JsonFile = "json-file", Local = "local", None = "none" });

impl LogDriver {
    /// Returns whether the driver writes files of its own, which `max-size` and `max-file` limit.
    pub(crate) fn writes_files(self) -> bool {
        matches!(self, Self::JsonFile | Self::Local)
    }
}
