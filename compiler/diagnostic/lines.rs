//! Lines of KDL → where in them secrets stand, whether they can be read as KDL or not.
//!
//! [`crate::secret`] knows what looks like a secret. KDL adds `NAME "value"`, and everything in a `secret` node where only the
//! path of a file may stand.

use crate::secret::{assigned_in_text, is_node, is_secret_value, looks_secret};
use std::ops::Range;

/// Finds the secrets in lines of KDL.
pub(super) fn spans(text: &str) -> Vec<Range<usize>> {
    // `key=` is a property of registrations, and names no secret.
    let is_key = |span: &Range<usize>| text[..span.start].trim_end_matches(['"', '#']).ends_with(" key=");
    let mut found = assigned_in_text(text);
    found.retain(|span| !is_key(span));
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        found.extend(in_line(line).into_iter().map(|span| start + span.start..start + span.end));
        start += line.len();
    }
    found
}

/// Finds `NAME "value"`, and the strings of a `secret` node except its name and paths.
fn in_line(line: &str) -> Vec<Range<usize>> {
    let (strings, unquoted) = (strings(line), unquoted(line));
    let before = |string: &Range<usize>| &line[..unquoted[string.start]];
    let node = line
        .rfind("secret ")
        .filter(|at| line[..*at].trim_end().ends_with(['{', ';']) || line[..*at].trim().is_empty());
    let named = |string: &Range<usize>| {
        let before = before(string);
        let name = before.trim_end();
        if name.len() == before.len() {
            return false;
        }
        let head = name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "_-.\"".contains(c));
        let name = name[head.len()..].trim_matches('"');
        !is_node(name) && looks_secret(name)
    };
    let is_secret = |(index, string): (usize, &Range<usize>)| {
        let value = &line[string.clone()];
        let is_second = |at| strings[..index].last().is_some_and(|other| other.start > at);
        let in_node = node.is_some_and(is_second);
        let is_path = before(string).ends_with("path=");
        (named(string) && is_secret_value(value)) || (in_node && !is_path && !value.starts_with('/'))
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    for (index, string) in strings.iter().enumerate() {
        // A surplus value is a part of the secret.
        let follows = found.last().is_some_and(|last| line[last.end + 1..string.start - 1].trim().is_empty());
        if follows || is_secret((index, string)) {
            found.push(string.clone());
        }
    }
    found
}

/// For each place of a line, the end of the text before it, without the quotes of the string that begins there.
fn unquoted(line: &str) -> Vec<usize> {
    let mut ends = vec![0];
    for (at, byte) in (1..).zip(line.bytes()) {
        ends.push(if matches!(byte, b'"' | b'#') { ends[at - 1] } else { at });
    }
    ends
}

/// Returns the ranges between the quotes of a line.
fn strings(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open = None;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match (open, c) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(start), '"') => {
                found.push(start..at);
                open = None;
            }
            (None, '"') => open = Some(at + 1),
            _ => {}
        }
    }
    found.extend(open.map(|start| start..line.trim_end().len().max(start)));
    found
}
