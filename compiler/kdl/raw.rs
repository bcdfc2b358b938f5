//! Reads what begins with `#`: a keyword such as `#true`, or a raw string, `#"…"#`.

use super::SyntaxError;
use super::class::newline_length;
use super::cursor::Cursor;
use super::error::BrokenNode;
use super::written::{Form, WrittenWord};

const KEYWORDS: &str = "`#true`, `#false`, `#null`, `#inf`, `#-inf` and `#nan`";

impl Cursor<'_> {
    /// `raw-string | keyword | keyword-number`
    pub(crate) fn hash(&mut self) -> Result<WrittenWord, BrokenNode> {
        let hashes = self.rest().iter().take_while(|&&byte| byte == b'#').count();
        match self.rest().get(hashes) {
            Some(b'"') => self.raw(hashes),
            _ => self.keyword(hashes),
        }
    }

    fn keyword(&mut self, hashes: usize) -> Result<WrittenWord, BrokenNode> {
        let start = self.at;
        self.at += hashes;
        self.skip_word();
        let word = &self.text[start..self.at];
        let form = match word {
            "#true" => Form::True,
            "#false" => Form::False,
            "#null" => Form::Null,
            "#inf" | "#-inf" | "#nan" => Form::Number,
            _ => return Err(self.no_keyword(start)),
        };
        Ok(WrittenWord { place: self.span(start, self.at), form })
    }

    #[cold]
    fn no_keyword(&mut self, start: usize) -> BrokenNode {
        let span = self.span(start, self.at);
        let word = self.excerpt(span);
        let error = match word.as_ref() {
            "#" => SyntaxError::new(span, "`#` alone means nothing").help("write `//` before a comment"),
            _ => SyntaxError::new(span, format!("`{word}` is not a keyword"))
                .label("`#` begins a keyword or a raw string")
                .help(format!("write `\"{word}\"` if it is text; the keywords are {KEYWORDS}")),
        };
        self.fail(error)
    }

    fn raw(&mut self, hashes: usize) -> Result<WrittenWord, BrokenNode> {
        if self.rest()[hashes..].starts_with(b"\"\"\"") {
            return self.raw_multi_line(hashes);
        }
        let start = self.at;
        let body = start + hashes + 1;
        let closing = format!("\"{}", &self.text[start..start + hashes]);
        self.skip_line_to(body, &closing);
        if !self.sees(closing.as_bytes()) {
            return Err(self.unclosed_line(start, body, &closing));
        }
        self.at += closing.len();
        Ok(WrittenWord { place: self.span(start, self.at), form: Form::Raw })
    }

    /// Goes from `from` to the first `closing` of the line, or to the end of the line.
    fn skip_line_to(&mut self, from: usize, closing: &str) {
        self.at = from;
        while self.at < self.text.len() && !self.sees(closing.as_bytes()) && newline_length(self.rest()) == 0
        {
            self.at += 1;
        }
    }
}
