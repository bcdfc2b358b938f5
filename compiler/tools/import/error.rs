//! Why something cannot be imported at all.

use super::place::Place;
use crate::project::Unreadable;
use std::fmt;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// Where.
    pub(crate) place: Place,
    /// What, and what to do.
    pub message: String,
    /// Whether a file could not be read, and nothing is wrong with what was.
    pub(crate) unreadable: bool,
}

impl ImportError {
    /// A message about a place.
    pub fn new(place: &Place, message: impl Into<String>) -> Self {
        Self { place: place.clone(), message: message.into(), unreadable: false }
    }

    /// A file that cannot be read.
    pub(crate) fn unreadable(place: &Place, why: Unreadable) -> Self {
        Self { unreadable: true, ..Self::new(place, format!("the file {}", why.words())) }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.place.key.is_empty() { String::new() } else { format!("{}: ", self.place.key) };
        let whole = format!("{}: {key}{}", self.place, self.message);
        f.write_str(&crate::encode::terminal::line(&whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_acts_on_the_terminal() {
        let place = Place::new(&"a\u{1b}.yaml".into(), 2, "k\n");
        assert_eq!(ImportError::new(&place, "x\u{202e}").to_string(), r"a\u{1b}.yaml:2: k\n: x\u{202e}");
    }
}
