//! Harmful input: an answer always comes soon, and the program stays whole.

use super::document;
use dpc::kdl::{DEPTH_LIMIT, SyntaxError, whole};
use dpc::text::FileId;
use proptest::prelude::*;

fn errors_of(text: &str) -> Vec<SyntaxError> {
    whole(FileId(0), text).expect_err("the text is not valid")
}

#[test]
fn the_deepest_nesting() {
    let text = "a{".repeat(DEPTH_LIMIT) + &"}".repeat(DEPTH_LIMIT);
    let document = whole(FileId(0), &text).unwrap();
    let mut nodes = document.nodes();
    for _ in 0..DEPTH_LIMIT {
        nodes = nodes.next().unwrap().children().unwrap();
    }
    assert!(nodes.is_empty());
}

#[test]
fn one_level_too_deep() {
    let depth = DEPTH_LIMIT + 1;
    let errors = errors_of(&("a{".repeat(depth) + &"}".repeat(depth)));
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].message, "blocks are nested deeper than 256");
    assert_eq!(errors[0].span.start as usize, 2 * DEPTH_LIMIT + 1);
}

#[test]
fn what_follows_too_deep_a_block_is_read() {
    let errors = errors_of(&("a{".repeat(100_000) + &"}".repeat(100_000) + "\nb true"));
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(messages, ["blocks are nested deeper than 256", "`true` must be written `#true`"]);
}

#[test]
fn a_hundred_thousand_open_blocks() {
    assert_eq!(errors_of(&"a{".repeat(100_000)).len(), 2);
    assert_eq!(errors_of(&"/-a{".repeat(100_000)).len(), 2);
    assert_eq!(errors_of(&"{".repeat(100_000)).len(), 100);
}

#[test]
fn braces_that_pair_up_late() {
    let text = "a{".repeat(100_000) + &"\n}".repeat(99_999);
    assert_eq!(errors_of(&text).len(), 2);
    let text = "b {".to_owned() + &"a{};".repeat(100_000) + &"\na{};".repeat(100_000);
    assert_eq!(errors_of(&text).len(), 1);
}

#[test]
fn a_million_comments_in_each_other() {
    let text = "/*".repeat(1_000_000);
    assert_eq!(errors_of(&text).len(), 1);
    assert!(whole(FileId(0), &(text + &"*/".repeat(1_000_000))).unwrap().nodes().is_empty());
}

#[test]
fn a_string_of_a_megabyte() {
    let long = "x".repeat(1_000_000);
    for text in [
        format!("a {long}"),
        format!("a \"{long}\""),
        format!("a #\"{long}\"#"),
        format!("a \"\"\"\n{long}\n\"\"\""),
    ] {
        let document = whole(FileId(0), &text).unwrap();
        let value = document.nodes().next().unwrap().entries().next().unwrap().value();
        assert_eq!(value, dpc::kdl::Value::Text(&long));
    }
    assert_eq!(errors_of(&format!("a \"{long}")).len(), 1);
    assert_eq!(
        errors_of(&format!("a /{long}"))[0].help.as_ref().unwrap().chars().count(),
        "write `\"…\"`".chars().count() + 60
    );
}

#[test]
fn no_more_than_a_hundred_errors() {
    for piece in [
        "a true\n",
        "=\n",
        "}\n",
        "\u{1}",
        "a \"\n",
        "a \"\\q\\q\\q\"\n",
        "a \"\"\"x\n",
        ";",
        "a /- \n /- ",
        "{}",
        "1 ",
        "#\"\n",
    ] {
        let errors = errors_of(&piece.repeat(50_000));
        assert!((1..=100).contains(&errors.len()), "{} errors of {piece:?}", errors.len());
    }
}

#[test]
fn hashes_without_end() {
    let hashes = "#".repeat(100_000);
    assert_eq!(errors_of(&format!("a {hashes}")).len(), 1);
    assert_eq!(errors_of(&format!("a {hashes}\"b\"#")).len(), 1);
    assert!(whole(FileId(0), &format!("a {hashes}\"b\"{hashes}")).is_ok());
}

/// The places of errors can be shown: they lie in the text, in its order, on the borders of characters.
fn check_places(text: &str) -> Result<(), TestCaseError> {
    let Err(errors) = whole(FileId(0), text) else { return Ok(()) };
    for error in &errors {
        prop_assert!(text.get(error.span.start as usize..error.span.end as usize).is_some(), "{error:?}");
    }
    prop_assert!(errors.is_sorted_by_key(|error| error.span), "{errors:?}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in "\\PC{0,40}") {
        check_places(&text)?;
    }

    #[test]
    fn any_damage_is_answered(text in document::damaged()) {
        check_places(&text)?;
    }

    #[test]
    fn any_pieces_are_answered(text in document::soup()) {
        check_places(&text)?;
    }

    #[test]
    fn any_cut_is_answered(text in document::valid(), cut in any::<prop::sample::Index>()) {
        let mut cut = cut.index(text.len() + 1);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        check_places(&text[..cut])?;
        check_places(&text[cut..])?;
    }
}
