//! An argument or a property.

use super::SyntaxError;
use super::class::Class;
use super::cursor::Cursor;
use super::error::BrokenNode;
use super::tree::EntryData;
use super::word::WordRole;
use super::written::{Form, WrittenWord};
use crate::text::Span;

impl Cursor<'_> {
    /// `node-prop-or-arg`: adds one to `entries`, and passes the space behind it. Returns whether there was one.
    pub(crate) fn entry(&mut self, entries: &mut Vec<EntryData>) -> Result<bool, BrokenNode> {
        let start = self.at;
        let annotation = self.annotation()?;
        if annotation.is_some() {
            self.require_value(start, ValueOwner::Annotation)?;
        }
        let value = self.value(WordRole::Entry)?;
        let spaced = self.node_space()?;
        if self.sees(b"=") {
            let name = self.property_name(annotation, value)?;
            self.property(name, entries)?;
            return Ok(false);
        }
        if let Some(annotation) = annotation {
            self.annotate(value.place, start, annotation);
        }
        let absent = WrittenWord { place: Span::default(), form: Form::Absent };
        entries.push(EntryData::new(absent, value, annotation.is_some()));
        Ok(spaced)
    }

    /// Returns the word before `=` if it can name a property.
    fn property_name(
        &mut self,
        annotation: Option<WrittenWord>,
        name: WrittenWord,
    ) -> Result<WrittenWord, BrokenNode> {
        if let Some(WrittenWord { place, .. }) = annotation {
            return Err(self.fail(
                SyntaxError::new(place, "a property's name takes no type annotation")
                    .help(format!("put it before the value: `name=({})value`", self.excerpt(place))),
            ));
        }
        if !name.form.is_text() {
            let written = self.excerpt(name.place);
            return Err(self.fail(
                SyntaxError::new(name.place, "a property's name must be text")
                    .help(format!("write `\"{written}\"=…` if that is its name")),
            ));
        }
        Ok(name)
    }

    /// `=` and the value of the property `name`.
    fn property(&mut self, name: WrittenWord, entries: &mut Vec<EntryData>) -> Result<(), BrokenNode> {
        self.at += 1;
        self.node_space()?;
        let start = name.place.range().start;
        self.require_value(start, ValueOwner::Property(name.place))?;
        let opening = self.at;
        let annotation = self.annotation()?;
        if annotation.is_some() {
            self.require_value(start, ValueOwner::Annotation)?;
        }
        let value = self.value(WordRole::Entry)?;
        if let Some(annotation) = annotation {
            self.annotate(value.place, opening, annotation);
        }
        entries.push(EntryData::new(name, value, annotation.is_some()));
        Ok(())
    }

    /// Reports that a value is missing here; its `owner` began at `start`.
    #[inline]
    fn require_value(&mut self, start: usize, owner: ValueOwner) -> Result<(), BrokenNode> {
        match self.class() {
            Class::End | Class::Newline | Class::Semicolon | Class::Open | Class::Close | Class::Slash => {
                Err(self.no_value_of(start, owner))
            }
            _ => Ok(()),
        }
    }

    #[cold]
    fn no_value_of(&mut self, start: usize, owner: ValueOwner) -> BrokenNode {
        let before = self.text[start..self.at].trim_end();
        let span = self.span(start, start + before.len());
        let what = match owner {
            ValueOwner::Annotation => "the type annotation".to_owned(),
            ValueOwner::Property(name) => format!("the property `{}`", self.excerpt(name)),
        };
        let error = if self.sees(b"/-") {
            SyntaxError::new(
                self.span(self.at, self.at + 2),
                format!("`/-` cannot take the value from {what}"),
            )
            .help("put it before the whole argument or property")
        } else if self.class() == Class::Slash && !self.sees(b"//") {
            self.unquoted_slash(self.at)
        } else {
            SyntaxError::new(span, format!("{what} has no value")).label("a value must follow")
        };
        self.fail(error)
    }
}

/// The owner of a value.
#[derive(Clone, Copy)]
enum ValueOwner {
    Annotation,
    /// A property whose name stands here.
    Property(Span),
}
