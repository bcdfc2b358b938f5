//! The marker `/- kdl-version 1` on the first line. It is a commented node to the grammar, so a text that both versions
//! read alike is accepted; a text with faults is told about it first, since that is their likely cause.

use super::SyntaxError;
use super::cursor::BOM;
use crate::source::{FileId, Span};

/// The fault that explains the others of a file that says it is KDL 1.
pub(super) fn mismatch(file: FileId, text: &str) -> Option<SyntaxError> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    let line = body.lines().next()?;
    let mut words = line.strip_prefix("/-")?.split_whitespace();
    if words.next() != Some("kdl-version") || words.next() != Some("1") || words.next().is_some() {
        return None;
    }
    let start = text.len() - body.len();
    let span = Span::new(file, start, start + line.trim_end().len());
    Some(
        SyntaxError::new(span, "the file says that it is KDL 1, and is not valid KDL 2")
            .label("asks for KDL 1")
            .help("dpc reads KDL 2: mend what follows, then write `/- kdl-version 2`"),
    )
}
