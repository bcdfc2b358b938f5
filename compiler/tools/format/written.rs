//! The text as it was written → the place of each piece on its line.

use super::line::{CommentPlace, columns};
use super::multi_line::ENDS;
use crate::kdl::Token;

/// Knows the lines of a text.
pub(crate) struct SourceLines<'t> {
    text: &'t str,
    /// The offset of each line.
    starts: Vec<usize>,
}

impl<'t> SourceLines<'t> {
    /// Finds the lines.
    pub(super) fn new(text: &'t str) -> Self {
        let ends = text.match_indices(ENDS).map(|(at, end)| at + end.len());
        let within_crlf = |start: &usize| text.as_bytes()[start - 1..].starts_with(b"\r\n");
        let starts = std::iter::once(0).chain(ends.filter(|start| !within_crlf(start))).collect();
        Self { text, starts }
    }

    /// The space before a piece that begins its line.
    pub(crate) fn indentation(&self, token: Token) -> Option<&'t str> {
        let before = self.before(token);
        before.trim_start().is_empty().then_some(before)
    }

    /// Returns the place of a comment behind the piece that began its line.
    pub(crate) fn comment_place(&self, first: Token, comment: Token) -> Option<CommentPlace> {
        let indent = columns(0, self.indentation(first)?);
        let one_line = self.line(first) == self.line(comment);
        one_line.then(|| CommentPlace { column: self.column(comment), indent })
    }

    /// The columns before a piece.
    pub(crate) fn column(&self, token: Token) -> usize {
        columns(0, self.before(token))
    }

    /// The columns between a piece and the one before it.
    pub(crate) fn gap(&self, token: Token) -> usize {
        let before = self.before(token);
        columns(0, before) - columns(0, before.trim_end())
    }

    fn before(&self, token: Token) -> &'t str {
        &self.text[self.line(token)..token.span.start as usize]
    }

    /// Returns the line of a piece.
    fn line(&self, token: Token) -> usize {
        let above = self.starts.partition_point(|start| *start <= token.span.start as usize);
        self.starts[above - 1]
    }
}
