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

/// Returns the environment that a `plan.json` of dpc is for. It stands in the lines before the hosts.
pub(super) fn environment_of(plan: &Path) -> Option<Option<String>> {
    let file = open_file(plan).ok().filter(|file| file.metadata().is_ok_and(|about| about.is_file()))?;
    let mut head = Vec::new();
    file.take(MAX_HEAD).read_to_end(&mut head).ok()?;
    let head = String::from_utf8_lossy(&head);
    let lines = || head.lines().take_while(|line| !line.starts_with("  \"hosts\""));
    lines().find(|line| line.starts_with("  \"fleet\": "))?;
    let name = lines().find_map(|line| line.strip_prefix("  \"environment\": "));
    Some(name.and_then(|name| serde_json::from_str(name.trim_end_matches(',')).ok()))
}

/// Maximum number of bytes before the hosts that are read.
const MAX_HEAD: u64 = 1 << 20;
