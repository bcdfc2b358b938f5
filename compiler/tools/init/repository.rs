//! The files of a repository, read as far as a person would write them.

use crate::project::Project;

/// A repository.
#[derive(Clone, Copy)]
pub(crate) struct Repository<'p>(pub(crate) &'p dyn Project);

/// Maximum bytes of a file that is looked at.
const LARGEST: u64 = 1024 * 1024;

impl Repository<'_> {
    /// The text of a file. A file that is too large for its name is skipped.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        let content = self.0.read_up_to(path, LARGEST).ok()?;
        Some(String::from_utf8_lossy(&content).into_owned())
    }

    /// Returns whether there is such a file.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.text(path).is_some()
    }

    /// Returns the first of these files that is there, with its text.
    pub(crate) fn first(&self, paths: impl IntoIterator<Item = String>) -> Option<(String, String)> {
        paths.into_iter().find_map(|path| self.text(&path).map(|text| (path, text)))
    }
}
