//! The files that a build writes: path → content and mode. Nothing else decides what is in `out/`.

use crate::parallel::locked;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
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

/// Files of one folder on their way to a destination, all in one buffer, which serves the next folder too.
#[derive(Debug, Default)]
pub struct Bundle {
    files: Vec<Place>,
    paths: String,
    content: Vec<u8>,
}

/// Where a file is in a bundle.
#[derive(Debug)]
struct Place {
    path: Range<usize>,
    content: Range<usize>,
    mode: u32,
}

/// One file of a bundle.
#[derive(Clone, Copy, Debug)]
pub struct Bundled<'b> {
    /// Its path below the folder.
    pub path: &'b str,
    /// Its bytes.
    pub content: &'b [u8],
    /// Its mode: [`SCRIPT`] or [`DATA`].
    pub mode: u32,
}

impl Bundle {
    /// Adds a file with what `fill` adds to the buffer, and nothing where that fails.
    pub fn fill<E>(
        &mut self,
        path: fmt::Arguments<'_>,
        mode: u32,
        fill: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (path_start, start) = (self.paths.len(), self.content.len());
        if let Err(error) = fill(&mut self.content) {
            self.content.truncate(start);
            return Err(error);
        }
        // Writing to memory does not fail.
        let _ = fmt::Write::write_fmt(&mut self.paths, path);
        self.files.push(Place {
            path: path_start..self.paths.len(),
            content: start..self.content.len(),
            mode,
        });
        Ok(())
    }

    /// Adds a file.
    pub fn insert(&mut self, path: fmt::Arguments<'_>, content: &[u8], mode: u32) {
        let _ = self.fill(path, mode, |buffer| {
            buffer.extend_from_slice(content);
            Ok::<(), fmt::Error>(())
        });
    }

    /// Its files in the order of their paths.
    pub fn sorted(&mut self) -> &Self {
        let paths = &self.paths;
        self.files.sort_by(|one, other| paths[one.path.clone()].cmp(&paths[other.path.clone()]));
        self
    }

    /// Its files, in the order in which they came or are sorted.
    pub fn files(&self) -> impl Iterator<Item = Bundled<'_>> {
        self.files.iter().map(|place| Bundled {
            path: &self.paths[place.path.clone()],
            content: &self.content[place.content.clone()],
            mode: place.mode,
        })
    }

    /// Makes it empty for the next folder.
    pub fn clear(&mut self) {
        self.files.clear();
        self.paths.clear();
        self.content.clear();
    }
}

/// Writes a file, a piece at a time. Out: the SHA-256 of all that it wrote, hexadecimal.
pub type Fill<'f> = &'f mut dyn FnMut(&mut (dyn Write + Send)) -> io::Result<String>;

/// What a folder or file came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The digest of its manifest, or of the file itself.
    pub digest: String,
    /// The bytes that are about it on the page of the plan, where that is printed host by host.
    pub page: Range<u64>,
}

/// A folder or file that a build made, or found to be as it was left.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its path below the output directory.
    pub path: String,
    /// The fingerprint of all that it was made of.
    pub made_of: String,
    /// What it came to.
    pub kept: Kept,
    /// Whether it was made now.
    pub is_new: bool,
}

/// Where files go as they are made, from any thread: a large fleet's are never in memory all at once.
pub trait Destination: Sync {
    /// Takes files below a folder, which is empty for the outermost. What goes wrong is the destination's to remember.
    fn put(&self, folder: &str, files: &Bundle);

    /// What a folder or file came to that need not be put: it is there, untouched since it was made of what has the
    /// fingerprint `made_of`.
    fn same(&self, _path: &str, _made_of: &str) -> Option<Kept> {
        None
    }

    /// A file that is there, untouched since it was made of whatever it was.
    fn old(&self, _path: &str) -> Option<File> {
        None
    }

    /// Learns what a folder or file was made of that was put or need not be.
    fn made(&self, _made: Made) {}

    /// Takes a file that may be too long to be held: what `fill` writes. Out: its digest, and whether another one was there or
    /// none. An error says that the rest is of no use.
    fn stream(&self, path: &str, fill: Fill<'_>) -> io::Result<(String, bool)>;
}

/// The path of what is at `path` below a folder, which is empty for the outermost; that of the folder for an empty path.
pub fn below(folder: &str, path: &str) -> String {
    let between = if folder.is_empty() || path.is_empty() { "" } else { "/" };
    [folder, between, path].concat()
}

/// A destination that keeps nothing: what is printed to it is checked.
pub struct Discarded;

impl Destination for Discarded {
    fn put(&self, _folder: &str, _files: &Bundle) {}

    fn stream(&self, _path: &str, fill: Fill<'_>) -> io::Result<(String, bool)> {
        Ok((fill(&mut io::sink())?, true))
    }
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
    fn put(&self, folder: &str, files: &Bundle) {
        let mut held = locked(&self.files);
        for file in files.files() {
            held.insert(below(folder, file.path), file.content, file.mode);
        }
    }

    fn stream(&self, path: &str, fill: Fill<'_>) -> io::Result<(String, bool)> {
        let mut content = Vec::new();
        let digest = fill(&mut content)?;
        locked(&self.files).insert(path.to_string(), content, DATA);
        Ok((digest, true))
    }
}
