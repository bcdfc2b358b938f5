//! KDL 2 text → a tree with a place for everything. The only module that knows KDL's grammar.
//!
//! The grammar is that of the KDL 2.0.0 specification, <https://kdl.dev/spec/>, "Full Grammar"; the names of its rules
//! stand in the comments of the functions that read them. What the specification says in prose beyond the grammar is
//! followed too: a disallowed code point is refused in comments as well.

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
mod written;

pub use block::DEPTH_LIMIT;
pub use token::{Token, TokenKind, tokens};
pub use tree::{Document, SyntaxError};
pub use view::{Entry, Node, Nodes, Text, Value};

use crate::source::{FileId, Span};
use cursor::Cursor;
use document::Reader;

/// Reads a whole file. What is wrong with it comes back in the order of the text: after a fault the reader goes on with
/// the next node, so that one run shows every fault (of at most the first hundred).
pub fn read(file: FileId, text: &str) -> Result<Document<'_>, Vec<SyntaxError>> {
    if u32::try_from(file.0 as usize + text.len()).is_err() {
        return Err(vec![SyntaxError::new(
            Span::new(file, 0, 0),
            "the file ends behind the 4 GiB that all files may be large",
        )]);
    }
    let mut cursor = Cursor::new(file, text);
    forbidden::check(&mut cursor);
    let (document, mut errors) = Reader::new(cursor).document();
    errors.sort_by_key(|error| error.span);
    errors.splice(0..0, version::mismatch(file, text));
    if errors.is_empty() {
        return Ok(document);
    }
    Err(errors)
}
