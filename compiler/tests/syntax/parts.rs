//! The places in a tree: what stands at the place of a part reads as that part.

use dpc::source::{FileId, Span};
use dpc::syntax::{Document, Entry, Node, Text, read};

/// Checks every place of a tree that was read from a text as the file with the number 3.
pub fn check(text: &str, document: &Document) {
    check_nodes(text, &document.nodes);
}

/// What stands at a place.
pub fn slice(text: &str, span: Span) -> &str {
    assert_eq!(span.file, FileId(3));
    &text[span.start as usize..span.end as usize]
}

fn check_nodes(text: &str, nodes: &[Node]) {
    for node in nodes {
        check_text(text, &node.name);
        node.annotation.iter().for_each(|annotation| check_text(text, annotation));
        node.entries.iter().for_each(|entry| check_entry(text, entry));
        let last = node.entries.last().map_or(node.name.span, |entry| entry.span);
        assert_eq!(node.span.end, last.end);
        check_nodes(text, node.children.as_deref().unwrap_or_default());
    }
    assert!(nodes.is_sorted_by_key(|node| node.span));
}

fn check_entry(text: &str, entry: &Entry) {
    let written = format!("n {}", slice(text, entry.span));
    let document = read(FileId(0), &written).unwrap();
    let again = &document.nodes[0].entries[0];
    assert_eq!(again.value, entry.value);
    assert_eq!(again.name.as_ref().map(|name| &name.value), entry.name.as_ref().map(|name| &name.value));
    entry.name.iter().for_each(|name| check_text(text, name));
    entry.annotation.iter().for_each(|annotation| check_text(text, annotation));
    assert_eq!(entry.value_span.end, entry.span.end);
}

fn check_text(text: &str, part: &Text) {
    let document = read(FileId(0), slice(text, part.span)).unwrap();
    assert_eq!(document.nodes[0].name.value, part.value);
}
