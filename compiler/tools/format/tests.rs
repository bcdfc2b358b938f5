use super::*;
use proptest::prelude::*;

fn laid_out(text: &str) -> String {
    match format(FileId(0), text) {
        Ok(formatted) => formatted,
        Err(refused) => panic!("{refused:?}\n{text}"),
    }
}

#[track_caller]
fn becomes(text: &str, wanted: &str) {
    let formatted = laid_out(text);
    assert_eq!(formatted, wanted, "\n{formatted}");
    assert_eq!(laid_out(&formatted), formatted, "not stable");
}

#[test]
fn space_becomes_regular() {
    becomes("", "");
    becomes("\n\n", "");
    becomes("a   1\t b = 2", "a 1 b=2\n");
    becomes("a{b;c 1;}", "a { b; c 1 }\n");
    becomes("a{\nb;c 1;}", "a {\n    b\n    c 1\n}\n");
    becomes("a {\n\n\n}", "a {}\n");
    becomes("a {\\\n}", "a {}\n");
    becomes("a; b; c", "a\nb\nc\n");
    becomes("\u{FEFF}a\r\nb\r\n", "a\nb\n");
    becomes("/*\r\r\n\r*/ a\u{85}b", "/*\n\n\n*/ a\nb\n");
    becomes("a \"\"\"\r\u{2028}\r\n\u{b}\"\"\"", "a \"\"\"\n\n\n\n\"\"\"\n");
    becomes("a \"\"\"\r  b\r\r\n  \"\"\"\r", "a \"\"\"\n  b\n\n  \"\"\"\n");
    becomes("( t )a ( u ) 1 k = (v)2", "(t)a (u)1 k=(v)2\n");
}

#[test]
fn empty_lines_stand_between_things_and_are_one() {
    becomes("\n\na\n\n\n\nb {\n\n  c\n\n\n  d\n\n}\n\n\n", "a\n\nb {\n    c\n\n    d\n}\n");
    becomes("a {\n\n  // c\n\n  b\n}", "a {\n    // c\n\n    b\n}\n");
}

#[test]
fn a_long_block_gets_lines() {
    let name = "n".repeat(50);
    becomes(
        &format!("a {{ {name}; b {{ c }}; {name} }} // why"),
        &format!("a {{\n    {name}\n    b {{ c }}\n    {name}\n}} // why\n"),
    );
}

#[test]
fn comments_stay() {
    becomes(
        "// a\n  // b\nc { // d\n// e\nf // g\n} // h\n// i",
        "// a\n// b\nc { // d\n    // e\n    f // g\n} // h\n// i\n",
    );
    becomes("a /* b */ 1;/* c */ d", "a /* b */ 1\n/* c */ d\n");
    becomes("a; /* b */\nc", "a /* b */\nc\n");
    becomes("a // b   \n", "a // b\n");
    becomes("a { b; /* c */ }", "a { b; /* c */ }\n");
    becomes("/*\n  x\n*/\na", "/*\n  x\n*/\na\n");
}

#[test]
fn comments_below_each_other_stay_there() {
    becomes(
        "s {\n  a 1         // x\n  bb  2       // y\n              // z\n  c {\n    d         // w\n  }\n}",
        "s {\n    a 1           // x\n    bb 2          // y\n                  // z\n    c {\n        d         // w\n    }\n}\n",
    );
    becomes("a\t// x\nbcd\t// y\n", "a   // x\nbcd // y\n");
    becomes("a\t// x\rbcd\t// y\r\n", "a   // x\nbcd // y\n");
    becomes("a \"\t\"   // x\nbc      // y\n", "a \"\t\"   // x\nbc      // y\n");
    becomes("a \"\"\"\rb\r\"\"\"   // x\n", "a \"\"\"\nb\n\"\"\"   // x\n");
}

