//! Invalid values, before anyone knows where they stand.

use crate::encode::terminal::is_hidden;
use std::fmt;

/// The reason why a text is refused. A caller that knows its place makes a diagnostic of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// What is wrong with the text: lower case, no full stop.
    pub(crate) message: String,
    /// Help: what to write instead.
    pub(crate) help: Option<String>,
}

impl Invalid {
    /// A refusal without advice.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// Adds advice.
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Adds the advice to write this instead, unless it is too long to be read.
    pub(crate) fn write(self, instead: impl fmt::Display) -> Self {
        let instead = instead.to_string();
        if instead.chars().nth(200).is_some() { self } else { self.help(format!("write `{instead}`")) }
    }

    /// Adds the advice to write `instead`, or `otherwise` if nothing better is known.
    pub(crate) fn write_or(self, instead: Option<impl fmt::Display>, otherwise: &str) -> Self {
        match instead {
            Some(instead) => self.write(instead),
            None => self.help(otherwise),
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Invalid {}

/// The most characters that a message quotes.
pub(crate) const QUOTED: usize = 60;

/// Returns a text in backticks for a message: control characters escaped, cut behind [`QUOTED`] characters.
pub(crate) fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(QUOTED).map(visible).collect();
    if text.chars().nth(QUOTED).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Bidirectional controls are escaped too: they would show a message in another order than it has.
fn visible(c: char) -> String {
    let hides = is_hidden(c) || matches!(c, '\u{200c}' | '\u{200d}');
    if hides { c.escape_default().to_string() } else { c.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advises_in_a_line() {
        assert_eq!(
            Invalid::new("no").write("a".repeat(200)).help,
            Some(format!("write `{}`", "a".repeat(200)))
        );
        assert_eq!(Invalid::new("no").write("a".repeat(201)).help, None);
    }

    #[test]
    fn quotes_what_a_line_can_carry() {
        assert_eq!(quoted("a b"), "`a b`");
        assert_eq!(quoted("a\nb\u{202e}\0"), "`a\\nb\\u{202e}\\u{0}`");
        assert_eq!(quoted(&"é".repeat(61)), format!("`{}…`", "é".repeat(60)));
    }
}
