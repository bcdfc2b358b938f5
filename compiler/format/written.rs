//! The text as it was written → where on its line each piece stood.

use super::line::{INDENT, Stood};
use crate::syntax::Token;

/// Knows the lines of a text.
pub struct Written<'t> {
    text: &'t str,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl<'t> Written<'t> {
    /// Finds the lines.
    pub fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// The space before a piece that begins its line.
    pub fn indentation(&self, token: Token) -> Option<&'t str> {
        let before = self.before(token);
        before.trim_start().is_empty().then_some(before)
    }

    /// Where a comment stood behind the piece that began its line.
    pub fn behind(&self, first: Token, comment: Token) -> Option<Stood> {
        let indent = columns(self.indentation(first)?);
        let one_line = self.line(first) == self.line(comment);
        one_line.then(|| Stood { column: self.column(comment), indent })
    }

    /// The columns before a piece.
    pub fn column(&self, token: Token) -> usize {
        columns(self.before(token))
    }

    /// The columns between a piece and the one before it.
    pub fn gap(&self, token: Token) -> usize {
        let before = self.before(token);
        columns(before) - columns(before.trim_end())
    }

    fn before(&self, token: Token) -> &'t str {
        &self.text[self.line(token)..token.span.start as usize]
    }

    /// Where the line of a piece begins.
    fn line(&self, token: Token) -> usize {
        let above = self.starts.partition_point(|start| *start <= token.span.start as usize);
        self.starts[above - 1]
    }
}

fn columns(text: &str) -> usize {
    text.chars()
        .fold(0, |column, char| if char == '\t' { column / INDENT * INDENT + INDENT } else { column + 1 })
}
