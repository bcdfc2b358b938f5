//! What a build will probably need once the fleet is compiled, made ready by a processor that has nothing to do meanwhile.

use super::directory;
use super::known::Known;
use super::root::Out;
use crate::digest::Digest;
use crate::source::Sources;
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// What is there for a build to begin with. It has no name in the file system: nothing is left of it where it is not needed.
#[derive(Default)]
pub struct Foreseen {
    /// What the last build left, where that was read.
    pub(super) known: Option<Known>,
    /// The digest of what is compiled.
    pub(super) sources: Option<String>,
    /// Copies of long files.
    pub(super) copied: Vec<Copied>,
}

impl Foreseen {
    /// Where other sources are compiled than last time, the files at the paths `long` will mostly be written anew, with much
    /// that they have now: they are copied.
    pub fn new(out: &Out, sources: &Sources, long: &[&'static str]) -> Self {
        let out = out.path();
        let known = Known::read(out);
        let sources = digest(sources);
        let are_others = known.sources().is_some_and(|known| known != sources);
        let copied = long.iter().filter(|_| are_others).filter_map(|path| Copied::new(out, path).ok());
        Self { copied: copied.collect(), known: Some(known), sources: Some(sources) }
    }
}

fn digest(sources: &Sources) -> String {
    let texts =
        sources.iter().flat_map(|(_, source)| [&source.path, "\0", &source.text, "\0"].map(str::as_bytes));
    texts.fold(Digest::default(), Digest::and).finish()
}

/// A copy of a file.
pub(super) struct Copied {
    /// Its path below the output directory.
    pub path: &'static str,
    /// The copy.
    pub file: File,
    about: Metadata,
}

impl Copied {
    /// Copies the regular file at a path below the output directory.
    pub fn new(out: &Path, path: &'static str) -> io::Result<Self> {
        let mut old = directory::open_file(&out.join(path))?;
        let about = old.metadata()?;
        if !about.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut file = directory::unnamed(out)?;
        io::copy(&mut old, &mut file)?;
        Ok(Self { path, file, about })
    }

    /// Whether it is a copy of what a file is still.
    pub fn is_of(&self, about: &Metadata) -> bool {
        let state =
            |about: &Metadata| (about.dev(), about.ino(), about.size(), about.ctime(), about.ctime_nsec());
        state(&self.about) == state(about)
    }
}
