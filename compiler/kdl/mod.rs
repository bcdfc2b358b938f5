//! KDL 2 text → a tree with a place for everything. The only module that knows KDL's grammar.
//!
//! The grammar is that of the KDL 2.0.0 specification, <https://kdl.dev/spec/>, "Full Grammar". Comments of the functions name
//! the rules that they read. Rules that the specification has only in prose are followed too: a disallowed code point is
//! refused in comments as well.

mod annotation;
mod block;
mod class;
mod cursor;
mod dedent;
mod document;
mod entry;
mod error;
mod escape;
mod forbidden;
mod indentation;
mod misplaced;
mod multi_line;
mod node;
mod number;
mod quoted;
mod raw;
mod recover;
mod space;
mod token;
mod tree;
mod value;
mod version;
mod view;
mod word;
pub(crate) mod write;
mod written;

pub use block::DEPTH_LIMIT;
pub use token::{Token, TokenKind, tokens};
pub use tree::{Document, SyntaxError};
pub use view::{Entry, Node, Nodes, Text, Value};

use crate::text::FileId;
use cursor::Cursor;
use document::TreeReader;
use std::sync::Arc;

/// A file as it was read: its tree without the nodes that are faulty, and the faults in the order of the text.
#[derive(Debug)]
pub struct Read {
    /// The nodes that could be read. A node with a fault in its head is missing, with everything in its block.
    pub document: Document,
    /// The faults, at most the first hundred.
    pub(crate) errors: Vec<SyntaxError>,
}

/// Returns the tree of a text without a fault, or its faults.
pub fn whole(file: FileId, text: &str) -> Result<Document, Vec<SyntaxError>> {
    let Read { document, errors } = read(file, text);
    if errors.is_empty() { Ok(document) } else { Err(errors) }
}

/// Reads a file, of at most 4 GiB. After a fault the reader goes on with the next node.
pub fn read(file: FileId, text: impl Into<Arc<str>>) -> Read {
    let text = text.into();
    let mut cursor = Cursor::new(file, &text);
    forbidden::check(&mut cursor);
    let (document, mut errors) = TreeReader::new(cursor).document();
    errors.sort_by_key(|error| error.span);
    errors.splice(0..0, version::mismatch(file, &text));
    Read { document: Document { text, is_faulty: !errors.is_empty(), ..document }, errors }
}
