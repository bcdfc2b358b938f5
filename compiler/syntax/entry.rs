//! An argument or a property.

use super::class::Class;
use super::cursor::Cursor;
use super::error::Stop;
use super::word::Role;
use super::{Entry, SyntaxError, Text, Value};
use crate::source::Span;

impl<'s> Cursor<'s> {
    /// `node-prop-or-arg` and the space behind it; tells whether there was any.
    pub fn entry(&mut self) -> Result<(Entry<'s>, bool), Stop> {
        let start = self.at;
        let annotation = self.annotation()?;
        if annotation.is_some() {
            self.require_value(start, "the type annotation")?;
        }
        let (value, value_span) = self.value(Role::Entry)?;
        let spaced = self.node_space()?;
        if self.sees(b"=") {
            let name = self.property_name(annotation, value, value_span)?;
            return Ok((self.property(name)?, false));
        }
        let span = self.span(start, value_span.end as usize);
        Ok((Entry { name: None, annotation, value, value_span, span }, spaced))
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
                SyntaxError::new(annotation.span, "a property's name takes no type annotation")
                    .help(format!("put it before the value: `name=({})value`", annotation.value)),
            ));
        }
        match value {
            Value::Text(value) => Ok(Text { value, span }),
            _ => {
                let written = &self.text[span.start as usize..span.end as usize];
                Err(self.fail(
                    SyntaxError::new(span, "a property's name must be text")
                        .help(format!("write `\"{written}\"`, or leave a name before the `=`")),
                ))
            }
        }
    }

    /// `=` and the value of the property `name`.
    fn property(&mut self, name: Text<'s>) -> Result<Entry<'s>, Stop> {
        self.at += 1;
        self.node_space()?;
        let what = format_args!("the property `{}`", name.value).to_string();
        let start = name.span.start as usize;
        self.require_value(start, &what)?;
        let annotation = self.annotation()?;
        if annotation.is_some() {
            self.require_value(start, "the type annotation")?;
        }
        let (value, value_span) = self.value(Role::Entry)?;
        let span = name.span.to(value_span);
        Ok(Entry { name: Some(name), annotation, value, value_span, span })
    }

    /// Reports where the value that must follow `what`, which began at `start`, is missing.
    fn require_value(&mut self, start: usize, what: &str) -> Result<(), Stop> {
        if self.sees(b"/-") {
            let slashdash = self.span(self.at, self.at + 2);
            return Err(self.fail(
                SyntaxError::new(slashdash, format!("`/-` cannot take the value from {what}"))
                    .help("put it before the whole argument or property"),
            ));
        }
        let missing = matches!(
            self.class(),
            Class::End | Class::Newline | Class::Semicolon | Class::Open | Class::Close
        );
        if missing || self.sees(b"//") {
            let before = self.text[start..self.at].trim_end();
            let span = self.span(start, start + before.len());
            return Err(self
                .fail(SyntaxError::new(span, format!("{what} has no value")).label("a value must follow")));
        }
        Ok(())
    }
}
