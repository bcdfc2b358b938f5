//! Sentences that quote the input: what is ours and what is the user's stay apart until a printer writes them, so that
//! no value can be taken for markup.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// One line of text. As JSON it is plain text with the values in backticks.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sentence {
    parts: Vec<Piece>,
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// Words of dpc.
    Words(Cow<'static, str>),
    /// A name or a value of the input, or made from it.
    Value(String),
}

impl Sentence {
    /// Adds words of dpc.
    pub(crate) fn say(mut self, words: impl Into<Cow<'static, str>>) -> Self {
        self.parts.push(Piece::Words(words.into()));
        self
    }

    /// Adds a value.
    pub fn value(mut self, value: impl ToString) -> Self {
        self.parts.push(Piece::Value(value.to_string()));
        self
    }

    /// Adds values as a list: `a`, `b` and `c`.
    pub(crate) fn values<S: ToString>(mut self, values: impl IntoIterator<Item = S>) -> Self {
        let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        let last = values.len().saturating_sub(1);
        for (index, value) in values.into_iter().enumerate() {
            self = match index {
                0 => self,
                _ if index == last => self.say(" and "),
                _ => self.say(", "),
            };
            self = self.value(value);
        }
        self
    }

    /// Adds another sentence.
    pub(crate) fn then(mut self, other: Sentence) -> Self {
        self.parts.extend(other.parts);
        self
    }

    /// The sentence with each value as a printer writes it.
    pub(crate) fn print(&self, value: impl Fn(&str) -> String) -> String {
        let part = |part: &Piece| match part {
            Piece::Words(words) => words.to_string(),
            Piece::Value(text) => value(text),
        };
        self.parts.iter().map(part).collect()
    }
}

impl Serialize for Sentence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.print(|value| format!("`{value}`")))
    }
}

impl JsonSchema for Sentence {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Sentence".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        generator.subschema_for::<String>()
    }
}
