//! A project with a few more files, which are not written yet.

use super::{Project, Unreadable};
use std::collections::BTreeMap;

/// Files over those of another project.
pub(crate) struct Overlay<'p> {
    below: &'p dyn Project,
    files: BTreeMap<String, String>,
}

impl<'p> Overlay<'p> {
    /// Lays files, by path, over a project.
    pub(crate) fn new(below: &'p dyn Project, files: BTreeMap<String, String>) -> Self {
        Self { below, files }
    }
}

impl Project for Overlay<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        match self.files.get(path) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => self.below.read(path),
        }
    }

    fn read_up_to(&self, path: &str, most: u64) -> Result<Vec<u8>, Unreadable> {
        if self.files.contains_key(path) { self.read(path) } else { self.below.read_up_to(path, most) }
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        let mut names: BTreeMap<String, bool> = self.below.list(directory)?.into_iter().collect();
        let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        for path in self.files.keys().filter_map(|path| path.strip_prefix(&prefix)) {
            let (name, below) = path.split_once('/').map_or((path, false), |(name, _)| (name, true));
            names.insert(name.to_string(), below);
        }
        Ok(names.into_iter().collect())
    }

    fn place(&self, path: &str) -> Result<String, Unreadable> {
        if self.files.contains_key(path) { Ok(path.to_string()) } else { self.below.place(path) }
    }
}
