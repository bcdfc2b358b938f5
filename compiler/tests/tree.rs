//! The entries below a folder: kinds, bytes, modes and times.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::Path;

/// Everything below a folder, by path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree(pub BTreeMap<String, Entry>);

/// One file, link or folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its kind, with its bytes or its target.
    pub kind: Kind,
    /// Its mode.
    pub mode: u32,
    /// When it was written, in nanoseconds, and which one it is.
    pub written: (i64, i64, u64),
}

/// The kind of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A file and its bytes.
    File(Vec<u8>),
    /// A symbolic link and where it leads.
    Link(String),
    /// A pipe or the like.
    Other,
}

impl Tree {
    /// Reads everything below `folder`; nothing where there is none.
    pub fn read(folder: &Path) -> Self {
        let mut entries = BTreeMap::new();
        let mut open = vec![folder.to_path_buf()];
        while let Some(next) = open.pop() {
            let Ok(found) = fs::read_dir(&next) else { continue };
            for place in found.map(|entry| entry.unwrap().path()) {
                let about = fs::symlink_metadata(&place).unwrap();
                let path = place.strip_prefix(folder).unwrap().to_str().unwrap().to_string();
                entries.insert(path, entry(&place, &about));
                if about.is_dir() {
                    open.push(place);
                }
            }
        }
        Self(entries)
    }

    /// Bytes and modes, but not times.
    pub fn same_as(&self, other: &Tree) -> bool {
        let plain = |tree: &Tree| {
            let entries = tree.0.iter().map(|(path, entry)| (path.clone(), entry.kind.clone(), entry.mode));
            entries.collect::<Vec<_>>()
        };
        plain(self) == plain(other)
    }

    /// The paths.
    pub fn paths(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// Path, bytes and whether it can be run, of every file.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8], bool)> {
        self.0.iter().filter_map(|(path, entry)| match &entry.kind {
            Kind::File(bytes) => Some((path.as_str(), bytes.as_slice(), entry.mode & 0o100 != 0)),
            _ => None,
        })
    }

    /// The bytes of a file.
    pub fn bytes(&self, path: &str) -> &[u8] {
        match &self.0[path].kind {
            Kind::File(bytes) => bytes,
            other => panic!("{path} is {other:?}"),
        }
    }
}

fn entry(place: &Path, about: &Metadata) -> Entry {
    let kind = match about.file_type() {
        kind if kind.is_dir() => Kind::Folder,
        kind if kind.is_symlink() => Kind::Link(fs::read_link(place).unwrap().display().to_string()),
        kind if kind.is_fifo() || kind.is_socket() => Kind::Other,
        _ => Kind::File(fs::read(place).unwrap()),
    };
    // Not of folders: a file in them may come and go.
    let written = if about.is_dir() { (0, 0, 0) } else { (about.mtime(), about.mtime_nsec(), about.ino()) };
    Entry { kind, mode: about.permissions().mode() & 0o7777, written }
}
