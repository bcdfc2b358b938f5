//! Text that is no part of a project: a file that an argument names, or stdin. Neither is waited for or read without end.

use crate::project::directory::open_file;
use crate::project::{Unreadable, read_within, utf8_text};
use std::fs;
use std::io::{self, Read};
use std::path::Path;

/// The text of a regular file that has so many bytes at most; else what is wrong with it.
pub(super) fn text_of_file(path: &Path, most: u64) -> Result<String, String> {
    let located = fs::canonicalize(path).map_err(broken)?;
    let file = open_file(&located).map_err(broken)?;
    if !file.metadata().map_err(broken)?.is_file() {
        return Err(Unreadable::NotAFile.words().into_owned());
    }
    text(file, most)
}

/// The text that is piped in.
pub(super) fn text_of_stdin(most: u64) -> Result<String, String> {
    text(io::stdin().lock(), most)
}

fn text(from: impl Read, most: u64) -> Result<String, String> {
    let content = read_within(from, most).map_err(broken)?;
    content.and_then(utf8_text).map_err(|why| why.words().into_owned())
}

fn broken(error: io::Error) -> String {
    format!("cannot be read: {error}")
}
