//! The marker `/- kdl-version 2` on the first line (KDL 2.0.0, grammar, `version`). The grammar takes it as a commented-out
//! node. A text with the marker of another version is refused. On other lines it is a comment.

use super::SyntaxError;
use super::cursor::BOM;
use crate::text::{FileId, Span};

/// Every character that ends a line in KDL.
const NEWLINES: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// The fault of a file that says it is of another version.
pub(super) fn mismatch(file: FileId, text: &str) -> Option<SyntaxError> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    let line = body.split(NEWLINES).next()?;
    let mut words = line.strip_prefix("/-")?.split_whitespace();
    let version = (words.next() == Some("kdl-version")).then(|| words.next()).flatten()?;
    let is_number = version.bytes().all(|byte| byte.is_ascii_digit());
    if words.next().is_some() || !is_number || version == "2" {
        return None;
    }
    let start = text.len() - body.len();
    let span = Span::new(file, start, start + line.trim_end().len());
    let shown: String = version.chars().take(10).collect();
    Some(
        SyntaxError::new(span, format!("the file says that it is KDL {shown}"))
            .label("asks for another version")
            .help("dpc reads KDL 2: mend what follows, then write `/- kdl-version 2`"),
    )
}
