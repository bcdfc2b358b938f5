//! A file that is replaced as a whole, or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

/// The real path of a file, without symbolic links.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RealPath(PathBuf);

impl RealPath {
    /// The place of a file that was read.
    pub(super) fn new(path: &Path) -> Self {
        Self(fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf()))
    }

    /// Replaces the content; mode and owner stay.
    pub(crate) fn write(&self, text: &str) -> io::Result<()> {
        let name = self.0.file_name().unwrap_or_default().to_string_lossy();
        let new = self.0.with_file_name(format!(".{name}.dpc-new"));
        let written = self.write_beside(&new, text).and_then(|()| fs::rename(&new, &self.0));
        if written.is_err() {
            // Returns a path for the new file. It may not exist, and may be one that another dpc is about to use.
            let _ = fs::remove_file(&new);
        }
        written
    }

    fn write_beside(&self, new: &Path, text: &str) -> io::Result<()> {
        let about = fs::metadata(&self.0)?;
        // A killed run may have left this file behind.
        let _ = fs::remove_file(new);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(new)?;
        file.write_all(text.as_bytes())?;
        // A user who may not give files away keeps them, as in every editor.
        let _ = fchown(&file, Some(about.uid()), Some(about.gid()));
        file.set_permissions(about.permissions())?;
        file.sync_all()
    }
}
