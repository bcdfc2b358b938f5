//! A report → one JSON document that can be printed to a terminal too: what acts on one is escaped.

use std::fmt::Write;

use crate::encode::terminal::is_hidden;
use serde::Serialize;

/// The document, with a newline at its end.
pub fn json<T: Serialize>(report: &T) -> String {
    let text = serde_json::to_string_pretty(report).unwrap_or_default();
    let mut json = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        // Newlines are the document's own: inside a text they are escaped already.
        if c != '\n' && is_hidden(c) { escape(c, &mut json) } else { json.push(c) }
    }
    json.push('\n');
    json
}

/// RFC 8259, 7: a character beyond the first plane is two escapes, by UTF-16.
fn escape(c: char, json: &mut String) {
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        let _ = write!(json, "\\u{unit:04x}");
    }
}
