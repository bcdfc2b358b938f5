//! Whose namespace a container has: `host`, `private`.

use super::choice::choice;

/// Whose processes a container sees (docker-run(1), `--pid`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pid {
    /// Its own.
    Private,
    /// Those of the host.
    Host,
}

choice!(Pid { Private = "private", Host = "host" });

/// Whose shared memory and message queues a container has (docker-run(1), `--ipc`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ipc {
    /// Its own.
    Private,
    /// Those of the host.
    Host,
    /// None: /dev/shm is not mounted.
    None,
}

choice!(Ipc { Private = "private", Host = "host", None = "none" });
