//! `"…"`: a string on one line, with escapes.

use super::SyntaxError;
use super::class::{STRING_STOP, newline_length};
use super::cursor::Cursor;
use super::error::BrokenNode;
use super::written::{Form, WrittenWord};

impl Cursor<'_> {
    /// `quoted-string`, of one line or several.
    pub(crate) fn quoted(&mut self) -> Result<WrittenWord, BrokenNode> {
        if self.sees(b"\"\"\"") {
            return self.multi_line();
        }
        let start = self.at;
        let escaped = self.skip_body(start)?;
        let body = &self.text[start + 1..self.at];
        self.at += 1;
        let place = self.span(start, self.at);
        if !escaped {
            return Ok(WrittenWord { place, form: Form::Quoted });
        }
        let pooled = self.texts.pool.len();
        self.unescape(body, |offset| start + 1 + offset);
        Ok(self.texts.add_decoded(place, pooled))
    }

    /// Goes to the closing quote. Returns whether there are escapes on the way.
    fn skip_body(&mut self, start: usize) -> Result<bool, BrokenNode> {
        let bytes = self.text.as_bytes();
        let mut escaped = false;
        self.at = start + 1;
        while let Some(&byte) = bytes.get(self.at) {
            if !STRING_STOP[byte as usize] {
                self.at += 1;
            } else if byte == b'"' {
                return Ok(escaped);
            } else if byte == b'\\' {
                escaped = true;
                self.skip_escape();
            } else if newline_length(self.rest()) > 0 {
                return Err(self.unclosed_line(start, start + 1, "\""));
            } else {
                self.at += 1;
            }
        }
        Err(self.unclosed_line(start, start + 1, "\""))
    }

    /// Reports a string whose line does not close it with `closing`; it begins at `start`, and its opening ends at `end`.
    #[cold]
    pub(crate) fn unclosed_line(&mut self, start: usize, end: usize, closing: &str) -> BrokenNode {
        let several = closing.replacen('"', "\"\"\"", 1);
        let opening = several.chars().rev().collect::<String>();
        let error = SyntaxError::new(self.span(start, end), "the string is not closed on its line")
            .label("opened here")
            .help(format!("close it with `{closing}`; a text of several lines stands between `{opening}` and `{several}`"));
        self.fail(error)
    }
}
