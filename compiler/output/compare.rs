//! Artifacts and the output directory → what differs, and whether dpc may change it: one stat and at most one read a file.

use super::WORTH_A_THREAD;
use super::failure::Failure;
use super::folders::{Folder, Folders};
use super::owned::{Listed, Owned};
use super::tree::Tree;
use super::{Change, Changes};
use crate::artifacts::{Artifact, Artifacts};
use crate::parallel::shares;
use crate::resolve::sha256;
use std::collections::BTreeSet;
use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// What a build is to change.
pub struct Difference {
    /// Every file that changes.
    pub changes: Changes,
    /// Those that go, with what is in them.
    pub removed: Listed,
}

/// Compares. Fails with everything that stands in the way.
pub fn difference(tree: &Tree, artifacts: &Artifacts) -> Result<Difference, Vec<Failure>> {
    let found = look_at_all(tree, artifacts);
    let owned = Owned::read(tree, artifacts, &same_manifests(&found));
    let mut failures = Vec::new();
    let (removed, mut changes) = no_longer_made(tree, artifacts, &owned.listed, &mut failures);
    for (path, found) in found {
        match decide(tree, path, found, &owned, &removed) {
            Ok(Some(change)) => {
                changes.insert(path.to_string(), change);
            }
            Ok(None) => {}
            Err(failure) => failures.push(failure),
        }
    }
    failures.sort();
    failures.dedup();
    if failures.is_empty() { Ok(Difference { changes, removed }) } else { Err(failures) }
}

/// What is at the place of an artifact.
enum Found<'p> {
    Same,
    Nothing,
    OtherMode,
    OtherContent,
    Directory,
    /// Nothing, since this regular file is where a folder must be.
    Behind(&'p str),
    Blocked(Failure),
}

fn look_at_all<'a>(tree: &Tree, artifacts: &'a Artifacts) -> Vec<(&'a str, Found<'a>)> {
    let files: Vec<(&str, &Artifact)> =
        artifacts.files.iter().map(|(path, artifact)| (path.as_str(), artifact)).collect();
    let look_at_share = |share: &[(&'a str, &'a Artifact)]| {
        let mut folders = Folders::new(tree);
        let mut buffer = Vec::new();
        let looked = share
            .iter()
            .map(|(path, artifact)| (*path, look(tree, &mut folders, &mut buffer, path, artifact)));
        looked.collect::<Vec<_>>()
    };
    shares(&files, WORTH_A_THREAD, look_at_share).into_iter().flatten().collect()
}

fn look<'p>(
    tree: &Tree,
    folders: &mut Folders<'_, 'p>,
    buffer: &mut Vec<u8>,
    path: &'p str,
    artifact: &Artifact,
) -> Found<'p> {
    match folders.of(path) {
        Folder::There => {}
        Folder::Absent => return Found::Nothing,
        Folder::File(file) => return Found::Behind(file),
        Folder::Blocked(failure) => return Found::Blocked(failure),
    }
    match tree.about(path) {
        Ok((place, about)) if about.is_symlink() => Found::Blocked(Failure::link(place)),
        Ok((_, about)) if about.is_dir() => Found::Directory,
        Ok((place, about)) if about.is_file() => same(&place, &about, buffer, artifact),
        Ok((place, _)) => Found::Blocked(Failure::new(place, "is in the way of a file: move it away")),
        Err(error) if error.kind() == ErrorKind::NotFound => Found::Nothing,
        Err(error) => Found::Blocked(Failure::unwritable(&tree.out().join(path), &error)),
    }
}

/// Most files that differ do so in size, and are not read.
fn same<'p>(place: &Path, about: &Metadata, buffer: &mut Vec<u8>, artifact: &Artifact) -> Found<'p> {
    let size = artifact.content.len();
    if about.len() != size as u64 {
        return Found::OtherContent;
    }
    buffer.resize(size.max(buffer.len()), 0);
    match File::open(place).and_then(|mut file| file.read_exact(&mut buffer[..size])) {
        Ok(()) if buffer[..size] != artifact.content => Found::OtherContent,
        Ok(()) if about.permissions().mode() & 0o7777 != artifact.mode => Found::OtherMode,
        Ok(()) => Found::Same,
        Err(error) => Found::Blocked(Failure::unreadable(place, &error)),
    }
}

fn same_manifests<'a>(found: &[(&'a str, Found<'_>)]) -> BTreeSet<&'a str> {
    let same =
        found.iter().filter(|(path, found)| path.ends_with("MANIFEST") && matches!(found, Found::Same));
    same.map(|(path, _)| *path).collect()
}

/// What the last build made and this one does not: it goes, unless somebody changed it since.
fn no_longer_made(
    tree: &Tree,
    artifacts: &Artifacts,
    listed: &Listed,
    failures: &mut Vec<Failure>,
) -> (Listed, Changes) {
    let (mut removed, mut changes) = (Listed::new(), Changes::new());
    let mut folders = Folders::new(tree);
    for (path, digest) in listed.iter().filter(|(path, _)| !artifacts.files.contains_key(*path)) {
        if !matches!(folders.of(path), Folder::There) {
            continue;
        }
        let Ok((place, about)) = tree.about(path) else { continue };
        if !about.is_file() {
            continue;
        }
        match fs::read(&place) {
            Ok(content) if sha256(&content) == *digest => {
                removed.insert(path.clone(), digest.clone());
                changes.insert(path.clone(), Change::Removed);
            }
            Ok(_) => drop(changes.insert(path.clone(), Change::Kept)),
            Err(error) => failures.push(Failure::unreadable(&place, &error)),
        }
    }
    (removed, changes)
}

fn decide(
    tree: &Tree,
    path: &str,
    found: Found<'_>,
    owned: &Owned<'_>,
    removed: &Listed,
) -> Result<Option<Change>, Failure> {
    let place = || tree.out().join(path);
    match found {
        Found::Same => Ok(None),
        Found::Nothing => Ok(Some(Change::New)),
        Found::OtherMode => Ok(Some(Change::Changed)),
        Found::OtherContent if owned.made(path) => Ok(Some(Change::Changed)),
        Found::OtherContent => Err(Failure::new(
            place(),
            "was not made by dpc, and dpc does not overwrite it: move it away, or choose another `--out`",
        )),
        Found::Directory if goes(tree, path, removed) => Ok(Some(Change::New)),
        Found::Directory => Err(Failure::new(place(), "is a directory in the way of a file: move it away")),
        Found::Behind(file) if removed.contains_key(file) => Ok(Some(Change::New)),
        Found::Behind(file) => {
            Err(Failure::new(tree.out().join(file), "is a file in the way of a directory: move it away"))
        }
        Found::Blocked(failure) => Err(failure),
    }
}

/// Whether a directory goes: it and each folder in it hold files that go, and nothing else.
fn goes(tree: &Tree, directory: &str, removed: &Listed) -> bool {
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
