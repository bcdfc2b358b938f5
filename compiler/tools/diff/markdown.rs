//! A report → a comment in Markdown, folded, and no longer than a comment may be. Every value stands in code, which nothing
//! in it can end (`encode::markdown`); what does not fit is counted.
//!
//! Sources: GitHub Flavored Markdown specification, 4.6 (HTML blocks) and 4.10 (tables); GitHub refuses a comment of more
//! than 65,536 characters.

use std::fmt::Write;

use super::report::{Change, Diff, FileDiff, HostDiff, Note};
use super::sentence::Sentence;
use crate::encode::{markdown as encode, terminal};

/// The most bytes of a comment, and so of characters.
pub const LONGEST: usize = 65_000;
/// Room for the tables, and for tables and notes together: so that no part takes it all.
const TABLES: usize = 28_000;
const NOTES: usize = 44_000;
/// The most notes of a kind, and the most hosts, that are shown unfolded.
const UNFOLDED: usize = 8;
const UNFOLDED_HOSTS: usize = 3;
/// Room for what is said at the end about what was left out.
const LAST_LINE: usize = 400;
/// The most characters of a value; the artifacts' diff has all of it.
const LONGEST_VALUE: usize = 200;

/// The report. One line where nothing changes.
pub fn markdown(diff: &Diff) -> String {
    let mut page = MarkdownPage { text: String::new(), left_out: Vec::new() };
    let _ = writeln!(
        page.text,
        "**{}**{}: {}",
        encode::code(&diff.fleet),
        environment(diff),
        prose(&diff.summary)
    );
    for remark in &diff.remarks {
        let _ = writeln!(page.text, "\n_{}_", prose(remark));
    }
    if !diff.changed {
        return page.text;
    }
    page.tables(&diff.hosts);
    page.notes("Look twice", &diff.risks);
    page.notes("Down meanwhile", &diff.interruptions);
    page.notes("Left to you", &diff.left_to_you);
    page.notes("Order", &diff.order);
    page.files(&diff.hosts);
    page.end()
}

fn environment(diff: &Diff) -> String {
    diff.environment.as_ref().map(|name| format!(" ({})", encode::code(name))).unwrap_or_default()
}

/// A sentence outside tables.
fn prose(sentence: &Sentence) -> String {
    sentence.print(|value| encode::code(&clip(value)))
}

/// A sentence in a table's cell.
fn cell(sentence: &Sentence) -> String {
    sentence.print(|value| encode::cell(&clip(value)))
}

fn clip(value: &str) -> String {
    match value.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_string(),
    }
}

/// A name in HTML, where no code span can be.
fn html(text: &str) -> String {
    let escaped = |c: char| if c.is_ascii_punctuation() { format!("&#{};", c as u32) } else { c.to_string() };
    format!("<code>{}</code>", terminal::line(&clip(text)).chars().map(escaped).collect::<String>())
}

fn listed(note: &Note) -> String {
    let hosts = if note.hosts.is_empty() { String::new() } else { format!(" ({})", prose(&note.places())) };
    format!("- {}{hosts}\n", prose(&note.message))
}

struct MarkdownPage {
    text: String,
    left_out: Vec<String>,
}

impl MarkdownPage {
    fn room(&self, limit: usize) -> usize {
        limit.saturating_sub(self.text.len())
    }

    fn notes(&mut self, title: &str, notes: &[Note]) {
        if notes.is_empty() {
            return;
        }
        let folded = notes.len() > UNFOLDED;
        let _ = if folded {
            writeln!(self.text, "\n<details><summary><b>{title}</b> ({})</summary>\n", notes.len())
        } else {
            writeln!(self.text, "\n**{title}**")
        };
        for (index, note) in notes.iter().enumerate() {
            let line = listed(note);
            if line.len() > self.room(NOTES) {
                let _ = writeln!(self.text, "- … and {} more", notes.len() - index);
                break;
            }
            self.text.push_str(&line);
        }
        if folded {
            self.text.push_str("\n</details>\n");
        }
    }

    fn tables(&mut self, hosts: &[HostDiff]) {
        let mut left_out = 0;
        let open = hosts.len() <= UNFOLDED_HOSTS;
        for host in hosts {
            let room = self.room(TABLES);
            match table(host, open, room) {
                Some(table) => self.text.push_str(&table),
                None => left_out += 1,
            }
        }
        self.missing(left_out, "the tables of", "host");
    }

