//! A complete stage → the files in their places.
//!
//! The journal in the stage says that all new files are there, and lists the files to remove. Once it exists, the new files
//! count: the next build continues from there, and every step may be repeated.

use super::failure::{Failure, Incomplete};
use super::folders::{FolderState, OutputFolders};
use super::owned::{self, Checksums};
use super::stage::{NEW_FILES, STAGE, clear};
use super::tree::Tree;
use crate::encode::digest::{self, sha256};
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

const JOURNAL: &str = "JOURNAL";
const UNFINISHED: &str = "JOURNAL.part";
/// The names of the journal in a stage: when complete, and while it is written.
pub(crate) const FILES: [&str; 2] = [JOURNAL, UNFINISHED];
const LARGEST_JOURNAL: u64 = 256 * 1024 * 1024;

/// A commit that was begun.
pub(crate) struct Journal {
    stage: PathBuf,
    /// The files to remove, and their digests.
    pub(crate) removed: Checksums,
}

impl Journal {
    /// Reads the journal below an output directory. One that came with a copy or a checkout is ignored: it names the
    /// directory that it was written in.
    pub(super) fn read(out: &Path) -> Option<Self> {
        Self::open(out).ok().flatten()
    }

    /// Reads the journal; fails if it exists and cannot be read.
    fn open(out: &Path) -> Result<Option<Self>, Failure> {
        let stage = out.join(STAGE);
        let place = stage.join(JOURNAL);
        let is_one = |about: Metadata| about.is_file() && about.len() <= LARGEST_JOURNAL;
        if !fs::symlink_metadata(&place).is_ok_and(is_one) {
            return Ok(None);
        }
        let unreadable = |error: io::Error| Failure::unreadable(&place, &error);
        let text = fs::read(&place).map_err(unreadable)?;
        let head = head(&stage).map_err(unreadable)?;
        let text = str::from_utf8(&text).unwrap_or_default();
        let lines = text.strip_prefix(&head).and_then(|lines| lines.strip_suffix(END));
        let removed = |lines: &str| lines.lines().filter_map(owned::line).collect();
        Ok(lines.map(|lines| Self { stage, removed: removed(lines) }))
    }

    /// The folder of new files that are not in their place yet.
    pub(crate) fn new_files(&self) -> PathBuf {
        self.stage.join(NEW_FILES)
    }
}

const END: &str = "end\n";

/// Ties the journal to its stage. A copy has another identity.
fn head(stage: &Path) -> io::Result<String> {
    let about = fs::symlink_metadata(stage)?;
    if !about.is_dir() {
        return Err(ErrorKind::NotADirectory.into());
    }
    Ok(format!("dpc commits what is in {}:{}, and removes:\n", about.dev(), about.ino()))
}

/// Writes the journal. From then on the build counts as done.
pub(super) fn begin(out: &Path, removed: &Checksums) -> io::Result<()> {
    let stage = out.join(STAGE);
    let mut text = head(&stage)?;
    removed.iter().for_each(|(path, digest)| digest::add_line(&mut text, path, digest));
    text.push_str(END);
    fs::write(stage.join(UNFINISHED), text)?;
    fs::rename(stage.join(UNFINISHED), stage.join(JOURNAL))
}

/// Returns whether there is a commit to finish.
pub(crate) fn is_unfinished(out: &Path) -> bool {
    fs::symlink_metadata(out.join(STAGE).join(JOURNAL)).is_ok() && Journal::read(out).is_some()
}

/// Finishes a commit that was begun, if there is one.
pub(super) fn finish(out: &Path) -> Result<(), Incomplete> {
    let Some(journal) = Journal::open(out).map_err(Incomplete::Midway)? else { return Ok(()) };
    // Removals come first, since a new file may have to go where an old folder was.
    remove(out, &journal.removed).map_err(Incomplete::Midway)?;
    move_tree(&journal.new_files(), out).map_err(Incomplete::Midway)?;
    clear(&journal.stage).map_err(Incomplete::Midway)
}

/// Removes files that are unchanged, and the folders that become empty.
fn remove(out: &Path, removed: &Checksums) -> Result<(), Failure> {
    let tree = Tree::plain(out);
    let mut folders = OutputFolders::new(&tree);
    for (path, digest) in removed {
        let place = out.join(path);
        let folder = folders.of(path);
        let unreadable = |error: io::Error| Failure::unreadable(&place, &error);
        if matches!(folder, FolderState::There) && is_still(&place, digest).map_err(unreadable)? {
            fs::remove_file(&place).map_err(|error| Failure::unwritable(&place, &error))?;
        }
        if matches!(folder, FolderState::There | FolderState::Absent) {
            remove_empty(out, path);
        }
    }
    Ok(())
}

/// Removes the folders of a removed file, up to the first that is not empty.
fn remove_empty(out: &Path, path: &str) {
    let inside = Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    let _ = inside.map(|folder| fs::remove_dir(out.join(folder))).try_for_each(|removed| match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    });
}

/// Returns whether a file is unchanged. One that cannot be read might be; its path is reported because it stays.
fn is_still(place: &Path, digest: &str) -> io::Result<bool> {
    match fs::symlink_metadata(place) {
        Ok(about) if about.is_file() => Ok(sha256(&fs::read(place)?) == digest),
        _ => Ok(false),
    }
}

/// Moves everything from `from` to `to`: a folder that does not exist there at once, the rest file by file.
fn move_tree(from: &Path, to: &Path) -> Result<(), Failure> {
    for name in names(from).map_err(|error| Failure::unreadable(from, &error))? {
        let (source, target) = (from.join(&name), to.join(&name));
        let failed = |error: io::Error| Failure::unwritable(&target, &error);
        let folder = fs::symlink_metadata(&source).map_err(failed)?.is_dir();
        match fs::symlink_metadata(&target) {
            Ok(about) if folder && about.is_dir() => {
                move_tree(&source, &target)?;
                fs::remove_dir(&source).map_err(failed)?;
            }
            Ok(about) if folder || !about.is_file() => {
                return Err(Failure::new(target, "came in the way while dpc was writing: move it away"));
            }
            _ => fs::rename(&source, &target).map_err(failed)?,
        }
    }
    Ok(())
}

/// The manifest is last: until it is there, `sha256sum --check` says that the folder is not complete.
fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
    names.sort_by_key(|name| (name == "MANIFEST", name.clone()));
    Ok(names)
}
