//! Diagnostics for machines: `--format json`.

use super::{Diagnostic, Label, Severity};
use crate::source::{Sources, Span};
use serde::Serialize;

#[derive(Serialize)]
struct Output<'d> {
    diagnostics: Vec<Item<'d>>,
}

#[derive(Serialize)]
struct Item<'d> {
    code: &'d str,
    severity: &'static str,
    message: &'d str,
    /// The file of the main place; absent for what is wrong with the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Range>,
    labels: Vec<Place<'d>>,
    help: &'d [String],
}

#[derive(Serialize)]
struct Place<'d> {
    file: &'d str,
    span: Range,
    message: &'d str,
}

/// Bytes from 0 and end exclusive; lines and columns from 1, columns in characters.
#[derive(Serialize)]
struct Range {
    start: u32,
    end: u32,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

/// The diagnostics as one JSON document, with a newline at its end.
pub fn to_json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let items = diagnostics.iter().map(|diagnostic| item(diagnostic, sources)).collect();
    let mut json = serde_json::to_string_pretty(&Output { diagnostics: items }).unwrap_or_default();
    json.push('\n');
    json
}

fn item<'d>(diagnostic: &'d Diagnostic, sources: &'d Sources) -> Item<'d> {
    let span = diagnostic.span();
    Item {
        code: diagnostic.fault.code,
        severity: severity(diagnostic.fault.severity),
        message: &diagnostic.message,
        file: span.map(|span| sources.get(span.file).path.as_str()),
        span: span.map(|span| range(span, sources)),
        labels: diagnostic.labels.iter().map(|label| place(label, sources)).collect(),
        help: &diagnostic.help,
    }
}

/// `error` or `warning`.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn place<'d>(label: &'d Label, sources: &'d Sources) -> Place<'d> {
    Place { file: &sources.get(label.span.file).path, span: range(label.span, sources), message: &label.text }
}

fn range(span: Span, sources: &Sources) -> Range {
    let (line, column) = sources.position(span);
    let (end_line, end_column) = sources.position(Span { start: span.end, ..span });
    Range { start: span.start, end: span.end, line, column, end_line, end_column }
}
