//! Expressions in values, and templates of artifacts. The only module that knows minijinja.

mod expression;
mod templates;

pub use expression::{Expressions, Failure};
pub use minijinja::Value;
pub use templates::{Broken, SHIPPED, Templates};

use std::collections::BTreeMap;

/// A map for expressions and templates to look names up in.
pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Value)>) -> Value {
    Value::from_object(
        entries
            .into_iter()
            .map(|(name, value)| (Value::from(name.into()), value))
            .collect::<BTreeMap<Value, Value>>(),
    )
}
