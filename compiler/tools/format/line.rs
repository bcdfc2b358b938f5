//! A line of the result, before its comment is put in its place.

/// A level of indentation.
pub(crate) const INDENT: usize = 4;

/// One line; a text or comment in it may itself go over several.
#[derive(Debug, Default)]
pub(crate) struct LayoutLine {
    /// Set if an empty line goes before it.
    pub(crate) blank_before: bool,
    /// Spaces before it.
    pub(crate) indent: usize,
    /// The code; empty if the line only continues the comment above.
    pub(crate) code: String,
    /// The comment behind it.
    pub(crate) comment: Option<Trailing>,
}

/// A comment behind code.
#[derive(Debug)]
pub(crate) struct Trailing {
    /// The comment, with its `//`.
    pub(crate) text: String,
    /// The old place of the comment, if the line was a line before.
    pub(crate) stood: Option<CommentPlace>,
    /// The spaces that were before it.
    pub(crate) gap: usize,
}

/// The place of a comment in the text as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CommentPlace {
    /// Columns before it on its line.
    pub(crate) column: usize,
    /// The indentation, which is part of the column.
    pub(crate) indent: usize,
}

impl LayoutLine {
    /// Columns up to the end of the code.
    pub(crate) fn width(&self) -> usize {
        columns(self.indent, &self.code)
    }
}

/// Returns the column behind a text that begins in the column `from`; a tab goes to the next level of indentation.
pub(crate) fn columns(from: usize, text: &str) -> usize {
    text.chars()
        .fold(from, |column, char| if char == '\t' { column / INDENT * INDENT + INDENT } else { column + 1 })
}
