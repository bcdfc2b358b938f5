//! KDL text → its pieces in the order written, with comments and nodes behind `/-`: a formatter needs these, and the tree does
//! not hold them. Spaces are no pieces; they lie between the spans of two pieces.

use super::class::{Class, newline_length, space_length};
use super::cursor::Cursor;
use super::error::BrokenNode;
use crate::text::{FileId, Span};

/// One piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its kind.
    pub(crate) kind: TokenKind,
    /// Its place.
    pub span: Span,
}

/// The kind of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A name or a value, quotes and hashes included.
    Value,
    /// `(`
    TypeOpen,
    /// `)`
    TypeClose,
    /// `=`
    Equals,
    /// `{`
    BlockOpen,
    /// `}`
    BlockClose,
    /// `;`
    Semicolon,
    /// `/-`
    Slashdash,
    /// `\` at the end of a line.
    Continuation,
    /// `//` up to the end of its line, which is a piece of its own.
    LineComment,
    /// `/*` … `*/`
    BlockComment,
    /// The end of a line.
    Newline,
}

/// The pieces of a text that [`read`](super::read) takes.
pub fn tokens(file: FileId, text: &str) -> Vec<Token> {
    let mut cursor = Cursor::new(file, text);
    std::iter::from_fn(|| cursor.token().ok().flatten()).collect()
}

impl Cursor<'_> {
    /// Takes the next piece; `None` at the end of the text.
    fn token(&mut self) -> Result<Option<Token>, BrokenNode> {
        while self.class() == Class::Space {
            self.at += space_length(self.rest());
        }
        let start = self.at;
        let kind = match self.class() {
            Class::End | Class::Space => return Ok(None),
            Class::Word => {
                self.skip_word();
                TokenKind::Value
            }
            Class::Quote => self.quoted().map(|_| TokenKind::Value)?,
            Class::Hash => self.hash().map(|_| TokenKind::Value)?,
            Class::Newline => {
                self.at += newline_length(self.rest());
                TokenKind::Newline
            }
            Class::Slash => self.slash()?,
            _ => self.punctuation(),
        };
        Ok(Some(Token { kind, span: self.span(start, self.at) }))
    }

    fn slash(&mut self) -> Result<TokenKind, BrokenNode> {
        if self.sees(b"//") {
            self.skip_line();
            Ok(TokenKind::LineComment)
        } else if self.sees(b"/*") {
            self.block_comment().map(|()| TokenKind::BlockComment)
        } else if self.sees(b"/-") {
            self.at += 2;
            Ok(TokenKind::Slashdash)
        } else {
            Err(BrokenNode)
        }
    }

    /// One byte that is a piece by itself.
    fn punctuation(&mut self) -> TokenKind {
        let byte = self.rest()[0];
        self.at += 1;
        match byte {
            b'(' => TokenKind::TypeOpen,
            b')' => TokenKind::TypeClose,
            b'=' => TokenKind::Equals,
            b'{' => TokenKind::BlockOpen,
            b'}' => TokenKind::BlockClose,
            b';' => TokenKind::Semicolon,
            _ => TokenKind::Continuation,
        }
    }
}
