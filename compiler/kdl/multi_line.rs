//! `"""` … `"""`: strings of several lines, from the quotes that open them to those that close them.

use super::SyntaxError;
use super::class::newline_length;
use super::cursor::Cursor;
use super::dedent::{Body, is_blank};
use super::error::BrokenNode;
use super::written::{Form, WrittenWord};

/// Number of bytes that are searched for the closing quotes of a string that is not opened right. Without a limit, many such
/// strings would take long.
const SEARCH_LIMIT: usize = 1 << 14;

impl<'s> Cursor<'s> {
    /// Reads the quoted form: escapes of whitespace are resolved before the indentation is removed, others after.
    pub(crate) fn multi_line(&mut self) -> Result<WrittenWord, BrokenNode> {
        let start = self.at;
        let Some(body) = self.opening_line(start + 3) else {
            return Ok(self.one_line_text(start, 0));
        };
        self.at = body;
        while self.at < self.text.len() && !self.sees(b"\"\"\"") {
            match self.rest()[0] {
                b'\\' => self.skip_escape(),
                _ => self.at += 1,
            }
        }
        let lines = self.closing_line(start, body, "\"\"\"")?;
        Ok(self.dedent(start, Body::resolve(lines, body), true))
    }

    /// Reads the raw form, behind `hashes` times `#`.
    pub(crate) fn raw_multi_line(&mut self, hashes: usize) -> Result<WrittenWord, BrokenNode> {
        let start = self.at;
        let closing = format!("\"\"\"{}", &self.text[start..start + hashes]);
        let Some(body) = self.opening_line(start + hashes + 3) else {
            return Ok(self.one_line_text(start, hashes));
        };
        self.at = self.text[body..].find(&closing).map_or(self.text.len(), |offset| body + offset);
        let lines = self.closing_line(start, body, &closing)?;
        Ok(self.dedent(start, Body::raw(lines, body), false))
    }

    /// Returns the start of the first line: behind the newline that must follow the opening quotes, which end at `quotes`.
    fn opening_line(&self, quotes: usize) -> Option<usize> {
        let newline = newline_length(&self.text.as_bytes()[quotes..]);
        (newline > 0).then_some(quotes + newline)
    }

    /// Reports a text that begins on its opening line, and passes it, so that its words are not read: up to closing quotes on
    /// the same line, up to closing quotes at the start of a line, or to the end of the line.
    #[cold]
    fn one_line_text(&mut self, start: usize, hashes: usize) -> WrittenWord {
        let (quotes, hashes) = (start + hashes + 3, &self.text[start..start + hashes]);
        let message = "a text after `\"\"\"` must begin on the next line";
        self.report(
            SyntaxError::new(self.span(start, quotes), message).label("a newline must follow").help(format!(
                "start a new line here, or write a text of one line as `{hashes}\"…\"{hashes}`"
            )),
        );
        let closing = format!("\"\"\"{hashes}");
        let text = &self.text[quotes..self.text.floor_char_boundary(quotes + SEARCH_LIMIT)];
        let closes = |&(offset, _): &(usize, &str)| match text[..offset].rfind(['\n', '\r']) {
            None => true,
            Some(newline) => is_blank(&text[newline..offset]),
        };
        self.at = quotes;
        match text.match_indices(&closing).find(closes) {
            Some((offset, _)) => self.at += offset + closing.len(),
            None => self.skip_line(),
        }
        WrittenWord { place: self.span(start, self.at), form: Form::Bare }
    }

    /// Takes the closing quotes, if the cursor stands before any, and the text between them and `body`.
    fn closing_line(&mut self, start: usize, body: usize, closing: &str) -> Result<&'s str, BrokenNode> {
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
}
