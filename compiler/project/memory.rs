//! A project that is held in memory.

use super::{Project, Unreadable, is_of_git};
use std::collections::BTreeMap;

/// Files by path.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// Adds a file.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), content.into());
    }
}

impl Project for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        if is_of_git(path) {
            return Err(Unreadable::OfGit);
        }
        self.files.get(path).cloned().ok_or(Unreadable::Missing)
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        if is_of_git(directory) {
            return Err(Unreadable::OfGit);
        }
        let prefix = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        let mut names: Vec<(String, bool)> = Vec::new();
        for path in self.files.keys().filter_map(|path| path.strip_prefix(&prefix)) {
            let (name, below) = path.split_once('/').map_or((path, false), |(name, _)| (name, true));
            if names.last().is_none_or(|(last, _)| last != name) {
                names.push((name.to_string(), below));
            }
        }
        Ok(names)
    }
}
