//! Lists in one text: `a=b`.

/// Splits a text at the first `=`.
pub(crate) fn pair(text: &str) -> (String, Option<String>) {
    match text.split_once('=') {
        Some((name, value)) => (name.to_string(), Some(value.to_string())),
        None => (text.to_string(), None),
    }
}
