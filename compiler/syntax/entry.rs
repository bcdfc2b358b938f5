//! An argument or a property.

use super::class::Class;
use super::cursor::Cursor;
use super::error::Stop;
use super::word::Role;
use super::{Entry, SyntaxError, Text, Value};
use crate::source::Span;

impl<'s> Cursor<'s> {
    /// `node-prop-or-arg`, which is added to `entries`, and the space behind it; tells whether there was any.
    pub fn entry(&mut self, entries: &mut Vec<Entry<'s>>) -> Result<bool, Stop> {
        let start = self.at;
        let annotation = self.annotation()?;
        if annotation.is_some() {
            self.require_value(start, Owner::Annotation)?;
        }
        let (value, value_span) = self.value(Role::Entry)?;
        let spaced = self.node_space()?;
        if self.sees(b"=") {
            let name = self.property_name(annotation, value, value_span)?;
            self.property(name, entries)?;
            return Ok(false);
        }
        let span = self.span(start, value_span.within(self.file).end);
        entries.push(Entry { name: None, annotation, value, value_span, span });
        Ok(spaced)
    }

    /// What stands before `=`, if it can name a property.
    fn property_name(
        &mut self,
        annotation: Option<Text<'s>>,
        value: Value<'s>,
        span: Span,
    ) -> Result<Text<'s>, Stop> {
        if let Some(annotation) = annotation {
            return Err(self.fail(
                SyntaxError::new(annotation.span, "a property's name takes no type annotation").help(
                    format!("put it before the value: `name=({})value`", self.excerpt(annotation.span)),
                ),
            ));
        }
        match value {
            Value::Text(value) => Ok(Text { value, span }),
            _ => {
                let written = self.excerpt(span);
                Err(self.fail(
                    SyntaxError::new(span, "a property's name must be text")
                        .help(format!("write `\"{written}\"=…` if that is its name")),
                ))
            }
        }
    }

    /// `=` and the value of the property `name`.
    fn property(&mut self, name: Text<'s>, entries: &mut Vec<Entry<'s>>) -> Result<(), Stop> {
        self.at += 1;
        self.node_space()?;
        let start = name.span.within(self.file).start;
        self.require_value(start, Owner::Property(name.span))?;
        let annotation = self.annotation()?;
        if annotation.is_some() {
            self.require_value(start, Owner::Annotation)?;
        }
        let (value, value_span) = self.value(Role::Entry)?;
        let span = name.span.to(value_span);
        entries.push(Entry { name: Some(name), annotation, value, value_span, span });
        Ok(())
    }

    /// Reports where the value that must follow here, and whose `owner` began at `start`, is missing.
    #[inline]
    fn require_value(&mut self, start: usize, owner: Owner) -> Result<(), Stop> {
        match self.class() {
            Class::End | Class::Newline | Class::Semicolon | Class::Open | Class::Close | Class::Slash => {
                Err(self.no_value_of(start, owner))
            }
            _ => Ok(()),
        }
    }

    #[cold]
    fn no_value_of(&mut self, start: usize, owner: Owner) -> Stop {
        let before = self.text[start..self.at].trim_end();
        let span = self.span(start, start + before.len());
        let what = match owner {
            Owner::Annotation => "the type annotation".to_owned(),
            Owner::Property(name) => format!("the property `{}`", self.excerpt(name)),
        };
        let error = if self.sees(b"/-") {
            SyntaxError::new(
                self.span(self.at, self.at + 2),
                format!("`/-` cannot take the value from {what}"),
            )
            .help("put it before the whole argument or property")
        } else if self.class() == Class::Slash && !self.sees(b"//") {
            self.bare_slash(self.at)
        } else {
            SyntaxError::new(span, format!("{what} has no value")).label("a value must follow")
        };
        self.fail(error)
    }
}

/// What a value belongs to.
#[derive(Clone, Copy)]
enum Owner {
    Annotation,
    /// A property whose name stands here.
    Property(Span),
}
