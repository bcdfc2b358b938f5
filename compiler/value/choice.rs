//! Values that are one of a few words.

use super::{Invalid, quoted, suggest::nearest};

/// Defines an enum of words with its grammar, its message and its entry in the table of the language.
macro_rules! choice {
    ($name:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $name {
            /// Every word, in the order of the documentation.
            pub(crate) const WORDS: &'static [&'static str] = &[$($word),*];

            /// Reads a word.
            pub fn parse(text: &str) -> Result<Self, crate::value::Invalid> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(crate::value::choice::not_one_of(text, Self::WORDS)),
                }
            }

            /// The word.
            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

pub(crate) use choice;

/// A text that is none of the words.
pub(crate) fn not_one_of(text: &str, words: &[&'static str]) -> Invalid {
    let known = words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let help = match nearest(text, words.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("write one of {known}"),
    };
    let none = if words.len() == 1 { "not" } else { "none of" };
    Invalid::new(format!("{} is {none} {known}", quoted(text))).help(help)
}
