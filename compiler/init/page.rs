//! Lines of KDL with what they teach beside them → the text of a file.

/// A file in the making.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its lines.
    pub lines: Vec<Line>,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Levels of indentation.
    pub depth: usize,
    /// What it says.
    pub code: String,
    /// What it teaches, without `//`.
    pub comment: String,
    /// Where the line was taken over from, such as `VOLUME`: it may be left out if it cannot be had.
    pub from: Option<&'static str>,
}

/// Comments begin here, or farther right where a line is longer.
const COLUMN: usize = 36;

impl Page {
    /// A line, and what it teaches.
    pub fn line(&mut self, depth: usize, code: impl Into<String>, comment: &str) {
        self.lines.push(Line { depth, code: code.into(), comment: comment.to_string(), from: None });
    }

    /// A line that a file of the repository asks for.
    pub fn taken(&mut self, from: &'static str, depth: usize, code: impl Into<String>, comment: &str) {
        self.lines.push(Line { depth, code: code.into(), comment: comment.to_string(), from: Some(from) });
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    /// The file.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            let code = format!("{}{}", " ".repeat(4 * line.depth), line.code);
            let width = (code.chars().count() + 1).max(COLUMN);
            let full = match (line.code.is_empty(), line.comment.is_empty()) {
                (true, true) => String::new(),
                (true, false) => format!("{code}// {}", line.comment),
                (false, true) => code,
                (false, false) => format!("{code:width$}// {}", line.comment),
            };
            text.push_str(&full);
            text.push('\n');
        }
        text
    }
}
