//! The code points that may not stand in a KDL text at all, comments included: control characters, and those that turn
//! the direction of writing and so show a reviewer something else than is compiled.
//!
//! KDL 2.0.0, "Disallowed Literal Code Points".

use super::SyntaxError;
use super::cursor::{Cursor, ERROR_LIMIT};

/// Reports every code point of the text that is disallowed. The rest of the reader takes them for letters.
pub(super) fn check(cursor: &mut Cursor<'_>) {
    let bytes = cursor.text.as_bytes();
    let mut at = cursor.at;
    while let Some(offset) = bytes[at..].iter().position(|&byte| SUSPECT[byte as usize]) {
        at += offset;
        let length = forbidden_length(&bytes[at..]);
        if length > 0 {
            let error = describe(cursor, at, length);
            cursor.report(error);
        }
        if cursor.errors.len() == ERROR_LIMIT {
            return;
        }
        at += length.max(1);
    }
}

static SUSPECT: [bool; 256] = suspects();

const fn suspects() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, 0x00..=0x08 | 0x0E..=0x1F | 0x7F | 0xE2 | 0xEF);
        byte += 1;
    }
    table
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
