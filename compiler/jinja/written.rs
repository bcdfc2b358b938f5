//! A value → what stands for it in a file of some kind, where it cannot mean anything else.

use super::Value;
use super::item::Item;
use super::steps::Filter;
use crate::encode::{Refused, shell, terminal, unit};
use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind};
use std::borrow::Cow;
use std::fmt;

/// What reads a file.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// sh.
    Script,
    /// systemd.
    Unit,
    /// People.
    Text,
}

impl Kind {
    /// That of the file which a template becomes.
    pub fn of(template: &str) -> Self {
        let name = template.strip_suffix(".j2").unwrap_or(template);
        match name.rsplit_once('.').map_or(name, |(_, suffix)| suffix) {
            "sh" | "activate" => Kind::Script,
            "service" | "timer" | "target" => Kind::Unit,
            _ => Kind::Text,
        }
    }
}

/// Writes what dpc's own templates print as a file of that kind needs it; a list is its elements with spaces between them.
pub fn encode_item(kind: Kind, item: &Item<'_>, out: &mut impl fmt::Write) -> Result<(), Error> {
    match item {
        Item::Text(text) => encode_text(kind, text, out),
        Item::Number(number) => encode_text(kind, &number.to_string(), out),
        Item::List(list) => list.iter().enumerate().try_for_each(|(index, item)| {
            separate(index, out)?;
            encode_item(kind, item, out)
        }),
        other => encode(kind, &other.to_value(), out),
    }
}

/// Writes a value of minijinja's in the same way.
pub fn encode(kind: Kind, value: &Value, out: &mut impl fmt::Write) -> Result<(), Error> {
    if value.kind() != ValueKind::Seq {
        return encode_text(kind, &text_of(value), out);
    }
    value.try_iter().into_iter().flatten().enumerate().try_for_each(|(index, element)| {
        separate(index, out)?;
        encode(kind, &element, out)
    })
}

fn separate(index: usize, out: &mut impl fmt::Write) -> Result<(), Error> {
    if index > 0 { write(out, " ") } else { Ok(()) }
}

fn encode_text(kind: Kind, text: &str, out: &mut impl fmt::Write) -> Result<(), Error> {
    match kind {
        Kind::Script => write(out, &shell::word(text).map_err(refused)?),
        Kind::Unit => write(out, &unit::value(text).map_err(refused)?),
        Kind::Text => write(out, &terminal::line(text)),
    }
}

/// A value as text.
pub fn text_of(value: &Value) -> Cow<'_, str> {
    value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed)
}

/// Writes text as it is.
pub fn write(out: &mut impl fmt::Write, text: &str) -> Result<(), Error> {
    if text.contains('\0') {
        return Err(Error::new(ErrorKind::InvalidOperation, "it writes a NUL character"));
    }
    out.write_str(text).map_err(|_| unwritten())
}

/// What went wrong is for whoever gave the file to see.
pub fn unwritten() -> Error {
    Error::new(ErrorKind::WriteFailure, "cannot be written")
}

/// What a filter makes of a text: it is written as it is.
pub fn filtered(filter: Filter, text: &str) -> Result<Cow<'_, str>, Error> {
    match filter {
        Filter::Comment => Ok(terminal::line(text)),
        Filter::Argument => unit::argument(text).map(Cow::Owned).map_err(refused),
        Filter::Assigned => shell::value(text).map(Cow::Owned).map_err(refused),
    }
}

fn refused(why: Refused) -> Error {
    Error::new(ErrorKind::InvalidOperation, why.to_string())
}
