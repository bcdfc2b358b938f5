//! What a build will probably need once the fleet is compiled, made ready by a processor that has nothing to do meanwhile.

use super::known::Known;
use super::root::Out;
use crate::digest::Fingerprint;
use crate::directory::unnamed;
use crate::source::Sources;
use std::fs::File;
use std::path::Path;

/// What is there for a build to begin with.
#[derive(Default)]
pub struct Foreseen {
    /// What the last build left, where that was read.
    pub(super) known: Option<Known>,
    /// The fingerprint of what is compiled.
    pub(super) sources: Option<String>,
    /// Room for long files that will be others than those that are there.
    pub(super) rooms: Vec<Room>,
}

impl Foreseen {
    /// Where other sources are compiled than last time, the files at the paths `long` will mostly be others, and as long: there
    /// is room made for them.
    pub fn new(out: &Out, sources: &Sources, long: &[&'static str]) -> Self {
        let out = out.path();
        let known = Known::read(out);
        let sources = fingerprint(sources);
        let are_others = known.sources().is_some_and(|known| known != sources);
        let rooms =
            long.iter().filter(|_| are_others).filter_map(|path| Room::make(&known, out, path)).collect();
        Self { known: Some(known), sources: Some(sources), rooms }
    }
}

fn fingerprint(sources: &Sources) -> String {
    let texts =
        sources.iter().flat_map(|(_, source)| [&source.path, "\0", &source.text, "\0"].map(str::as_bytes));
    texts.fold(Fingerprint::default(), Fingerprint::and).finish()
}

/// An empty file without a name, and room for it in the file system.
pub(super) struct Room {
    /// The path of the file below the output directory that may give way to it.
    pub path: &'static str,
    /// The empty file.
    pub file: File,
}

impl Room {
    /// As much as a file below the output directory has, which is as it was left.
    fn make(known: &Known, out: &Path, path: &'static str) -> Option<Self> {
        let about = known.old(out, path)?.metadata().ok()?;
        Some(Self { path, file: unnamed(out, about.len()).ok()? })
    }
}
