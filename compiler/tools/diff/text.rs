//! A report → text for a terminal. Values are shown escaped, so that they move nothing.

use std::fmt::Write;

use super::report::{Change, Diff, FileDiff, HostDiff, Note};
use super::sentence::Sentence;
use crate::encode::terminal;

/// Prints the report, summary first; one line if nothing changes.
pub fn text(diff: &Diff) -> String {
    let mut page = format!("{}\n", line(&diff.summary));
    for remark in &diff.remarks {
        let _ = writeln!(page, "note: {}", line(remark));
    }
    if !diff.changed {
        return page;
    }
    diff.hosts.iter().for_each(|host| about(host, &mut page));
    notes("look twice", &diff.risks, &mut page);
    notes("down meanwhile", &diff.interruptions, &mut page);
    notes("left to you", &diff.left_to_you, &mut page);
    notes("order", &diff.order, &mut page);
    for host in &diff.hosts {
        host.files.iter().filter(|file| !file.diff.is_empty()).for_each(|file| body(host, file, &mut page));
    }
    page
}

fn line(sentence: &Sentence) -> String {
    sentence.print(|value| terminal::line(value).into_owned())
}

fn notes(title: &str, notes: &[Note], page: &mut String) {
    if notes.is_empty() {
        return;
    }
    let _ = writeln!(page, "\n{title}:");
    for note in notes {
        let hosts =
            if note.hosts.is_empty() { String::new() } else { format!(" ({})", line(&note.places())) };
        let _ = writeln!(page, "  {}{hosts}", line(&note.message));
    }
}

/// A row: the action, the unit, and the reasons.
type Row = (&'static str, String, Vec<String>);

fn about(host: &HostDiff, page: &mut String) {
    let word = match host.change {
        Change::Added => " (new)",
        Change::Removed => " (leaves the fleet)",
        Change::Changed | Change::Same => "",
    };
    let _ = writeln!(page, "\n{}{word}", terminal::line(&host.host));
    for reason in &host.reasons {
        let _ = writeln!(page, "  {}", line(&reason.sentence()));
    }
    let rows: Vec<Row> = host
        .rows()
        .into_iter()
        .map(|(units, first)| {
            let labels: Vec<String> = units.iter().map(|unit| unit.label()).collect();
            let reasons = first.reasons.iter().map(|reason| line(&reason.sentence())).collect();
            (first.verb(), terminal::line(&labels.join(", ")).into_owned(), reasons)
        })
        .collect();
    let verbs = rows.iter().map(|(verb, ..)| verb.len()).max().unwrap_or(0);
    let labels = rows.iter().map(|(_, label, _)| label.chars().count()).max().unwrap_or(0).min(WIDEST);
    for (verb, label, reasons) in &rows {
        for (index, reason) in reasons.iter().enumerate() {
            let (verb, label) = if index == 0 { (*verb, label.as_str()) } else { ("", "") };
            let _ = writeln!(page, "  {verb:verbs$}  {label:labels$}  {reason}");
        }
    }
    for resource in &host.resources {
        let _ = writeln!(page, "  {} {}", resource.change.mark(), line(&resource.sentence()));
    }
}

/// The most characters that a column is padded to.
const WIDEST: usize = 40;

fn body(host: &HostDiff, file: &FileDiff, page: &mut String) {
    let word = match file.change {
        Change::Added => " (new)",
        Change::Removed => " (removed)",
        Change::Changed | Change::Same => "",
    };
    let _ = writeln!(page, "\n{}/{}{word}", terminal::line(&host.host), terminal::line(&file.path));
    page.push_str(&terminal::lines(&file.diff));
    if !file.diff.ends_with('\n') {
        page.push('\n');
    }
}

impl Note {
    /// The hosts, or how many there are.
    pub(crate) fn places(&self) -> Sentence {
        match self.hosts.len() {
            0..=3 => Sentence::default().values(&self.hosts),
            count => Sentence::default().say(format!("{count} hosts")),
        }
    }
}
