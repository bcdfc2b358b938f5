//! Artifacts and the output directory → the differences, and whether dpc may change them: one stat and at most one read for
//! each file.

use super::failure::Failure;
use super::folders::{FolderState, OutputFolders};
use super::owned::{Checksums, OwnedFiles};
use super::tree::Tree;
use super::{Changes, FileChange};
use crate::encode::digest::sha256;
use crate::output::artifacts::Artifact;
use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The changes of a build.
pub(crate) struct Difference {
    /// Every file that changes.
    pub(crate) changes: Changes,
    /// The files to remove, with their digests.
    pub(crate) removed: Checksums,
}

/// Something else at the path of an artifact.
pub(super) enum Existing {
    Nothing,
    OtherMode,
    OtherContent,
    Directory,
    /// Nothing, since this regular file stands where a folder must be.
    Behind(Box<str>),
    Blocked(Box<Failure>),
}

impl Existing {
    /// Something that must not be removed.
    pub(crate) fn blocked(failure: Failure) -> Self {
        Self::Blocked(Box::new(failure))
    }
}

/// An artifact, and something else at its path. A large fleet has many of these until the end of a build.
pub(crate) struct FileState {
    /// Its path.
    pub(crate) path: Box<str>,
    /// Something else that is at its path, if anything.
    pub(crate) found: Option<Existing>,
}

/// The artifacts of a build.
#[derive(Default)]
pub(crate) struct ArtifactStates {
    /// Every artifact, in the order added. One growing list would need its memory twice.
    made: Vec<Vec<FileState>>,
}

impl ArtifactStates {
    /// Adds artifacts.
    pub(crate) fn add(&mut self, made: Vec<FileState>) {
        self.made.push(made);
    }

    /// Counts the artifacts.
    pub(crate) fn count(&self) -> usize {
        self.made.iter().map(Vec::len).sum()
    }

    fn states(&self) -> impl Iterator<Item = &FileState> + Clone {
        self.made.iter().flatten()
    }

    /// Decides what to change. Fails with every path that cannot be written.
    pub(crate) fn difference(mut self, tree: &Tree) -> Result<Difference, Vec<Failure>> {
        let owned = OwnedFiles::read(tree, self.states()).map_err(|failure| vec![failure])?;
        let (removed, gone) = self.no_longer_made(tree, &owned.listed).map_err(|failure| vec![failure])?;
        let mut changes =
            Changes::with_capacity(gone.len() + self.states().filter(|made| made.found.is_some()).count());
        changes.extend(gone);
        let mut failures = Vec::new();
        // The files of a folder came together and in order, so sorting by the first ones does nearly all.
        self.made.sort_by(|one, other| first(one).cmp(&first(other)));
        changes.extend(self.made.into_iter().flatten().filter_map(|FileState { path, found }| {
            let change = decide(tree, &path, &found?, &owned, &removed);
            change.map_err(|failure| failures.push(failure)).ok().map(|change| (path, change))
        }));
        changes.sort_by(|(one, _), (other, _)| one.cmp(other));
        failures.sort();
        failures.dedup();
        if failures.is_empty() { Ok(Difference { changes, removed }) } else { Err(failures) }
    }

    /// Files of the last build that this one does not make. They are removed, unless a user changed them.
    fn no_longer_made(&self, tree: &Tree, listed: &Checksums) -> Result<(Checksums, Changes), Failure> {
        let (mut removed, mut changes) = (Checksums::new(), Changes::new());
        if listed.is_empty() {
            return Ok((removed, changes));
        }
        let made: BTreeSet<&str> = self.states().map(|made| &*made.path).collect();
        let mut folders = OutputFolders::new(tree);
        for (path, digest) in listed.iter().filter(|(path, _)| !made.contains(path.as_str())) {
            if !matches!(folders.of(path), FolderState::There) {
                continue;
            }
            let Ok((place, about)) = tree.about(path) else { continue };
            if !about.is_file() {
                continue;
            }
            let content = fs::read(&place).map_err(|error| Failure::unreadable(&place, &error))?;
            let goes = sha256(&content) == *digest;
            changes.push((path.as_str().into(), if goes { FileChange::Removed } else { FileChange::Kept }));
            if goes {
                removed.insert(path.clone(), digest.clone());
            }
        }
        Ok((removed, changes))
    }
}

