//! JSON of strangers → bounded texts, lists and tables. Like Go, which docker is written in: `null` is what is not there, and the
//! case of a key does not count. What nobody asks for is skipped without keeping it.

use serde::de::{DeserializeOwned, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// Maximum number of entries of a list or a table.
pub(super) const ENTRIES: usize = 1000;

/// Maximum number of bytes of a text.
const BYTES: usize = 4096;

/// Reads a document. The error says what is wrong with it, and may quote it.
pub(super) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    serde_json::from_slice(json).map_err(|error| error.to_string())
}

/// A text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Text(pub(super) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
        if text.len() > BYTES {
            return Err(E::custom(format_args!("a text is longer than {BYTES} bytes")));
        }
        if text.contains('\0') {
            return Err(E::custom("a text holds a NUL"));
        }
        Ok(Text(text.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Text, E> {
        Ok(Text::default())
    }
}

/// A list, or a single text in place of one, which docker takes for a list too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List<T, const MOST: usize = ENTRIES>(pub(super) Vec<T>);

impl<T, const MOST: usize> Default for List<T, MOST> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for List<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for ListVisitor<T, MOST> {
    type Value = List<T, MOST>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<List<T, MOST>, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = sequence.next_element()? {
            if list.len() == MOST {
                return Err(too_many(MOST));
            }
            list.push(entry);
        }
        Ok(List(list))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<List<T, MOST>, E> {
        Ok(List(vec![T::deserialize(text.into_deserializer())?]))
    }

    fn visit_unit<E: Error>(self) -> Result<List<T, MOST>, E> {
        Ok(List::default())
    }
}

/// A table with any keys, whose case counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table<T>(pub(super) BTreeMap<String, T>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TableVisitor(PhantomData))
    }
}

struct TableVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for TableVisitor<T> {
    type Value = Table<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Table<T>, A::Error> {
        let mut table = BTreeMap::new();
        while let Some((Text(key), value)) = map.next_entry()? {
            table.insert(key, value);
            if table.len() > ENTRIES {
                return Err(too_many(ENTRIES));
            }
        }
        Ok(Table(table))
    }

    fn visit_unit<E: Error>(self) -> Result<Table<T>, E> {
        Ok(Table::default())
    }
}

/// The value of a label. Builders keep their own records in labels, which are long, and nobody asks for those.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Label(pub(super) Option<String>);

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Option::<String>::deserialize(deserializer)?;
        Ok(Self(value.filter(|value| value.len() <= BYTES && !value.contains('\0'))))
    }
}

/// A token, as long as the document that it stands in.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Token(pub(super) String);

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<String>::deserialize(deserializer).map(|token| Self(token.unwrap_or_default()))
    }
}

/// A value that says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Anything;

impl<'de> Deserialize<'de> for Anything {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|IgnoredAny| Self)
    }
}

fn too_many<E: Error>(most: usize) -> E {
    E::custom(format_args!("there are more than {most} entries"))
}

/// Defines a document: its fields with their keys in small letters.
macro_rules! document {
    ($(#[$attribute:meta])* $name:ident { $($field:ident: $type:ty = $key:literal),* $(,)? }) => {
        $(#[$attribute])*
        // Without `Debug`: some hold what nobody is to read.
        #[derive(Clone, Default)]
        pub(super) struct $name { $(pub(super) $field: $type),* }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields;

                impl<'de> serde::de::Visitor<'de> for Fields {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        let mut document = $name::default();
                        while let Some($crate::registry::bounded::Text(key)) = map.next_key()? {
                            match key.to_ascii_lowercase().as_str() {
                                $($key => document.$field = map.next_value()?,)*
                                _ => { map.next_value::<serde::de::IgnoredAny>()?; }
                            }
                        }
                        Ok(document)
                    }

                    fn visit_unit<E: serde::de::Error>(self) -> Result<$name, E> {
                        Ok($name::default())
                    }
                }

                deserializer.deserialize_any(Fields)
            }
        }
    };
}

pub(super) use document;

#[cfg(test)]
mod tests {
    use super::*;

    document! {
        /// One of each.
        Sample { text: Text = "text", list: List<Text> = "list", table: Table<Text> = "table" }
    }

    #[test]
    fn reads_like_go() {
        let sample =
            read::<Sample>(br#"{"TEXT": "a", "List": ["b"], "other": {"deep": [1]}, "table": {"K": null}}"#);
        let sample = sample.unwrap();
        assert_eq!((sample.text.0.as_str(), sample.list.0.len()), ("a", 1));
        assert_eq!(sample.table.0["K"], Text::default());
        assert!(read::<Sample>(br#"{"text": null, "list": null, "table": null}"#).is_ok());
        assert_eq!(read::<Sample>(br#"{"list": "one"}"#).unwrap().list.0, [Text("one".to_owned())]);
        assert!(read::<Sample>(b"null").unwrap().list.0.is_empty());
    }

    #[test]
    fn keeps_to_its_bounds() {
        let many = vec!["\"a\""; 100_000].join(",");
        let table = (0..1001).map(|key| format!("\"{key}\": \"\"")).collect::<Vec<_>>().join(",");
        for (json, fault) in [
            (format!("{{\"list\": [{many}]}}"), "more than 1000 entries"),
            (format!("{{\"table\": {{{table}}}}}"), "more than 1000 entries"),
            (format!("{{\"text\": \"{}\"}}", "a".repeat(4097)), "longer than 4096 bytes"),
            (format!("{{\"other\": {}", "[".repeat(100_000)), "EOF"),
            ("{\"text\": 1}".to_owned(), "expected a text"),
            ("{\"list\": {}}".to_owned(), "expected a list"),
            ("{\"table\": []}".to_owned(), "expected a table"),
            ("[]".to_owned(), "expected an object"),
        ] {
            let error = read::<Sample>(json.as_bytes()).err().unwrap();
            assert!(error.contains(fault), "{error}");
        }
    }
}
