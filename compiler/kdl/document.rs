//! The text of a file → its nodes. Open blocks are kept on a stack of our own, so that no input can exhaust the program's.

use super::block::OpenBlock;
use super::class::Class;
use super::cursor::{Cursor, ERROR_LIMIT};
use super::error::BrokenNode;
use super::tree::{EntryData, NodeData};
use super::{Document, SyntaxError, indentation};
use crate::text::Span;
use std::sync::Arc;

/// Expected bytes of text for each node, and for each entry. A text with no fewer needs no larger lists. Files have about 45
/// and 28, those of many short services 31 and 24.
const BYTES_A_NODE: usize = 24;
const BYTES_AN_ENTRY: usize = 20;

/// Builds the tree of one file.
pub(super) struct TreeReader<'s> {
    pub(super) cursor: Cursor<'s>,
    /// The blocks around the place where the cursor is, the outermost first.
    pub(super) open: Vec<OpenBlock>,
    /// All nodes so far, in the order in which they begin.
    pub(super) nodes: Vec<NodeData>,
    /// All entries so far.
    pub(super) entries: Vec<EntryData>,
    /// The braces of every closed block, if the text is read for them.
    pub(super) pairs: Option<Vec<(Span, Span)>>,
}

impl<'s> TreeReader<'s> {
    /// Begins at the start of a file.
    pub(super) fn new(cursor: Cursor<'s>) -> Self {
        let length = cursor.text.len();
        Self {
            cursor,
            open: Vec::new(),
            nodes: Vec::with_capacity(length / BYTES_A_NODE),
            entries: Vec::with_capacity(length / BYTES_AN_ENTRY),
            pairs: None,
        }
    }

    /// Reads to the end. The tree has no text yet.
    pub(crate) fn document(mut self) -> (Document, Vec<SyntaxError>) {
        self.read();
        self.close_all();
        let Self { cursor, mut nodes, mut entries, .. } = self;
        let Cursor { errors, mut annotations, mut texts, .. } = cursor;
        nodes.shrink_to_fit();
        entries.shrink_to_fit();
        annotations.shrink_to_fit();
        texts.shrink();
        (Document { text: Arc::default(), is_faulty: false, nodes, entries, annotations, texts }, errors)
    }

    /// Returns the braces of every closed block, in the order of the closing ones.
    pub(crate) fn pairs(mut self) -> Vec<(Span, Span)> {
        self.pairs = Some(Vec::new());
        self.read();
        self.pairs.unwrap_or_default()
    }

    fn read(&mut self) {
        while self.cursor.errors.len() < ERROR_LIMIT {
            match self.step() {
                Ok(true) => {}
                Ok(false) => break,
                Err(BrokenNode) => self.recover(),
            }
        }
    }

    /// Reads a node up to its block or its end, or closes a block. Returns whether there may be more.
    fn step(&mut self) -> Result<bool, BrokenNode> {
        self.cursor.line_space()?;
        match self.cursor.class() {
            Class::End => self.unclosed(),
            Class::Close => self.close()?,
            _ => self.node()?,
        }
        Ok(self.cursor.at < self.cursor.text.len() || !self.open.is_empty())
    }

    /// The text is over: every block should be closed.
    fn unclosed(&mut self) {
        let Some(innermost) = self.open.last() else { return };
        let (brace, around) = (innermost.brace, self.open.len() - 1);
        self.close_all();
        if self.cursor.cut_off || self.pairs.is_some() {
            return;
        }
        let error = indentation::suspect(&self.cursor).unwrap_or_else(|| {
            let help = match around {
                0 => "close it with `}`".to_owned(),
                1 => "close it with `}`; the block around it is not closed either".to_owned(),
                more => format!("close it with `}}`; {more} blocks around it are not closed either"),
            };
            SyntaxError::new(brace, "the block is not closed").label("opened here").help(help)
        });
        self.cursor.report(error);
    }
}
