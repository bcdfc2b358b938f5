//! Text into POSIX sh: one word of a command, or the value of a variable.
//!
//! Rule: between single quotes every character stands for itself, and a single quote is written by closing them,
//! `\'`, and opening them again. Source: POSIX.1-2017, Shell Command Language, 2.2.1 and 2.2.2 (quoting).
//! Words become arguments of programs, so what execve(2) cannot carry is refused.

use std::borrow::Cow;

use super::Refused;

/// The longest argument that Linux hands to a program, in bytes: 32 pages with the closing NUL (execve(2), "Limits on
/// size of arguments and environment").
pub const ARGUMENT_MAX: usize = 32 * 4096 - 1;

/// Returns one argument of a command, unquoted if it needs no quotes.
///
/// A word of digits must not stand right before `<` or `>`: the shell would take it as a file descriptor.
pub fn word(text: &str) -> Result<Cow<'_, str>, Refused> {
    check(text)?;
    let plain = !text.is_empty() && text.bytes().all(|byte| PLAIN[usize::from(byte)]);
    Ok(if plain { Cow::Borrowed(text) } else { Cow::Owned(quote(text)) })
}

/// The value of an assignment, always between quotes: it stays in the shell, so it may be longer than an argument.
pub fn value(text: &str) -> Result<String, Refused> {
    if text.contains('\0') {
        return Err(Refused::character('\0', "a variable of a shell"));
    }
    Ok(quote(text))
}

/// Characters that have no meaning to any known shell, anywhere in an argument. `~` is not among them: bash expands it behind
/// the `=` of an argument too.
#[expect(clippy::cast_possible_truncation, reason = "there are 256 bytes")]
const PLAIN: [bool; 256] = {
    let (mut plain, mut byte) = ([false; 256], 0);
    while byte < plain.len() {
        plain[byte] = (byte as u8).is_ascii_alphanumeric()
            || matches!(byte as u8, b'_' | b'.' | b'/' | b':' | b'=' | b'@' | b'%' | b'+' | b',' | b'-');
        byte += 1;
    }
    plain
};

fn check(text: &str) -> Result<(), Refused> {
    if text.contains('\0') {
        return Err(Refused::character('\0', "an argument of a command"));
    }
    if text.len() > ARGUMENT_MAX {
        let words = format!(
            "a text of {} bytes cannot be one argument of a command: {ARGUMENT_MAX} is the most",
            text.len()
        );
        return Err(Refused::new(words));
    }
    Ok(())
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_quotes_gets_none() {
        for text in ["/usr/bin/docker", "--env", "PORT=8080", "a:b,c", "50%", "redis@sha256:0f", "-", "1+1"] {
            assert_eq!(word(text), Ok(Cow::Borrowed(text)));
        }
    }

    #[test]
    fn everything_else_is_quoted() {
        for (text, quoted) in [
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("'", r"''\'''"),
            ("$HOME `id` \\ \"", "'$HOME `id` \\ \"'"),
            ("a\nb", "'a\nb'"),
            ("~", "'~'"),
            ("A=~/x", "'A=~/x'"),
            ("*", "'*'"),
            ("#", "'#'"),
            ("ü", "'ü'"),
            ("{a,b}", "'{a,b}'"),
        ] {
            assert_eq!(word(text).unwrap(), quoted);
        }
    }

    #[test]
    fn what_execve_cannot_carry_is_refused() {
        assert_eq!(
            word("a\0b").unwrap_err().to_string(),
            "a NUL character cannot be written in an argument of a command"
        );
        assert!(word(&"a".repeat(ARGUMENT_MAX)).is_ok());
        assert_eq!(
            word(&"a".repeat(ARGUMENT_MAX + 1)).unwrap_err().to_string(),
            "a text of 131072 bytes cannot be one argument of a command: 131071 is the most"
        );
    }

    #[test]
    fn a_value_may_be_longer_than_an_argument() {
        assert_eq!(value("a").unwrap(), "'a'");
        assert_eq!(value("it's").unwrap(), r"'it'\''s'");
        assert_eq!(value(&"a".repeat(ARGUMENT_MAX + 1)).unwrap().len(), ARGUMENT_MAX + 3);
        assert_eq!(
            value("a\0b").unwrap_err().to_string(),
            "a NUL character cannot be written in a variable of a shell"
        );
    }
}
