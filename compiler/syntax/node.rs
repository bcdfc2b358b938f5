//! A node: its name, its entries, and what ends it.

use super::block::Blocks;
use super::class::{Class, newline_length};
use super::document::Reader;
use super::error::Stop;
use super::word::Role;
use super::{Node, SyntaxError};

/// A node that is not finished.
pub(super) struct Head<'s> {
    pub(super) node: Node<'s>,
    /// Commented out.
    pub(super) dropped: bool,
    /// Which blocks it has had.
    pub(super) blocks: Blocks,
}

impl<'s> Reader<'s> {
    /// `base-node` from its beginning.
    pub(super) fn node(&mut self) -> Result<(), Stop> {
        let dropped = self.cursor.sees(b"/-");
        if dropped {
            self.slashdash("a node")?;
        }
        let start = self.cursor.at;
        let annotation = self.cursor.annotation()?;
        if annotation.is_some() {
            self.require_name(start)?;
        }
        let name = self.cursor.name(Role::Node)?;
        let span = self.cursor.span(start, self.cursor.at);
        let node = Node { annotation, name, entries: Vec::new(), children: None, span };
        self.rest(Head { node, dropped, blocks: Blocks::None })
    }

    fn require_name(&mut self, start: usize) -> Result<(), Stop> {
        if matches!(self.cursor.class(), Class::Word | Class::Quote | Class::Hash) {
            return Ok(());
        }
        let span = self.cursor.span(start, self.cursor.text[..self.cursor.at].trim_end().len());
        Err(self.cursor.fail(
            SyntaxError::new(span, "the type annotation has no node").label("a node's name must follow"),
        ))
    }

    /// Reads on with a node behind its name or behind one of its blocks.
    pub(super) fn rest(&mut self, head: Head<'s>) -> Result<(), Stop> {
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
                Class::Equals => return Err(self.stray_equals()),
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

    fn finish(&mut self, mut head: Head<'s>) {
        self.take_entries(&mut head);
        if !head.dropped {
            self.nodes.push(head.node);
        }
    }

    /// Moves the entries into a list of exactly their number.
    pub(super) fn take_entries(&mut self, head: &mut Head<'s>) {
        if !self.entries.is_empty() {
            head.node.span.end = self.entries.last().map_or(head.node.span.end, |entry| entry.span.end);
            head.node.entries = self.entries.drain(..).collect();
        }
    }

    /// `slashdash`: takes it and the space behind it, and reports where nothing follows that it could comment out.
    fn slashdash(&mut self, what: &str) -> Result<(), Stop> {
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
    fn check_entry(&mut self, head: &Head<'s>, spaced: bool) -> Result<(), Stop> {
        match head.blocks {
            Blocks::None if spaced => Ok(()),
            Blocks::None => Err(self.no_space(head)),
            Blocks::Dropped | Blocks::Kept => Err(self.behind_block()),
        }
    }

    /// Forgets the node at hand.
    pub(super) fn forget(&mut self) {
        self.entries.clear();
    }
}
