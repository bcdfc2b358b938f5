//! `"""` … `"""`: strings of several lines, whose indentation is that of the line that closes them.

use super::class::{newline_length, space_length};
use super::cursor::{Cursor, ERROR_LIMIT};
use super::error::Stop;
use super::escape::blank_length;
use super::{SyntaxError, Text};
use std::borrow::Cow;

impl<'s> Cursor<'s> {
    /// The quoted form: escapes of whitespace are resolved before the indentation is taken away, others after.
    pub fn multi_line(&mut self) -> Result<Text<'s>, Stop> {
        let start = self.at;
        let body = self.opening_line(start, 0)?;
        self.at = body;
        while self.at < self.text.len() && !self.sees(b"\"\"\"") {
            match self.rest()[0] {
                b'\\' => self.skip_escape(),
                _ => self.at += 1,
            }
        }
        let lines = self.closing_line(start, body, "\"\"\"")?;
        self.dedent(start, Body::resolve(lines, body), true)
    }

    /// The raw form, behind `hashes` times `#`.
    pub fn raw_multi_line(&mut self, hashes: usize) -> Result<Text<'s>, Stop> {
        let start = self.at;
        let closing = format!("\"\"\"{}", &self.text[start..start + hashes]);
        let body = self.opening_line(start, hashes)?;
        self.at = self.text[body..].find(&closing).map_or(self.text.len(), |offset| body + offset);
        let lines = self.closing_line(start, body, &closing)?;
        self.dedent(start, Body { text: Cow::Borrowed(lines), start: body, cuts: Vec::new() }, false)
    }

    /// Where the first line begins: behind the newline that must follow the opening quotes.
    fn opening_line(&mut self, start: usize, hashes: usize) -> Result<usize, Stop> {
        let quotes = start + hashes + 3;
        let newline = newline_length(&self.text.as_bytes()[quotes..]);
        if newline > 0 {
            return Ok(quotes + newline);
        }
        let hashes = &self.text[start..start + hashes];
        let error =
            SyntaxError::new(self.span(start, quotes), "a text after `\"\"\"` must begin on the next line")
                .label("a newline must follow")
                .help(format!(
                    "start a new line here, or write a text of one line as `{hashes}\"…\"{hashes}`"
                ));
        let stop = self.fail(error);
        self.skip_text(quotes, hashes);
        Err(stop)
    }

    /// Passes a text that begins on its opening line, so that its words are not read: up to closing quotes on the same
    /// line, or to such as begin a line, or just the line.
    fn skip_text(&mut self, from: usize, hashes: &str) {
        let closing = format!("\"\"\"{hashes}");
        let text = &self.text[from..];
        let closes = |&(offset, _): &(usize, &str)| match text[..offset].rfind(['\n', '\r']) {
            None => true,
            Some(newline) => is_blank(&text[newline..offset]),
        };
        self.at = from;
        match text.match_indices(&closing).find(closes) {
            Some((offset, _)) => self.at += offset + closing.len(),
            None => self.skip_line(),
        }
    }

    /// Takes the closing quotes, before which the cursor stands if there are any; what is between them and `body`.
    fn closing_line(&mut self, start: usize, body: usize, closing: &str) -> Result<&'s str, Stop> {
        if !self.sees(closing.as_bytes()) {
            let opening = self.span(start, start + closing.len());
            return Err(self.fail_at_end(
                opening,
                "the string is not closed",
                &format!("close it with `{closing}` on a line of its own"),
            ));
        }
        let lines = &self.text[body..self.at];
        self.at += closing.len();
        Ok(lines)
    }

    fn dedent(&mut self, start: usize, body: Body<'s>, escapes: bool) -> Result<Text<'s>, Stop> {
        let span = self.span(start, self.at);
        let mut lines = split_lines(&body.text);
        let (last, indent) = lines.pop().unwrap_or_default();
        if !is_blank(indent) {
            return Err(self.no_closing_line(&body, last, indent));
        }
        let mut value = String::with_capacity(body.text.len());
        for (index, (offset, line)) in lines.into_iter().enumerate() {
            if index > 0 {
                value.push('\n');
            }
            match line.strip_prefix(indent) {
                _ if is_blank(line) => {}
                Some(rest) if escapes => {
                    let place = |within| body.place(offset + indent.len() + within);
                    value.push_str(&self.unescape(rest, place));
                }
                Some(rest) => value.push_str(rest),
                // The help tells the whole indentation, which may be long: no more of them than are shown.
                None if self.errors.len() == ERROR_LIMIT => break,
                None => self.wrong_indent(&body, offset, line, indent),
            }
        }
        Ok(Text { value: self.borrow_if_equal(value, body.start, indent.len()), span })
    }

    /// The text itself where it stands in the file as it is, which it does if it has one line or no indentation.
    fn borrow_if_equal(&self, value: String, body: usize, indent: usize) -> Cow<'s, str> {
        let found = [body, body + indent]
            .into_iter()
            .find_map(|at| self.text.get(at..at + value.len()).filter(|text| *text == value));
        found.map_or(Cow::Owned(value), Cow::Borrowed)
    }

    #[cold]
    fn no_closing_line(&mut self, body: &Body<'_>, offset: usize, line: &str) -> Stop {
        let span = self.span(body.place(offset), body.place(offset + line.len()));
        self.fail(
            SyntaxError::new(span, "only whitespace may stand before the closing `\"\"\"`")
                .label("text on the closing line")
                .help("put the closing quotes on a line of their own; their indentation is taken off every line"),
        )
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
struct Body<'s> {
    text: Cow<'s, str>,
    /// Where the body stands in the file.
    start: usize,
    /// Where something was taken away: the offset in `text`, and how much was up to there.
    cuts: Vec<(usize, usize)>,
}

impl<'s> Body<'s> {
    fn resolve(lines: &'s str, start: usize) -> Self {
        let mut body = Self { text: Cow::Borrowed(lines), start, cuts: Vec::new() };
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

    /// Where an offset in `text` stands in the file.
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

fn is_blank(line: &str) -> bool {
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
