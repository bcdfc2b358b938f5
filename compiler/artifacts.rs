//! The files that a build writes: path → content and mode. Nothing else decides what is in `out/`.

use std::collections::BTreeMap;

/// Files by path below the output directory, with `/` between the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Artifacts {
    /// The files.
    pub files: BTreeMap<String, Artifact>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its bytes.
    pub content: Vec<u8>,
    /// Its mode: [`SCRIPT`] or [`DATA`].
    pub mode: u32,
}

/// The mode of what is run.
pub const SCRIPT: u32 = 0o755;
/// The mode of what is read.
pub const DATA: u32 = 0o644;

impl Artifacts {
    /// Adds a file.
    pub fn insert(&mut self, path: String, content: impl Into<Vec<u8>>, mode: u32) {
        self.files.insert(path, Artifact { content: content.into(), mode });
    }
}
