//! Compiles the new KDL, names errors with their lines, and finds the lines of decisions.

use crate::diagnostic::Severity;
use crate::front::read::ENTRY;
use crate::front::resolve::Request;
use crate::pipeline;
use crate::project::{Overlay, Project};
use crate::text::narrow;
use crate::tools::import::place::Place;
use crate::tools::import::report::{Handling, ImportReport, ReportEntry};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Adds the errors to the report, sorts it, and adds the lines of the KDL.
pub(crate) fn check(text: &str, environments: &[String], project: &dyn Project, report: &mut ImportReport) {
    lines(text, report);
    report.entries.extend(errors_in(text, environments, project));
    report.entries.sort_by_key(|entry| entry.fate);
}

/// Returns the errors in all environments. What a variable without a value stands in is not judged.
pub(super) fn errors_in(text: &str, environments: &[String], project: &dyn Project) -> Vec<ReportEntry> {
    let overlay = Overlay::new(project, BTreeMap::from([(ENTRY.to_string(), text.to_string())]));
    let open: Vec<&str> = text.lines().filter_map(without_value).collect();
    let vars: BTreeMap<String, String> =
        open.iter().map(|name| ((*name).to_string(), "unset".into())).collect();
    let lines: Vec<&str> = text.lines().collect();
    let judged = |entry: &ReportEntry| {
        let line = entry.line.and_then(|line| lines.get(line - 1)).copied().unwrap_or_default();
        !open.iter().any(|name| line.contains(&format!("var.{name} ")))
    };
    let mut unfinished = Vec::new();
    for environment in environments.iter().cloned().map(Some).chain([None]) {
        let request = Request { environment, vars: vars.clone() };
        for entry in errors(&overlay, &request) {
            if !unfinished.contains(&entry) && judged(&entry) {
                unfinished.push(entry);
            }
        }
    }
    unfinished
}

/// How the decision about variables begins.
pub(super) const VARIABLES: &str = "give these variables a value, here or with `--var`; docker's is empty";

/// The name of a variable in a line that gives it no value.
fn without_value(line: &str) -> Option<&str> {
    line.strip_prefix("var \"")?.strip_suffix('"').filter(|name| !name.contains('"'))
}

/// Returns the errors of the compiler, each with its line.
fn errors(project: &dyn Project, request: &Request) -> Vec<ReportEntry> {
    let Ok(outcome) = pipeline::analyse(project, request) else { return Vec::new() };
    let errors = outcome.diagnostics.iter().filter(|diagnostic| diagnostic.fault.severity == Severity::Error);
    errors
        .map(|diagnostic| {
            let line = diagnostic.span().map(|span| outcome.sources.position(span).0);
            let place = Place::new(&Arc::from("the KDL"), narrow(line.unwrap_or(0)), diagnostic.fault.code);
            let words = match diagnostic.help.first() {
                Some(help) => format!("{}: {help}", diagnostic.message),
                None => diagnostic.message.clone(),
            };
            ReportEntry { line, ..ReportEntry::new(Handling::Decide, &place, words) }
        })
        .collect()
}

/// The line behind each `decide` comment belongs to the entry of the same service and words.
fn lines(text: &str, report: &mut ImportReport) {
    let mut comments: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    let mut service = String::new();
    let mut waiting: Vec<(String, usize)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix("// decide: ") {
            waiting.push((comment.to_string(), number + 1));
            continue;
        }
        if let Some(name) = line.strip_prefix("service \"").or_else(|| line.strip_prefix("task \"")) {
            service = name.split('"').next().unwrap_or_default().to_string();
        }
        for (comment, number) in waiting.drain(..) {
            comments.entry((service.clone(), comment)).or_default().push(number);
        }
    }
    for entry in report.entries.iter_mut().filter(|entry| entry.fate == Handling::Decide) {
        let service = entry.service.clone().unwrap_or_default();
        let words = crate::encode::terminal::line(&entry.words).into_owned();
        let keyed =
            crate::encode::terminal::line(&format!("{}: {}", entry.place.key, entry.words)).into_owned();
        let secret = words.split_once("`: ").map(|(_, rest)| rest.to_string()).unwrap_or_default();
        let found = [words, keyed, secret].into_iter().find_map(|words| {
            let lines = comments.get_mut(&(service.clone(), words))?;
            if lines.is_empty() { None } else { Some(lines.remove(0)) }
        });
        entry.line = found;
    }
    // Settings that the import made up have no key in the source.
    for ((_, words), lines) in comments {
        for line in lines {
            let place = Place::new(&Arc::from("the KDL"), narrow(line), "decide");
            report.entries.push(ReportEntry {
                line: Some(line),
                ..ReportEntry::new(Handling::Decide, &place, words.as_str())
            });
        }
    }
}
