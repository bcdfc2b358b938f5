//! KDL 2 text → a tree with a place for everything. The only module that knows KDL's grammar.

mod tree;

pub use tree::{Document, Entry, Node, SyntaxError, Text, Value};
