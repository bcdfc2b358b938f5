//! Lines of KDL with explanations beside them → the text of a file.

use super::source::explained;

/// A file in the making.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its lines.
    pub(crate) lines: Vec<Line>,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// Levels of indentation.
    pub(crate) depth: usize,
    /// The code.
    pub(crate) code: String,
    /// The comment that explains it, without `//`.
    pub(crate) comment: String,
    /// The source of a line that was taken over, such as `VOLUME`. It may be left out if it is not possible.
    pub(crate) from: Option<String>,
}

/// The column of comments. A comment goes above a longer line.
const COLUMN: usize = 40;

impl Page {
    /// A line, and what it teaches.
    pub fn line(&mut self, depth: usize, code: impl Into<String>, comment: &str) {
        self.lines.push(Line { depth, code: code.into(), comment: comment.to_string(), from: None });
    }

    /// A line, where its value is from, and what it teaches.
    pub(crate) fn sourced(&mut self, depth: usize, code: impl Into<String>, source: &str, lesson: &str) {
        self.line(depth, code, &explained(source, lesson));
    }

    /// A line that a file of the repository asks for, which can be left out.
    pub(crate) fn taken(&mut self, depth: usize, code: impl Into<String>, source: &str, lesson: &str) {
        let from = Some(source.split(": ").next().unwrap_or(source).to_string());
        self.lines.push(Line { depth, code: code.into(), comment: explained(source, lesson), from });
    }

    /// An empty line.
    pub(crate) fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    /// The file.
    pub fn text(&self) -> String {
        self.printed().map(|(_, text)| text + "\n").collect()
    }

    /// Returns the index of the line that became this line of the file, counted from 1.
    pub(crate) fn index_of(&self, line: usize) -> Option<usize> {
        self.printed().nth(line.checked_sub(1)?).map(|(index, _)| index)
    }

    /// Lines of the file, each with the index of what it was printed for.
    fn printed(&self) -> impl Iterator<Item = (usize, String)> {
        self.lines
            .iter()
            .enumerate()
            .flat_map(|(index, line)| line.printed().into_iter().map(move |text| (index, text)))
    }
}

impl Line {
    fn printed(&self) -> Vec<String> {
        let indent = " ".repeat(4 * self.depth);
        let (code, comment) = (format!("{indent}{}", self.code), format!("// {}", self.comment));
        match (self.code.is_empty(), self.comment.is_empty()) {
            (true, true) => vec![String::new()],
            (true, false) => vec![indent + &comment],
            (false, true) => vec![code],
            _ if code.chars().count() < COLUMN => vec![format!("{code:COLUMN$}{comment}")],
            _ => vec![indent + &comment, code],
        }
    }
}
