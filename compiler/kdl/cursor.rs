//! A place in the text, and the faults so far.

use super::SyntaxError;
use super::class::{CLASS, Class, newline_length, space_length};
use super::error::BrokenNode;
use super::tree::Annotation;
use super::written::Texts;
use crate::text::{FileId, Span};

/// Maximum number of faults. The rest is noise, and memory is finite.
pub(super) const ERROR_LIMIT: usize = 100;

/// The byte order mark, which may stand at the very start of a file.
pub(super) const BOM: &str = "\u{FEFF}";

/// Walks over the text; the other files of this folder teach it to read one thing each.
pub(super) struct Cursor<'s> {
    /// The file, for the spans.
    pub(crate) file: FileId,
    /// The whole text.
    pub(crate) text: &'s str,
    /// The offset of the next byte.
    pub(crate) at: usize,
    /// The faults so far.
    pub(crate) errors: Vec<SyntaxError>,
    /// The annotations so far.
    pub(crate) annotations: Vec<Annotation>,
    /// Texts so far whose decoded form is not in the file.
    pub(crate) texts: Texts,
    /// The text ended inside a string or comment, so that everything around it is unclosed too.
    pub(crate) cut_off: bool,
}

impl<'s> Cursor<'s> {
    /// The start of the text, behind a byte order mark.
    pub(super) fn new(file: FileId, text: &'s str) -> Self {
        let at = if text.starts_with(BOM) { BOM.len() } else { 0 };
        Self {
            file,
            text,
            at,
            errors: Vec::new(),
            annotations: Vec::new(),
            texts: Texts::default(),
            cut_off: false,
        }
    }

    /// Returns the class of the next byte.
    #[inline]
    pub(crate) fn class(&self) -> Class {
        match self.text.as_bytes().get(self.at) {
            None => Class::End,
            Some(&byte) => match CLASS[byte as usize] {
                Class::Wide => self.wide_class(),
                class => class,
            },
        }
    }

    #[cold]
    fn wide_class(&self) -> Class {
        if space_length(self.rest()) > 0 {
            Class::Space
        } else if newline_length(self.rest()) > 0 {
            Class::Newline
        } else {
            Class::Word
        }
    }

    /// The bytes from here on.
    #[inline]
    pub(crate) fn rest(&self) -> &'s [u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// Returns whether `token` comes next.
    #[inline]
    pub(crate) fn sees(&self, token: &[u8]) -> bool {
        self.rest().starts_with(token)
    }

    /// The next character.
    pub(crate) fn char(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    /// The place of the next character; empty at the end of the text.
    pub(crate) fn here(&self) -> Span {
        self.span(self.at, self.at + self.char().map_or(0, char::len_utf8))
    }

    /// The place of the bytes from `start` up to `end`.
    #[inline]
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    /// Reports a fault; reading goes on.
    #[cold]
    pub(crate) fn report(&mut self, error: SyntaxError) {
        if self.errors.len() < ERROR_LIMIT {
            self.errors.push(error);
        }
    }

    /// Reports a fault that ends the node at hand.
    #[cold]
    pub(crate) fn fail(&mut self, error: SyntaxError) -> BrokenNode {
        self.report(error);
        BrokenNode
    }

    /// Reports that the construct at `opening` never ends: nothing is left to read.
    #[cold]
    pub(crate) fn fail_at_end(&mut self, opening: Span, message: &str, help: &str) -> BrokenNode {
        self.at = self.text.len();
        self.cut_off = true;
        self.fail(SyntaxError::new(opening, message).label("opened here").help(help))
    }
}
