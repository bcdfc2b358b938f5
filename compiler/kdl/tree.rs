//! The syntax tree of one KDL document: flat lists of places in the text, which [`Node`](super::Node) and
//! [`Entry`](super::Entry) look at.

use super::Nodes;
use super::written::{Form, Texts, WrittenWord};
use crate::text::{Span, narrow};
use std::sync::Arc;

/// One file: its nodes as written, without those that `/-` comments out.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub(super) text: Arc<str>,
    pub(super) is_faulty: bool,
    /// The nodes: each before its children, and these before the next node.
    pub(super) nodes: Vec<NodeData>,
    /// The entries of all nodes, in the order of the nodes.
    pub(super) entries: Vec<EntryData>,
    /// The annotations in the order of the file.
    pub(super) annotations: Vec<Annotation>,
    pub(super) texts: Texts,
}

/// A node. Its children follow it, and its entries end where those of the next node begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct NodeData {
    pub(crate) name: Span,
    /// Its first entry, or where that would be.
    pub(crate) first_entry: u32,
    /// The node behind it and its children.
    pub(crate) behind: u32,
    pub(crate) form: Form,
    pub(crate) has_block: bool,
    pub(crate) is_annotated: bool,
}

/// An argument, or a property where it has a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct EntryData {
    pub(crate) name: Span,
    pub(crate) value: Span,
    pub(crate) name_form: Form,
    pub(crate) form: Form,
    pub(crate) is_annotated: bool,
}

/// `(type)`: rare enough for a list of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Annotation {
    /// The offset of the name or value behind it.
    pub(crate) of: u32,
    /// The offset of its opening parenthesis.
    pub(crate) start: u32,
    pub(crate) name: WrittenWord,
}

impl EntryData {
    pub(super) fn new(name: WrittenWord, value: WrittenWord, is_annotated: bool) -> Self {
        let (name_form, form) = (name.form, value.form);
        Self { name: name.place, value: value.place, name_form, form, is_annotated }
    }
}

const _: () = assert!(size_of::<NodeData>() == 24 && size_of::<EntryData>() == 28);

impl Document {
    /// Returns whether the text has faults, so that nodes may be missing.
    pub(crate) fn is_faulty(&self) -> bool {
        self.is_faulty
    }

    /// The nodes at the top.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes::new(self, 0, narrow(self.nodes.len()))
    }

    /// Returns the text at `place`, decoded.
    pub(super) fn string(&self, place: Span, form: Form) -> &str {
        let bytes = place.range();
        match form {
            Form::Quoted => &self.text[bytes.start + 1..bytes.end - 1],
            Form::Raw => {
                let hashes = self.text[bytes.clone()].bytes().take_while(|byte| *byte == b'#').count();
                &self.text[bytes.start + hashes + 1..bytes.end - hashes - 1]
            }
            Form::Within => &self.text[self.texts.range(place.start)],
            Form::Made => &self.texts.pool[self.texts.range(place.start)],
            _ => &self.text[bytes],
        }
    }

    /// Returns the annotation of the name or value at `of`, if there is one.
    pub(super) fn annotation(&self, of: Span, is_annotated: bool) -> Option<&Annotation> {
        if !is_annotated {
            return None;
        }
        let found = self.annotations.binary_search_by_key(&of.start, |annotation| annotation.of).ok()?;
        Some(&self.annotations[found])
    }
}

/// A fault of the syntax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// The place of the fault.
    pub span: Span,
    /// The text below the underline, if it says more than the message.
    pub label: Option<String>,
    /// Help: what to do.
    pub help: Option<String>,
}
