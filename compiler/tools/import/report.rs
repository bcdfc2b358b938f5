//! The report of an import: every key was carried over, changed, left to a person, or lost. As text for people, and as JSON.

use super::place::Place;
use super::shell::shown;
use serde::Serialize;
use std::fmt::Write;

/// The handling of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Handling {
    /// A person must decide: it is marked in the KDL where there is a line for it.
    Decide,
    /// It is not carried over.
    Lost,
    /// dpc does it in another way.
    Changed,
    /// It says the same in the KDL.
    Carried,
}

/// A key and its handling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportEntry {
    /// The handling.
    pub fate: Handling,
    /// The service it belongs to.
    pub(crate) service: Option<String>,
    /// The place of the key.
    pub place: Place,
    /// The node it became, or the reason.
    pub words: String,
    /// The line of the KDL that a person must look at.
    pub line: Option<usize>,
}

impl ReportEntry {
    /// An entry of no service.
    pub fn new(fate: Handling, place: &Place, words: impl Into<String>) -> Self {
        let place = place.key(shown(&place.key));
        Self { fate, service: None, place, words: shown(&words.into()), line: None }
    }
}

/// The report of one import.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// Every entry: by handling, then in the order of the source.
    pub entries: Vec<ReportEntry>,
    /// Defaults that hold for every service unless its source says otherwise.
    pub(crate) defaults: Vec<String>,
}

#[derive(Serialize)]
struct JsonEntry<'r> {
    fate: Handling,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'r str>,
    file: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    key: &'r str,
    words: &'r str,
    #[serde(rename = "kdl-line", skip_serializing_if = "Option::is_none")]
    kdl_line: Option<usize>,
}

impl ImportReport {
    /// Returns the entries with one handling.
    pub fn of(&self, fate: Handling) -> impl Iterator<Item = &ReportEntry> {
        self.entries.iter().filter(move |entry| entry.fate == fate)
    }

    /// Returns whether anything is lost or left to a person.
    pub(crate) fn has_losses(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry.fate, Handling::Lost | Handling::Decide))
    }

    /// Prints the report for people. It counts the keys that were carried over; `all` lists them.
    pub fn text(&self, all: bool) -> String {
        let mut text = String::new();
        for (fate, title) in [
            (Handling::Decide, "a person must decide"),
            (Handling::Lost, "lost"),
            (Handling::Changed, "changed"),
            (Handling::Carried, "carried over"),
        ] {
            let entries: Vec<&ReportEntry> = self.of(fate).collect();
            if entries.is_empty() || (fate == Handling::Carried && !all) {
                continue;
            }
            let _ = writeln!(text, "{title}: {}", entries.len());
            entries.iter().for_each(|entry| line(&mut text, entry));
        }
        if !self.defaults.is_empty() {
            let _ = writeln!(text, "dpc's defaults, for every service:");
            self.defaults.iter().for_each(|default| {
                let _ = writeln!(text, "  {default}");
            });
        }
        let count = |fate| self.of(fate).count();
        let _ = writeln!(
            text,
            "{} carried over, {} changed, {} lost, {} for a person to decide",
            count(Handling::Carried),
            count(Handling::Changed),
            count(Handling::Lost),
            count(Handling::Decide)
        );
        text
    }

    /// Returns the report for machines: `entries` and `defaults`.
    pub fn value(&self) -> serde_json::Value {
        let entries: Vec<JsonEntry<'_>> = self.entries.iter().map(written).collect();
        serde_json::json!({ "entries": entries, "defaults": self.defaults })
    }
}

fn written(entry: &ReportEntry) -> JsonEntry<'_> {
    JsonEntry {
        fate: entry.fate,
        service: entry.service.as_deref(),
        file: &entry.place.file,
        line: Some(entry.place.line).filter(|line| *line > 0),
        key: &entry.place.key,
        words: &entry.words,
        kdl_line: entry.line,
    }
}

fn line(text: &mut String, entry: &ReportEntry) {
    let service = entry.service.as_ref().map(|name| format!(" [{name}]")).unwrap_or_default();
    let to = entry.line.map(|line| format!(" (line {line} of the KDL)")).unwrap_or_default();
    let arrow = if entry.fate == Handling::Carried { "→" } else { "—" };
    let whole = format!("{}{service} {} {arrow} {}{to}", entry.place, entry.place.key, entry.words);
    let _ = writeln!(text, "  {}", crate::encode::terminal::line(&whole));
}
