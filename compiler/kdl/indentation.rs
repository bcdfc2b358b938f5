//! Finds the block that lacks its `}`. By the grammar alone that is always the outermost block, since braces pair up until the
//! end. The indentation of the lines tells better.

use super::SyntaxError;
use super::cursor::Cursor;
use super::document::TreeReader;
use crate::text::Span;

/// Blames the first block whose `}` begins a line that is indented less than the line of its `{`.
///
/// This reads the text a second time: reading a good one must not pay for what only a bad one needs.
pub(super) fn suspect(cursor: &Cursor<'_>) -> Option<SyntaxError> {
    let lines = Lines::new(cursor.text);
    let pairs = TreeReader::new(Cursor::new(cursor.file, cursor.text)).pairs();
    let (opening, line) = pairs.into_iter().find_map(|(opening, closing)| {
        let start = |brace: Span| brace.range().start;
        let line = lines.of(start(closing));
        let begins_line = lines.code[line] == start(closing);
        (begins_line && lines.indentation(line) < lines.indentation(lines.of(start(opening))))
            .then_some((opening, line + 1))
    })?;
    Some(SyntaxError::new(opening, "the block is not closed").label("opened here").help(format!(
        "close it with `}}`: the one on line {line} is indented as if it closed a block around it"
    )))
}

/// The offset at which each line begins, and the offset of its first character that is no space.
struct Lines {
    start: Vec<usize>,
    code: Vec<usize>,
}

impl Lines {
    fn new(text: &str) -> Self {
        let mut lines = Self { start: Vec::new(), code: Vec::new() };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            lines.start.push(start);
            lines.code.push(start + line.len() - line.trim_start().len());
            start += line.len();
        }
        lines
    }

    fn of(&self, brace: usize) -> usize {
        self.start.partition_point(|start| *start <= brace) - 1
    }

    fn indentation(&self, line: usize) -> usize {
        self.code[line] - self.start[line]
    }
}
