//! Texts that the specification allows, rule by rule, and their meaning.

use super::shape;
use dpc::kdl::whole;
use dpc::text::FileId;

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        match whole(FileId(0), text) {
            Ok(document) => assert_eq!(shape::of(document.nodes()), *expected, "of {text:?}"),
            Err(errors) => panic!("{text:?} is valid, but: {errors:#?}"),
        }
    }
}

#[test]
fn documents() {
    check(&[
        ("", ""),
        (" \t\n\n", ""),
        ("\u{FEFF}", ""),
        ("\u{FEFF}a", r#""a""#),
        ("a", r#""a""#),
        ("a\nb", r#""a"; "b""#),
        ("a;b", r#""a"; "b""#),
        ("a; b ;\n c;", r#""a"; "b"; "c""#),
        ("/- kdl-version 2\na", r#""a""#),
        ("/-kdl-version 2 \na", r#""a""#),
        ("\u{FEFF}/- kdl-version 2\r\na", r#""a""#),
        ("/- kdl-version 2\n/- kdl-version 1\na", r#""a""#),
        ("\n/- kdl-version 1\na", r#""a""#),
        ("/- kdl-version 1 2\na", r#""a""#),
        ("/- kdl-version x\na", r#""a""#),
        ("/- kdl-version 2", ""),
        ("// only a comment", ""),
        ("/* only a comment */", ""),
        ("\\", ""),
    ]);
}

#[test]
fn entries() {
    check(&[
        ("a 1 b=2 3", r#""a" 1 "b"=2 3"#),
        ("a b=1 b=2", r#""a" "b"=1 "b"=2"#),
        ("a b = 1", r#""a" "b"=1"#),
        ("a b/**/=/**/1", r#""a" "b"=1"#),
        ("a b\\\n=\\\n1", r#""a" "b"=1"#),
        ("a b =1 c= 2 3", r#""a" "b"=1 "c"=2 3"#),
        ("a \"b c\"=d", r#""a" "b c"="d""#),
        ("a #\"b\"#=d", r#""a" "b"="d""#),
        ("a \"\"=\"\"", r#""a" ""="""#),
        ("\"a b\" c", r#""a b" "c""#),
        ("#\"a\"# c", r#""a" "c""#),
        ("\"\" c", r#""" "c""#),
        ("\"\"\"\n  a\n  \"\"\" c", r#""a" "c""#),
        ("a \"\"\"\n  k\n  \"\"\"=1", r#""a" "k"=1"#),
        ("a b b", r#""a" "b" "b""#),
    ]);
}

#[test]
fn blocks() {
    check(&[
        ("a {}", r#""a" {}"#),
        ("a{}", r#""a" {}"#),
        ("a {\n}", r#""a" {}"#),
        ("a {b}", r#""a" { "b" }"#),
        ("a {b;}", r#""a" { "b" }"#),
        ("a { b; c }\nd", r#""a" { "b"; "c" }; "d""#),
        ("a 1{b 2{c 3}}", r#""a" 1 { "b" 2 { "c" 3 } }"#),
        ("a {\n  b {\n    c\n  }\n}\n", r#""a" { "b" { "c" } }"#),
        ("a {} // comment", r#""a" {}"#),
        ("a {};b", r#""a" {}; "b""#),
        ("a \"x\"{b}", r#""a" "x" { "b" }"#),
        ("a \\\n{ b }", r#""a" { "b" }"#),
        ("a { b // }\n}", r#""a" { "b" }"#),
        ("a { b /* } */ }", r#""a" { "b" }"#),
        ("a { b \"}\" }", r#""a" { "b" "}" }"#),
    ]);
}

#[test]
fn annotations() {
    check(&[
        ("(t)a", r#"("t")"a""#),
        ("(t) a", r#"("t")"a""#),
        ("( t )a", r#"("t")"a""#),
        ("(\\\nt/* c */)\\\na", r#"("t")"a""#),
        ("(\"t u\")a", r#"("t u")"a""#),
        ("(\"\")a", r#"("")"a""#),
        ("(#\"t\"#)a", r#"("t")"a""#),
        ("a (t)1", r#""a" ("t")1"#),
        ("a (t) 1", r#""a" ("t")1"#),
        ("a (t)b", r#""a" ("t")"b""#),
        ("a (t)#true (t)#null (t)\"b\" (t)#\"b\"#", r#""a" ("t")#true ("t")#null ("t")"b" ("t")"b""#),
        ("a b=(t)1", r#""a" "b"=("t")1"#),
        ("a b= (t) 1", r#""a" "b"=("t")1"#),
        ("a b=( t )/* c */1", r#""a" "b"=("t")1"#),
    ]);
}

#[test]
fn identifiers() {
    check(&[
        ("- -- -a +a +- --1 -+1", r#""-" "--" "-a" "+a" "+-" "--1" "-+1""#),
        (". .a .. ..1 -. +. -.a .-1", r#""." ".a" ".." "..1" "-." "+." "-.a" ".-1""#),
        ("a1 _1 ?1 :1 a-b a.b a_b", r#""a1" "_1" "?1" ":1" "a-b" "a.b" "a_b""#),
        ("a~!@$%^&*.:'|?+<>,`-_", r#""a~!@$%^&*.:'|?+<>,`-_""#),
        (
            "truer nullx infx -infx nanx +inf +nan -nan",
            r#""truer" "nullx" "infx" "-infx" "nanx" "+inf" "+nan" "-nan""#,
        ),
        ("TRUE True Null INF", r#""TRUE" "True" "Null" "INF""#),
        ("a true_=1", r#""a" "true_"=1"#),
        ("ノード お名前=ฅ^•ﻌ•^ฅ", r#""ノード" "お名前"="ฅ^•ﻌ•^ฅ""#),
        ("😁 é \u{200B}", "\"😁\" \"é\" \"\\u{200b}\""),
        ("redis:7.2.5 a,b r r2", r#""redis:7.2.5" "a,b" "r" "r2""#),
        ("\u{80}\u{9F}", "\"\\u{80}\\u{9f}\""),
    ]);
}

#[test]
fn quoted_strings() {
    check(&[
        (r#"a """#, r#""a" """#),
        (r#"a "b c" "d""#, r#""a" "b c" "d""#),
        (r#"a "\n\r\t\\\"\b\f\s""#, r#""a" "\n\r\t\\\"\u{8}\u{c} ""#),
        (
            r#"a "\u{41}\u{0}\u{1F600}\u{10FFFF}\u{000041}\u{D7FF}\u{E000}""#,
            "\"a\" \"A\\0😀\\u{10ffff}A\\u{d7ff}\\u{e000}\"",
        ),
        (r#"a "\u{fEfF}\u{202e}""#, r#""a" "\u{feff}\u{202e}""#),
        ("a \"b\\   c\"", r#""a" "bc""#),
        ("a \"b\\\n\n   c\"", r#""a" "bc""#),
        ("a \"b\\\r\n\t\u{3000}\u{2028}c\"", r#""a" "bc""#),
        ("a \"b\\  \\  c\"", r#""a" "bc""#),
        ("a \"b\\ \\nc\"", r#""a" "b\nc""#),
        ("a \"\\ \"", r#""a" """#),
        ("a \"b\\\\ c\"", r#""a" "b\\ c""#),
        ("a \"/\" \"#\" \"{;}\" \"//\" \"/*\"", r##""a" "/" "#" "{;}" "//" "/*""##),
        ("a \"tab\there\"", r#""a" "tab\there""#),
        ("a \"é\u{A0}…\u{3000}\"", "\"a\" \"é\\u{a0}…\\u{3000}\""),
    ]);
}

#[test]
fn raw_strings() {
    check(&[
        (r##"a #"b"#"##, r#""a" "b""#),
        (r##"a #""#"##, r#""a" """#),
        (r##"a #"\n\"#"##, r#""a" "\\n\\""#),
        (r##"a #"b"c"#"##, r#""a" "b\"c""#),
        (r##"a #""b"#"##, r#""a" "\"b""#),
        (r##"a #"#"#"##, r##""a" "#""##),
        (r###"a ##"b"#c"##"###, r##""a" "b\"#c""##),
        (r####"a ###""#"##"###"####, r###""a" "\"#\"##""###),
        (r##"a #""b""#"##, r#""a" "\"b\"""#),
        (r##"a b=#"c"#"##, r#""a" "b"="c""#),
    ]);
}

#[test]
fn multi_line_strings() {
    check(&[
        ("a \"\"\"\n\"\"\"", r#""a" """#),
        ("a \"\"\"\n   \"\"\"", r#""a" """#),
        ("a \"\"\"\n\n\"\"\"", r#""a" """#),
        ("a \"\"\"\n\n\n\"\"\"", r#""a" "\n""#),
        ("a \"\"\"\nb\n\"\"\"", r#""a" "b""#),
        ("a \"\"\"\nb\nc\n\"\"\"", r#""a" "b\nc""#),
        ("a \"\"\"\n  b\n    c\n  \"\"\"", r#""a" "b\n  c""#),
        ("a \"\"\"\n    b\n  c\n\"\"\"", r#""a" "    b\n  c""#),
        ("a \"\"\"\n\tb\n\t c\n\t\"\"\"", r#""a" "b\n c""#),
        ("a \"\"\"\n  b\n\n \n      \n  c\n  \"\"\"", r#""a" "b\n\n\n\nc""#),
        ("a \"\"\"\r\n  b\r\n  c\r\n  \"\"\"", r#""a" "b\nc""#),
        ("a \"\"\"\u{85}b\u{2028}c\u{2029}d\u{B}e\u{C}f\rg\n\"\"\"", r#""a" "b\nc\nd\ne\nf\ng""#),
        ("a \"\"\"\n  b\\r\\n\r\n  c\n  \"\"\"", r#""a" "b\r\n\nc""#),
        ("a \"\"\"\n  \"b\" \"\"c\"\"\n  \"\"\"", r#""a" "\"b\" \"\"c\"\"""#),
        ("a \"\"\"\n  \\\"\"\"\n  \"\"\"", r#""a" "\"\"\"""#),
        ("a \"\"\"\n  \\t b \\u{41}\n  \"\"\"", r#""a" "\t b A""#),
        ("a \"\"\"\n  \\\\\n  \"\"\"", r#""a" "\\""#),
        ("a \"\"\"\n\u{3000}b\n\u{3000}\"\"\"", r#""a" "b""#),
    ]);
}

#[test]
fn whitespace_escapes_are_resolved_before_the_indentation() {
    check(&[
        ("a \"\"\"\n  b \\\nc\n  d\n  \"\"\"", r#""a" "b c\nd""#),
        ("a \"\"\"\n  b\n  \\   \"\"\"", r#""a" "b""#),
        ("a \"\"\"\n  b\n\\   \"\"\"", r#""a" "  b""#),
        ("a \"\"\"\n  b\n \\\n\n \\ \"\"\"", r#""a" " b""#),
        ("a \"\"\"\n    b\n   \\\n\"\"\"", r#""a" " b""#),
        ("a \"\"\"\n  b\\\\\n  c\n  \"\"\"", r#""a" "b\\\nc""#),
        ("a \"\"\"\n  b\\\\\\\n  c\n  \"\"\"", r#""a" "b\\c""#),
        ("a \"\"\"\n  \\\n  \n  \"\"\"", r#""a" """#),
    ]);
}

#[test]
fn raw_multi_line_strings() {
    check(&[
        ("a #\"\"\"\n\"\"\"#", r#""a" """#),
        ("a #\"\"\"\n  b\\n\n   c\n  \"\"\"#", r#""a" "b\\n\n c""#),
        ("a #\"\"\"\n  \"\"\"b\"\"\"\n  \"\"\"#", r#""a" "\"\"\"b\"\"\"""#),
        ("a ##\"\"\"\n  \"\"\"#\n  \"\"\"##", r##""a" "\"\"\"#""##),
        ("a #\"\"\"\r\n  b\r\n  c\r\n  \"\"\"#", r#""a" "b\nc""#),
        ("a #\"\"\"\n  b\\\n  \"\"\"#", r#""a" "b\\""#),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("a 0 1 -1 +1 007 1_000 1_", r#""a" 0 1 -1 +1 007 1_000 1_"#),
        ("a 1.0 -1.5 +0.25 1_0.0_1 3.10", r#""a" 1.0 -1.5 +0.25 1_0.0_1 3.10"#),
        ("a 1e3 1E3 1e+3 1e-3 1.5e10 1e1_0 1_e1_", r#""a" 1e3 1E3 1e+3 1e-3 1.5e10 1e1_0 1_e1_"#),
        ("a 0x1F -0xab +0xAB 0x0_1_ 0xe1", r#""a" 0x1F -0xab +0xAB 0x0_1_ 0xe1"#),
        ("a 0o17 -0o0 0o1_7", r#""a" 0o17 -0o0 0o1_7"#),
        ("a 0b01 -0b1 0b1_0_", r#""a" 0b01 -0b1 0b1_0_"#),
        ("a #inf #-inf #nan", r#""a" #inf #-inf #nan"#),
        (
            "a 99999999999999999999999999999999999999999999",
            r#""a" 99999999999999999999999999999999999999999999"#,
        ),
        (
            "a 1e999999 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
            r#""a" 1e999999 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"#,
        ),
        ("a b=-0.0", r#""a" "b"=-0.0"#),
    ]);
}

#[test]
fn keywords() {
    check(&[
        ("a #true #false #null", r#""a" #true #false #null"#),
        ("a b=#true c=#false d=#null e=#nan", r#""a" "b"=#true "c"=#false "d"=#null "e"=#nan"#),
    ]);
}

#[test]
fn spaces() {
    let spaces = "\t \u{A0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200A}\u{202F}\u{205F}\u{3000}";
    for space in spaces.chars() {
        check(&[(&format!("{space}a{space}1{space}b=2{space}"), r#""a" 1 "b"=2"#)]);
    }
}

#[test]
fn newlines() {
    for newline in ["\r\n", "\r", "\n", "\u{85}", "\u{B}", "\u{C}", "\u{2028}", "\u{2029}"] {
        check(&[
            (&format!("a{newline}b"), r#""a"; "b""#),
            (&format!("a // c{newline}b"), r#""a"; "b""#),
            (&format!("a \\{newline}b"), r#""a" "b""#),
            (&format!("a \"b\\{newline}c\""), r#""a" "bc""#),
        ]);
    }
    check(&[("a \\\r\n1", r#""a" 1"#), ("a \\\r\n\r\nb", r#""a"; "b""#)]);
}

#[test]
fn comments() {
    check(&[
        ("a//\nb", r#""a"; "b""#),
        ("a /* b */ c", r#""a" "c""#),
        ("a/* b */c", r#""a" "c""#),
        ("a /* b /* c */ d */ e", r#""a" "e""#),
        ("a /*/*/* */*/*/ e", r#""a" "e""#),
        ("a /** * / ** /**/ */ e", r#""a" "e""#),
        ("a /* b\nc */ d", r#""a" "d""#),
        ("/* a */b", r#""b""#),
        ("a // /* b\nc", r#""a"; "c""#),
        ("a /* // */ b", r#""a" "b""#),
        ("a 1//b", r#""a" 1"#),
    ]);
}

#[test]
fn continuations() {
    check(&[
        ("a \\\n 1", r#""a" 1"#),
        ("a\\\n1", r#""a" 1"#),
        ("a \\ // comment\n 1", r#""a" 1"#),
        ("a \\ /* comment */ // comment\n 1", r#""a" 1"#),
        ("a \\ /* b\n */ \n 1", r#""a" 1"#),
        ("a \\\n \\\n 1", r#""a" 1"#),
        ("a \\", r#""a""#),
        ("a \\ // comment", r#""a""#),
        ("a \\\n\nb", r#""a"; "b""#),
        ("\\\na", r#""a""#),
        ("a; \\\nb", r#""a"; "b""#),
        ("a {\n \\\n b\n}", r#""a" { "b" }"#),
    ]);
}

#[test]
fn slashdash_before_nodes() {
    check(&[
        ("/-a\nb", r#""b""#),
        ("/- a 1 b=2 { c }\nd", r#""d""#),
        ("/-\na\nb", r#""b""#),
        ("/- // comment\na\nb", r#""b""#),
        ("/- /* comment\n */ a\nb", r#""b""#),
        ("/-\\\na\nb", r#""b""#),
        ("/-(t)a\nb", r#""b""#),
        ("/- a /- 1\nb", r#""b""#),
        ("a { /- b; c }", r#""a" { "c" }"#),
        ("a { /- b }", r#""a" {}"#),
        ("/- a \"\"\"\n  }\n  \"\"\"\nb", r#""b""#),
    ]);
}

#[test]
fn slashdash_before_entries() {
    check(&[
        ("a /-1 2", r#""a" 2"#),
        ("a /- 1 2", r#""a" 2"#),
        ("a 1 /-b=2 3", r#""a" 1 3"#),
        ("a /-b = 2 3", r#""a" 3"#),
        ("a /-\n1 2", r#""a" 2"#),
        ("a /- // comment\n1 2", r#""a" 2"#),
        ("a /- /* comment */ 1 2", r#""a" 2"#),
        ("a /-\\\n1 2", r#""a" 2"#),
        ("a /-(t)1 2", r#""a" 2"#),
        ("a /--1 2", r#""a" 2"#),
        ("a \"b\"/-1", r#""a" "b""#),
        ("a/-1", r#""a""#),
        ("a 1/-2/-3 4", r#""a" 1 4"#),
        ("a /-\"x y\"=1 2", r#""a" 2"#),
    ]);
}

#[test]
fn slashdash_before_blocks() {
    check(&[
        ("a /-{ b }", r#""a""#),
        ("a/-{b}", r#""a""#),
        ("a 1 /- { b }\nc", r#""a" 1; "c""#),
        ("a /-{ b } { c }", r#""a" { "c" }"#),
        ("a /-{ b } /-{ c } { d } /-{ e } /-{ f }", r#""a" { "d" }"#),
        ("a { b } /-{ c }", r#""a" { "b" }"#),
        ("a /-\n{ b }", r#""a""#),
        ("a /- // comment\n{ b } { c }", r#""a" { "c" }"#),
        ("a /-{ b { c } } { d }", r#""a" { "d" }"#),
        ("a /-{} \\\n /-{} {}", r#""a" {}"#),
    ]);
}
