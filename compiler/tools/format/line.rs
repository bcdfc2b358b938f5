//! A line of the result, before its comment is put in its place.

/// A level of indentation.
pub const INDENT: usize = 4;

/// One line; a text or comment in it may itself go over several.
#[derive(Debug, Default)]
pub struct Line {
    /// Whether an empty line goes before it.
    pub blank_before: bool,
    /// Spaces before it.
    pub indent: usize,
    /// What it says; empty where it is but the next line of the comment above.
    pub code: String,
    /// The comment behind it.
    pub comment: Option<Trailing>,
}

/// A comment behind code.
#[derive(Debug)]
pub struct Trailing {
    /// The comment, with its `//`.
    pub text: String,
    /// Where it stood, where the line was a line before.
    pub stood: Option<Stood>,
    /// The spaces that were before it.
    pub gap: usize,
}

/// The place of a comment in the text as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stood {
    /// Columns before it on its line.
    pub column: usize,
    /// Of these, the indentation.
    pub indent: usize,
}

impl Line {
    /// Columns up to the end of the code.
    pub fn width(&self) -> usize {
        columns(self.indent, &self.code)
    }
}

/// The column behind a text that begins in the column `from`; a tab goes to the next level of indentation.
pub fn columns(from: usize, text: &str) -> usize {
    text.chars()
        .fold(from, |column, char| if char == '\t' { column / INDENT * INDENT + INDENT } else { column + 1 })
}