    fn files(&mut self, hosts: &[HostDiff]) {
        let (mut folds, mut files) = (0, 0);
        for host in hosts.iter().filter(|host| host.files.iter().any(|file| !file.diff.is_empty())) {
            let room = self.room(LONGEST - LAST_LINE);
            match fold(host, room) {
                Some((fold, cut)) => {
                    self.text.push_str(&fold);
                    files += cut;
                }
                None => folds += 1,
            }
        }
        self.missing(files, "", "file");
        self.missing(folds, "the files of", "host");
    }

    fn missing(&mut self, count: usize, what: &str, noun: &str) {
        let plural = if count == 1 { "" } else { "s" };
        if count > 0 {
            self.left_out.push(format!("{what} {count} {noun}{plural}").trim().to_string());
        }
    }

    fn end(mut self) -> String {
        if !self.left_out.is_empty() {
            let all = self.left_out.join(", ");
            let _ = writeln!(
                self.text,
                "\nLeft out, to fit into a comment: {all}. `dpc diff` prints everything."
            );
        }
        self.text
    }
}

/// Prints the units of a host, folded: as many rows as there is room for; none if there is no room.
fn table(host: &HostDiff, open: bool, room: usize) -> Option<String> {
    let word = match host.change {
        Change::Added => " is new",
        Change::Removed => " leaves the fleet",
        Change::Changed | Change::Same => "",
    };
    let title = format!("{}{word}: {}", html(&host.host), happens(host));
    let attribute = if open { " open" } else { "" };
    let head =
        format!("\n<details{attribute}><summary>{title}</summary>\n\n| | what | why |\n|---|---|---|\n");
    let tail = "\n</details>\n";
    let mut room = room.checked_sub(head.len() + tail.len() + 40)?;
    let rows = rows(host);
    let mut kept = String::new();
    for (index, row) in rows.iter().enumerate() {
        if row.len() > room {
            if index == 0 {
                return None;
            }
            let _ = writeln!(kept, "| … | and {} more | |", rows.len() - index);
            break;
        }
        room -= row.len();
        kept.push_str(row);
    }
    Some(format!("{head}{kept}{tail}"))
}

/// `2 restart, 1 start`, or that only the host's own files change.
fn happens(host: &HostDiff) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for unit in &host.units {
        match counts.iter_mut().find(|(verb, _)| *verb == unit.verb()) {
            Some((_, count)) => *count += 1,
            None => counts.push((unit.verb(), 1)),
        }
    }
    let mut parts: Vec<String> = counts.iter().map(|(verb, count)| format!("{count} {verb}")).collect();
    if parts.is_empty() {
        parts.push("nothing happens to a service".into());
    }
    parts.push(format!("{} unchanged", host.unchanged));
    parts.join(", ")
}

fn rows(host: &HostDiff) -> Vec<String> {
    let mut rows: Vec<String> =
        host.reasons.iter().map(|reason| format!("| host | | {} |\n", cell(&reason.sentence()))).collect();
    for (units, first) in host.rows() {
        let labels: Vec<String> = units.iter().map(|unit| encode::cell(&unit.label())).collect();
        let reasons: Vec<String> = first.reasons.iter().map(|reason| cell(&reason.sentence())).collect();
        rows.push(format!("| **{}** | {} | {} |\n", first.verb(), labels.join(", "), reasons.join("<br>")));
    }
    for resource in &host.resources {
        let word = match resource.change {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Changed | Change::Same => "changed",
        };
        rows.push(format!("| {word} | {} | |\n", cell(&resource.sentence())));
    }
    rows
}

/// The files of a host, folded: as many as there is room for, and how many there was none for.
fn fold(host: &HostDiff, room: usize) -> Option<(String, usize)> {
    let files: Vec<&FileDiff> = host.files.iter().filter(|file| !file.diff.is_empty()).collect();
    let head = format!("\n<details><summary>Files of {} ({})</summary>\n", html(&host.host), files.len());
    let tail = "\n</details>\n";
    let mut room = room.checked_sub(head.len() + tail.len())?;
    let (mut kept, mut cut) = (String::new(), 0);
    for file in &files {
        let word = match file.change {
            Change::Added => " (new)",
            Change::Removed => " (removed)",
            Change::Changed | Change::Same => "",
        };
        let shown = format!("\n{}{word}\n{}", encode::code(&file.path), encode::block("diff", &file.diff));
        if shown.len() <= room {
            room -= shown.len();
            kept.push_str(&shown);
        } else {
            cut += 1;
        }
    }
    (!kept.is_empty()).then(|| (format!("{head}{kept}{tail}"), cut))
}
