//! A result that compiles without a decision: every default is taken, and what cannot be written is left out and named.

use super::check;
use crate::kdl::write::NodeDraft;
use crate::project::Project;
use crate::text::FileId;
use crate::tools::format::format;
use crate::tools::import::document;
use crate::tools::import::report::{Handling, ImportReport};

/// The most settings that are left out.
const MOST: usize = 200;

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
        let errors = check::errors_in(&text, environments, project);
        let Some(error) = errors.iter().find(|error| error.line.is_some()) else { break };
        let Some(shorter) = error.line.and_then(|line| without(&text, line)) else { break };
        let mut left_out = error.clone();
        left_out.fate = Handling::Lost;
        left_out.line = None;
        left_out.words = format!("left out, since it does not compile: {}", left_out.words);
        report.entries.push(left_out);
        text = format(FileId(0), &shorter).unwrap_or(shorter);
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
