//! A value → its text in a file of some kind, where it cannot mean anything else.

use super::Value;
use crate::encode::{Refused, etcd, shell, terminal, unit};
use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind};
use std::borrow::Cow;
use std::fmt;

/// The kind of a file, by its reader.
#[derive(Clone, Copy, Debug)]
pub(super) enum FileKind {
    /// sh.
    Script,
    /// systemd.
    Unit,
    /// The registrar of a host.
    Registration,
    /// People.
    Text,
}

impl FileKind {
    /// Returns the kind of the file that a template becomes.
    pub(super) fn of(template: &str) -> Self {
        let name = template.strip_suffix(".j2").unwrap_or(template);
        match name.rsplit_once('.').map_or(name, |(_, suffix)| suffix) {
            "sh" | "activate" => FileKind::Script,
            "service" | "timer" | "target" => FileKind::Unit,
            "registration" => FileKind::Registration,
            _ => FileKind::Text,
        }
    }
}

/// Writes a value for a file of that kind; the elements of a list get spaces between them.
pub(crate) fn encode(kind: FileKind, value: &Value, out: &mut impl fmt::Write) -> Result<(), Error> {
    if value.kind() != ValueKind::Seq {
        return encode_text(kind, &text_of(value), out);
    }
    value.try_iter().into_iter().flatten().enumerate().try_for_each(|(index, element)| {
        if index > 0 {
            write(out, " ")?;
        }
        encode(kind, &element, out)
    })
}

fn encode_text(kind: FileKind, text: &str, out: &mut impl fmt::Write) -> Result<(), Error> {
    match kind {
        FileKind::Script => write(out, &shell::word(text).map_err(refused)?),
        FileKind::Unit => write(out, &unit::value(text).map_err(refused)?),
        FileKind::Registration => write(out, etcd::word(text).map_err(refused)?),
        FileKind::Text => write(out, &terminal::line(text)),
    }
}

/// A value as text.
pub(crate) fn text_of(value: &Value) -> Cow<'_, str> {
    value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed)
}

/// Writes text as it is.
pub(crate) fn write(out: &mut impl fmt::Write, text: &str) -> Result<(), Error> {
    if text.contains('\0') {
        return Err(Error::new(ErrorKind::InvalidOperation, "it writes a NUL character"));
    }
    out.write_str(text).map_err(|_| Error::new(ErrorKind::WriteFailure, "cannot be written"))
}

/// The filter `comment`: text behind a `#`, or on a line of its own.
pub(crate) fn comment(text: &str) -> Value {
    Value::from_safe_string(terminal::line(text).into_owned())
}

/// The filter `argument`: one argument of `ExecStart=`.
pub(crate) fn argument(text: &str) -> Result<Value, Error> {
    unit::argument(text).map(Value::from_safe_string).map_err(refused)
}

/// The filter `word`: one word of a list in a unit.
pub(crate) fn word(text: &str) -> Result<Value, Error> {
    unit::word(text).map(Value::from_safe_string).map_err(refused)
}

/// The filter `assigned`: the value of an assignment in sh, which may be longer than an argument.
pub(crate) fn assigned(text: &str) -> Result<Value, Error> {
    shell::value(text).map(Value::from_safe_string).map_err(refused)
}

/// The filter `quoted`: a value in etcd, in a registration.
pub(crate) fn quoted(text: &str) -> Value {
    Value::from_safe_string(etcd::quoted(text))
}

fn refused(why: Refused) -> Error {
    Error::new(ErrorKind::InvalidOperation, why.to_string())
}
