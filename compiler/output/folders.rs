//! The folders above files. Each is looked at once.

use super::failure::Failure;
use super::tree::Tree;
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;

/// The state of a folder's path.
#[derive(Clone, Debug)]
pub(crate) enum FolderState<'p> {
    /// A folder.
    There,
    /// Nothing is there: the files in it are new.
    Absent,
    /// The regular file of this path.
    File(&'p str),
    /// Something that must not be removed.
    Blocked(Failure),
}

/// The folders above files that are looked up in sorted order.
pub(crate) struct OutputFolders<'t, 'p> {
    tree: &'t Tree,
    /// The file system of the output directory: files can be replaced at once only within one.
    device: Option<u64>,
    /// The folders of the last file, the deepest last.
    way: Vec<(&'p str, FolderState<'p>)>,
}

impl<'t, 'p> OutputFolders<'t, 'p> {
    /// Before the first lookup.
    pub(super) fn new(tree: &'t Tree) -> Self {
        let device = tree.out().metadata().ok().map(|about| about.dev());
        Self { tree, device, way: Vec::new() }
    }

    /// Returns the state of the folder of `path`.
    pub(super) fn of(&mut self, path: &'p str) -> FolderState<'p> {
        while self.way.last().is_some_and(|(folder, _)| !is_above(folder, path)) {
            self.way.pop();
        }
        let known = self.way.last().map_or(0, |(folder, _)| folder.len() + 1);
        for (end, _) in path[known..].match_indices('/') {
            let folder = &path[..known + end];
            let found = match self.way.last() {
                Some((_, above)) if !matches!(above, FolderState::There) => above.clone(),
                _ => self.look(folder),
            };
            self.way.push((folder, found));
        }
        self.way.last().map_or(self.root(), |(_, found)| found.clone())
    }

    fn root(&self) -> FolderState<'p> {
        if self.device.is_some() { FolderState::There } else { FolderState::Absent }
    }

    fn look(&self, folder: &'p str) -> FolderState<'p> {
        match self.tree.about(folder) {
            Ok((place, about)) if about.is_symlink() => FolderState::Blocked(Failure::link(place)),
            Ok((place, about)) if about.is_dir() && Some(about.dev()) != self.device => FolderState::Blocked(
                Failure::new(place, "is another file system, and dpc cannot replace files there all at once"),
            ),
            Ok((_, about)) if about.is_dir() => FolderState::There,
            Ok((_, about)) if about.is_file() => FolderState::File(folder),
            Ok((place, _)) => {
                FolderState::Blocked(Failure::new(place, "is in the way of a directory: move it away"))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => FolderState::Absent,
            Err(error) => FolderState::Blocked(Failure::unwritable(&self.tree.out().join(folder), &error)),
        }
    }
}

fn is_above(folder: &str, path: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
