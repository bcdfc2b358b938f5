//! A value of any kind, or a name, which is a value that must be text.

use super::SyntaxError;
use super::class::Class;
use super::cursor::Cursor;
use super::error::BrokenNode;
use super::word::WordRole;
use super::written::WrittenWord;
use crate::text::Span;

impl Cursor<'_> {
    /// `string | number | keyword`
    #[inline]
    pub(super) fn value(&mut self, role: WordRole) -> Result<WrittenWord, BrokenNode> {
        match self.class() {
            Class::Word => Ok(self.word(role)),
            Class::Quote => self.quoted(),
            Class::Hash => self.hash(),
            _ => Err(self.no_value(role)),
        }
    }

    /// `string`, for a name; another value is reported.
    #[inline]
    pub(super) fn name(&mut self, role: WordRole) -> Result<WrittenWord, BrokenNode> {
        let name = self.value(role)?;
        if name.form.is_text() { Ok(name) } else { Err(self.no_name(role, name.place)) }
    }

    #[cold]
    fn no_name(&mut self, role: WordRole, span: Span) -> BrokenNode {
        let written = self.excerpt(span);
        let bare = written.trim_start_matches('#');
        let what = if role == WordRole::Node { "a node's name" } else { "a type annotation" };
        self.fail(
            SyntaxError::new(span, format!("{what} must be text"))
                .label(if bare == written { "a number" } else { "a keyword" })
                .help(format!("write `\"{bare}\"`")),
        )
    }

    /// Words what stands here in place of a value or name.
    #[cold]
    fn no_value(&mut self, role: WordRole) -> BrokenNode {
        let error = match self.class() {
            Class::Slash => self.unquoted_slash(self.at),
            Class::Open => SyntaxError::new(self.here(), "a block must follow a node's name on its line")
                .label("belongs to no node")
                .help("put the `{` on the line of the node that it belongs to"),
            Class::Semicolon => {
                SyntaxError::new(self.here(), "there is no node before this `;`").help("remove it")
            }
            Class::Equals if role == WordRole::Node => {
                SyntaxError::new(self.here(), "a node must begin with its name").label("not a name")
            }
            _ if self.sees(b"[") => SyntaxError::new(self.here(), "`[` begins nothing in KDL")
                .label("KDL has no lists in brackets")
                .help("write the values one after the other, separated by spaces"),
            _ => self.unexpected(role),
        };
        self.fail(error)
    }

    fn unexpected(&self, role: WordRole) -> SyntaxError {
        let wanted = match role {
            WordRole::Node => "a node's name",
            WordRole::Annotation => "the name of a type",
            WordRole::Entry => "a value",
        };
        let found = match (self.class(), self.char()) {
            (Class::End, _) | (_, None) => "the end of the file".to_owned(),
            (Class::Newline, _) => "the end of the line".to_owned(),
            (_, Some(char)) => format!("`{char}`"),
        };
        SyntaxError::new(self.here(), format!("expected {wanted}, found {found}"))
    }

    /// Words the fault of a bare word with a slash in it, which begins at `start`.
    pub(crate) fn unquoted_slash(&self, start: usize) -> SyntaxError {
        SyntaxError::new(self.here(), "`/` cannot stand in a bare word")
            .label("not allowed without quotes")
            .help(format!("write `\"{}\"`", self.word_excerpt(start)))
    }
}
