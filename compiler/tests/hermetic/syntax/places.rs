//! Places in a file. The tree borrows texts that the file holds as they are meant.

use super::document;
use super::parts::{self, slice};
use dpc::kdl::{Node, read, whole};
use dpc::text::{FileId, Span};
use proptest::prelude::*;
use std::sync::Arc;

#[test]
fn the_places_of_all_parts() {
    let text = "é (t)\"n\" 1 k = ( u ) #\"v\"# /- x /* c */ {\n  c #true\n}\n";
    let document = whole(FileId(3), text).unwrap();
    let [first] = document.nodes().collect::<Vec<_>>()[..] else { panic!("{document:?}") };
    assert_eq!(slice(text, first.name_span()), "é");
    assert_eq!(slice(text, first.span()), "é (t)\"n\" 1 k = ( u ) #\"v\"#");
    let [argument, number, property] = first.entries().collect::<Vec<_>>()[..] else {
        panic!("{document:?}")
    };
    assert_eq!(slice(text, argument.annotation().unwrap().span), "t");
    assert_eq!(slice(text, argument.value_span()), "\"n\"");
    assert_eq!(slice(text, argument.span()), "(t)\"n\"");
    assert_eq!(slice(text, number.span()), "1");
    assert_eq!(slice(text, property.name_span().unwrap()), "k");
    assert_eq!(slice(text, property.annotation().unwrap().span), "u");
    assert_eq!(slice(text, property.value_span()), "#\"v\"#");
    assert_eq!(slice(text, property.span()), "k = ( u ) #\"v\"#");
    let child = first.children().unwrap().next().unwrap();
    assert_eq!(slice(text, child.span()), "c #true");
}

#[test]
fn a_node_begins_with_its_annotation() {
    let text = "/- a\n( t ) \"n\"; m";
    let document = whole(FileId(3), text).unwrap();
    let spans: Vec<Span> = document.nodes().map(Node::span).collect();
    assert_eq!(slice(text, spans[0]), "( t ) \"n\"");
    assert_eq!(slice(text, spans[1]), "m");
}

#[test]
fn what_the_text_holds_is_borrowed() {
    let is_borrowed = |text: &str, value: &str| text.as_bytes().as_ptr_range().contains(&value.as_ptr());
    let text: Arc<str> =
        "n \"a b\" #\"c\\d\"# \"\"\"\n  one line\n  \"\"\" \"\"\"\nno\nindentation\n\"\"\" k=\"v\"".into();
    for entry in read(FileId(3), Arc::clone(&text)).document.nodes().next().unwrap().entries() {
        assert!(is_borrowed(&text, entry.as_text().unwrap()), "{entry:?}");
    }
    let text: Arc<str> = "n \"a\\n\" \"\"\"\n  two\n  lines\n  \"\"\"".into();
    for entry in read(FileId(3), Arc::clone(&text)).document.nodes().next().unwrap().entries() {
        assert!(!is_borrowed(&text, entry.as_text().unwrap()), "{entry:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The text at the place of a part reads as that part.
    #[test]
    fn places_read_as_their_parts(text in document::valid()) {
        parts::check(&text, &whole(FileId(3), &text).unwrap());
    }
}
