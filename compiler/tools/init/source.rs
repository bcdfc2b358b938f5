//! Values with the words that say where they are from, for the comments beside them.

use crate::encode::terminal;

/// A value, and where it is from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// A file with what it says, an instruction of the Dockerfile, an option of the command line, or [`GUESS`].
    pub source: String,
}

/// The source of values that nothing shows.
pub(crate) const GUESS: &str = "a guess";

/// The source of values that somebody typed.
pub(crate) const ANSWER: &str = "your answer";

impl<T> Sourced<T> {
    /// A value from there.
    pub fn new(value: T, source: impl Into<String>) -> Self {
        Self { value, source: source.into() }
    }

    /// Returns whether the user asked for the value, so that it must not be left out.
    pub(crate) fn is_asked_for(&self) -> bool {
        self.source == ANSWER || self.source.starts_with("--")
    }
}

/// The text of a comment: the source first.
pub(crate) fn explained(source: &str, lesson: &str) -> String {
    let separator = if source.contains(": ") { "; " } else { ": " };
    if lesson.is_empty() { source.to_string() } else { format!("{source}{separator}{lesson}") }
}

/// Maximum characters of a text of the repository in a comment.
const LONGEST: usize = 60;

/// A text of the repository as it can stand in a comment.
pub(crate) fn shown(text: &str) -> String {
    let short: String = text.chars().take(LONGEST).collect();
    let cut = if short.len() < text.len() { "…" } else { "" };
    format!("{}{cut}", terminal::line(&short))
}
