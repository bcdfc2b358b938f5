//! The answer of an encoder that cannot write a value: words for the place where the value stands.

use std::fmt;

/// Says what cannot be written and where, such as `a newline cannot be written in a systemd unit`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Refused(String);

impl Refused {
    /// A refusal in the encoder's own words: lower case, no full stop.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// The refusal of one character in one kind of place, such as `an env file`.
    pub(crate) fn character(c: char, place: &str) -> Self {
        Self(format!("{} cannot be written in {place}", name(c)))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// Names a character in words, so that a message never prints one that moves the cursor or cannot be seen.
fn name(c: char) -> String {
    match c {
        '\0' => "a NUL character".to_owned(),
        '\t' => "a tab".to_owned(),
        '\n' => "a newline".to_owned(),
        '\r' => "a carriage return".to_owned(),
        ' ' => "a space".to_owned(),
        '`' => "a backtick".to_owned(),
        c if c.is_control() => format!("the control character U+{:04X}", c as u32),
        c if c.is_whitespace() || super::terminal::is_hidden(c) => {
            format!("the character U+{:04X}", c as u32)
        }
        c if is_noncharacter(c) => format!("the noncharacter U+{:04X}", c as u32),
        c => format!("`{c}`"),
    }
}

/// The 66 code points that Unicode keeps free for ever (The Unicode Standard, section 23.7).
pub(crate) fn is_noncharacter(c: char) -> bool {
    let code = c as u32;
    (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_names_that_can_be_printed() {
        let named = |c| Refused::character(c, "an env file").to_string();
        assert_eq!(named('\n'), "a newline cannot be written in an env file");
        assert_eq!(named('\u{1b}'), "the control character U+001B cannot be written in an env file");
        assert_eq!(named('\u{202e}'), "the character U+202E cannot be written in an env file");
        assert_eq!(named('\u{fffe}'), "the noncharacter U+FFFE cannot be written in an env file");
        assert_eq!(named('%'), "`%` cannot be written in an env file");
    }
}
