//! The text of a file → its nodes. Blocks that are still open stand on a stack of our own, so that no input can exhaust
//! the program's.

use super::block::Block;
use super::class::Class;
use super::cursor::{Cursor, ERROR_LIMIT};
use super::error::Stop;
use super::{Document, Entry, Node, SyntaxError, indentation};
use crate::source::Span;

/// Builds the tree of one file.
pub(super) struct Reader<'s> {
    pub(super) cursor: Cursor<'s>,
    /// The blocks around the place where the cursor is, the outermost first.
    pub(super) open: Vec<Block<'s>>,
    /// The finished nodes of all open blocks, one block's behind the other's.
    pub(super) nodes: Vec<Node<'s>>,
    /// The entries of the node at hand.
    pub(super) entries: Vec<Entry<'s>>,
    /// The braces of every closed block, where that is what the text is read for.
    pub(super) pairs: Option<Vec<(Span, Span)>>,
}

impl<'s> Reader<'s> {
    /// At the start of a file.
    pub fn new(cursor: Cursor<'s>) -> Self {
        Self { cursor, open: Vec::new(), nodes: Vec::new(), entries: Vec::new(), pairs: None }
    }

    /// Reads to the end.
    pub fn document(mut self) -> (Document<'s>, Vec<SyntaxError>) {
        self.read();
        (Document { nodes: self.nodes }, self.cursor.errors)
    }

    /// The braces of every block that is closed, in the order of the closing ones.
    pub fn pairs(mut self) -> Vec<(Span, Span)> {
        self.pairs = Some(Vec::new());
        self.read();
        self.pairs.unwrap_or_default()
    }

    fn read(&mut self) {
        while self.cursor.errors.len() < ERROR_LIMIT {
            match self.step() {
                Ok(true) => {}
                Ok(false) => break,
                Err(Stop) => self.recover(),
            }
        }
    }

    /// Reads a node up to its block or its end, or closes a block. Tells whether there may be more.
    fn step(&mut self) -> Result<bool, Stop> {
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
        self.open.clear();
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
