//! The files that a build may see. The compiler asks a [`Project`]; the caller knows whether that is a directory, memory or a
//! commit.

// This room reads the files of a project, from the disk or from a commit.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod allowance;
pub(crate) mod directory;
mod disk;
mod git;
mod memory;
mod overlay;

use std::borrow::Cow;
use std::io::{self, Read};

use crate::text::{LARGEST_SOURCES, narrow};
pub use disk::Disk;
use git::folders_above;
pub(crate) use git::{GitError, Repository};
pub use memory::Memory;
pub(crate) use overlay::Overlay;

/// The files of one project. Paths are relative to its root, with `/` between the parts and without `.` or `..`. Only a project
/// that allows outside files gets paths that begin with `../` or `/`.
pub trait Project: Sync {
    /// The content of a regular file.
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable>;

    /// Reads a file that has at most `most` bytes; a larger one is refused before it is read.
    fn read_up_to(&self, path: &str, most: u64) -> Result<Vec<u8>, Unreadable> {
        self.read(path).and_then(|content| within(content, most))
    }

    /// The names in a directory, sorted, each with whether it is a directory. An absent directory is empty.
    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable>;

    /// Returns the place of a file after all links: two paths with one place lead to one file. A place outside the root begins
    /// with `../` or `/`. A project without links has its files where they are named.
    fn place(&self, path: &str) -> Result<String, Unreadable> {
        Ok(path.to_string())
    }

    /// Returns whether paths outside the root may be read.
    fn allows_outside(&self) -> bool {
        false
    }
}

/// Why a file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Nothing has this name.
    Missing,
    /// It is a directory, a pipe, a device or a socket.
    NotAFile,
    /// It is outside the project, or leads there.
    Outside,
    /// It is larger than a file of its kind may be.
    TooLarge {
        /// Maximum bytes, a number of MiB.
        most: u64,
    },
    /// It is in a git submodule, whose files are in another repository.
    Submodule,
    /// The operating system forbids it.
    Denied,
    /// The operating system cannot read it.
    Broken,
    /// The KDL of the project would be larger than [`Sources`](crate::text::Sources) can hold.
    TooMuch,
    /// The project would have more files than [`MOST_FILES`].
    TooMany,
    /// It is below a `.git`, or leads there.
    OfGit,
    /// Folders have more than [`MOST_ENTRIES`] entries.
    TooManyEntries,
    /// More bytes would be read than dpc reads of one project.
    TooMuchRead,
    /// Its path has more folders than a path can name.
    TooDeep,
    /// Links led through more folders than dpc follows in one project.
    TooManySteps,
    /// KDL is only read from files with this ending.
    NotKdl,
    /// It is not UTF-8, from this byte on.
    NotText {
        /// The line of that byte, from 1.
        line: u32,
        /// The column of that byte in its line, in characters, from 1.
        column: u32,
    },
}

/// Returns whether a path leads into what git keeps for itself: settings with tokens, and the history.
pub(crate) fn is_of_git(path: &str) -> bool {
    path.split('/').any(|part| part.eq_ignore_ascii_case(".git"))
}

/// Maximum number of links in one path, as in Linux (path_resolution(7)).
const MOST_LINKS: usize = 40;

/// Maximum number of entries of folders that are looked through for one pattern, or in one commit.
pub(crate) const MOST_ENTRIES: usize = 500_000;

/// Maximum bytes of one file: a config file, an env file, a plan.
pub(crate) const LARGEST_FILE: u64 = 256 * MIB;
/// Maximum bytes of one KDL file: no more than all may have together.
pub(crate) const LARGEST_KDL: u64 = LARGEST_SOURCES as u64;
/// Maximum bytes of one template.
pub(crate) const LARGEST_TEMPLATE: u64 = MIB;

const MIB: u64 = 1024 * 1024;

/// The most KDL files that a project may have.
pub(crate) const MOST_FILES: usize = 50_000;

impl Unreadable {
    /// The reason in words that follow the file's name.
    pub fn words(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Unreadable::NotText { line, column } => {
                return Cow::Owned(format!("is not UTF-8 text: see line {line}, column {column}"));
            }
            Unreadable::TooLarge { most } => return Cow::Owned(format!("is larger than {} MiB", most / MIB)),
            Unreadable::TooMuch => {
                let most = LARGEST_KDL / MIB;
                return Cow::Owned(format!("is too much: the KDL of a project may have {most} MiB together"));
            }
            Unreadable::Missing => "does not exist",
            Unreadable::NotAFile => "is not a regular file",
            Unreadable::Outside => "is outside the project",
            Unreadable::Submodule => "is in a submodule, whose files no commit of this repository holds",
            Unreadable::Denied => "cannot be read: permission denied",
            Unreadable::Broken => "cannot be read: the file system reports an error",
            Unreadable::TooMany => "is one file too many: a project may have 50000",
            Unreadable::OfGit => "is below a `.git`, and nothing there is part of a project",
            Unreadable::TooManyEntries => "is too much: 500,000 entries of folders are looked through",
            Unreadable::TooMuchRead => {
                "is too much: 512 MiB are read of a project, of each file as often as it is named"
            }
            Unreadable::TooDeep => "leads through more than 2,048 folders and links",
            Unreadable::TooManySteps => "is too much: links are followed through 500,000 folders in all",
            Unreadable::NotKdl => "is no KDL file: it, or what it links to, is not called `.kdl`",
        })
    }
}

/// Returns the content unless it is larger than a file of its kind may be.
fn within(content: Vec<u8>, most: u64) -> Result<Vec<u8>, Unreadable> {
    if content.len() as u64 > most { Err(Unreadable::TooLarge { most }) } else { Ok(content) }
}

/// Reads everything from a source, unless it has too many bytes.
pub(crate) fn read_within(from: impl Read, most: u64) -> io::Result<Result<Vec<u8>, Unreadable>> {
    let mut content = Vec::new();
    from.take(most + 1).read_to_end(&mut content)?;
    Ok(within(content, most))
}

/// The text of a file of a project that is no link: one could lead to what is not for the excerpts of messages.
pub(crate) fn text_in_place(project: &dyn Project, path: &str, most: u64) -> Result<String, Unreadable> {
    if project.place(path)? != path {
        return Err(Unreadable::NotAFile);
    }
    utf8_text(project.read_up_to(path, most)?)
}

/// Returns the text of a file, or the place of the first byte that is not UTF-8.
pub(crate) fn utf8_text(content: Vec<u8>) -> Result<String, Unreadable> {
    String::from_utf8(content).map_err(|error| {
        let good = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let line = good.matches('\n').count() + 1;
        let column = good.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        Unreadable::NotText { line: narrow(line), column: narrow(column) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_that_is_no_text_has_a_place() {
        for (content, line, column) in [
            (&b"\xff"[..], 1, 1),
            (b"a\xe9\n\xff", 1, 2),
            (b"a\n\xc3\xa9b\xe9", 2, 3),
            (b"a\n\n\xed\xa0\x80", 3, 1),
            (b"cut \xc3", 1, 5),
        ] {
            assert_eq!(utf8_text(content.to_vec()), Err(Unreadable::NotText { line, column }), "{content:?}");
        }
    }
}
