//! The output directory for readers: its files as if a pending commit were finished.

use super::commit::Journal;
use super::failure::Failure;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// An output directory to read.
pub(crate) struct Tree {
    out: PathBuf,
    /// A commit that was begun and not finished.
    pending: Option<Journal>,
}

impl Tree {
    /// The files as they are.
    pub(crate) fn plain(out: &Path) -> Self {
        Self { out: out.to_path_buf(), pending: None }
    }

    /// The files as they are once a pending commit is finished.
    pub(crate) fn committed(out: &Path) -> Self {
        Self { out: out.to_path_buf(), pending: Journal::read(out) }
    }

    /// The directory.
    pub(crate) fn out(&self) -> &Path {
        &self.out
    }

    /// Returns the metadata and place of `path`; a symbolic link is not followed.
    pub(crate) fn about(&self, path: &str) -> io::Result<(PathBuf, Metadata)> {
        if let Some(journal) = &self.pending {
            let place = journal.new_files().join(path);
            if let Ok(about) = fs::symlink_metadata(&place) {
                return Ok((place, about));
            }
            if journal.removed.contains_key(path) {
                return Err(ErrorKind::NotFound.into());
            }
        }
        let place = self.out.join(path);
        let about = fs::symlink_metadata(&place)?;
        Ok((place, about))
    }

    /// Returns the content of a regular file of at most `limit` bytes, if there is one. Fails if it cannot be read.
    pub(super) fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, Failure> {
        let Ok((place, about)) = self.about(path) else { return Ok(None) };
        if !about.is_file() || about.len() > limit {
            return Ok(None);
        }
        fs::read(&place).map(Some).map_err(|error| Failure::unreadable(&place, &error))
    }
}
