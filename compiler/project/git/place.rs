//! A directory → its work tree, and the path in it. dpc looks for the `.git` itself: git also takes a directory with `HEAD`,
//! `objects` and `refs` for a repository, and a pull request can bring such a directory.

use super::GitError;
use crate::project::MOST_LINKS;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// The place of a directory in its work tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WorkTree {
    /// The directory of the work tree, without links.
    pub(crate) root: PathBuf,
    /// The directory below it, as it was named: each commit decides where its own links lead.
    pub(crate) prefix: PathBuf,
}

/// Finds the work tree.
pub(crate) fn place(directory: &Path) -> Result<WorkTree, GitError> {
    let not_there =
        |error: &io::Error| GitError::new(format!("`{}` cannot be entered: {error}", directory.display()));
    let located = fs::canonicalize(directory).map_err(|error| not_there(&error))?;
    let mut path = plain(directory).map_err(|error| not_there(&error))?;
    for _ in 0..MOST_LINKS {
        let Some(link) = first_link(&path) else { break };
        if let Some(root) = link.parent().and_then(root_of) {
            return within(root, &path, &located);
        }
        // A place outside of any repository is no part of a pull request.
        let target = fs::canonicalize(&link).map_err(|error| not_there(&error))?;
        path = target.join(path.strip_prefix(&link).unwrap_or(Path::new("")));
    }
    let root = root_of(&located).ok_or_else(|| {
        GitError::new(format!("`{}` is in no git repository", directory.display()))
            .help("compare with a directory or a `plan.json`, or name a project in a repository")
    })?;
    within(root, &located, &located)
}

fn within(root: PathBuf, path: &Path, located: &Path) -> Result<WorkTree, GitError> {
    if root_of(located).as_ref() != Some(&root) {
        let said = format!("`{}` leads by a link out of the repository that it is in", path.display());
        return Err(GitError::new(said).help("name the directory itself"));
    }
    if is_submodule(&root) {
        let said =
            format!("`{}` is a submodule: its history is its own, whatever is reviewed", root.display());
        return Err(GitError::new(said)
            .help("compare in a clone of its repository, or with a directory or a `plan.json`"));
    }
    let prefix = path.strip_prefix(&root).unwrap_or(Path::new("")).to_path_buf();
    Ok(WorkTree { root, prefix })
}

/// Returns the absolute path, in which `..` leads where the system goes.
fn plain(directory: &Path) -> io::Result<PathBuf> {
    let mut path = std::env::current_dir()?;
    for part in directory.components() {
        match part {
            Component::ParentDir => {
                path = fs::canonicalize(&path)?;
                path.pop();
            }
            Component::CurDir => {}
            part => path.push(part),
        }
    }
    Ok(path)
}

/// The part of a path that ends with its first link.
fn first_link(path: &Path) -> Option<PathBuf> {
    let mut above: Vec<&Path> = path.ancestors().collect();
    above.reverse();
    above.into_iter().find(|path| path.is_symlink()).map(Path::to_path_buf)
}

/// The nearest directory above a path, or the path itself, that has a `.git`.
fn root_of(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok()).map(Path::to_path_buf)
}

/// Returns whether the repository of a work tree is kept by that of a directory above: a pull request can make one of any
/// folder.
fn is_submodule(root: &Path) -> bool {
    let Some(own) = linked_folder(root) else { return false };
    let above = root.ancestors().skip(1).filter(|folder| folder.join(".git").exists());
    let kept = |folder: &Path| folders(folder).iter().any(|store| own.starts_with(store.join("modules")));
    above.into_iter().any(kept)
}

/// Reads the path of the repository from a `.git` that is a file (gitrepository-layout(5)).
fn linked_folder(root: &Path) -> Option<PathBuf> {
    let text = small(&root.join(".git"))?;
    fs::canonicalize(root.join(text.strip_prefix("gitdir:")?.trim())).ok()
}

/// Returns the folders of a work tree's objects, references and settings, in its own folder or beside it.
pub(crate) fn folders(root: &Path) -> Vec<PathBuf> {
    let Some(own) = linked_folder(root).or_else(|| fs::canonicalize(root.join(".git")).ok()) else {
        return Vec::new();
    };
    let common = small(&own.join("commondir")).and_then(|text| fs::canonicalize(own.join(text.trim())).ok());
    std::iter::once(own).chain(common).collect()
}

/// Returns the folders of the repository around a path; none outside of any.
pub(crate) fn folders_above(path: &Path) -> Vec<PathBuf> {
    root_of(path).map(|root| folders(&root)).unwrap_or_default()
}

fn small(path: &Path) -> Option<String> {
    let about = fs::metadata(path).ok()?;
    let is_small = about.is_file() && about.len() < 64 * 1024;
    is_small.then(|| fs::read_to_string(path).ok()).flatten()
}

impl WorkTree {
    /// The prefix as bytes with `/` between its parts.
    pub(crate) fn prefix(&self) -> &[u8] {
        self.prefix.as_os_str().as_bytes()
    }
}
