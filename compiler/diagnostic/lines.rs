//! Lines of KDL → where in them secrets stand, whether they can be read as KDL or not.
//!
//! [`crate::secret`] knows what looks like a secret. KDL adds `NAME "value"`, and everything in a `secret` node where only the
//! path of a file may stand.

use crate::secret::{assigned_in_text, is_name, is_node, is_secret_value, looks_secret};
use std::ops::Range;

/// Finds the secrets in lines of KDL.
pub(super) fn spans(text: &str) -> Vec<Range<usize>> {
    // `key=` is a property of registrations, and names no secret.
    let is_key = |span: &Range<usize>| text[..span.start].trim_end_matches(['"', '#']).ends_with(" key=");
    let mut found = assigned_in_text(text);
    found.retain(|span| !is_key(span));
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let rest = rest(line).map(|rest| with_words(line, rest));
        let spans = in_line(line).into_iter().chain(rest.into_iter().flatten());
        found.extend(spans.map(|span| start + span.start..start + span.end));
        start += line.len();
    }
    found
}

/// Nodes whose argument may be a name with a value.
const NAMED: [&str; 3] = ["env", "label", "labels"];
/// Words of the language that a value may begin an expression with.
const DEFINED: [&str; 6] = ["host", "instance", "needs", "ports", "service", "var"];
/// Words behind a secret name that are no secret, since messages have them too.
const COMMON: [&str; 6] = ["from", "password", "path", "secret", "token", "value"];

/// Returns the rest of a line behind a secret name, unless only quoted texts follow: what is misspelt may be the secret.
fn rest(line: &str) -> Option<Range<usize>> {
    let mut at = 0;
    loop {
        at += line[at..].len() - line[at..].trim_start_matches([' ', '\t']).len();
        let (name, end) = name_at(line, at);
        let is_secret_node = name == "secret";
        let end = if is_secret_node { argument_end(line, end) } else { end };
        let behind = &line[end..];
        let is_secret = is_secret_node || looks_secret(name) && !is_node(name);
        if is_secret && !is_plain(behind, is_secret_node) {
            let start = end + behind.len() - behind.trim_start_matches([' ', '\t', '=', ':']).len();
            let mut shown = line.trim_end();
            while let Some(outer) = shown.strip_suffix(" }") {
                shown = outer.trim_end();
            }
            return Some(start..shown.len().max(start));
        }
        at = if NAMED.contains(&name) && !behind.trim_start().starts_with('{') {
            end
        } else {
            at + line[at..].find(['{', ';'])? + 1
        };
    }
}

/// Returns the name there, which may be quoted, and its end.
fn name_at(line: &str, at: usize) -> (&str, usize) {
    let open = at + line[at..].len() - line[at..].trim_start_matches(['"', '\'', '#']).len();
    let close = open + line[open..].find(|c| !is_name(c)).unwrap_or(line.len() - open);
    let behind = line[close..].trim_start_matches(['"', '\'', '#']);
    let is_open = open > at && behind.len() == line[close..].len();
    let name = if is_open { "" } else { &line[open..close] };
    // Quotes that are not the name's belong to what follows.
    (name, if open > at { line.len() - behind.len() } else { close })
}

/// Returns the end of the first argument behind a name.
fn argument_end(line: &str, end: usize) -> usize {
    let start = line.len() - line[end..].trim_start().len();
    name_at(line, start).1
}

/// Returns whether only quoted texts and paths follow, with no expression of unknown words. `with_properties` allows `from="…"`.
fn is_plain(behind: &str, with_properties: bool) -> bool {
    let mut rest = behind.trim_start();
    if rest.starts_with(['=', ':']) {
        rest = rest[1..].trim_start();
    }
    loop {
        if rest.is_empty() || rest.starts_with([';', '}']) || rest.starts_with("//") {
            return true;
        }
        let property = rest.split_once('=').filter(|(name, _)| {
            with_properties && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        });
        rest = property.map_or(rest, |(_, value)| value);
        let Some(end) = plain_end(rest) else { return false };
        if rest[end..].starts_with(|c: char| !(c.is_whitespace() || c == ';' || c == '}')) {
            return false;
        }
        rest = rest[end..].trim_start();
    }
}

/// Returns the end of a quoted text or a path.
fn plain_end(text: &str) -> Option<usize> {
    let Some(inside) = text.strip_prefix('"') else {
        let end = text.find(|c: char| c.is_whitespace() || c == ';').unwrap_or(text.len());
        return (text.starts_with('/') && !is_secret_value(&text[..end])).then_some(end);
    };
    let mut escaped = false;
    let end = inside.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    let mut expressions = inside[..end].split("{{").skip(1);
    expressions.all(is_defined).then_some(end + 2)
}

/// Returns whether an expression has only words that could be names of the project.
fn is_defined(expression: &str) -> bool {
    let inside = expression.split_once("}}").map_or(expression, |(inside, _)| inside).trim();
    let head = inside.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or(inside);
    DEFINED.contains(&head)
        && inside.chars().all(|c| c.is_ascii_lowercase() || c.is_whitespace() || "_-.|".contains(c))
}

/// The range, and the words in it, which messages may repeat one by one.
fn with_words(line: &str, rest: Range<usize>) -> Vec<Range<usize>> {
    let is_around = |c: char| c.is_whitespace() || "\"'`#(){}[]<>\\=;".contains(c);
    let is_sign = |c: char| !c.is_alphanumeric();
    let mut found = words(line, &rest, is_around);
    found.extend(words(line, &rest, is_sign));
    found.retain(|word| !COMMON.contains(&&line[word.clone()]));
    found.push(rest);
    found
}

fn words(line: &str, rest: &Range<usize>, ends: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut start = rest.start;
    let parts = line[rest.clone()].split(ends).map(|word| {
        let word = start..start + word.len();
        start = word.end + line[word.end..].chars().next().map_or(0, char::len_utf8);
        word
    });
    parts.filter(|word| !word.is_empty()).collect()
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
