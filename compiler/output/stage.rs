//! A directory beside the output: all new files are complete in it, in the same folders, before any old one is touched.

use super::commit;
use super::failure::{Failure, Incomplete};
use super::owned::Checksums;
use crate::output::artifacts::{Artifact, below};
use crate::project::directory::Directory;
use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

/// The stage's own name below the output directory.
pub(crate) const STAGE: &str = ".dpc-new";
/// The new files below the stage.
pub(crate) const NEW_FILES: &str = "tree";
/// The mode of a new folder.
const FOLDER: u32 = 0o755;
/// Bits of a mode that are cleared by writing to a file.
const SPECIAL: u32 = 0o7000;

/// A stage to fill. It is removed with its content, unless a commit was begun.
pub(crate) struct Stage<'o> {
    out: &'o Path,
    /// The folder of the new files.
    new_files: Directory,
    /// Bits of a mode that a created file lacks: the process's umask, and those that writing clears.
    withheld: u32,
}

impl<'o> Stage<'o> {
    /// An empty stage, where there is none.
    pub(super) fn new(out: &'o Path) -> Result<Self, Failure> {
        let folder = out.join(STAGE);
        let made = make(&folder);
        match made.and_then(|umask| Ok((Directory::open(&folder.join(NEW_FILES))?, umask))) {
            Ok((new_files, umask)) => Ok(Self { out, new_files, withheld: umask | SPECIAL }),
            Err(error) => {
                let _ = clear(&folder);
                Err(Failure::unwritable(out, &error))
            }
        }
    }

    /// Writes new or changed files here, given by their path below a folder. Everything that can fail happens here, before
    /// anything changes.
    pub(crate) fn add<'f>(
        &self,
        folder: &str,
        files: impl Iterator<Item = (&'f String, &'f Artifact)>,
    ) -> Result<(), Failure> {
        let mut open: Option<(&str, Directory)> = None;
        let failed = |path: &str| {
            let place = self.out.join(below(folder, path));
            move |error: io::Error| Failure::unwritable(&place, &error)
        };
        for (path, file) in files {
            let (inside, name) = path.rsplit_once('/').unwrap_or(("", path));
            if open.as_ref().is_none_or(|(known, _)| *known != inside) {
                let opened =
                    self.folder(below(folder, inside).trim_end_matches('/')).map_err(failed(inside))?;
                open = Some((inside, opened));
            }
            if let Some((_, directory)) = &open {
                self.write(directory, name, file).map_err(failed(path))?;
            }
        }
        Ok(())
    }

    fn write(&self, directory: &Directory, name: &str, file: &Artifact) -> io::Result<()> {
        let mut new = directory.create(name, file.mode)?;
        new.write_all(&file.content)?;
        if file.mode & self.withheld != 0 {
            new.set_permissions(Permissions::from_mode(file.mode))?;
        }
        Ok(())
    }

    /// Replaces the old files by the new ones, and removes what is no longer made.
    pub(crate) fn commit(self, removed: &Checksums) -> Result<(), Incomplete> {
        commit::begin(self.out, removed)
            .map_err(|error| Incomplete::Before(vec![Failure::unwritable(self.out, &error)]))?;
        commit::finish(self.out)
    }

    /// Makes a folder below the new files, and its parents, if it is missing.
    fn folder(&self, path: &str) -> io::Result<Directory> {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        for folder in ends.map(|end| &path[..end]).filter(|folder| !folder.is_empty()) {
            // Other files needed it before.
            match self.new_files.make(folder, FOLDER) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                made => made?,
            }
            if FOLDER & self.withheld != 0 {
                let place = self.out.join(STAGE).join(NEW_FILES).join(folder);
                fs::set_permissions(place, Permissions::from_mode(FOLDER))?;
            }
        }
        self.new_files.folder(if path.is_empty() { "." } else { path })
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        // After a commit nothing is left. A commit that was begun is for the next build to finish.
        if !commit::is_unfinished(self.out) {
            let _ = clear(&self.out.join(STAGE));
        }
    }
}

/// Makes the stage, and returns the bits of a mode that the umask clears.
fn make(folder: &Path) -> io::Result<u32> {
    DirBuilder::new().mode(0o777).create(folder)?;
    let umask = 0o777 & !folder.metadata()?.permissions().mode();
    // dpc must be able to write there, whatever the umask.
    fs::set_permissions(folder, Permissions::from_mode(FOLDER))?;
    DirBuilder::new().mode(FOLDER).create(folder.join(NEW_FILES))?;
    fs::set_permissions(folder.join(NEW_FILES), Permissions::from_mode(FOLDER))?;
    Ok(umask)
}

/// Removes what a killed build left in a stage, and nothing that dpc did not put there.
pub(crate) fn clear(folder: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Ok(about) if about.is_dir() => {}
        Ok(about) if about.is_symlink() => return Err(Failure::link(folder)),
        _ => return Err(Failure::new(folder, "is where dpc keeps new files: move it away")),
    }
    // The journal goes first: without it the rest does not count as a commit.
    let files = commit::FILES.iter().map(|name| fs::remove_file(folder.join(name)));
    let removed = files.chain([fs::remove_dir_all(folder.join(NEW_FILES))]);
    let failed = removed.filter_map(Result::err).find(|error| error.kind() != ErrorKind::NotFound);
    match failed.map_or_else(|| fs::remove_dir(folder), Err) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => {
            Err(Failure::new(folder, "holds files that dpc did not make: move it away"))
        }
        Err(error) => Err(Failure::unwritable(folder, &error)),
    }
}
