//! Handles to the nodes and entries of a tree, small enough to be passed by value.

use super::Document;
use super::tree::{EntryData, NodeData};
use super::written::Form;
use crate::text::Span;
use std::fmt;

/// A text with its place (quotes included).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Text<'d> {
    /// The text after its escapes.
    pub value: &'d str,
    /// Its place.
    pub span: Span,
}

/// A value as KDL knows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'d> {
    /// A string of any form: bare, quoted, raw or multi-line.
    Text(&'d str),
    /// A number as it is written (`0x1F`, `1_000`, `3.10`, `#inf`): its user decides which precision it may lose.
    Number(&'d str),
    /// `#true` or `#false`.
    Boolean(bool),
    /// `#null`.
    Null,
}

/// Nodes that follow each other in one block.
#[derive(Clone)]
pub struct Nodes<'d> {
    document: &'d Document,
    next: u32,
    end: u32,
}

impl<'d> Nodes<'d> {
    pub(super) fn new(document: &'d Document, next: u32, end: u32) -> Self {
        Self { document, next, end }
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.next >= self.end
    }
}

impl<'d> Iterator for Nodes<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        if self.is_empty() {
            return None;
        }
        let node = Node { document: self.document, index: self.next };
        self.next = node.data().behind;
        Some(node)
    }
}

/// A node: its name, its arguments and properties, its children.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    document: &'d Document,
    index: u32,
}

impl<'d> Node<'d> {
    fn data(self) -> &'d NodeData {
        &self.document.nodes[self.index as usize]
    }

    /// The name.
    pub fn name(self) -> &'d str {
        self.document.string(self.data().name, self.data().form)
    }

    /// The place of the name, quotes included.
    pub fn name_span(self) -> Span {
        self.data().name
    }

    /// The type annotation, `(type)node`.
    pub fn annotation(self) -> Option<Text<'d>> {
        annotation(self.document, self.data().name, self.data().is_annotated)
    }

    /// Returns its head: from the annotation or name to the last entry, without the children.
    pub fn span(self) -> Span {
        let data = self.data();
        let annotation = self.document.annotation(data.name, data.is_annotated);
        let start = annotation.map_or(data.name.start, |annotation| annotation.start);
        Span { start, ..data.name }.to(self.entries().next_back().map_or(data.name, Entry::value_span))
    }

    /// Arguments and properties in the order written, duplicates included.
    pub fn entries(self) -> impl DoubleEndedIterator<Item = Entry<'d>> + ExactSizeIterator {
        let all = &self.document.entries;
        let next = self.document.nodes.get(self.index as usize + 1);
        let end = next.map_or(all.len(), |next| next.first_entry as usize);
        let document = self.document;
        all[self.data().first_entry as usize..end].iter().map(move |data| Entry { document, data })
    }

    /// The arguments, in order.
    pub(crate) fn arguments(self) -> impl Iterator<Item = Entry<'d>> {
        self.entries().filter(|entry| !entry.is_property())
    }

    /// The properties, in order.
    pub(crate) fn properties(self) -> impl Iterator<Item = Entry<'d>> {
        self.entries().filter(|entry| entry.is_property())
    }

    /// The property of that name.
    pub(crate) fn property(self, name: &str) -> Option<Entry<'d>> {
        self.entries().find(|entry| entry.name() == Some(name))
    }

    /// The children; `None` where there is no block.
    pub fn children(self) -> Option<Nodes<'d>> {
        let data = self.data();
        data.has_block.then(|| Nodes::new(self.document, self.index + 1, data.behind))
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node").field("name", &self.name()).field("span", &self.span()).finish_non_exhaustive()
    }
}

/// An argument, or a property where it has a name.
#[derive(Clone, Copy)]
pub struct Entry<'d> {
    document: &'d Document,
    data: &'d EntryData,
}

impl<'d> Entry<'d> {
    /// Returns whether it is a property.
    pub fn is_property(self) -> bool {
        self.data.name_form != Form::Absent
    }

    /// The property's name.
    pub fn name(self) -> Option<&'d str> {
        self.is_property().then(|| self.document.string(self.data.name, self.data.name_form))
    }

    /// The place of the property's name, quotes included.
    pub fn name_span(self) -> Option<Span> {
        self.is_property().then_some(self.data.name)
    }

    /// The type annotation of the value, `(type)value`.
    pub fn annotation(self) -> Option<Text<'d>> {
        annotation(self.document, self.data.value, self.data.is_annotated)
    }

    /// The value.
    pub fn value(self) -> Value<'d> {
        let string = || self.document.string(self.data.value, self.data.form);
        match self.data.form {
            Form::True => Value::Boolean(true),
            Form::False => Value::Boolean(false),
            Form::Null | Form::Absent => Value::Null,
            Form::Number => Value::Number(string()),
            Form::Bare | Form::Quoted | Form::Raw | Form::Within | Form::Made => Value::Text(string()),
        }
    }

    /// The value's place, quotes included.
    pub fn value_span(self) -> Span {
        self.data.value
    }

    /// The value where it is text.
    pub fn as_text(self) -> Option<&'d str> {
        match self.value() {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The place of the text in the file, if it is in quotes of one line and has no escapes.
    pub(crate) fn quoted(self) -> Option<Span> {
        let span = self.data.value;
        (self.data.form == Form::Quoted).then(|| Span { start: span.start + 1, end: span.end - 1, ..span })
    }

    /// The whole entry: from the property's name, or the annotation, to the end of the value.
    pub fn span(self) -> Span {
        let data = self.data;
        if self.is_property() {
            return data.name.to(data.value);
        }
        let annotation = self.document.annotation(data.value, data.is_annotated);
        Span { start: annotation.map_or(data.value.start, |annotation| annotation.start), ..data.value }
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Entry");
        shown.field("name", &self.name()).field("value", &self.value()).field("span", &self.span()).finish()
    }
}

fn annotation(document: &Document, of: Span, is_annotated: bool) -> Option<Text<'_>> {
    let name = document.annotation(of, is_annotated)?.name;
    Some(Text { value: document.string(name.place, name.form), span: name.place })
}
