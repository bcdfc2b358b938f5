//! A list that most who have it leave empty.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::ops::Deref;

/// Values in order, in one word while there are none. A container has a dozen lists that few containers fill, and a large
/// fleet has tens of thousands of containers.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(from = "Vec<T>")]
#[expect(clippy::box_collection, reason = "a list is three words, and is not there most of the time")]
pub struct Few<T>(Option<Box<Vec<T>>>);

impl<T> Few<T> {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        <[T]>::is_empty(self)
    }
}

impl<T> Default for Few<T> {
    fn default() -> Few<T> {
        Few(None)
    }
}

impl<T> Deref for Few<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.0.as_ref().map_or(&[], |values| values)
    }
}

impl<T> From<Vec<T>> for Few<T> {
    fn from(values: Vec<T>) -> Few<T> {
        Few((!values.is_empty()).then(|| Box::new(values)))
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Few<T> {
        Vec::from_iter(values).into()
    }
}

impl<'f, T> IntoIterator for &'f Few<T> {
    type Item = &'f T;
    type IntoIter = std::slice::Iter<'f, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Serialize> Serialize for Few<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<T: JsonSchema> JsonSchema for Few<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Vec<T>>()
    }
}
