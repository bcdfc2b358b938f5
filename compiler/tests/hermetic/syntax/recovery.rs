//! After a fault the reader goes on with the next node, and finds there the same as without the fault.

use super::{document, parts, shape};
use dpc::kdl::{SyntaxError, read, whole};
use dpc::text::FileId;
use proptest::prelude::*;

/// Lines with faults that end with their line.
const FAULTY: [&str; 16] = [
    "a true",
    "a = 1 2",
    "a b==1 { c }",
    "a 1\"x\" { c 1; d { e } }",
    "a { b } c",
    "a /-{ b 1 } c { d }",
    "a /-b= { c }",
    "/- a /- ;",
    "a (t) { b }",
    "a 1 { b 2 } { c 3 }",
    "a [1] { b 4 }",
    "{ a 1; b { c 2 } }",
    "a \"\\q\" 1 k=\"\\n\"",
    "a { b = ; c 1 /-2 }",
    "/-a { b = ; c 1 } d",
    "a #yes { /-b { c 2 } }",
];

/// Lines without.
const GOOD: [&str; 4] =
    ["a", "a \"\\n\" k=\"v\" { b 1 /-2; /-c { d } }", "/-a { b 1 { c 2 } }", "a /-{ b 3 } { c 4 } /-{ d 5 }"];

fn errors_of(text: &str) -> Vec<SyntaxError> {
    whole(FileId(0), text).err().unwrap_or_default()
}

/// The errors of a text that stands `by` bytes further on.
fn moved(errors: Vec<SyntaxError>, by: usize) -> impl Iterator<Item = SyntaxError> {
    errors.into_iter().map(move |mut error| {
        error.span.start += by as u32;
        error.span.end += by as u32;
        error
    })
}

#[test]
fn the_lines_are_as_they_are_said_to_be() {
    assert!(FAULTY.iter().all(|line| !errors_of(line).is_empty()));
    assert!(GOOD.iter().all(|line| errors_of(line).is_empty()));
}

#[test]
fn what_follows_a_fault_is_read_as_without_it() {
    let lines = || FAULTY.iter().chain(&GOOD);
    for first in lines() {
        for second in lines() {
            for (before, between, behind) in [
                ("", "\n", ""),
                ("x {\n", "\n", "\n}"),
                ("/-x {\n", "\n", "\n}"),
                ("x /-{\n", "\n} {\n", "\n}"),
            ] {
                let text = format!("{before}{first}{between}{second}{behind}\n");
                let at = before.len() + first.len() + between.len();
                let wanted: Vec<SyntaxError> =
                    moved(errors_of(first), before.len()).chain(moved(errors_of(second), at)).collect();
                assert_eq!(errors_of(&text), wanted, "of {text:?}");
            }
        }
    }
}

#[test]
fn a_faulty_line_costs_nothing_but_itself() {
    let shape_of = |text: &str| shape::of(read(FileId(0), text).document.nodes());
    for (good, faulty) in GOOD.iter().flat_map(|good| FAULTY.map(|faulty| (good, faulty))) {
        let found = shape_of(&format!("{good}\n{faulty}\nz"));
        assert!(found.starts_with(&shape_of(good)) && found.ends_with("\"z\""), "{good} {faulty}: {found}");
    }
    for (text, shape) in [
        ("a 1\nb \"\\q\"\nc", "\"a\" 1; \"c\""),
        ("a {\n  b 1\n  c true { d }\n}", "\"a\" { \"b\" 1 }"),
        ("a {\n  b 1\n", "\"a\" { \"b\" 1 }"),
        ("a { b \"x\n }\nc", "\"a\" {}; \"c\""),
    ] {
        assert_eq!(shape_of(text), shape, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// In the tree of a faulty text, places still read as their parts.
    #[test]
    fn the_tree_of_a_broken_text_is_whole(text in document::valid(), at in any::<prop::sample::Index>(), junk in "[\\]\\[{}\"=;/#(\\\\ a\n-]{0,3}") {
        let text = text.trim_start_matches('\u{feff}');
        let at = text.floor_char_boundary(at.index(text.len() + 1));
        for broken in [format!("{}{junk}{}", &text[..at], &text[at..]), format!("{}{junk}", &text[..at])] {
            parts::check(&broken, &read(FileId(3), broken.as_str()).document);
        }
    }
}
