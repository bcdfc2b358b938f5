//! docker's storage drivers: `overlay2`.

use super::choice::choice;
use crate::value::Invalid;

/// A storage driver of docker (`docker info`, `Storage Driver`). devicemapper is none: docker dropped it in 25.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageDriver {
    /// Layers of the kernel's overlayfs.
    Overlay2,
    /// Snapshots of btrfs.
    Btrfs,
    /// Clones of ZFS.
    Zfs,
    /// Whole copies.
    Vfs,
    /// overlayfs in user space.
    FuseOverlayfs,
}

choice!(StorageDriver {
    Overlay2 = "overlay2",
    Btrfs = "btrfs",
    Zfs = "zfs",
    Vfs = "vfs",
    FuseOverlayfs = "fuse-overlayfs",
});

/// Drivers that docker had, and why a host must not use them.
const GONE: [(&str, &str); 3] = [
    (
        "devicemapper",
        "never gives back the space of removed images (moby#3182), and docker 25 no longer has it",
    ),
    ("aufs", "is gone from docker 24 and from kernels"),
    ("overlay", "is gone from docker 24: it runs out of inodes"),
];

impl StorageDriver {
    /// Reads the driver that a host is declared to have.
    pub(crate) fn declared(text: &str) -> Result<Self, Invalid> {
        match GONE.iter().find(|(driver, _)| *driver == text) {
            Some((driver, why)) => Err(Invalid::new(format!("the storage driver `{driver}` {why}")).help(
                "set `\"storage-driver\": \"overlay2\"` in /etc/docker/daemon.json on the host, and write `overlay2` here",
            )),
            None => Self::parse(text),
        }
    }
}
