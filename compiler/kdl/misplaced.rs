//! Words misplaced text: two things that touch, something behind a block, something wrong behind `=`.

use super::SyntaxError;
use super::class::Class;
use super::document::TreeReader;
use super::error::BrokenNode;
use super::node::Head;
use super::tree::EntryData;
use super::written::Form;

impl TreeReader<'_> {
    /// Words the fault of text behind a block on its line.
    #[cold]
    pub(super) fn trailing_after_block(&mut self) -> BrokenNode {
        self.cursor.fail(
            SyntaxError::new(self.cursor.here(), "the node must end behind its block")
                .label("something follows on the same line")
                .help("put it on a line of its own if it is a node, before the `{` if it is an argument or property"),
        )
    }

    /// Words the fault of two things that touch, or of a character that can follow nothing.
    #[cold]
    pub(super) fn no_space(&mut self, head: &Head) -> BrokenNode {
        let last = self.last_entry(head).map_or(self.nodes[head.index].name, |entry| entry.value);
        let (here, start) = (self.cursor.here(), last.range().start);
        let error = match self.cursor.class() {
            Class::Slash => self.cursor.unquoted_slash(start),
            Class::Bracket => SyntaxError::new(here, "brackets cannot stand in a bare word")
                .label("not allowed without quotes")
                .help(format!("write `\"{}\"`", self.cursor.word_excerpt(start))),
            _ => SyntaxError::new(here, "a space is missing")
                .label("touches what stands before it")
                .help("separate a node's arguments and properties with spaces"),
        };
        self.cursor.fail(error)
    }

    /// Words the fault of a `=` without an argument before it.
    #[cold]
    pub(super) fn stray_equals(&mut self, head: &Head) -> BrokenNode {
        let here = self.cursor.here();
        let error = match self.last_entry(head) {
            None => SyntaxError::new(here, "a node's name is not followed by `=`")
                .help("leave out the `=`: a node's values follow its name"),
            Some(EntryData { name, value, name_form, .. })
                if name_form != Form::Absent && name.end + 1 < value.start =>
            {
                let value = self.cursor.excerpt(value);
                SyntaxError::new(name, format!("the property `{}` has no value", self.cursor.excerpt(name)))
                    .label(format!("`{value}` is read as its value, but is a name"))
            }
            Some(_) => SyntaxError::new(here, "a property has one name and one value")
                .label("a second `=`")
                .help("quote a value that has `=` in it"),
        };
        self.cursor.fail(error)
    }

    fn last_entry(&self, head: &Head) -> Option<EntryData> {
        self.entries[self.nodes[head.index].first_entry as usize..].last().copied()
    }
}
