//! The names of variables in expressions: `{{ var.tag }}`.

use super::{Invalid, quoted, text::text_value};
use std::sync::Arc;

text_value! {
    /// The name of a variable: an identifier in lower case, `[a-z_][a-z0-9_]*`, at most 40 characters. An expression would read
    /// a dash as a minus sign.
    Variable
}

impl Variable {
    /// The most characters that a variable's name may have.
    pub(crate) const LONGEST: usize = 40;

    /// Reads the name of a variable.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match fault(text) {
            None => Ok(Self(Arc::from(text))),
            Some(message) => Err(Invalid::new(message)
                .write_or(spelling(text), "write lower-case letters, digits and `_`, for example `tag`")),
        }
    }
}

fn fault(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if text.is_empty() {
        return Some("the variable has no name".to_owned());
    }
    if let Some(bad) = text.chars().find(|c| !allowed(*c)) {
        let bad = quoted(bad.encode_utf8(&mut [0; 4]));
        return Some(format!("an expression cannot name the variable {}: it holds {bad}", quoted(text)));
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(format!(
            "an expression cannot name the variable {}: it starts with a digit",
            quoted(text)
        ));
    }
    (text.len() > Variable::LONGEST).then(|| {
        format!(
            "the variable {} has {} characters, and {} is the most",
            quoted(text),
            text.len(),
            Variable::LONGEST
        )
    })
}

/// The nearest valid spelling: `Git-SHA` → `git_sha`.
fn spelling(text: &str) -> Option<String> {
    let spelled = text
        .chars()
        .take(Variable::LONGEST)
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    let spelled: String = spelled.collect();
    let spelled = spelled.trim_start_matches(|c: char| c.is_ascii_digit());
    (!spelled.trim_matches('_').is_empty()).then(|| spelled.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(Variable::parse, &[("tag", "tag"), ("_x", "_x"), ("git_sha1", "git_sha1"), ("_", "_")]);
    }

    #[test]
    fn refuses() {
        let letters = "write lower-case letters, digits and `_`, for example `tag`";
        refused(
            Variable::parse,
            &[
                ("", "the variable has no name", letters),
                (
                    "git-sha",
                    "an expression cannot name the variable `git-sha`: it holds `-`",
                    "write `git_sha`",
                ),
                ("TAG", "an expression cannot name the variable `TAG`: it holds `T`", "write `tag`"),
                ("1st", "an expression cannot name the variable `1st`: it starts with a digit", "write `st`"),
                ("é", "an expression cannot name the variable `é`: it holds `é`", letters),
                (
                    "a1234567890123456789012345678901234567890",
                    "the variable `a1234567890123456789012345678901234567890` has 41 characters, and 40 is the most",
                    "write `a123456789012345678901234567890123456789`",
                ),
            ],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "[a-z_][a-z0-9_]{0,39}") {
            prop_assert!(round_trips(Variable::parse, &text));
        }

        #[test]
        fn what_is_suggested_is_accepted(text in "[A-Za-z0-9_ .-]{0,60}|\\PC*") {
            if let Some(spelled) = spelling(&text) {
                prop_assert!(Variable::parse(&spelled).is_ok(), "{spelled}");
            }
        }
    }
}
