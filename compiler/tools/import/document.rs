//! Nodes and comments → the text of a file as `dpc fmt` would leave it.

use crate::kdl::write::{NodeDraft, comment, nodes as written};
use crate::text::FileId;
use crate::tools::format::format;

/// The text of a document. `head` are comment lines that it opens with, `tail` ones that it ends with.
pub(crate) fn text(head: &[String], nodes: &[NodeDraft], tail: &[String]) -> String {
    let comments = |lines: &[String]| lines.iter().map(|line| comment(line) + "\n").collect::<String>();
    let tail = if tail.is_empty() { String::new() } else { format!("\n{}", comments(tail)) };
    let text = format!("{}{}{tail}", comments(head), written(nodes));
    format(FileId(0), &text).unwrap_or(text)
}