fn first(states: &[FileState]) -> Option<&str> {
    states.first().map(|state| &*state.path)
}

/// Returns the regular file at the place of an artifact, or what else is there.
pub(crate) fn existing_file<'p>(
    tree: &Tree,
    folders: &mut OutputFolders<'_, 'p>,
    path: &'p str,
) -> Result<(PathBuf, Metadata), Existing> {
    match folders.of(path) {
        FolderState::There => {}
        FolderState::Absent => return Err(Existing::Nothing),
        FolderState::File(file) => return Err(Existing::Behind(file.into())),
        FolderState::Blocked(failure) => return Err(Existing::blocked(failure)),
    }
    match tree.about(path) {
        Ok((place, about)) if about.is_symlink() => Err(Existing::blocked(Failure::link(place))),
        Ok((_, about)) if about.is_dir() => Err(Existing::Directory),
        Ok((place, about)) if about.is_file() => Ok((place, about)),
        Ok((place, _)) => {
            Err(Existing::blocked(Failure::new(place, "is in the way of a file: move it away")))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Existing::Nothing),
        Err(error) => Err(Existing::blocked(Failure::unwritable(&tree.out().join(path), &error))),
    }
}

/// Returns how a file differs from an artifact, if it does. Most differences are in size, and need no reading.
pub(crate) fn differs(
    place: &Path,
    about: &Metadata,
    buffer: &mut Vec<u8>,
    artifact: &Artifact,
) -> Option<Existing> {
    let size = artifact.content.len();
    if about.len() != size as u64 {
        return Some(Existing::OtherContent);
    }
    buffer.resize(size.max(buffer.len()), 0);
    match File::open(place).and_then(|mut file| file.read_exact(&mut buffer[..size])) {
        Ok(()) if buffer[..size] != artifact.content => Some(Existing::OtherContent),
        Ok(()) => other_mode(about, artifact.mode),
        Err(error) => Some(Existing::blocked(Failure::unreadable(place, &error))),
    }
}

/// Returns the difference if a file has another mode than the artifact.
fn other_mode(about: &Metadata, mode: u32) -> Option<Existing> {
    (about.permissions().mode() & 0o7777 != mode).then_some(Existing::OtherMode)
}

fn decide(
    tree: &Tree,
    path: &str,
    found: &Existing,
    owned: &OwnedFiles,
    removed: &Checksums,
) -> Result<FileChange, Failure> {
    let place = || tree.out().join(path);
    match found {
        Existing::Nothing => Ok(FileChange::New),
        Existing::OtherMode => Ok(FileChange::Changed),
        Existing::OtherContent if owned.made(path) => Ok(FileChange::Changed),
        Existing::OtherContent => Err(Failure::new(
            place(),
            "was not made by dpc, and dpc does not overwrite it: move it away, or choose another `--out`",
        )),
        Existing::Directory if is_removable(tree, path, removed) => Ok(FileChange::New),
        Existing::Directory => {
            Err(Failure::new(place(), "is a directory in the way of a file: move it away"))
        }
        Existing::Behind(file) if removed.contains_key(&**file) => Ok(FileChange::New),
        Existing::Behind(file) => {
            Err(Failure::new(tree.out().join(&**file), "is a file in the way of a directory: move it away"))
        }
        Existing::Blocked(failure) => Err((**failure).clone()),
    }
}

/// Returns whether a directory can be removed: it and each folder in it hold files that go, and nothing else.
fn is_removable(tree: &Tree, directory: &str, removed: &Checksums) -> bool {
    let mut open = vec![directory.to_string()];
    while let Some(folder) = open.pop() {
        let inside = format!("{folder}/");
        let goes_with_a_file =
            removed.range(inside.clone()..).next().is_some_and(|(path, _)| path.starts_with(&inside));
        let Ok(entries) = fs::read_dir(tree.out().join(&folder)) else { return false };
        for entry in entries {
            let name = entry.ok().and_then(|entry| entry.file_name().into_string().ok());
            let Some(path) = name.map(|name| format!("{inside}{name}")) else { return false };
            match tree.about(&path) {
                Ok((_, about)) if about.is_dir() => open.push(path),
                Ok(_) if !removed.contains_key(&path) => return false,
                _ => {}
            }
        }
        if !goes_with_a_file {
            return false;
        }
    }
    true
}
