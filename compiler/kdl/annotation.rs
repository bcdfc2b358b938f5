//! `(type)` before a node's name or a value.

use super::SyntaxError;
use super::class::Class;
use super::cursor::Cursor;
use super::error::BrokenNode;
use super::tree::Annotation;
use super::word::WordRole;
use super::written::WrittenWord;
use crate::text::Span;

impl Cursor<'_> {
    /// `type? node-space*`: returns the annotation, if there is one, and passes the space behind it.
    #[inline]
    pub(super) fn annotation(&mut self) -> Result<Option<WrittenWord>, BrokenNode> {
        match self.class() {
            Class::Annotation => self.parentheses().map(Some),
            _ => Ok(None),
        }
    }

    /// Keeps an annotation whose parenthesis opens at `start`. It belongs to the name or value at `of`.
    #[cold]
    pub(crate) fn annotate(&mut self, of: Span, start: usize, name: WrittenWord) {
        let start = self.span(start, start).start;
        self.annotations.push(Annotation { of: of.start, start, name });
    }

    fn parentheses(&mut self) -> Result<WrittenWord, BrokenNode> {
        let opening = self.here();
        self.at += 1;
        self.node_space()?;
        if self.sees(b")") {
            self.at += 1;
            let span = opening.to(self.span(self.at, self.at));
            return Err(self.fail(
                SyntaxError::new(span, "a type annotation needs a name")
                    .help("write it like `(u8)`, or remove it"),
            ));
        }
        if self.sees(b"/-") {
            return Err(self.fail(
                SyntaxError::new(self.span(self.at, self.at + 2), "`/-` cannot stand in a type annotation")
                    .help("put it before the `(`"),
            ));
        }
        let name = self.name(WordRole::Annotation)?;
        self.node_space()?;
        if !self.sees(b")") {
            return Err(self.fail(
                SyntaxError::new(opening, "the type annotation is not closed")
                    .label("opened here")
                    .help("close it with `)`; quote a type of several words"),
            ));
        }
        self.at += 1;
        self.node_space()?;
        Ok(name)
    }
}
