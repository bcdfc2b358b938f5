//! How a directory of the host is mounted: its label of SELinux, and whether later mounts are passed on.

use super::choice::choice;

/// The label of SELinux that docker gives the directory (docker-run(1), `--volume …:z`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolumeLabel {
    /// One that every container may use.
    Shared,
    /// One that this container alone may use.
    Private,
}

choice!(VolumeLabel { Shared = "shared", Private = "private" });

impl VolumeLabel {
    /// Reads docker's letter.
    pub(crate) fn of_letter(text: &str) -> Option<Self> {
        match text {
            "z" => Some(Self::Shared),
            "Z" => Some(Self::Private),
            _ => None,
        }
    }

    /// docker's letter.
    pub fn letter(self) -> char {
        match self {
            Self::Shared => 'z',
            Self::Private => 'Z',
        }
    }
}

/// Whether what is mounted below a directory later is seen on the other side (mount_namespaces(7), docker-run(1), `bind-propagation`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Propagation {
    /// Nothing is passed on.
    Rprivate,
    /// Nothing is passed on, for the directory itself alone.
    Private,
    /// What the host mounts is seen in the container.
    Rslave,
    /// What the host mounts is seen in the container, for the directory itself alone.
    Slave,
    /// Both see what the other one mounts.
    Rshared,
    /// Both see what the other one mounts, for the directory itself alone.
    Shared,
}

choice!(Propagation {
    Rprivate = "rprivate",
    Private = "private",
    Rslave = "rslave",
    Slave = "slave",
    Rshared = "rshared",
    Shared = "shared",
});
