//! Text into systemd units: a value that is read whole, one word of a list, and one argument of `ExecStart=`.
//!
//! Rule: a directive is one line. `%` starts a specifier everywhere and is written `%%`. What else means something
//! depends on the setting: values read whole know no quotes, command lines take C escapes and expand `$`. Sources: systemd.syntax(7) "QUOTING", systemd.unit(5) "SPECIFIERS",
//! systemd.service(5) "COMMAND LINES"; what the manual leaves open was tried on systemd 252.

use super::{Refused, refused::is_noncharacter, shell, terminal};
use std::borrow::Cow;
use std::fmt::Write;

/// The place of values, in messages.
const PLACE: &str = "a systemd unit";

/// The longest value in bytes: a line has at most 1 MiB, of which the longest setting name takes a little.
const VALUE_MAX: usize = (1 << 20) - 64;

/// A value that systemd reads whole, as of `Description=`, `WorkingDirectory=` and `EnvironmentFile=`.
///
/// It has no quotes, so white space at its ends would be lost and a backslash at its end would join the next line.
pub fn value(text: &str) -> Result<Cow<'_, str>, Refused> {
    check_line(text)?;
    if text.is_empty() {
        return Err(Refused::new(
            "an empty value cannot be written in a systemd unit: it would unset the setting",
        ));
    }
    if text.starts_with([' ', '\t']) || text.ends_with([' ', '\t']) {
        return Err(Refused::new(
            "white space at the start or end of a value cannot be written in a systemd unit",
        ));
    }
    if text.ends_with('\\') {
        return Err(Refused::new("a backslash at the end of a value cannot be written in a systemd unit"));
    }
    Ok(if text.contains('%') { Cow::Owned(text.replace('%', "%%")) } else { Cow::Borrowed(text) })
}

/// One word of a list of paths, such as `RequiresMountsFor=`.
///
/// Such a list has quotes, in which a backslash takes the next character as it is.
pub fn word(text: &str) -> Result<String, Refused> {
    check_line(text)?;
    Ok(format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\"").replace('%', "%%")))
}

/// One argument of a command line such as `ExecStart=`, on a line that has no `:` prefix.
///
/// Every argument is quoted: a lone `;` or a leading `#` means something to systemd when it is not.
pub fn argument(text: &str) -> Result<String, Refused> {
    shell::word(text)?;
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    text.chars().for_each(|c| push_argument_character(c, &mut quoted));
    quoted.push('"');
    Ok(quoted)
}

fn push_argument_character(c: char, quoted: &mut String) {
    match c {
        '\\' => quoted.push_str(r"\\"),
        '"' => quoted.push_str("\\\""),
        '%' => quoted.push_str("%%"),
        '$' => quoted.push_str("$$"),
        '\n' => quoted.push_str(r"\n"),
        '\t' => quoted.push_str(r"\t"),
        '\r' => quoted.push_str(r"\r"),
        c if is_noncharacter(c) || terminal::is_hidden(c) => push_bytes(c, quoted),
        c => quoted.push(c),
    }
}

/// Byte escapes can also carry characters that systemd refuses in a line, such as the noncharacter U+FFFE.
fn push_bytes(c: char, quoted: &mut String) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        let _ = write!(quoted, "\\x{byte:02x}");
    }
}

/// Refuses text that no line can carry. systemd ignores a whole line that holds a noncharacter ("not UTF-8 clean").
fn check_line(text: &str) -> Result<(), Refused> {
    check_length(text)?;
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(());
    }
    match text.chars().find(|&c| (c.is_control() && c != '\t') || is_noncharacter(c)) {
        Some(c) => Err(Refused::character(c, PLACE)),
        None => Ok(()),
    }
}

fn check_length(text: &str) -> Result<(), Refused> {
    if text.len() <= VALUE_MAX / 2 || text.len() + text.matches('%').count() <= VALUE_MAX {
        return Ok(());
    }
    Err(Refused::new(format!("a value of {} bytes cannot be written in a systemd unit", text.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal<T: std::fmt::Debug>(result: Result<T, Refused>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn a_value_is_written_as_it_is_but_for_specifiers() {
        assert_eq!(value("50% of \"x\" \\n $HOME ; #").unwrap(), "50%% of \"x\" \\n $HOME ; #");
    }

    #[test]
    fn a_value_that_would_be_lost_is_refused() {
        assert_eq!(refusal(value("a\nExecStart=/bin/x")), "a newline cannot be written in a systemd unit");
        assert_eq!(
            refusal(value("a\u{fdd0}")),
            "the noncharacter U+FDD0 cannot be written in a systemd unit"
        );
        for text in ["", " a", "a\t", "a\\", "a\0", "a\r", "a\u{85}", "\u{7f}", "a\u{10ffff}"] {
            assert!(value(text).is_err(), "{text:?}");
        }
        assert!(value(&"a".repeat(VALUE_MAX)).is_ok());
        assert!(value(&"%".repeat(VALUE_MAX / 2 + 1)).is_err());
    }

    #[test]
    fn a_word_is_quoted() {
        assert_eq!(word(r#"/srv/a "b" \c 5% $x"#).unwrap(), r#""/srv/a \"b\" \\c 5%% $x""#);
        assert!(word("/srv/\n").is_err() && word("/srv/\u{fffe}").is_err());
    }

    #[test]
    fn an_argument_is_quoted_and_escaped() {
        for (text, quoted) in [
            ("", r#""""#),
            (";", r#"";""#),
            (r#"a "b" \c"#, r#""a \"b\" \\c""#),
            ("$HOME ${X} 5%", r#""$$HOME $${X} 5%%""#),
            ("a\n\t\r\u{1b}\u{7f}", r#""a\n\t\r\x1b\x7f""#),
            ("\u{202e}\u{fffe}é", r#""\xe2\x80\xae\xef\xbf\xbeé""#),
        ] {
            assert_eq!(argument(text).unwrap(), quoted);
        }
        assert!(argument("\0").is_err());
    }
}
