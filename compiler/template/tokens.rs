//! The source of an expression or a statement of minijinja → its words, strings and signs.

/// A word, a text or a sign of minijinja's expressions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum JinjaToken<'s> {
    /// A name, or the digits of a number.
    Word(&'s str),
    /// A string, quotes included.
    Text(&'s str),
    /// Any other character.
    Sign(u8),
}

impl<'s> JinjaToken<'s> {
    /// The word, if it is one.
    pub(super) fn word(self) -> Option<&'s str> {
        match self {
            JinjaToken::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// Returns all tokens, in order.
pub(crate) fn tokens(source: &str) -> impl Iterator<Item = JinjaToken<'_>> {
    let mut rest = source.trim_ascii_start();
    std::iter::from_fn(move || {
        let first = *rest.as_bytes().first()?;
        let length = match first {
            b'"' | b'\'' => text_length(rest.as_bytes()),
            _ => rest.bytes().take_while(|byte| is_word(*byte)).count().max(1),
        };
        let (token, behind) = rest.split_at(length);
        rest = behind.trim_ascii_start();
        Some(match first {
            b'"' | b'\'' => JinjaToken::Text(token),
            byte if is_word(byte) => JinjaToken::Word(token),
            byte => JinjaToken::Sign(byte),
        })
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// Returns the bytes of the string at the start, up to its second quote or the end.
fn text_length(bytes: &[u8]) -> usize {
    let mut at = 1;
    while at < bytes.len() && bytes[at] != bytes[0] {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// Returns the place of the `}}` that closes an expression, or of the `%}` that closes a statement, outside its strings and its
/// own braces.
pub(crate) fn close(text: &str, start: usize, sign: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' => at += text_length(&bytes[at..]) - 1,
            b'{' => depth += 1,
            b'}' if depth > 0 => depth -= 1,
            byte if byte == sign && bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Counts the words, signs and strings of an expression.
pub(crate) fn pieces(source: &str) -> usize {
    tokens(source).count()
}
