//! The permissions of a container on a device: `rwm`.

use super::choice::choice;

/// The permissions of a container on a device of the host (docker-run(1), `--device`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permissions {
    /// Read.
    Read,
    /// Write.
    Write,
    /// Make the device's file (mknod(2)).
    Make,
    /// Read and write.
    ReadWrite,
    /// Read and make.
    ReadMake,
    /// Write and make.
    WriteMake,
    /// All three.
    All,
}

choice!(Permissions {
    Read = "r",
    Write = "w",
    Make = "m",
    ReadWrite = "rw",
    ReadMake = "rm",
    WriteMake = "wm",
    All = "rwm",
});
