//! The places in a tree: the text at the place of a part reads as that part.

use dpc::kdl::{Document, Entry, Nodes, whole};
use dpc::text::{FileId, Span};

/// Checks every place of a tree that was read from a text as the file with the number 3.
pub fn check(text: &str, document: &Document) {
    check_nodes(text, Some(document.nodes()));
}

/// Returns the text at a place.
pub fn slice(text: &str, span: Span) -> &str {
    &text[span.range()]
}

fn check_nodes(text: &str, nodes: Option<Nodes>) {
    let Some(nodes) = nodes else { return };
    for node in nodes.clone() {
        check_text(text, node.name(), node.name_span());
        node.annotation().iter().for_each(|annotation| check_text(text, annotation.value, annotation.span));
        node.entries().for_each(|entry| check_entry(text, entry));
        let last = node.entries().last().map_or(node.name_span(), |entry| entry.span());
        assert_eq!(node.span().end, last.end);
        check_nodes(text, node.children());
    }
    assert!(nodes.is_sorted_by_key(|node| node.span()));
}

fn check_entry(text: &str, entry: Entry) {
    let written = format!("n {}", slice(text, entry.span()));
    let document = whole(FileId(0), &written).unwrap();
    let again = document.nodes().next().unwrap().entries().next().unwrap();
    assert_eq!(again.value(), entry.value());
    assert_eq!(again.name(), entry.name());
    entry.name_span().iter().for_each(|span| check_text(text, entry.name().unwrap(), *span));
    entry.annotation().iter().for_each(|annotation| check_text(text, annotation.value, annotation.span));
    assert_eq!(entry.value_span().end, entry.span().end);
}

fn check_text(text: &str, value: &str, span: Span) {
    let document = whole(FileId(0), slice(text, span)).unwrap();
    assert_eq!(document.nodes().next().unwrap().name(), value);
}
