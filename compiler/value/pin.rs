//! The pins that every image of a fleet must have.

use super::choice::choice;

/// A way to pin an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pin {
    /// A digest, which always means the same bytes.
    Digest,
    /// `dpc.lock`, which has a digest for every image.
    Lock,
}

choice!(Pin { Digest = "digest", Lock = "lock" });
