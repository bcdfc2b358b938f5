//! `{` and `}`: their depth, and their nodes.

use super::SyntaxError;
use super::document::TreeReader;
use super::error::BrokenNode;
use super::node::Head;
use super::written::{Form, WrittenWord};
use crate::text::Span;

/// Maximum depth of nested blocks. Code that walks over the tree may recurse this deep.
pub const DEPTH_LIMIT: usize = 256;

/// A block that is open.
pub(super) struct OpenBlock {
    /// The node it belongs to.
    head: Head,
    /// The place of its `{`.
    pub(super) brace: Span,
    /// Commented out, or too deep.
    dropped: bool,
    /// The index of its first node.
    first: usize,
}

/// The blocks that a node has had.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Blocks {
    /// No block so far.
    None,
    /// Only commented-out blocks: its own block may follow, but no entry.
    Dropped,
    /// Its own block: only commented-out blocks may follow.
    Kept,
}

impl TreeReader<'_> {
    /// `{`: what follows belongs to the block of `head`.
    pub(super) fn block(&mut self, mut head: Head, dropped: bool) -> Result<(), BrokenNode> {
        let brace = self.cursor.here();
        head.dropped |= self.is_faulty(&head);
        if head.blocks == Blocks::Kept && !dropped {
            self.cursor.report(
                SyntaxError::new(brace, "a node has only one block")
                    .label("a second block")
                    .help("put its nodes into the first one"),
            );
        } else if !dropped {
            head.blocks = Blocks::Kept;
            self.nodes[head.index].has_block = true;
        } else if head.blocks == Blocks::None {
            head.blocks = Blocks::Dropped;
        }
        self.push(head, brace, dropped);
        Ok(())
    }

    /// Opens a block at `brace`; the cursor stands before it.
    fn push(&mut self, head: Head, brace: Span, dropped: bool) {
        if self.open.len() == DEPTH_LIMIT {
            self.cursor.report(
                SyntaxError::new(brace, format!("blocks are nested deeper than {DEPTH_LIMIT}"))
                    .label("one too many")
                    .help("no description of services needs such depth: is a `}` missing?"),
            );
        }
        let dropped = dropped || self.open.len() >= DEPTH_LIMIT;
        self.cursor.at += 1;
        self.open.push(OpenBlock { head, brace, dropped, first: self.nodes.len() });
    }

    /// `{` after a fault: opens a block whose node is not known, so that its `}` finds it.
    pub(super) fn open_stray_block(&mut self) {
        let brace = self.cursor.here();
        let index = self.begin(WrittenWord { place: brace, form: Form::Bare }, false);
        self.push(Head::unknown(index), brace, true);
    }

    /// `}`
    pub(super) fn close(&mut self) -> Result<(), BrokenNode> {
        let Some(OpenBlock { head, brace, dropped, first }) = self.open.pop() else {
            let error = SyntaxError::new(self.cursor.here(), "there is no open block for this `}`");
            self.cursor.report(error.help("remove it, or look for a `{` that is missing above"));
            self.cursor.at += 1;
            return Ok(());
        };
        if let Some(pairs) = &mut self.pairs {
            pairs.push((brace, self.cursor.here()));
        }
        self.cursor.at += 1;
        if dropped {
            self.drop_from(first);
        }
        let read = self.rest(head);
        if read.is_err() {
            self.finish(head);
        }
        read
    }

    /// Closes every open block at the end of a text that lacks a `}`.
    pub(super) fn close_all(&mut self) {
        while let Some(OpenBlock { head, dropped, first, .. }) = self.open.pop() {
            if dropped {
                self.drop_from(first);
            }
            self.finish(head);
        }
    }
}
