//! Rows that values are read by: each has the grammar of its values, and what holds where none is written.

use super::{Node, Property, Type};
use crate::value::Invalid;

/// Reads a text as a value.
type Grammar<T> = fn(&str) -> Result<T, Invalid>;

/// A property of a node.
pub(crate) struct Field<T: 'static> {
    /// Its row.
    pub(crate) row: Property,
    grammar: Grammar<T>,
}

/// A node that holds one value, and may stand once.
pub(crate) struct Single<T: 'static> {
    /// Its row.
    pub(crate) node: Node,
    grammar: Grammar<T>,
}

/// A property whose values are read by a grammar.
pub(super) const fn field<T>(
    name: &'static str,
    kind: Type,
    default: &'static str,
    help: &'static str,
    grammar: Grammar<T>,
) -> Field<T> {
    Field { row: super::property(name, kind, default, help), grammar }
}

/// A node whose value is read by a grammar.
pub(super) const fn single<T>(node: Node, grammar: Grammar<T>) -> Single<T> {
    Single { node, grammar }
}

impl<T> Field<T> {
    /// Reads a value.
    pub(crate) fn parse(&self, text: &str) -> Result<T, Invalid> {
        (self.grammar)(text)
    }

    /// Returns the default. Only for a field whose row has one, as every project shows that is built.
    pub(crate) fn default(&self) -> T {
        of_row(self.row.name, self.row.default, self.grammar)
    }
}

impl<T> Single<T> {
    /// Reads a value.
    pub(crate) fn parse(&self, text: &str) -> Result<T, Invalid> {
        (self.grammar)(text)
    }

    /// Returns the default, as for a field.
    pub(crate) fn default(&self) -> T {
        of_row(self.node.name, self.node.default, self.grammar)
    }
}

fn of_row<T>(name: &str, default: &str, grammar: Grammar<T>) -> T {
    grammar(default)
        .unwrap_or_else(|_| unreachable!("`{default}`, the default of `{name}`, is no value of it"))
}

/// The grammar of what may be any text.
pub(super) fn text(text: &str) -> Result<String, Invalid> {
    Ok(text.to_string())
}
