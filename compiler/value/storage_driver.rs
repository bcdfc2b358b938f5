//! docker's storage drivers: `overlay2`.

use super::choice::choice;

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
