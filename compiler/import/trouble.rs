//! Why something cannot be imported at all.

use super::place::Place;
use std::fmt;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub message: String,
}

impl Trouble {
    /// A message about a place.
    pub fn new(place: &Place, message: impl Into<String>) -> Self {
        Self { place: place.clone(), message: message.into() }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if !self.place.key.is_empty() {
            write!(f, "{}: ", self.place.key)?;
        }
        f.write_str(&crate::encode::terminal::line(&self.message))
    }
}
