//! Lines → the text, each comment in its place: comments that stood in one column stand in one column again.

use super::line::{CommentPlace, LayoutLine, Trailing};
use std::collections::BTreeMap;

/// Prints the lines.
pub(super) fn text(lines: Vec<LayoutLine>) -> String {
    let mut text = String::new();
    for run in lines.chunk_by(|_, next| !next.blank_before) {
        if run[0].blank_before && !text.is_empty() {
            text.push('\n');
        }
        let columns = columns(run);
        run.iter().for_each(|line| print(line, &columns, &mut text));
    }
    text
}

/// Returns the target of every column in which comments stood below each other: as far from the code as they stood, seen from
/// the line where that is farthest. A column that no comment needed more than one space to reach is by chance.
fn columns(run: &[LayoutLine]) -> BTreeMap<usize, usize> {
    let comments = || run.iter().filter_map(|line| Some((line, line.comment.as_ref()?)));
    let mut columns: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, comment) in comments().filter(|(line, comment)| comment.gap > 1 || line.code.is_empty()) {
        columns.extend(comment.stood.map(|stood| (stood.column, 0)));
    }
    for (line, comment) in comments() {
        if let Some(stood) = comment.stood
            && let Some(column) = columns.get_mut(&stood.column)
        {
            let wanted = (line.indent + stood.column - stood.indent).max(line.width() + 1);
            *column = wanted.max(*column);
        }
    }
    columns
}

fn print(line: &LayoutLine, columns: &BTreeMap<usize, usize>, text: &mut String) {
    text.push_str(&" ".repeat(if line.code.is_empty() { 0 } else { line.indent }));
    text.push_str(&line.code);
    if let Some(Trailing { text: comment, stood, gap }) = &line.comment {
        let end = if line.code.is_empty() { 0 } else { line.width() };
        let gap = match stood.and_then(|CommentPlace { column, .. }| columns.get(&column)) {
            Some(column) => column - end,
            None => *gap,
        };
        text.push_str(&" ".repeat(gap));
        text.push_str(comment);
    }
    text.push('\n');
}
