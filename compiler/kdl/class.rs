//! The classes of bytes: the table that everything here scans with.

/// The class of a byte, by what can start with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A character of a bare word (`identifier-char`), sign and digit included.
    Word,
    /// `unicode-space`.
    Space,
    /// `newline`.
    Newline,
    /// A byte that starts characters of several classes: the next bytes decide.
    Wide,
    /// `"`
    Quote,
    /// `#`
    Hash,
    /// `/`
    Slash,
    /// `\`
    Backslash,
    /// `{`
    Open,
    /// `}`
    Close,
    /// `;`
    Semicolon,
    /// `(`
    Annotation,
    /// `=`
    Equals,
    /// `)`, `[` and `]`, which start nothing.
    Bracket,
    /// The end of the text.
    End,
}

/// The class of each byte.
pub(super) static CLASS: [Class; 256] = classes();

/// The bytes at which the body of a string stops being plain: quote, backslash, and bytes that may start a newline.
pub(super) static STRING_STOP: [bool; 256] = marks(&[b'"', b'\\', b'\n', 0x0B, 0x0C, b'\r', 0xC2, 0xE2]);

/// The bytes that may start a newline.
pub(super) static LINE_STOP: [bool; 256] = marks(&[b'\n', 0x0B, 0x0C, b'\r', 0xC2, 0xE2]);

const fn classes() -> [Class; 256] {
    let mut table = [Class::Word; 256];
    let special = [
        (b' ', Class::Space),
        (b'\t', Class::Space),
        (b'\n', Class::Newline),
        (b'\r', Class::Newline),
        (0x0B, Class::Newline),
        (0x0C, Class::Newline),
        (0xC2, Class::Wide),
        (0xE1, Class::Wide),
        (0xE2, Class::Wide),
        (0xE3, Class::Wide),
        (b'"', Class::Quote),
        (b'#', Class::Hash),
        (b'/', Class::Slash),
        (b'\\', Class::Backslash),
        (b'{', Class::Open),
        (b'}', Class::Close),
        (b';', Class::Semicolon),
        (b'(', Class::Annotation),
        (b'=', Class::Equals),
        (b')', Class::Bracket),
        (b'[', Class::Bracket),
        (b']', Class::Bracket),
    ];
    let mut index = 0;
    while index < special.len() {
        table[special[index].0 as usize] = special[index].1;
        index += 1;
    }
    table
}

const fn marks(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = true;
        index += 1;
    }
    table
}

/// Returns the length of the `unicode-space` at the start of `bytes`; 0 if there is none.
pub(super) fn space_length(bytes: &[u8]) -> usize {
    match bytes {
        [b' ' | b'\t', ..] => 1,
        [0xC2, 0xA0, ..] => 2,
        [0xE1, 0x9A, 0x80, ..]
        | [0xE2, 0x80, 0x80..=0x8A | 0xAF, ..]
        | [0xE2, 0x81, 0x9F, ..]
        | [0xE3, 0x80, 0x80, ..] => 3,
        _ => 0,
    }
}

/// Returns the length of the `newline` at the start of `bytes`; 0 if there is none.
pub(super) fn newline_length(bytes: &[u8]) -> usize {
    match bytes {
        [b'\r', b'\n', ..] => 2,
        [b'\n' | b'\r' | 0x0B | 0x0C, ..] => 1,
        [0xC2, 0x85, ..] => 2,
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
        _ => 0,
    }
}
