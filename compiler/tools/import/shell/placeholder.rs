//! Placeholders for parameters that a shell or docker compose would have filled in: the name between two private-use
//! characters, which no input may hold. A placeholder becomes `{{ var.NAME }}`.

/// Opens a placeholder.
pub(crate) const OPEN: char = '\u{e000}';
/// Closes a placeholder.
pub(crate) const CLOSE: char = '\u{e001}';

/// The placeholder of a name.
pub(crate) fn placeholder(name: &str) -> String {
    format!("{OPEN}{name}{CLOSE}")
}

/// A text for people, in which placeholders are `${NAME}`.
pub(crate) fn shown(text: &str) -> String {
    text.replace(OPEN, "${").replace(CLOSE, "}")
}

/// The names of the placeholders in a text.
pub(crate) fn variables(text: &str) -> Vec<String> {
    text.split(OPEN).skip(1).filter_map(|rest| rest.split(CLOSE).next()).map(str::to_string).collect()
}
