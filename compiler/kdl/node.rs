//! A node: its name, its entries, and its end.

use super::SyntaxError;
use super::block::Blocks;
use super::class::{Class, newline_length};
use super::document::TreeReader;
use super::error::BrokenNode;
use super::tree::NodeData;
use super::word::WordRole;
use super::written::WrittenWord;
use crate::text::narrow;

/// A node that is not finished.
#[derive(Clone, Copy)]
pub(super) struct Head {
    /// Its place in the list of nodes.
    pub(super) index: usize,
    /// Commented out.
    pub(super) dropped: bool,
    /// The blocks it has had.
    pub(super) blocks: Blocks,
    /// The number of faults before it.
    faults: usize,
}

impl Head {
    /// A block whose node is not known. It is dropped.
    pub(super) fn unknown(index: usize) -> Self {
        Self { index, dropped: true, blocks: Blocks::Kept, faults: 0 }
    }
}

impl TreeReader<'_> {
    /// `base-node` from its beginning.
    pub(super) fn node(&mut self) -> Result<(), BrokenNode> {
        let dropped = self.cursor.sees(b"/-");
        if dropped {
            self.slashdash("a node")?;
        }
        let (start, faults) = (self.cursor.at, self.cursor.errors.len());
        let annotation = self.cursor.annotation()?;
        if annotation.is_some() {
            self.require_name(start)?;
        }
        let name = self.cursor.name(WordRole::Node)?;
        if let Some(annotation) = annotation {
            self.cursor.annotate(name.place, start, annotation);
        }
        let index = self.begin(name, annotation.is_some());
        let read = self.rest(Head { index, dropped, blocks: Blocks::None, faults });
        if read.is_err() {
            self.drop_from(index);
        }
        read
    }

    /// Adds a node to the list, and returns its index.
    pub(super) fn begin(&mut self, name: WrittenWord, is_annotated: bool) -> usize {
        self.nodes.push(NodeData {
            name: name.place,
            first_entry: narrow(self.entries.len()),
            behind: 0,
            form: name.form,
            has_block: false,
            is_annotated,
        });
        self.nodes.len() - 1
    }

    fn require_name(&mut self, start: usize) -> Result<(), BrokenNode> {
        if matches!(self.cursor.class(), Class::Word | Class::Quote | Class::Hash) {
            return Ok(());
        }
        let span = self.cursor.span(start, self.cursor.text[..self.cursor.at].trim_end().len());
        Err(self.cursor.fail(
            SyntaxError::new(span, "the type annotation has no node").label("a node's name must follow"),
        ))
    }

    /// Reads on with a node behind its name or behind one of its blocks.
    pub(super) fn rest(&mut self, head: Head) -> Result<(), BrokenNode> {
        let mut spaced = false;
        loop {
            spaced |= self.cursor.node_space()?;
            match self.cursor.class() {
                Class::Open => return self.block(head, false),
                Class::End | Class::Close | Class::Semicolon | Class::Newline => break,
                Class::Slash if self.cursor.sees(b"//") => break,
                Class::Slash if self.cursor.sees(b"/-") => {
                    self.slashdash("an argument, a property or a block")?;
                    if self.cursor.class() == Class::Open {
                        return self.block(head, true);
                    }
                    self.check_entry(&head, true)?;
                    spaced = self.cursor.entry(&mut self.entries)?;
                    self.entries.pop();
                }
                Class::Equals => return Err(self.stray_equals(&head)),
                _ => {
                    self.check_entry(&head, spaced)?;
                    spaced = self.cursor.entry(&mut self.entries)?;
                }
            }
        }
        self.terminator();
        self.finish(head);
        Ok(())
    }

    /// `node-terminator`, except that `}` stays for the block.
    fn terminator(&mut self) {
        match self.cursor.class() {
            Class::Semicolon => self.cursor.at += 1,
            Class::Newline => self.cursor.at += newline_length(self.cursor.rest()),
            Class::Slash => self.cursor.line_comment(),
            _ => {}
        }
    }

    pub(super) fn finish(&mut self, head: Head) {
        if head.dropped || self.is_faulty(&head) {
            self.drop_from(head.index);
        } else {
            self.nodes[head.index].behind = narrow(self.nodes.len());
        }
    }

    /// Returns whether something is wrong with a node before its block.
    pub(super) fn is_faulty(&self, head: &Head) -> bool {
        head.blocks == Blocks::None && self.cursor.errors.len() > head.faults
    }

    /// Removes the nodes from `index` on, and their entries.
    pub(super) fn drop_from(&mut self, index: usize) {
        if let Some(node) = self.nodes.get(index) {
            self.entries.truncate(node.first_entry as usize);
            self.nodes.truncate(index);
        }
    }

    /// `slashdash`: takes it and the space behind it, and reports if nothing follows that it could comment out.
    fn slashdash(&mut self, what: &str) -> Result<(), BrokenNode> {
        let span = self.cursor.span(self.cursor.at, self.cursor.at + 2);
        self.cursor.at += 2;
        self.cursor.line_space()?;
        let nothing = matches!(self.cursor.class(), Class::End | Class::Close | Class::Semicolon);
        if nothing || self.cursor.sees(b"/-") {
            let error = SyntaxError::new(span, "`/-` has nothing to comment out");
            return Err(self.cursor.fail(error.label(format!("{what} must follow"))));
        }
        Ok(())
    }

    /// Reports an entry that may not stand here.
    fn check_entry(&mut self, head: &Head, spaced: bool) -> Result<(), BrokenNode> {
        match head.blocks {
            Blocks::None if spaced => Ok(()),
            Blocks::None => Err(self.no_space(head)),
            Blocks::Dropped | Blocks::Kept => Err(self.trailing_after_block()),
        }
    }
}
