//! Tables of examples, for the tests of every grammar.

use super::Invalid;
use std::fmt::{Debug, Display};

/// A grammar's `parse`.
type Parse<T> = fn(&str) -> Result<T, Invalid>;

/// Each text (left) parses and prints as its canonical form (right), which parses to the same value.
pub(crate) fn accepted<T: Debug + Display + PartialEq>(parse: Parse<T>, rows: &[(&str, &str)]) {
    for (text, canonical) in rows {
        let value = parse(text).unwrap_or_else(|invalid| panic!("{text:?} is refused: {invalid:?}"));
        assert_eq!(value.to_string(), *canonical, "{text:?}");
        round_trips(parse, text);
    }
}

/// Each text (first) is refused with this message and this help (empty for none).
pub(crate) fn refused<T: Debug>(parse: Parse<T>, rows: &[(&str, &str, &str)]) {
    for (text, message, help) in rows {
        let invalid = parse(text).expect_err(&format!("{text:?} is accepted"));
        assert_eq!((&*invalid.message, invalid.help.as_deref().unwrap_or("")), (*message, *help), "{text:?}");
    }
}

/// Checks that a parsed value prints as text that parses to the same value. Returns whether `text` parses.
pub(crate) fn round_trips<T: Debug + Display + PartialEq>(parse: Parse<T>, text: &str) -> bool {
    let Ok(value) = parse(text) else { return false };
    let printed = value.to_string();
    assert_eq!(parse(&printed), Ok(value), "{text:?} prints as {printed:?}");
    true
}
