//! The errors of templates.

use minijinja::{Error, ErrorKind};

/// The reason why a template could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// Its file name.
    pub(crate) template: String,
    /// The line in the template.
    pub(crate) line: Option<usize>,
    /// The message: what is wrong.
    pub(crate) message: String,
}

pub(super) fn broken(name: &str, error: &Error) -> TemplateError {
    let mut message = error.detail().map_or_else(|| error.kind().to_string(), str::to_string);
    if error.kind() == ErrorKind::OutOfFuel {
        message = "it takes too many steps".to_string();
    }
    TemplateError { template: error.name().unwrap_or(name).to_string(), line: error.line(), message }
}
