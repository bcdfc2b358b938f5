//! What `--format json` prints: one document, whatever happens.

use crate::diagnostic::Item;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The document: what is wrong, what ended the command, and the command's own results.
#[derive(Default, Serialize)]
pub(super) struct Document {
    diagnostics: Vec<Item>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Trouble>,
    #[serde(flatten)]
    results: BTreeMap<&'static str, Value>,
}

#[derive(Serialize)]
struct Trouble {
    message: String,
    help: Vec<String>,
}

impl Document {
    /// What is wrong with the input.
    pub(crate) fn diagnose(&mut self, items: Vec<Item>) {
        self.diagnostics.extend(items);
    }

    /// What ended the command.
    pub(crate) fn error(&mut self, message: &str, help: &[String]) {
        self.errors.push(Trouble { message: message.to_string(), help: help.to_vec() });
    }

    /// A result of the command.
    pub(crate) fn result(&mut self, name: &'static str, value: Value) {
        self.results.insert(name, value);
    }

    /// The text, with a newline at its end.
    pub(crate) fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }
}
