//! Diagnostics for machines: `--format json`.

use super::concealed::concealed;
use super::secrets::ProjectSecrets;
use super::{Diagnostic, Label, Severity};
use crate::text::{Sources, Span};
use serde::Serialize;

#[derive(Serialize)]
struct JsonReport {
    diagnostics: Vec<JsonDiagnostic>,
}

/// A diagnostic as machines see it.
#[derive(Clone, Debug, Serialize)]
pub struct JsonDiagnostic {
    code: &'static str,
    severity: &'static str,
    message: String,
    /// The file of the main place; absent for what is wrong with the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Range>,
    labels: Vec<JsonPlace>,
    help: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct JsonPlace {
    file: String,
    span: Range,
    message: String,
}

/// Bytes from 0 and end exclusive; lines and columns from 1, columns in characters.
#[derive(Clone, Debug, Serialize)]
struct Range {
    start: usize,
    end: usize,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// The diagnostics as one JSON document, with a newline at its end.
pub fn to_json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let output = JsonReport { diagnostics: to_items(diagnostics, sources) };
    let mut json = serde_json::to_string_pretty(&output).unwrap_or_default();
    json.push('\n');
    json
}

/// Returns the diagnostics for a larger document.
pub fn to_items(diagnostics: &[Diagnostic], sources: &Sources) -> Vec<JsonDiagnostic> {
    let secrets = ProjectSecrets::new(sources);
    diagnostics.iter().map(|diagnostic| item(diagnostic, &secrets)).collect()
}

fn item(diagnostic: &Diagnostic, secrets: &ProjectSecrets<'_>) -> JsonDiagnostic {
    let sources = secrets.sources;
    let diagnostic = concealed(diagnostic, secrets).diagnostic;
    let span = diagnostic.span();
    JsonDiagnostic {
        code: diagnostic.fault.code,
        severity: severity(diagnostic.fault.severity),
        message: diagnostic.message,
        file: span.map(|span| sources.path(span).to_string()),
        span: span.map(|span| range(span, sources)),
        labels: diagnostic.labels.iter().map(|label| place(label, sources)).collect(),
        help: diagnostic.help,
    }
}

/// `error` or `warning`.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn place(label: &Label, sources: &Sources) -> JsonPlace {
    JsonPlace {
        file: sources.path(label.span).to_string(),
        span: range(label.span, sources),
        message: label.text.clone(),
    }
}

fn range(span: Span, sources: &Sources) -> Range {
    let (line, column) = sources.position(span);
    let (end_line, end_column) = sources.position(Span { start: span.end, ..span });
    let bytes = span.range();
    Range { start: bytes.start, end: bytes.end, line, column, end_line, end_column }
}
