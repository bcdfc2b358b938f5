//! Which block a missing `}` belongs to. To the grammar the braces of a text that lacks one pair up until the end, where
//! the outermost is left over; how the lines are indented tells better.

use super::SyntaxError;
use super::cursor::Cursor;
use super::document::Reader;
use crate::source::Span;

/// Blames the first block whose `}` begins a line that is indented less than the line of its `{`.
///
/// This reads the text a second time: reading a good one must not pay for what only a bad one needs.
pub(super) fn suspect(cursor: &Cursor<'_>) -> Option<SyntaxError> {
    let text = cursor.text;
    let pairs = Reader::new(Cursor::new(cursor.file, text)).pairs();
    let (opening, closing) = pairs.into_iter().find(|(opening, closing)| {
        begins_line(text, *closing) && indentation(text, *closing) < indentation(text, *opening)
    })?;
    let line = text[..closing.start as usize].matches('\n').count() + 1;
    Some(SyntaxError::new(opening, "the block is not closed").label("opened here").help(format!(
        "close it with `}}`: the one on line {line} is indented as if it closed a block around it"
    )))
}

fn line_before(text: &str, brace: Span) -> &str {
    let before = &text[..brace.start as usize];
    &before[before.rfind('\n').map_or(0, |newline| newline + 1)..]
}

fn begins_line(text: &str, brace: Span) -> bool {
    line_before(text, brace).trim_start().is_empty()
}

fn indentation(text: &str, brace: Span) -> usize {
    let line = line_before(text, brace);
    line.len() - line.trim_start().len()
}
