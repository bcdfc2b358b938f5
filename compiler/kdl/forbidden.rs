//! The code points that may not stand in a KDL text at all, comments included: control characters, and those that change the
//! direction of writing, which would show a reviewer another text than the compiled one.
//!
//! KDL 2.0.0, "Disallowed Literal Code Points".

use super::SyntaxError;
use super::cursor::{Cursor, ERROR_LIMIT};

/// Reports every disallowed code point of the text. The rest of the reader takes them for letters.
pub(super) fn check(cursor: &mut Cursor<'_>) {
    let bytes = cursor.text.as_bytes();
    let mut start = cursor.at;
    for chunk in bytes[start..].chunks(CHUNK) {
        if chunk.iter().fold(false, |found, byte| found | is_suspect(*byte)) {
            check_chunk(cursor, start, start + chunk.len());
        }
        start += chunk.len();
    }
}

/// Number of bytes that are tested together. Without a branch the processor is many times as fast.
const CHUNK: usize = 64;

/// Returns whether a disallowed code point may begin with this byte.
fn is_suspect(byte: u8) -> bool {
    let control = (byte < 0x20) & !(0x09..=0x0D).contains(&byte);
    control | (byte == 0x7F) | (byte == 0xE2) | (byte == 0xEF)
}

/// Reports those that begin between `start` and `end`.
fn check_chunk(cursor: &mut Cursor<'_>, start: usize, end: usize) {
    for at in start..end {
        let length = forbidden_length(&cursor.text.as_bytes()[at..]);
        if length > 0 && cursor.errors.len() < ERROR_LIMIT {
            let error = describe(cursor, at, length);
            cursor.report(error);
        }
    }
}

fn forbidden_length(bytes: &[u8]) -> usize {
    match bytes {
        [0x00..=0x08 | 0x0E..=0x1F | 0x7F, ..] => 1,
        [0xE2, 0x80, 0x8E | 0x8F | 0xAA..=0xAE, ..]
        | [0xE2, 0x81, 0xA6..=0xA9, ..]
        | [0xEF, 0xBB, 0xBF, ..] => 3,
        _ => 0,
    }
}

fn describe(cursor: &Cursor<'_>, at: usize, length: usize) -> SyntaxError {
    let span = cursor.span(at, at + length);
    let code = cursor.text[at..at + length].chars().next().map_or(0, u32::from);
    let kind = match code {
        0xFEFF => "byte order mark",
        0x200E.. => "turns the direction of writing",
        _ => "control character",
    };
    let help = match code {
        0xFEFF => "remove it: it may only be the first character of a file".to_owned(),
        _ => format!("remove it, or write `\\u{{{code:X}}}` in a quoted string"),
    };
    SyntaxError::new(span, format!("U+{code:04X} may not stand in a KDL file")).label(kind).help(help)
}
