//! A project that is a directory.

use super::{LARGEST_FILE, Project, Unreadable};
use crate::parallel::locked;
use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The files below one directory; a link that leads out of it counts as outside.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    outside: bool,
    /// Where folders are that were asked for: to follow links on the way to each file takes longer than to read it.
    folders: Mutex<BTreeMap<PathBuf, PathBuf>>,
}

impl Disk {
    /// The project in `root`. Fails where that is no directory that can be entered.
    pub fn open(root: &Path, allow_outside: bool) -> io::Result<Self> {
        let root = fs::canonicalize(root)?;
        fs::read_dir(&root)?;
        Ok(Self { root, outside: allow_outside, folders: Mutex::default() })
    }

    fn locate(&self, path: &str) -> Result<(PathBuf, Metadata), Unreadable> {
        let (located, about) = self.follow(&self.root.join(path)).map_err(|error| reason(&error))?;
        match self.outside || located.starts_with(&self.root) {
            true => Ok((located, about)),
            false => Err(Unreadable::Outside),
        }
    }

    /// The place that a path leads to, without links, and what is there.
    fn follow(&self, path: &Path) -> io::Result<(PathBuf, Metadata)> {
        if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
            let located = self.folder(folder)?.join(name);
            let about = fs::symlink_metadata(&located)?;
            if !about.is_symlink() {
                return Ok((located, about));
            }
        }
        let located = fs::canonicalize(path)?;
        let about = fs::metadata(&located)?;
        Ok((located, about))
    }

    fn folder(&self, path: &Path) -> io::Result<PathBuf> {
        if let Some(known) = locked(&self.folders).get(path) {
            return Ok(known.clone());
        }
        let located = fs::canonicalize(path)?;
        locked(&self.folders).insert(path.to_path_buf(), located.clone());
        Ok(located)
    }
}

impl Project for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let (located, about) = self.locate(path)?;
        if !about.is_file() {
            return Err(Unreadable::NotAFile);
        }
        let mut content = Vec::with_capacity(about.len().min(LARGEST_FILE) as usize);
        let file = File::open(&located).map_err(|error| reason(&error))?;
        file.take(LARGEST_FILE + 1).read_to_end(&mut content).map_err(|error| reason(&error))?;
        if content.len() as u64 > LARGEST_FILE { Err(Unreadable::TooLarge) } else { Ok(content) }
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        let (located, _) = match self.locate(directory) {
            Err(Unreadable::Missing) => return Ok(Vec::new()),
            located => located?,
        };
        let mut names = Vec::new();
        for entry in fs::read_dir(located).map_err(|error| reason(&error))? {
            let entry = entry.map_err(|error| reason(&error))?;
            // A name that is not UTF-8 cannot be written in KDL either.
            if let Ok(name) = entry.file_name().into_string() {
                names.push((name, entry.file_type().is_ok_and(|kind| kind.is_dir())));
            }
        }
        names.sort();
        Ok(names)
    }

    fn allows_outside(&self) -> bool {
        self.outside
    }
}

fn reason(error: &io::Error) -> Unreadable {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Unreadable::Missing,
        ErrorKind::IsADirectory => Unreadable::NotAFile,
        ErrorKind::PermissionDenied => Unreadable::Denied,
        _ => Unreadable::Broken,
    }
}
