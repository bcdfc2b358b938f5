//! Reasons why a source cannot be imported at all.

use super::place::Place;
use crate::project::Unreadable;
use std::fmt;

/// A reason to stop the import, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// The place.
    pub(crate) place: Place,
    /// What is wrong, and what to do.
    pub message: String,
    /// Set if a file could not be read; what was read is right.
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
        let parts = [self.place.to_string(), self.place.key.clone(), self.message.clone()];
        let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        f.write_str(&crate::encode::terminal::line(&said.join(": ")))
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

    #[test]
    fn a_message_about_no_place_is_the_message() {
        let said = |place: &Place| ImportError::new(place, "x").to_string();
        assert_eq!(said(&Place::default()), "x");
        assert_eq!(said(&Place::default().key("k")), "k: x");
        assert_eq!(said(&Place::new(&"a".into(), 0, "")), "a: x");
    }
}
