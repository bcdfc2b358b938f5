//! Escapes in strings: `\n`, `\u{1F600}`, and the backslash that removes the whitespace behind it.

use super::SyntaxError;
use super::class::{newline_length, space_length};
use super::cursor::Cursor;

impl Cursor<'_> {
    /// Passes the backslash that stands here and its escape.
    pub(crate) fn skip_escape(&mut self) {
        self.at += 1;
        let blank = blank_length(self.rest());
        // One byte of any other character is enough: its other bytes are never a quote or backslash.
        self.at = (self.at + blank.max(1)).min(self.text.len());
    }

    /// Adds `body` with its escapes resolved to the pool. `place` returns the offset in the file for an offset in `body`.
    pub(crate) fn unescape(&mut self, body: &str, place: impl Fn(usize) -> usize) {
        let mut done = 0;
        while let Some(offset) = body[done..].find('\\') {
            let backslash = done + offset;
            self.texts.pool.push_str(&body[done..backslash]);
            let (length, resolved) = escape(&body[backslash..]);
            match resolved {
                Ok(char) => self.texts.pool.extend(char),
                Err(fault) => {
                    let span = self.span(place(backslash), place(backslash) + length);
                    self.report(fault.describe(&body[backslash..backslash + length], span));
                }
            }
            done = backslash + length;
        }
        self.texts.pool.push_str(&body[done..]);
    }
}

/// Returns the length of the whitespace at the start of `bytes`, newlines included.
pub(super) fn blank_length(bytes: &[u8]) -> usize {
    let mut length = 0;
    loop {
        let rest = &bytes[length..];
        match space_length(rest) + newline_length(rest) {
            0 => return length,
            more => length += more,
        }
    }
}

enum EscapeFault {
    Unknown,
    Braces,
    Digits,
    NoScalar,
}

/// Returns the length of the escape at the start of `text`, and its character: none, if it removes whitespace.
fn escape(text: &str) -> (usize, Result<Option<char>, EscapeFault>) {
    let behind = &text[1..];
    let blank = blank_length(behind.as_bytes());
    if blank > 0 {
        return (1 + blank, Ok(None));
    }
    let Some(letter) = behind.chars().next() else { return (1, Err(EscapeFault::Unknown)) };
    let char = match letter {
        '"' | '\\' => letter,
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' => '\u{8}',
        'f' => '\u{C}',
        's' => ' ',
        'u' => return unicode(text),
        _ => return (1 + letter.len_utf8(), Err(EscapeFault::Unknown)),
    };
    (2, Ok(Some(char)))
}

/// `\u{` and one to six hexadecimal digits and `}`.
fn unicode(text: &str) -> (usize, Result<Option<char>, EscapeFault>) {
    let Some(behind) = text.strip_prefix("\\u{") else { return (2, Err(EscapeFault::Braces)) };
    let digits = behind.bytes().take_while(u8::is_ascii_hexdigit).count();
    if !behind[digits..].starts_with('}') {
        return (3 + digits, Err(if digits == 0 { EscapeFault::Digits } else { EscapeFault::Braces }));
    }
    let length = 3 + digits + 1;
    if !(1..=6).contains(&digits) {
        return (length, Err(EscapeFault::Digits));
    }
    let char = u32::from_str_radix(&behind[..digits], 16).ok().and_then(char::from_u32);
    (length, char.map(Some).ok_or(EscapeFault::NoScalar))
}

impl EscapeFault {
    fn describe(self, written: &str, span: crate::text::Span) -> SyntaxError {
        let error = SyntaxError::new(span, format!("`{written}` is not an escape"));
        match self {
            Self::Unknown => error
                .label("unknown escape")
                .help(format!("write `\\{written}` for the backslash itself, or a raw string, `#\"…\"#`")),
            Self::Braces => error.label("its digits must stand in braces").help("write it like `\\u{1F600}`"),
            Self::Digits => {
                error.label("takes one to six hexadecimal digits").help("write it like `\\u{1F600}`")
            }
            Self::NoScalar => error
                .label("no Unicode character has this number")
                .help("the numbers go up to 10FFFF, without D800 to DFFF"),
        }
    }
}
