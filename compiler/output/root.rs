//! Opens the output directory. Neither it nor a folder between the project and it is a symbolic link.

use super::failure::{Failure, Incomplete};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// An output directory that may be written to. It need not exist yet.
#[derive(Clone, Debug)]
pub struct OutputRoot {
    path: PathBuf,
}

impl OutputRoot {
    /// The directory `out` below `directory`; an absolute `out` stands on its own.
    pub fn new(directory: &Path, out: &Path) -> Result<Self, Failure> {
        // Names it as the user would: without `./`.
        let below =
            |path: &Path| if directory == Path::new(".") { path.to_path_buf() } else { directory.join(path) };
        if out.is_relative() {
            // People review the project, so no link inside it may decide where its files go.
            let folders: Vec<&Path> = out.ancestors().skip(1).collect();
            for folder in folders.into_iter().rev().filter(|folder| !folder.as_os_str().is_empty()) {
                check(&below(folder))?;
            }
        }
        check(&below(out))?;
        Ok(Self { path: below(out) })
    }

    /// The directory.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the directory and its missing parents.
    pub(super) fn make(&self) -> Result<CreatedFolders, Incomplete> {
        let missing = self.path.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists());
        let made = CreatedFolders { folders: missing.map(Path::to_path_buf).collect() };
        fs::create_dir_all(&self.path).map_err(|error| {
            made.undo();
            Incomplete::Before(vec![Failure::unwritable(&self.path, &error)])
        })?;
        Ok(made)
    }
}

/// Directories that were made for a build, the deepest first.
pub(super) struct CreatedFolders {
    folders: Vec<PathBuf>,
}

impl CreatedFolders {
    /// Removes those that are empty.
    pub(super) fn undo(&self) {
        let _ = self.folders.iter().try_for_each(fs::remove_dir);
    }
}

fn check(path: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_dir() => Ok(()),
        Ok(about) if about.is_symlink() => Err(Failure::link(path)),
        Ok(_) => Err(Failure::new(path, "is not a directory: choose another `--out`")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::unwritable(path, &error)),
    }
}
