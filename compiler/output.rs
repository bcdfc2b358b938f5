//! Artifacts → files below the output directory: all of them, or none.
//!
//! Files that did not change are not touched. Files that dpc did not make are neither overwritten nor removed: what it made
//! is what the manifests of the last build list. Nothing is written through a symbolic link.

mod owned;

use crate::artifacts::{Artifact, Artifacts};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Why nothing was written.
#[derive(Debug)]
pub struct Failure {
    /// The path that stands in the way.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.path.display(), self.reason)
    }
}

/// What a build does to one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not there.
    New,
    /// Its bytes or its mode differ.
    Changed,
    /// dpc made it, and no longer does.
    Removed,
}

/// The files that a build changes, by path below the output directory.
pub type Changes = BTreeMap<String, Change>;

/// What would change, without changing it.
pub fn compare(out: &Path, artifacts: &Artifacts) -> Result<Changes, Failure> {
    check_root(out)?;
    let owned = owned::owned(out);
    let mut changes = Changes::new();
    let mut folders = Folders::new(out);
    for (path, artifact) in &artifacts.files {
        folders.check(path)?;
        if let Some(change) = change(&out.join(path), path, artifact, &owned)? {
            changes.insert(path.clone(), change);
        }
    }
    for path in owned.iter().filter(|path| !artifacts.files.contains_key(*path)) {
        if folders.check(path).is_ok()
            && fs::symlink_metadata(out.join(path)).is_ok_and(|about| about.is_file())
        {
            changes.insert(path.clone(), Change::Removed);
        }
    }
    Ok(changes)
}

/// Makes the output directory hold the artifacts. Waits for another dpc that is writing there.
pub fn write(out: &Path, artifacts: &Artifacts) -> Result<Changes, Failure> {
    check_root(out)?;
    fs::create_dir_all(out).map_err(|error| failed(out, &error))?;
    let lock = File::open(out).map_err(|error| failed(out, &error))?;
    lock.lock().map_err(|error| failed(out, &error))?;
    let changes = compare(out, artifacts)?;
    if changes.is_empty() {
        return Ok(changes);
    }
    let stage = Stage::new(out)?;
    let staged = stage.fill(artifacts, &changes)?;
    replace(out, staged)?;
    remove(out, &changes);
    Ok(changes)
}

/// The output directory is one, or is still to be made; a link there could lead anywhere.
fn check_root(out: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(out) {
        Ok(about) if about.is_dir() => Ok(()),
        Ok(about) if about.is_symlink() => {
            Err(failure(out, "is a symbolic link, and dpc writes through none"))
        }
        Ok(_) => Err(failure(out, "is not a directory")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(out, &error)),
    }
}

fn failure(path: &Path, reason: impl Into<String>) -> Failure {
    Failure { path: path.to_path_buf(), reason: reason.into() }
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    failure(path, format!("cannot be written: {error}"))
}

/// The folders on the way to files, each looked at once.
struct Folders<'o> {
    out: &'o Path,
    good: BTreeSet<String>,
}

impl<'o> Folders<'o> {
    fn new(out: &'o Path) -> Self {
        Self { out, good: BTreeSet::new() }
    }

    fn check(&mut self, path: &str) -> Result<(), Failure> {
        for (end, _) in path.match_indices('/') {
            let folder = &path[..end];
            if self.good.contains(folder) {
                continue;
            }
            let place = self.out.join(folder);
            match fs::symlink_metadata(&place) {
                Ok(about) if about.is_symlink() => {
                    return Err(failure(&place, "is a symbolic link, and dpc writes through none"));
                }
                Ok(about) if !about.is_dir() => return Err(failure(&place, "is in the way of a directory")),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(failed(&place, &error)),
            }
            self.good.insert(folder.to_string());
        }
        Ok(())
    }
}

fn change(
    place: &Path,
    path: &str,
    artifact: &Artifact,
    owned: &BTreeSet<String>,
) -> Result<Option<Change>, Failure> {
    let about = match fs::symlink_metadata(place) {
        Ok(about) => about,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Some(Change::New)),
        Err(error) => return Err(failed(place, &error)),
    };
    if about.is_symlink() {
        return Err(failure(place, "is a symbolic link, and dpc writes through none"));
    }
    if !about.is_file() {
        return Err(failure(place, "is in the way of a file"));
    }
    let same_size = about.len() == artifact.content.len() as u64;
    if same_size && same_content(place, &artifact.content).map_err(|error| failed(place, &error))? {
        let same_mode = about.permissions().mode() & 0o7777 == artifact.mode;
        return Ok((!same_mode).then_some(Change::Changed));
    }
    if !owned.contains(path) {
        return Err(failure(
            place,
            "was not made by dpc, and dpc does not overwrite it; move it away, or choose another `--out`",
        ));
    }
    Ok(Some(Change::Changed))
}

fn same_content(place: &Path, content: &[u8]) -> io::Result<bool> {
    let mut found = Vec::with_capacity(content.len() + 1);
    File::open(place)?.take(content.len() as u64 + 1).read_to_end(&mut found)?;
    Ok(found == content)
}

/// A directory beside the files, where new ones are complete before any old one is touched.
struct Stage<'o> {
    out: &'o Path,
    folder: PathBuf,
}

const STAGE: &str = ".dpc-new";

impl<'o> Stage<'o> {
    /// An empty stage. What a killed build left there is dpc's own, and goes.
    fn new(out: &'o Path) -> Result<Self, Failure> {
        let folder = out.join(STAGE);
        match fs::remove_dir_all(&folder) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&folder, &error)),
        }
        fs::create_dir(&folder).map_err(|error| failed(&folder, &error))?;
        Ok(Self { out, folder })
    }

    /// Writes every new or changed file here, and makes the folders they go to: all that can fail, before anything changes.
    fn fill(&self, artifacts: &Artifacts, changes: &Changes) -> Result<Vec<(PathBuf, PathBuf)>, Failure> {
        let mut staged = Vec::new();
        for (path, _) in changes.iter().filter(|(_, change)| **change != Change::Removed) {
            let artifact = &artifacts.files[path];
            let target = self.out.join(path);
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
            }
            let place = self.folder.join(staged.len().to_string());
            create(&place, artifact).map_err(|error| failed(&target, &error))?;
            staged.push((place, target));
        }
        Ok(staged)
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        // Left behind, it would be removed by the next build.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn create(place: &Path, artifact: &Artifact) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(place)?;
    file.write_all(&artifact.content)?;
    // Not by the mode above alone: the umask would take from it.
    file.set_permissions(Permissions::from_mode(artifact.mode))
}

fn replace(_out: &Path, staged: Vec<(PathBuf, PathBuf)>) -> Result<(), Failure> {
    for (place, target) in staged {
        fs::rename(&place, &target).map_err(|error| failed(&target, &error))?;
    }
    Ok(())
}

/// Removes what dpc no longer makes, and folders that this leaves empty.
fn remove(out: &Path, changes: &Changes) {
    for (path, _) in changes.iter().filter(|(_, change)| **change == Change::Removed) {
        let _ = fs::remove_file(out.join(path));
        let mut folder = Path::new(path).parent();
        while let Some(inner) = folder.filter(|folder| !folder.as_os_str().is_empty()) {
            if fs::remove_dir(out.join(inner)).is_err() {
                break;
            }
            folder = inner.parent();
        }
    }
}
