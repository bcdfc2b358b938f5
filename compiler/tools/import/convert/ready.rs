//! A result that compiles without a decision: every default is taken, and what cannot be written is left out and named.

use super::check;
use crate::kdl::write::NodeDraft;
use crate::project::Project;
use crate::text::FileId;
use crate::tools::format::format;
use crate::tools::import::document;
use crate::tools::import::report::{Handling, ImportReport};

/// How often what does not compile is left out: what is left out may be what something else needs.
const MOST: usize = 8;

/// The text of the nodes, and what was left out in the report.
pub(super) fn text(
    top: &mut [NodeDraft],
    environments: &[String],
    project: &dyn Project,
    report: &mut ImportReport,
) -> String {
    top.iter_mut().for_each(plain);
    for entry in report.entries.iter_mut().filter(|entry| entry.fate == Handling::Decide) {
        entry.fate = Handling::Changed;
        entry.words = format!("left to its default: {}", entry.words);
    }
    let mut text = document::text(&[], top, &[]);
    for _ in 0..MOST {
        let mut errors = check::errors_in(&text, environments, project);
        errors.retain(|error| error.line.is_some());
        // From the end, so that the lines before stay where they are.
        errors.sort_by_key(|error| std::cmp::Reverse(error.line));
        errors.dedup_by_key(|error| error.line);
        let before = text.len();
        for mut error in errors {
            let Some(shorter) = error.line.and_then(|line| without(&text, line)) else { continue };
            text = shorter;
            error.fate = Handling::Lost;
            error.line = None;
            error.words = format!("left out, since it does not compile: {}", error.words);
            report.entries.push(error);
        }
        if text.len() == before {
            break;
        }
        text = format(FileId(0), &text).unwrap_or(text);
    }
    check::check(&text, environments, project, report);
    text
}

/// Takes the comments of decisions away.
fn plain(node: &mut NodeDraft) {
    node.comments.retain(|comment| !comment.starts_with("decide: "));
    node.children.iter_mut().for_each(plain);
}

/// The text without the node that begins on a line.
fn without(text: &str, number: usize) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let first = number.checked_sub(1)?;
    let line = lines.get(first)?;
    let indent = line.len() - line.trim_start().len();
    let last = if line.ends_with('{') {
        let closes = |line: &&str| line.len() - line.trim_start().len() == indent && line.trim() == "}";
        first + lines[first..].iter().position(closes)?
    } else {
        first
    };
    let kept = lines[..first].iter().chain(&lines[last + 1..]);
    Some(kept.map(|line| format!("{line}\n")).collect())
}