#[test]
fn what_goes_over_lines_goes_over_lines() {
    becomes("a 1 \\\n 2 \\ // c\n  3\nb", "a 1 \\\n    2 \\ // c\n    3\nb\n");
    becomes("a \\\n\\\n 3", "a \\\n    \\\n    3\n");
    becomes("a \\\n\nb", "a\n\nb\n");
    becomes("a \\\n\\\n\nb", "a\n\nb\n");
    becomes("a \\\n// c\nb", "a\n// c\nb\n");
    becomes("a \\\n{ b\n}", "a \\\n    {\n    b\n}\n");
    becomes("\\\na", "a\n");
    becomes("a \\\n/* c */; b", "a \\\n    /* c */\nb\n");
}

#[test]
fn texts_move_with_their_node() {
    becomes(
        "a {\n  b \"\"\"\n    x\n\n      y\n    \"\"\"\n}",
        "a {\n    b \"\"\"\n      x\n\n        y\n      \"\"\"\n}\n",
    );
    becomes("  b #\"\"\"\n x\n  \n \"\"\"#", "b #\"\"\"\n x\n\n \"\"\"#\n");
    becomes("a {\n  b #\"\"\"\n x\n \"\"\"#\n}", "a {\n    b #\"\"\"\n x\n \"\"\"#\n}\n");
    becomes("a {\n  b \"\"\"\n  x \\\n y\n  \"\"\"\n}", "a {\n    b \"\"\"\n  x \\\n y\n  \"\"\"\n}\n");
}

#[test]
fn what_is_taken_away_is_laid_out_too() {
    becomes("/-a   1\n/- b {c\n}", "/-a 1\n/- b {\n    c\n}\n");
    becomes("/-\n\n a", "/- a\n");
    becomes("a /-1 2 /-{b} {c} /- {\nd}", "a /-1 2 /-{ b } { c } /- {\n    d\n}\n");
    becomes("/- // x\na\nb", "/- // x\n    a\nb\n");
    becomes("/- // x\n// y\n\na", "/- // x\n    // y\n    a\n");
}

#[test]
fn what_is_no_kdl_is_refused() {
    assert!(matches!(format(FileId(0), "a {"), Err(FormatError::Syntax(errors)) if errors.len() == 1));
}

#[test]
fn hostile_files_take_no_long_time() {
    let start = crate::text::busy::busy();
    for text in [
        "a \\\n".to_string() + &"\\\n".repeat(20_000),
        "a {b};".repeat(20_000),
        "a".to_string() + &" /-{}".repeat(20_000),
        "a { ".repeat(255) + &"b; ".repeat(10_000) + &"}".repeat(255),
        "a // b\n".repeat(20_000),
    ] {
        laid_out(&text);
    }
    let taken = crate::text::busy::busy() - start;
    assert!(taken < std::time::Duration::from_secs(20), "{taken:?}");
}

/// Pieces of KDL, good and bad, that random documents are made of.
const PIECES: &[&str] = &[
    "a",
    "b ",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "{",
    "}",
    " {",
    ";",
    "// c\n",
    "/* d */",
    "/*\n*/",
    "/*\r\r\n*/",
    " \"\"\"\r\u{85}\t x\u{2028}\u{2029}\u{c}\t \"\"\"\n",
    "/*\t*/",
    "  // f\n",
    "// g\n",
    "\n// g\n",
    "\u{2028}",
    " #\"\"\"\n\t\n y \n\"\"\"#",
    "\\\n",
    " \\ // e\n",
    "/-",
    "/- ",
    "=",
    "k=",
    "\"v\"",
    " 1",
    "(t)",
    "( ",
    ") ",
    "\t",
    "#true",
    " \"\"\"\n  x\n  \"\"\"\n",
    "#\"r\"#",
    "a { b; c }\n",
    "k = 1 ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_kdl_can_be_laid_out_and_then_stays(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
        let text = pieces.concat();
        match format(FileId(0), &text) {
            Ok(formatted) => prop_assert_eq!(laid_out(&formatted), formatted),
            Err(FormatError::Syntax(_)) => {}
            Err(FormatError::Unfaithful) => prop_assert!(false, "{text:?} would become something else"),
        }
    }
}
