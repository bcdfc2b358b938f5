//! The lines of a multi-line string → its value: every line loses the whitespace that the last line consists of, and newlines
//! of all kinds become `\n`.
//!
//! KDL 2.0.0, "Multi-line String": whitespace escapes are resolved before, all other escapes after.

use super::SyntaxError;
use super::class::{newline_length, space_length};
use super::cursor::{Cursor, ERROR_LIMIT};
use super::escape::blank_length;
use super::written::{Form, WrittenWord};
use std::borrow::Cow;

impl<'s> Cursor<'s> {
    /// Returns the value of the string that was opened at `start` and ends here.
    pub(crate) fn dedent(&mut self, start: usize, body: Body<'s>, escapes: bool) -> WrittenWord {
        let place = self.span(start, self.at);
        let mut lines = split_lines(&body.text);
        let (last, indent) = lines.pop().unwrap_or_default();
        if !is_blank(indent) {
            self.no_closing_line(&body, last, indent);
            return WrittenWord { place, form: Form::Bare };
        }
        let pooled = self.texts.pool.len();
        self.texts.pool.reserve(body.text.len());
        for (index, (offset, line)) in lines.into_iter().enumerate() {
            if index > 0 {
                self.texts.pool.push('\n');
            }
            match line.strip_prefix(indent) {
                _ if is_blank(line) => {}
                Some(rest) if escapes => {
                    let place = |within| body.place(offset + indent.len() + within);
                    self.unescape(rest, place);
                }
                Some(rest) => self.texts.pool.push_str(rest),
                // The help shows the whole indentation, which may be long, so only the shown faults get one.
                None if self.errors.len() == ERROR_LIMIT => break,
                None => self.wrong_indent(&body, offset, line, indent),
            }
        }
        match self.position_in_file(pooled, body.start, indent.len()) {
            None => self.texts.add_decoded(place, pooled),
            Some(at) => {
                let length = self.texts.pool.len() - pooled;
                self.texts.pool.truncate(pooled);
                self.texts.within(place, at, at + length)
            }
        }
    }

    /// Finds the pool's text from `pooled` on in the file. The file holds it as it is if it has one line or no indentation.
    fn position_in_file(&self, pooled: usize, body: usize, indent: usize) -> Option<usize> {
        let value = &self.texts.pool[pooled..];
        let holds = |at: &usize| self.text.get(*at..*at + value.len()) == Some(value);
        [body, body + indent].into_iter().find(holds)
    }

    #[cold]
    fn no_closing_line(&mut self, body: &Body<'_>, offset: usize, line: &str) {
        let span = self.span(body.place(offset), body.place(offset + line.len()));
        self.report(
            SyntaxError::new(span, "only whitespace may stand before the closing `\"\"\"`")
                .label("text on the closing line")
                .help("put the closing quotes on a line of their own; their indentation is taken off every line"),
        );
    }

    #[cold]
    fn wrong_indent(&mut self, body: &Body<'_>, offset: usize, line: &str, indent: &str) {
        let common = line.bytes().zip(indent.bytes()).take_while(|(left, right)| left == right).count();
        let mixed = space_length(&line.as_bytes()[common..]) > 0;
        let span = self.span(body.place(offset), body.place(offset + blank_length(line.as_bytes())));
        let why = if mixed {
            "other whitespace than the closing line has"
        } else {
            "indented less than the closing line"
        };
        self.report(
            SyntaxError::new(span, "the line must begin with the indentation of the closing `\"\"\"`")
                .label(why)
                .help(format!("begin it with {}, or move the closing quotes", count_blanks(indent))),
        );
    }
}

/// The lines between the quotes, without the whitespace that backslashes take away.
pub(super) struct Body<'s> {
    text: Cow<'s, str>,
    /// The offset of the body in the file.
    start: usize,
    /// The places where text was taken away: the offset in `text`, and the number of bytes removed up to there.
    cuts: Vec<(usize, usize)>,
}

impl<'s> Body<'s> {
    /// Takes the lines of a raw string, in which a backslash has no meaning.
    pub(crate) fn raw(lines: &'s str, start: usize) -> Self {
        Self { text: Cow::Borrowed(lines), start, cuts: Vec::new() }
    }

    /// Takes the lines of a quoted string, in which a backslash removes the whitespace behind it.
    pub(crate) fn resolve(lines: &'s str, start: usize) -> Self {
        let mut body = Self::raw(lines, start);
        let (mut kept, mut done, mut at, mut removed) = (String::new(), 0, 0, 0);
        while let Some(offset) = lines[at..].find('\\') {
            let backslash = at + offset;
            let blank = blank_length(&lines.as_bytes()[backslash + 1..]);
            let escaped = lines[backslash + 1..].chars().next().map_or(0, char::len_utf8);
            at = backslash + 1 + blank.max(escaped);
            if blank > 0 {
                kept.push_str(&lines[done..backslash]);
                done = at;
                removed += 1 + blank;
                body.cuts.push((kept.len(), removed));
            }
        }
        if !body.cuts.is_empty() {
            kept.push_str(&lines[done..]);
            body.text = Cow::Owned(kept);
        }
        body
    }

    /// Returns the offset in the file for an offset in `text`.
    fn place(&self, offset: usize) -> usize {
        let before = self.cuts.partition_point(|(cut, _)| *cut <= offset);
        let removed = before.checked_sub(1).map_or(0, |index| self.cuts[index].1);
        self.start + offset + removed
    }
}

/// Each line with its offset.
fn split_lines(text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        match newline_length(&text.as_bytes()[at..]) {
            0 => at += 1,
            newline => {
                lines.push((start, &text[start..at]));
                at += newline;
                start = at;
            }
        }
    }
    lines.push((start, &text[start..]));
    lines
}

/// Returns whether a line is only whitespace.
pub(super) fn is_blank(line: &str) -> bool {
    blank_length(line.as_bytes()) == line.len()
}

fn count_blanks(indent: &str) -> String {
    let (one, many) = match indent {
        _ if indent.chars().all(|char| char == ' ') => ("space", "spaces"),
        _ if indent.chars().all(|char| char == '\t') => ("tab", "tabs"),
        _ => ("character of whitespace", "characters of whitespace"),
    };
    match indent.chars().count() {
        1 => format!("the same {one}"),
        count => format!("the same {count} {many}"),
    }
}
