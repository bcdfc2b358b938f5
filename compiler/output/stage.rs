//! A directory beside the files, where the new ones are complete, in the same folders, before any old one is touched.

use super::commit;
use super::failure::{Failure, Stopped};
use super::owned::Listed;
use crate::artifacts::Artifact;
use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The stage's own name below the output directory.
pub const STAGE: &str = ".dpc-new";
/// The new files below the stage.
pub const NEW_FILES: &str = "tree";
/// The mode of a new folder.
const FOLDER: u32 = 0o755;
/// The bits of a mode that writing to a file takes away.
const SPECIAL: u32 = 0o7000;

/// A stage to fill. What it holds goes with it, unless a commit was begun.
pub struct Stage<'o> {
    out: &'o Path,
    /// The bits of a mode that creating a file does not give: the process's umask, and what writing takes away.
    withheld: u32,
}

impl<'o> Stage<'o> {
    /// An empty stage, where there is none.
    pub fn new(out: &'o Path) -> Result<Self, Failure> {
        let folder = out.join(STAGE);
        match make(&folder) {
            Ok(umask) => Ok(Self { out, withheld: umask | SPECIAL }),
            Err(error) => {
                let _ = clear(&folder);
                Err(Failure::unwritable(out, &error))
            }
        }
    }

    /// Writes new or changed files here: all that can fail, before anything changes.
    pub fn add(&self, files: &[(&str, &Artifact)]) -> Result<(), Failure> {
        self.make_folders(files)?;
        files.iter().try_for_each(|(path, artifact)| {
            let file = self.create(path, artifact.mode);
            let written = file.and_then(|mut file| file.write_all(&artifact.content));
            written
                .and_then(|()| self.settle(path, artifact.mode))
                .map_err(|error| Failure::unwritable(&self.out.join(path), &error))
        })
    }

    /// A new file to write to, in a folder that is there.
    pub fn create(&self, path: &str, mode: u32) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).mode(mode).open(self.place(path))
    }

    /// Gives a file that was written its mode.
    pub fn settle(&self, path: &str, mode: u32) -> io::Result<()> {
        self.set_mode(&self.place(path), mode)
    }

    /// Replaces the old files by the new ones, and removes what is no longer made.
    pub fn commit(self, removed: &Listed) -> Result<(), Stopped> {
        commit::begin(self.out, removed)
            .map_err(|error| Stopped::Before(vec![Failure::unwritable(self.out, &error)]))?;
        commit::finish(self.out)
    }

    fn make_folders(&self, files: &[(&str, &Artifact)]) -> Result<(), Failure> {
        let above = |path: &'_ str| path.match_indices('/').map(|(end, _)| end).collect::<Vec<_>>();
        let mut folders = BTreeSet::new();
        for (path, _) in files {
            folders.extend(above(path).into_iter().map(|end| &path[..end]));
        }
        // Sorted, each comes after the one that holds it.
        for folder in folders {
            let place = self.place(folder);
            // Made before for other files of a large host, maybe in this moment, and then without its mode yet.
            let made = match DirBuilder::new().mode(FOLDER).create(&place) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
                made => made,
            };
            made.and_then(|()| self.set_mode(&place, FOLDER))
                .map_err(|error| Failure::unwritable(&self.out.join(folder), &error))?;
        }
        Ok(())
    }

    fn set_mode(&self, place: &Path, mode: u32) -> io::Result<()> {
        if mode & self.withheld == 0 {
            Ok(())
        } else {
            fs::set_permissions(place, Permissions::from_mode(mode))
        }
    }

    fn place(&self, path: &str) -> PathBuf {
        let mut place = self.out.join(STAGE);
        place.push(NEW_FILES);
        place.push(path);
        place
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        // After a commit there is nothing left. One that was begun is for the next build to finish.
        if !commit::is_begun(self.out) {
            let _ = clear(&self.out.join(STAGE));
        }
    }
}

/// Makes the stage, and gives the bits of a mode that the umask takes away.
fn make(folder: &Path) -> io::Result<u32> {
    DirBuilder::new().mode(0o777).create(folder)?;
    let umask = 0o777 & !folder.metadata()?.permissions().mode();
    // Whatever the umask: dpc must be able to write there.
    fs::set_permissions(folder, Permissions::from_mode(FOLDER))?;
    DirBuilder::new().mode(FOLDER).create(folder.join(NEW_FILES))?;
    fs::set_permissions(folder.join(NEW_FILES), Permissions::from_mode(FOLDER))?;
    Ok(umask)
}

/// Removes what a killed build left in a stage, and nothing that dpc did not put there.
pub fn clear(folder: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Ok(about) if about.is_dir() => {}
        Ok(about) if about.is_symlink() => return Err(Failure::link(folder)),
        _ => return Err(Failure::new(folder, "is where dpc keeps new files: move it away")),
    }
    // The journal first: without it the rest is not taken for a commit that was begun.
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
