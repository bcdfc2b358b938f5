//! Where things stand, and that the tree borrows what the text holds as it is.

use super::document;
use super::parts::{self, slice};
use dpc::source::FileId;
use dpc::syntax::{Value, read};
use proptest::prelude::*;
use std::borrow::Cow;

#[test]
fn the_places_of_all_parts() {
    let text = "é (t)\"n\" 1 k = ( u ) #\"v\"# /- x /* c */ {\n  c #true\n}\n";
    let document = read(FileId(3), text).unwrap();
    let [first] = &document.nodes[..] else { panic!("{document:?}") };
    assert_eq!(slice(text, first.name.span), "é");
    assert_eq!(slice(text, first.span), "é (t)\"n\" 1 k = ( u ) #\"v\"#");
    let [argument, number, property] = &first.entries[..] else { panic!("{document:?}") };
    assert_eq!(slice(text, argument.annotation.as_ref().unwrap().span), "t");
    assert_eq!(slice(text, argument.value_span), "\"n\"");
    assert_eq!(slice(text, argument.span), "(t)\"n\"");
    assert_eq!(slice(text, number.span), "1");
    assert_eq!(slice(text, property.name.as_ref().unwrap().span), "k");
    assert_eq!(slice(text, property.annotation.as_ref().unwrap().span), "u");
    assert_eq!(slice(text, property.value_span), "#\"v\"#");
    assert_eq!(slice(text, property.span), "k = ( u ) #\"v\"#");
    let child = &first.children.as_ref().unwrap()[0];
    assert_eq!(slice(text, child.span), "c #true");
}

#[test]
fn a_node_begins_with_its_annotation() {
    let text = "/- a\n( t ) \"n\"; m";
    let document = read(FileId(3), text).unwrap();
    assert_eq!(slice(text, document.nodes[0].span), "( t ) \"n\"");
    assert_eq!(slice(text, document.nodes[1].span), "m");
}

#[test]
fn what_the_text_holds_is_borrowed() {
    let text = "n \"a b\" #\"c\\d\"# \"\"\"\n  one line\n  \"\"\" \"\"\"\nno\nindentation\n\"\"\" k=\"v\"";
    for entry in &read(FileId(3), text).unwrap().nodes[0].entries {
        assert!(matches!(entry.value, Value::Text(Cow::Borrowed(_))), "{entry:?}");
    }
    let text = "n \"a\\n\" \"\"\"\n  two\n  lines\n  \"\"\"";
    for entry in &read(FileId(3), text).unwrap().nodes[0].entries {
        assert!(matches!(entry.value, Value::Text(Cow::Owned(_))), "{entry:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What stands at the place of a part reads as that part.
    #[test]
    fn places_read_as_their_parts(text in document::valid()) {
        parts::check(&text, &read(FileId(3), &text).unwrap());
    }
}
