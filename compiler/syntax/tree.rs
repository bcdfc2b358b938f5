//! The syntax tree of one KDL document. It borrows from the text wherever the text holds the value literally.

use crate::source::Span;
use std::borrow::Cow;

/// One file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document<'s> {
    /// The top-level nodes, as written; what `/-` comments out is not there.
    pub nodes: Vec<Node<'s>>,
}

/// A node: its name, its arguments and properties, its children.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'s> {
    /// The type annotation, `(type)node`.
    pub annotation: Option<Text<'s>>,
    /// The name.
    pub name: Text<'s>,
    /// Arguments and properties in the order written, duplicates included.
    pub entries: Vec<Entry<'s>>,
    /// The children; `None` where there is no block.
    pub children: Option<Vec<Node<'s>>>,
    /// The head: from the annotation or name to the last entry, without the children.
    pub span: Span,
}

/// An argument, or a property where it has a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<'s> {
    /// The property's name.
    pub name: Option<Text<'s>>,
    /// The type annotation of the value, `(type)value`.
    pub annotation: Option<Text<'s>>,
    /// The value.
    pub value: Value<'s>,
    /// The value's place, quotes included.
    pub value_span: Span,
    /// The whole entry: from the property's name, or the annotation, to the end of the value.
    pub span: Span,
}

/// A string after its escapes, with its place (quotes included).
#[derive(Clone, Debug, PartialEq)]
pub struct Text<'s> {
    /// The string.
    pub value: Cow<'s, str>,
    /// Its place.
    pub span: Span,
}

/// A value as KDL knows it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'s> {
    /// A string of any form: bare, quoted, raw or multi-line.
    Text(Cow<'s, str>),
    /// A number as it is written (`0x1F`, `1_000`, `3.10`, `#inf`): the reader does not decide what it may lose.
    Number(&'s str),
    /// `#true` or `#false`.
    Boolean(bool),
    /// `#null`.
    Null,
}

/// What is wrong with the text, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What stands under the underline, where that says more than the message.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
}
