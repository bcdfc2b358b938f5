//! A bare word: an identifier, a number, or something that looks like one of them and is neither.

use super::class::{CLASS, Class};
use super::cursor::Cursor;
use super::written::{Form, WrittenWord};
use super::{SyntaxError, number};
use crate::text::Span;
use std::borrow::Cow;

/// The role of a word. It decides what can be wrong with it and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordRole {
    /// The name of a node.
    Node,
    /// The name in a type annotation.
    Annotation,
    /// An argument, or a property's name or value.
    Entry,
}

impl<'s> Cursor<'s> {
    /// Takes the word that begins here and returns what it is. An invalid word is reported, and read as text.
    pub(super) fn word(&mut self, role: WordRole) -> WrittenWord {
        let start = self.at;
        self.skip_word();
        let word = &self.text[start..self.at];
        let span = self.span(start, self.at);
        if is_legacy_raw(word, self.rest()) {
            return self.legacy_raw(start);
        }
        WrittenWord { place: span, form: self.classify(word, span, role) }
    }

    #[inline]
    pub(crate) fn skip_word(&mut self) {
        let bytes = self.text.as_bytes();
        loop {
            while let Some(&byte) = bytes.get(self.at)
                && CLASS[byte as usize] == Class::Word
            {
                self.at += 1;
            }
            // A wide character of a word: its first byte is passed here, and the table takes the others as `Word`.
            match self.class() {
                Class::Word => self.at += 1,
                _ => return,
            }
        }
    }

    fn classify(&mut self, word: &str, span: Span, role: WordRole) -> Form {
        if begins_like_number(word) {
            match number::fault(word) {
                None => return Form::Number,
                Some(why) => self.no_number(word, span, why),
            }
        } else if begins_with_dot(word) {
            self.bare_fraction(span);
        } else if is_reserved(word) {
            self.reserved(word, span, role);
        }
        Form::Bare
    }

    #[cold]
    fn bare_fraction(&mut self, span: Span) {
        let shown = self.excerpt(span);
        let (sign, digits) = shown.split_at(shown.find('.').unwrap_or(0));
        self.report(
            SyntaxError::new(span, format!("`{shown}` is neither a number nor a word"))
                .label("a digit must stand before the `.`")
                .help(format!("write `{sign}0{digits}` for the number, or `\"{shown}\"` for the text")),
        );
    }

    #[cold]
    fn no_number(&mut self, word: &str, span: Span, why: &str) {
        let shown = self.excerpt(span);
        // A path or a date continues behind the end of the word: the text to quote is all of it.
        let rough = self.word_excerpt(span.range().start);
        let error = SyntaxError::new(span, format!("`{shown}` is not a number"));
        let error = match word.strip_suffix(',') {
            Some(value) => error
                .label("a comma separates nothing in KDL")
                .help(format!("separate values with spaces: `{}`", excerpt(value))),
            None => error.label(why).help(format!("write `\"{rough}\"` if it is text")),
        };
        self.report(error);
    }

    #[cold]
    fn reserved(&mut self, word: &str, span: Span, role: WordRole) {
        let is_value = role == WordRole::Entry && !self.sees(b"=");
        let error = if is_value {
            SyntaxError::new(span, format!("`{word}` must be written `#{word}`"))
                .label("keyword without its `#`")
                .help(format!("write `#{word}`, or `\"{word}\"` for the text"))
        } else {
            SyntaxError::new(span, format!("`{word}` cannot be a bare name"))
                .label("too easily taken for a value")
                .help(format!("write `\"{word}\"`"))
        };
        self.report(error);
    }

    /// Reports KDL 1's `r"…"` and `r#"…"#`, and reads them as they were meant.
    #[cold]
    fn legacy_raw(&mut self, start: usize) -> WrittenWord {
        let known = self.errors.len();
        let hash = self.sees(b"#");
        let string = if hash { self.hash() } else { self.quoted() };
        self.errors.truncate(known);
        let span = self.span(start, self.at);
        let old = &self.text[start..self.at];
        let new = if hash { old[1..].to_owned() } else { format!("#{}#", &old[1..]) };
        let error =
            SyntaxError::new(span, "a raw string is written with `#` alone").label("KDL 1's raw string");
        let short = new.len() <= EXCERPT_LIMIT && !new.contains(['\n', '\r']);
        self.report(error.help(if short {
            format!("write `{new}`")
        } else {
            "write `#\"…\"#`".to_owned()
        }));
        WrittenWord { place: span, form: string.map_or(Form::Null, |string| string.form) }
    }

    /// Returns the text up to the next space, cut short: what somebody who forgot the quotes may have meant.
    pub(crate) fn word_excerpt(&self, start: usize) -> String {
        let stop = |char: char| char.is_whitespace() || matches!(char, ';' | '{' | '}' | '"');
        let start_of_rest = excerpt(&self.text[start..]);
        start_of_rest.split(stop).next().unwrap_or_default().replace('\\', "\\\\")
    }

    /// The text at `span`, cut short.
    pub(crate) fn excerpt(&self, span: Span) -> Cow<'s, str> {
        excerpt(&self.text[span.range()])
    }
}

/// Maximum length of a text that is quoted in a message.
const EXCERPT_LIMIT: usize = 60;

fn excerpt(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(EXCERPT_LIMIT) {
        Some((cut, _)) => Cow::Owned(format!("{}…", &text[..cut])),
        None => Cow::Borrowed(text),
    }
}

fn begins_like_number(word: &str) -> bool {
    match word.as_bytes() {
        [b'0'..=b'9', ..] => true,
        [b'+' | b'-', second, ..] => second.is_ascii_digit(),
        _ => false,
    }
}

fn begins_with_dot(word: &str) -> bool {
    matches!(word.as_bytes(), [b'.', b'0'..=b'9', ..] | [b'+' | b'-', b'.', b'0'..=b'9', ..])
}

/// `disallowed-keyword-identifiers`
fn is_reserved(word: &str) -> bool {
    matches!(word, "true" | "false" | "null" | "inf" | "-inf" | "nan")
}

fn is_legacy_raw(word: &str, behind: &[u8]) -> bool {
    word == "r" && behind.iter().find(|&&byte| byte != b'#') == Some(&b'"')
}
