//! The files that a build writes: path → content and mode. Nothing else decides what is in `out/`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

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

/// Writes a file, a piece at a time.
pub type Fill<'f> = &'f mut dyn FnMut(&mut (dyn Write + Send)) -> io::Result<()>;

/// Where files go as they are made, from any thread: a large fleet's are never in memory all at once.
pub trait Destination: Sync {
    /// Takes the files of one folder, whole. What goes wrong is the destination's to remember.
    fn put(&self, files: Artifacts);

    /// The digest of the manifest of a folder, or of a file, that need not be put: it is there, untouched since it was made
    /// of what has the digest `made_of`.
    fn same(&self, _path: &str, _made_of: &str) -> Option<String> {
        None
    }

    /// Whether anything is known of what need not be put.
    fn knows(&self) -> bool {
        false
    }

    /// Learns what a folder or file was made of that was put, and the digest of its manifest or of itself.
    fn made(&self, _path: &str, _made_of: &str, _digest: &str) {}

    /// Takes a file that may be too long to be held: what `fill` writes. An error says that the rest is of no use.
    fn stream(&self, path: &str, fill: Fill<'_>) -> io::Result<()>;
}

/// A destination that holds everything.
#[derive(Default)]
pub struct Held {
    files: Mutex<Artifacts>,
}

impl Held {
    /// What it took.
    pub fn into_artifacts(self) -> Artifacts {
        self.files.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Destination for Held {
    fn put(&self, mut files: Artifacts) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).files.append(&mut files.files);
    }

    fn stream(&self, path: &str, fill: Fill<'_>) -> io::Result<()> {
        let mut content = Vec::new();
        fill(&mut content)?;
        let mut files = Artifacts::default();
        files.insert(path.to_string(), content, DATA);
        self.put(files);
        Ok(())
    }
}
