//! Text → where in it something looks like a secret.

use super::name::{is_reference, looks_secret};
use std::collections::BTreeSet;
use std::ops::Range;

/// Ranges of bytes, in no order, perhaps overlapping.
#[derive(Debug, Default)]
pub struct Spans {
    found: Vec<Range<usize>>,
}

impl From<Vec<Range<usize>>> for Spans {
    fn from(found: Vec<Range<usize>>) -> Self {
        Self { found }
    }
}

impl Spans {
    /// All of a value.
    pub fn whole(text: &str) -> Self {
        Self { found: std::iter::once(0..text.len()).collect() }
    }

    /// What is a secret whatever stands around it.
    pub fn unmistakable(text: &str) -> Self {
        let mut spans = Self::default();
        spans.private_keys(text);
        spans.passwords_of_urls(text);
        spans
    }

    /// What looks like a secret in any text; with `random`, long random text too.
    pub fn of(text: &str, random: bool) -> Self {
        let mut spans = Self::unmistakable(text);
        spans.assigned(text);
        spans.behind_flags(text);
        if random {
            spans.random(text);
        }
        spans
    }

    /// Every occurrence of a known secret.
    pub fn every(&mut self, text: &str, secret: &str) {
        if !secret.is_empty() {
            self.found.extend(text.match_indices(secret).map(|(start, found)| start..start + found.len()));
        }
    }

    /// The secrets themselves.
    pub fn texts(&self, text: &str) -> BTreeSet<String> {
        let spans = self.merged();
        spans.into_iter().map(|span| text[span].to_string()).filter(|text| !text.is_empty()).collect()
    }

    /// The ranges in order, none over another.
    pub fn merged(&self) -> Vec<Range<usize>> {
        let mut sorted = self.found.clone();
        sorted.sort_by_key(|span| (span.start, span.end));
        let mut merged: Vec<Range<usize>> = Vec::new();
        for span in sorted {
            match merged.last_mut() {
                Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        merged
    }

    /// PEM, RFC 7468.
    fn private_keys(&mut self, text: &str) {
        for (start, _) in text.match_indices("-----BEGIN ") {
            let label = text[start..].lines().next().unwrap_or_default();
            if !label.contains("PRIVATE KEY") {
                continue;
            }
            let rest = &text[start..];
            let end = rest.find("-----END ").and_then(|end| {
                let tail = &rest[end + "-----END ".len()..];
                tail.find("-----").map(|close| end + "-----END ".len() + close + "-----".len())
            });
            self.found.push(start..end.map_or(text.len(), |end| start + end));
        }
    }

    /// `scheme://user:password@host`, RFC 3986, 3.2.1. A password with an unescaped `@` or `/` in it ends at the last `@`.
    fn passwords_of_urls(&mut self, text: &str) {
        for (scheme, separator) in text.match_indices("://") {
            let start = scheme + separator.len();
            let end = text[start..].find(ends_word).map_or(text.len(), |end| start + end);
            let Some(at) = text[start..end].rfind('@') else { continue };
            let user = &text[start..start + at];
            match user.find(':') {
                Some(colon) if !user[..colon].contains('/') => {
                    self.found.push(start + colon + 1..start + at);
                }
                _ if random(user) => self.found.push(start..start + at),
                _ => {}
            }
        }
    }

    /// `NAME=value`, `name: value` and `"name": "value"` where the name says that the value is secret.
    fn assigned(&mut self, text: &str) {
        for (at, separator) in text.match_indices(['=', ':']) {
            let before = text[..at].trim_end_matches([' ', '\t']).trim_end_matches(['"', '\'']);
            let name_start = before.rfind(|c| !is_name(c)).map_or(0, |last| last + char_length(before, last));
            if !looks_secret(&before[name_start..]) {
                continue;
            }
            let rest = &text[at + 1..];
            let start = at + 1 + (rest.len() - rest.trim_start_matches([' ', '\t']).len());
            let span = value_span(text, start, separator == ":");
            let is_url = text[span.clone()].starts_with("//");
            if !is_reference(&text[span.clone()]) && !is_url {
                self.found.push(span);
            }
        }
    }

    /// `--password value` within one text.
    fn behind_flags(&mut self, text: &str) {
        for (start, _) in text.match_indices("--") {
            let flag_end = text[start..].find(ends_word).map_or(text.len(), |end| start + end);
            let flag = &text[start..flag_end];
            let rest = text[flag_end..].trim_start_matches(' ');
            let value_start = text.len() - rest.len();
            if flag.contains(['=', ':']) || !looks_secret(flag) || value_start == flag_end {
                continue;
            }
            let span = value_span(text, value_start, false);
            if !rest.starts_with(['-', '\\', '\n']) && !is_reference(&text[span.clone()]) {
                self.found.push(span);
            }
        }
    }

    fn random(&mut self, text: &str) {
        let mut start = 0;
        for word in text.split_inclusive(|c: char| !is_base64(c)) {
            let token = word.trim_end_matches(|c: char| !is_base64(c));
            if random(token) {
                self.found.push(start..start + token.len());
            }
            start += word.len();
        }
    }
}

/// `text` with each span replaced by the mark for what stood there.
pub fn conceal<M: AsRef<str>>(text: &str, spans: &Spans, mark: impl Fn(&str) -> M) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut end = 0;
    for span in spans.merged().into_iter().filter(|span| !span.is_empty()) {
        shown.push_str(&text[end..span.start]);
        shown.push_str(mark(&text[span.clone()]).as_ref());
        end = span.end;
    }
    shown.push_str(&text[end..]);
    shown
}

/// Whether a word is too long and too mixed to have been made up by a person.
pub fn random(word: &str) -> bool {
    let classes: Vec<u8> = word.bytes().filter_map(class).collect();
    if classes.len() < 20 || !classes.contains(&b'0') {
        return false;
    }
    let changes = classes.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let mixed = classes.contains(&b'A') && classes.contains(&b'a');
    // Of random base64 more than half the neighbours differ in kind; of random digits and small letters, two in five;
    // of names with numbers in them, one in five.
    changes * 100 >= classes.len() * if mixed { 40 } else { 28 }
}

fn class(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(b'0'),
        b'A'..=b'Z' => Some(b'A'),
        b'a'..=b'z' => Some(b'a'),
        _ => None,
    }
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+/=_-".contains(c)
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.".contains(c)
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | ',' | ';')
}

fn char_length(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

/// A quoted value up to its quote; after a colon a bare one to the end of its line, since YAML's have spaces.
fn value_span(text: &str, start: usize, whole_line: bool) -> Range<usize> {
    let rest = &text[start..];
    if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        return start + 1..start + 1 + quoted_length(&rest[1..], quote);
    }
    let ends = |c: char| if whole_line { matches!(c, '\n' | '\r' | '"' | '\'') } else { ends_word(c) };
    let end = rest.find(ends).unwrap_or(rest.len());
    start..start + rest[..end].trim_end_matches([' ', ',', '}']).len()
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return at,
            _ => {}
        }
    }
    text.len()
}
