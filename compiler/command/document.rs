//! The output of `--format json`: one document, whatever happens.

use crate::diagnostic::JsonDiagnostic;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The document: diagnostics, the error that ended the command, and the command's own results.
#[derive(Default, Serialize)]
pub(super) struct JsonDocument {
    diagnostics: Vec<JsonDiagnostic>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<JsonError>,
    #[serde(flatten)]
    results: BTreeMap<&'static str, Value>,
}

#[derive(Serialize)]
struct JsonError {
    message: String,
    help: Vec<String>,
}

impl JsonDocument {
    /// Adds diagnostics of the input.
    pub(crate) fn diagnose(&mut self, items: Vec<JsonDiagnostic>) {
        self.diagnostics.extend(items);
    }

    /// Adds the error that ended the command.
    pub(crate) fn error(&mut self, message: &str, help: &[String]) {
        self.errors.push(JsonError { message: message.to_string(), help: help.to_vec() });
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
