//! The document: nodes and their blocks. Blocks that are still open stand on a stack of our own, so that no input can
//! exhaust the program's.

use super::class::{Class, newline_length};
use super::cursor::{Cursor, ERROR_LIMIT};
use super::error::Stop;
use super::word::Role;
use super::{Document, Entry, Node, SyntaxError, indentation};
use crate::source::Span;

/// How deep blocks may be nested. Whatever walks over the tree, its own destructor included, may recurse so deep.
pub const DEPTH_LIMIT: usize = 256;

/// Builds the tree of one file.
pub(super) struct Reader<'s> {
    pub(super) cursor: Cursor<'s>,
    /// The blocks around the place where the cursor is, the outermost first.
    pub(super) open: Vec<Block<'s>>,
    /// The finished nodes of all open blocks, one block's behind the other's.
    nodes: Vec<Node<'s>>,
    /// The entries of the node at hand.
    entries: Vec<Entry<'s>>,
    /// The braces of every closed block, where that is what the text is read for.
    pairs: Option<Vec<(Span, Span)>>,
}

/// A block that is open.
pub(super) struct Block<'s> {
    /// The node it belongs to.
    head: Head<'s>,
    /// Where it was opened.
    pub(super) brace: Span,
    /// Commented out, or too deep.
    dropped: bool,
    /// Where its nodes begin among the finished ones.
    first: usize,
}

/// A node that is not finished.
pub(super) struct Head<'s> {
    node: Node<'s>,
    /// Commented out.
    dropped: bool,
    /// Which blocks it has had.
    blocks: Blocks,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Blocks {
    None,
    /// Only such as are commented out: its own may follow, but no entry.
    Dropped,
    /// Its own: only such as are commented out may follow.
    Kept,
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

    /// `base-node` from its beginning.
    fn node(&mut self) -> Result<(), Stop> {
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
    fn rest(&mut self, head: Head<'s>) -> Result<(), Stop> {
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
    fn take_entries(&mut self, head: &mut Head<'s>) {
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

    #[cold]
    fn behind_block(&mut self) -> Stop {
        self.cursor.fail(
            SyntaxError::new(self.cursor.here(), "the node must end behind its block")
                .label("something follows on the same line")
                .help("put it on a line of its own if it is a node, before the `{` if it is an argument or property"),
        )
    }

    /// Words what is wrong where two things touch, or where a character stands that can follow nothing.
    #[cold]
    fn no_space(&mut self, head: &Head<'s>) -> Stop {
        let last = self.entries.last().map_or(head.node.name.span, |entry| entry.value_span);
        let here = self.cursor.here();
        let error = match self.cursor.class() {
            Class::Slash => self.cursor.bare_slash(last.start as usize),
            Class::Bracket => SyntaxError::new(here, "brackets cannot stand in a bare word")
                .label("not allowed without quotes")
                .help(format!("write `\"{}\"`", self.cursor.rough_word(last.start as usize))),
            _ => SyntaxError::new(here, "a space is missing")
                .label("touches what stands before it")
                .help("separate a node's arguments and properties with spaces"),
        };
        self.cursor.fail(error)
    }

    /// Words what is wrong with a `=` that stands behind no argument.
    #[cold]
    fn stray_equals(&mut self) -> Stop {
        let here = self.cursor.here();
        let error = match self.entries.last() {
            None => SyntaxError::new(here, "a node's name is not followed by `=`")
                .help("leave out the `=`: a node's values follow its name"),
            Some(Entry { name: Some(name), value_span, .. }) if name.span.end + 1 < value_span.start => {
                let (name, value) = (name.span, self.cursor.excerpt(*value_span));
                SyntaxError::new(name, format!("the property `{}` has no value", self.cursor.excerpt(name)))
                    .label(format!("`{value}` is read as its value, but is a name"))
            }
            Some(_) => SyntaxError::new(here, "a property has one name and one value")
                .label("a second `=`")
                .help("quote a value that has `=` in it"),
        };
        self.cursor.fail(error)
    }

    /// `{`: what follows belongs to the block of `head`.
    fn block(&mut self, mut head: Head<'s>, dropped: bool) -> Result<(), Stop> {
        self.take_entries(&mut head);
        let brace = self.cursor.here();
        if head.blocks == Blocks::Kept && !dropped {
            self.cursor.report(
                SyntaxError::new(brace, "a node has only one block")
                    .label("a second block")
                    .help("put its nodes into the first one"),
            );
        } else if !dropped {
            head.blocks = Blocks::Kept;
        } else if head.blocks == Blocks::None {
            head.blocks = Blocks::Dropped;
        }
        self.push(head, brace, dropped);
        Ok(())
    }

    /// Opens a block at `brace`, before which the cursor stands.
    fn push(&mut self, head: Head<'s>, brace: Span, dropped: bool) {
        if self.open.len() == DEPTH_LIMIT {
            self.cursor.report(
                SyntaxError::new(brace, format!("blocks are nested deeper than {DEPTH_LIMIT}"))
                    .label("one too many")
                    .help("no description of services needs such depth: is a `}` missing?"),
            );
        }
        let dropped = dropped || self.open.len() >= DEPTH_LIMIT;
        self.cursor.at += 1;
        self.open.push(Block { head, brace, dropped, first: self.nodes.len() });
    }

    /// `{` after a fault: a block whose node is not known, so that its `}` finds it.
    pub(super) fn block_of_nothing(&mut self) {
        let brace = self.cursor.here();
        let name = super::Text { value: "".into(), span: brace };
        let node = Node { annotation: None, name, entries: Vec::new(), children: None, span: brace };
        self.push(Head { node, dropped: true, blocks: Blocks::Kept }, brace, true);
    }

    /// Forgets the node at hand.
    pub(super) fn forget(&mut self) {
        self.entries.clear();
    }

    /// `}`
    fn close(&mut self) -> Result<(), Stop> {
        let Some(Block { mut head, brace, dropped, first }) = self.open.pop() else {
            let error = SyntaxError::new(self.cursor.here(), "there is no open block for this `}`");
            self.cursor.report(error.help("remove it, or look for a `{` that is missing above"));
            self.cursor.at += 1;
            return Ok(());
        };
        if let Some(pairs) = &mut self.pairs {
            pairs.push((brace, self.cursor.here()));
        }
        self.cursor.at += 1;
        match dropped {
            true => self.nodes.truncate(first),
            false => head.node.children = Some(self.nodes.drain(first..).collect()),
        }
        self.rest(head)
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
