//! Text of the input made safe to print: nothing moves the cursor, starts an escape sequence, hides or turns the text.
//!
//! Rule: such characters leave as the escapes that KDL 2 has for them (`\n`, `\u{1b}`), so that the user can find them
//! in the source; everything else leaves as it is. Sources: ECMA-48 (C0, C1, escape sequences), UAX #9 (bidirectional
//! formatting), KDL 2 specification, "Escapes". The result is for eyes: a backslash stays one, so it cannot be read back.

use std::borrow::Cow;

/// `text` on one line: newlines and tabs are shown as escapes too.
pub fn line(text: &str) -> Cow<'_, str> {
    show(text, is_hidden)
}

/// `text` with its lines and tabs kept.
pub fn lines(text: &str) -> Cow<'_, str> {
    show(text, |c| is_hidden(c) && c != '\n' && c != '\t')
}

/// Escapes lines of a file for a printer that itself shows the control characters of ASCII, and ends lines at newlines.
pub(crate) fn excerpt(text: &str) -> Cow<'_, str> {
    show(text, |c| is_hidden(c) && !c.is_ascii_control())
}

/// Returns whether a character acts on the text around it, or cannot be seen, instead of showing itself.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control() || is_bidi_control(c) || is_separator(c) || is_invisible(c)
}

/// Turns the order in which the text around it is shown.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Ends a line for some readers and not for others.
fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Has no width and no use in any script. The joiners U+200C and U+200D are not among them: Persian, Hindi and emoji
/// need them.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00ad}' | '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}'
            | '\u{2060}'..='\u{2065}'
            | '\u{206a}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn show(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let Some(first) = text.find(&hidden) else { return Cow::Borrowed(text) };
    let mut shown = text[..first].to_owned();
    for c in text[first..].chars() {
        if hidden(c) { escape(c, &mut shown) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

fn escape(c: char, shown: &mut String) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        c => shown.extend(c.escape_unicode()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_shows_itself_is_borrowed() {
        for text in ["", "plain \\ text", "日本語 🏳️‍🌈 شکرانه", "نامه‌ای"] {
            assert!(matches!(line(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn what_acts_is_shown() {
        assert_eq!(line("\u{1b}[31mred\u{7}\u{9b}2J\u{7f}"), r"\u{1b}[31mred\u{7}\u{9b}2J\u{7f}");
        assert_eq!(line("a\r\n\tb\0"), r"a\r\n\tb\u{0}");
        assert_eq!(
            line("\u{202e}x\u{2066}\u{200b}\u{feff}\u{e0041}"),
            r"\u{202e}x\u{2066}\u{200b}\u{feff}\u{e0041}"
        );
        assert_eq!(lines("a\n\tb\r\u{2028}"), "a\n\tb\\r\\u{2028}");
    }

    #[test]
    fn an_excerpt_shows_what_its_printer_does_not() {
        assert_eq!(excerpt("a\u{2028}\u{9b}\r\n\u{1b}"), "a\\u{2028}\\u{9b}\r\n\u{1b}");
    }

    #[test]
    fn no_control_character_passes() {
        let all: String = (char::MIN..=char::MAX).collect();
        assert!(!line(&all).chars().any(char::is_control));
        assert!(!lines(&all).chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
    }
}
