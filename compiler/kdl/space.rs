//! Reads what separates things: spaces, newlines, comments, line continuations.

use super::SyntaxError;
use super::class::{Class, LINE_STOP, newline_length, space_length};
use super::cursor::Cursor;
use super::error::BrokenNode;

impl Cursor<'_> {
    /// `node-space*`: passes what may stand between the parts of a node. Returns whether there was any.
    #[inline]
    pub(crate) fn node_space(&mut self) -> Result<bool, BrokenNode> {
        let start = self.at;
        loop {
            match self.class() {
                Class::Space => self.spaces(),
                Class::Slash if self.sees(b"/*") => self.block_comment()?,
                Class::Backslash => self.continuation()?,
                _ => return Ok(self.at > start),
            }
        }
    }

    /// `line-space*`: passes what may stand between nodes.
    #[inline]
    pub(crate) fn line_space(&mut self) -> Result<(), BrokenNode> {
        loop {
            match self.class() {
                Class::Space => self.spaces(),
                Class::Newline => self.at += newline_length(self.rest()),
                Class::Slash if self.sees(b"/*") => self.block_comment()?,
                Class::Slash if self.sees(b"//") => self.line_comment(),
                Class::Backslash => self.continuation()?,
                _ => return Ok(()),
            }
        }
    }

    /// Passes the space that stands here, and the plain ones behind it.
    #[inline]
    fn spaces(&mut self) {
        let bytes = self.text.as_bytes();
        if bytes.get(self.at).is_none_or(|byte| !matches!(byte, b' ' | b'\t')) {
            self.at += space_length(self.rest());
        }
        while let Some(b' ' | b'\t') = bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// `single-line-comment`, its newline included.
    pub(crate) fn line_comment(&mut self) {
        self.skip_line();
        self.at += newline_length(self.rest());
    }

    /// Goes to the next newline or the end of the text.
    pub(crate) fn skip_line(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if LINE_STOP[byte as usize] && newline_length(self.rest()) > 0 {
                return;
            }
            self.at += 1;
        }
    }

    /// `multi-line-comment`. Comments nest, so their depth is counted.
    pub(crate) fn block_comment(&mut self) -> Result<(), BrokenNode> {
        let opening = self.span(self.at, self.at + 2);
        let (mut depth, mut nested) = (0_usize, false);
        while let Some(offset) = self.rest().iter().position(|&byte| byte == b'/' || byte == b'*') {
            self.at += offset;
            if self.sees(b"/*") {
                depth += 1;
                nested |= depth > 1;
                self.at += 2;
            } else if self.sees(b"*/") {
                depth -= 1;
                self.at += 2;
                if depth == 0 {
                    return Ok(());
                }
            } else {
                self.at += 1;
            }
        }
        let help = if nested {
            "comments nest: every `/*` inside needs a `*/` of its own, and this one needs another"
        } else {
            "close it with `*/`"
        };
        Err(self.fail_at_end(opening, "the comment is not closed", help))
    }

    /// `escline`: a backslash, spaces, perhaps a comment, and the newline that they take away.
    fn continuation(&mut self) -> Result<(), BrokenNode> {
        let backslash = self.here();
        self.at += 1;
        loop {
            match self.class() {
                Class::Space => self.spaces(),
                Class::Slash if self.sees(b"/*") => self.block_comment()?,
                Class::Slash if self.sees(b"//") => {
                    self.line_comment();
                    return Ok(());
                }
                Class::Newline => {
                    self.at += newline_length(self.rest());
                    return Ok(());
                }
                Class::End => return Ok(()),
                _ => break,
            }
        }
        Err(self.fail(
            SyntaxError::new(backslash, "`\\` must be the last thing on its line")
                .label("continues the node on the next line")
                .help("start a new line behind it, or quote the word that it belongs to"),
        ))
    }
}
