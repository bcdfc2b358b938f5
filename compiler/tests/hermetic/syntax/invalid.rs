//! Texts that the specification forbids, rule by rule, with the message and its place. `messages.txt` shows some in full.

use dpc::kdl::whole;
use dpc::text::FileId;

/// Each error as `message @ the text under the underline`.
fn errors_of(text: &str) -> Vec<String> {
    let errors = whole(FileId(0), text).expect_err(text);
    let describe = |error: &dpc::kdl::SyntaxError| {
        format!("{} @ {}", error.message, &text[error.span.start as usize..error.span.end as usize])
    };
    errors.iter().map(describe).collect()
}

fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(errors_of(text), *expected, "of {text:?}");
    }
}

/// Checks rules with many ways to break them: all cases have the same message.
fn check_all(message: &str, cases: &[(&str, &str)]) {
    for (text, place) in cases {
        assert_eq!(errors_of(text), [format!("{message} @ {place}")], "of {text:?}");
    }
}

#[test]
fn keywords_without_their_sign() {
    check(&[
        ("a true", &["`true` must be written `#true` @ true"]),
        ("a b=false", &["`false` must be written `#false` @ false"]),
        ("a null inf", &["`null` must be written `#null` @ null", "`inf` must be written `#inf` @ inf"]),
        ("a -inf nan", &["`-inf` must be written `#-inf` @ -inf", "`nan` must be written `#nan` @ nan"]),
        ("a (t)true", &["`true` must be written `#true` @ true"]),
        ("true", &["`true` cannot be a bare name @ true"]),
        ("-inf 1", &["`-inf` cannot be a bare name @ -inf"]),
        ("a null=1", &["`null` cannot be a bare name @ null"]),
        ("(nan)a", &["`nan` cannot be a bare name @ nan"]),
    ]);
}

#[test]
fn unknown_keywords() {
    check(&[
        ("a #yes", &["`#yes` is not a keyword @ #yes"]),
        ("a #True", &["`#True` is not a keyword @ #True"]),
        ("a #truex", &["`#truex` is not a keyword @ #truex"]),
        ("a #+inf", &["`#+inf` is not a keyword @ #+inf"]),
        ("a # comment", &["`#` alone means nothing @ #"]),
        ("# comment", &["`#` alone means nothing @ #"]),
        ("a ##true", &["`##true` is not a keyword @ ##true"]),
    ]);
}

#[test]
fn words_like_numbers() {
    for word in [
        "0n",
        "+0n",
        "-1em",
        "1.0.0",
        "1.",
        "1.e7",
        "1._7",
        "1e",
        "1e_5",
        "1e+",
        "1E10e10",
        "1.0v2",
        "0x",
        "0x_1",
        "0xg",
        "0x10g",
        "0X10",
        "0o",
        "0o8",
        "0o18",
        "0b",
        "0b2",
        "0bx01",
        "0b12",
        "1.0x",
        "0x1.5",
        "512m",
        "10.0.0.1",
        "8080:80",
        "5s",
        "1,",
        "2024-01-01",
        "0xé",
        "1-2",
        "1+2",
    ] {
        check_all(
            &format!("`{word}` is not a number"),
            &[(&format!("a {word}"), word), (&format!("a b={word}\n"), word)],
        );
    }
    for word in [".1", "+.1", "-.5", ".0n", "-.0"] {
        check_all(
            &format!("`{word}` is neither a number nor a word"),
            &[(&format!("a {word}"), word), (word, word)],
        );
    }
}

#[test]
fn names_that_are_not_text() {
    check_all(
        "a node's name must be text",
        &[("1", "1"), ("a\n-0x5 b", "-0x5"), ("#true", "#true"), ("(t)#null", "#null")],
    );
    check_all("a type annotation must be text", &[("(1)a", "1"), ("a (#true)1", "#true")]);
    check_all(
        "a property's name must be text",
        &[("a 1=2", "1"), ("a #true=2", "#true"), ("a #inf = 2", "#inf")],
    );
}

#[test]
fn characters_of_bare_words() {
    check_all(
        "`/` cannot stand in a bare word",
        &[("a b/c", "/"), ("a/b", "/"), ("a /b", "/"), ("/b", "/"), ("a b=/c", "/"), ("a b=c/d", "/")],
    );
    check_all("brackets cannot stand in a bare word", &[("a[1]", "["), ("a b]", "]"), ("a b)", ")")]);
    check_all("`[` begins nothing in KDL", &[("a [1 2]", "["), ("[a]", "[")]);
    check_all(
        "`\\` must be the last thing on its line",
        &[("a\\b", "\\"), ("a \\ b", "\\"), ("\\ a", "\\"), ("a \\ /* c */ b", "\\")],
    );
    check_all(
        "a space is missing",
        &[("a#true", "#"), ("a(t)1", "("), ("a\"b\"", "\""), ("a 1#true", "#"), ("a b#\"c\"#", "#")],
    );
}

#[test]
fn missing_spaces() {
    check_all(
        "a space is missing",
        &[
            ("a \"b\"\"c\"", "\""),
            ("a \"b\"c", "c"),
            ("a \"b\"1", "1"),
            ("a \"b\"(t)1", "("),
            ("a b=\"c\"d=1", "d"),
            ("a #\"b\"##\"c\"#", "#"),
            ("a #\"b\"#c", "c"),
            ("\"a\"b", "b"),
            ("a /-1\"b\"", "\""),
            ("a \"\"\"\n\"\"\"\"", "\""),
        ],
    );
}

#[test]
fn annotations() {
    check_all(
        "a type annotation needs a name",
        &[("()a", "()"), ("a ()1", "()"), ("a b=( )1", "( )"), ("(/* c */)a", "(/* c */)")],
    );
    check_all(
        "the type annotation is not closed",
        &[("(t a", "("), ("(t u)a", "("), ("a (t", "("), ("a b=(t;", "(")],
    );
    check_all(
        "the type annotation has no value",
        &[
            ("a (t)", "(t)"),
            ("a (t) ", "(t)"),
            ("a b=(t)\n", "b=(t)"),
            ("a (t) {}", "(t)"),
            ("a (t)//", "(t)"),
        ],
    );
    check_all(
        "the type annotation has no node",
        &[("(t)", "(t)"), ("(t) \n", "(t)"), ("(t){}", "(t)"), ("(t)/-a", "(t)"), ("(t)(u)a", "(t)")],
    );
    check_all("a property's name takes no type annotation", &[("a (t)b=1", "t"), ("a (t)\"b\" = 1", "t")]);
    check_all("expected a value, found `(`", &[("a (t)(u)1", "(")]);
    check_all("`/-` cannot stand in a type annotation", &[("(/-t)a", "/-"), ("a (/-t)1", "/-")]);
}

#[test]
fn properties() {
    check_all(
        "the property `b` has no value",
        &[("a b=", "b="), ("a b= \n", "b="), ("a b=;", "b="), ("a b = {}", "b ="), ("a b=//", "b=")],
    );
    check_all("`/-` cannot take the value from the property `b`", &[("a b=/-1", "/-"), ("a b= /- 1", "/-")]);
    check_all(
        "expected a value, found `=`",
        &[("a b==1", "="), ("a b /-=1", "="), ("a b /- = 1", "="), ("a b \"c\" = = 1", "=")],
    );
    check_all("a property has one name and one value", &[("a b=c=d", "="), ("a b=1 = 2", "=")]);
    check_all("a node's name is not followed by `=`", &[("a = 1", "="), ("a=1", "="), ("\"a\"=1", "=")]);
    check_all("a node must begin with its name", &[("=1", "=")]);
}

#[test]
fn escapes() {
    for escape in [
        "\\q",
        "\\/",
        "\\x",
        "\\'",
        "\\é",
        "\\0",
        "\\U",
        "\\u",
        "\\u{",
        "\\u{}",
        "\\u{0000041}",
        "\\u{D800}",
        "\\u{dfff}",
        "\\u{110000}",
        "\\u{12",
    ] {
        check_all(
            &format!("`{escape}` is not an escape"),
            &[
                (&format!("a \"b{escape} c\""), escape),
                (&format!("a \"\"\"\n  b\\\n  {escape} c\n  \"\"\""), escape),
            ],
        );
    }
    check(&[
        ("a \"\\q\\n\\w\"", &["`\\q` is not an escape @ \\q", "`\\w` is not an escape @ \\w"]),
        ("a \"\\u{zz}\"", &["`\\u{` is not an escape @ \\u{"]),
    ]);
}

#[test]
fn unclosed_strings() {
    check_all(
        "the string is not closed on its line",
        &[
            ("a \"b", "\""),
            ("a \"", "\""),
            ("a \"b\\\"", "\""),
            ("a \"b\\", "\""),
            ("a \"b\nc", "\""),
            ("a \"b\u{85}c", "\""),
            ("a \"b\u{2028}c", "\""),
            ("a #\"b", "#\""),
            ("a #\"b\"", "#\""),
            ("a ##\"b\"#\nc", "##\""),
            ("a { b \"c\n}", "\""),
        ],
    );
    check_all(
        "the string is not closed",
        &[
            ("a \"\"\"\n", "\"\"\""),
            ("a \"\"\"\nb\"\"\nc", "\"\"\""),
            ("a \"\"\"\nb\\\"\"\"", "\"\"\""),
            ("a \"\"\"\nb\\", "\"\"\""),
            ("a #\"\"\"\nb\n\"\"\"", "#\"\"\""),
            ("a { b \"\"\"\n}", "\"\"\""),
        ],
    );
}

#[test]
fn multi_line_strings() {
    check_all(
        "a text after `\"\"\"` must begin on the next line",
        &[
            ("a \"\"\"b\"\"\"", "\"\"\""),
            ("a \"\"\"\"\"\"", "\"\"\""),
            ("a \"\"\" \n\"\"\"", "\"\"\""),
            ("a \"\"\"\\\n\"\"\"", "\"\"\""),
            ("a \"\"\"b\n  \"\"\"\nc", "\"\"\""),
            ("a #\"\"\"#", "#\"\"\""),
            ("a #\"\"\"b\"\"\"#", "#\"\"\""),
            ("a #\"\"\"\"\"#", "#\"\"\""),
        ],
    );
    check_all(
        "only whitespace may stand before the closing `\"\"\"`",
        &[
            ("a \"\"\"\nb\"\"\"", "b"),
            ("a \"\"\"\n  b\n  c\"\"\"", "  c"),
            ("a \"\"\"\n  b\\\n  \"\"\"", "  b\\\n  "),
            ("a \"\"\"\n  b\n  \\t\"\"\"", "  \\t"),
            ("a #\"\"\"\n  b\n  \\ \"\"\"#", "  \\ "),
        ],
    );
    check_all(
        "the line must begin with the indentation of the closing `\"\"\"`",
        &[
            ("a \"\"\"\n b\n  \"\"\"", " "),
            ("a \"\"\"\n\tb\n  \"\"\"", "\t"),
            ("a \"\"\"\nb\n  \"\"\"", ""),
            ("a \"\"\"\n  b\n \tc\n  \"\"\"", " \t"),
            ("a \"\"\"\n\\s b\n  \"\"\"", ""),
            ("a #\"\"\"\n b\n  \"\"\"#", " "),
            ("a \"\"\"\n  b\\\n c\nd\n  \"\"\"", ""),
        ],
    );
}

#[test]
fn old_raw_strings() {
    check_all(
        "a raw string is written with `#` alone",
        &[
            (r#"a r"b""#, r#"r"b""#),
            (r##"a r#"b"#"##, r##"r#"b"#"##),
            (r#"a b=r"c""#, r#"r"c""#),
            (r#"r"a" 1"#, r#"r"a""#),
            (r#"a r"\d""#, r#"r"\d""#),
        ],
    );
}

#[test]
fn slashdash() {
    check_all(
        "`/-` has nothing to comment out",
        &[
            ("/-", "/-"),
            ("/- // c", "/-"),
            ("a /-", "/-"),
            ("a /-;", "/-"),
            ("a { b /- }", "/-"),
            ("a { /- }", "/-"),
            ("/- /- a", "/-"),
            ("a /- /- 1", "/-"),
        ],
    );
    check_all(
        "`/-` cannot take the value from the type annotation",
        &[("a (t)/-1", "/-"), ("a b=(t) /-1", "/-")],
    );
    check_all(
        "the node must end behind its block",
        &[
            ("a {} b", "b"),
            ("a {}b", "b"),
            ("a { b } 1", "1"),
            ("a /-{} b", "b"),
            ("a /-{} b=1 {}", "b"),
            ("a {} /-b", "b"),
            ("a /-{} /-b {}", "b"),
            ("/- a {} b", "b"),
            ("a {} (t)b", "("),
        ],
    );
    check_all(
        "a node has only one block",
        &[("a {} {}", "{"), ("a { b }\\\n{ c }", "{"), ("a {} /-{} {}", "{"), ("a /-{} {} {}", "{")],
    );
}

#[test]
fn blocks() {
    check_all(
        "the block is not closed",
        &[("a {", "{"), ("a { b", "{"), ("a { b { c }", "{"), ("a {}\nb {\n c", "{"), ("/- a {", "{")],
    );
    check_all(
        "there is no open block for this `}`",
        &[("}", "}"), ("a }", "}"), ("a {}}", "}"), ("a; }\nb", "}")],
    );
    check_all(
        "a block must follow a node's name on its line",
        &[("{}", "{"), ("a\n{\n b\n}", "{"), ("a;{}", "{"), ("a { { } }", "{"), ("/- {}", "{")],
    );
    check_all(
        "there is no node before this `;`",
        &[(";", ";"), ("a;;", ";"), ("a { ; }", ";"), ("a\n;b", ";")],
    );
}

#[test]
fn comments() {
    check_all(
        "the comment is not closed",
        &[
            ("/*", "/*"),
            ("a /* b", "/*"),
            ("a /* /* */", "/*"),
            ("/* *", "/*"),
            ("/* /", "/*"),
            ("/*/", "/*"),
            ("a { /*\n}", "/*"),
        ],
    );
    check(&[
        ("a */", &["`/` cannot stand in a bare word @ /"]),
        ("a \\ /* b", &["the comment is not closed @ /*"]),
    ]);
}

#[test]
fn code_points() {
    let controls = (0..=8).chain(0x0E..=0x1F).chain([0x7F]);
    let directions = (0x200E..=0x200F).chain(0x202A..=0x202E).chain(0x2066..=0x2069).chain([0xFEFF]);
    for code in controls.chain(directions) {
        let char = char::from_u32(code).unwrap();
        let message = format!("U+{code:04X} may not stand in a KDL file");
        for text in ["a b?c", "a?", "a \"?\"", "a #\"?\"#", "a \"\"\"\n?\n\"\"\"", "// ?", "a /* ? */", " ? "]
        {
            check_all(&message, &[(&text.replace('?', &char.to_string()), &char.to_string())]);
        }
    }
    check_all(
        "U+FEFF may not stand in a KDL file",
        &[("\u{FEFF}\u{FEFF}a", "\u{FEFF}"), (" \u{FEFF}a", "\u{FEFF}")],
    );
}

#[test]
fn several_faults() {
    check(&[
        (
            "(\nt)a",
            &[
                "expected the name of a type, found the end of the line @ \n",
                "brackets cannot stand in a bare word @ )",
            ],
        ),
        ("a (t\n)1", &["the type annotation is not closed @ (", "expected a node's name, found `)` @ )"]),
        (
            "a true\nb 0x\nc \"d\ne",
            &[
                "`true` must be written `#true` @ true",
                "`0x` is not a number @ 0x",
                "the string is not closed on its line @ \"",
            ],
        ),
        (
            "a [ b { c true }\nd null",
            &[
                "`[` begins nothing in KDL @ [",
                "`true` must be written `#true` @ true",
                "`null` must be written `#null` @ null",
            ],
        ),
        ("a b=; c d=; e", &["the property `b` has no value @ b=", "the property `d` has no value @ d="]),
        (
            "a { b = 1; c = 2 }\n}",
            &[
                "a node's name is not followed by `=` @ =",
                "a node's name is not followed by `=` @ =",
                "there is no open block for this `}` @ }",
            ],
        ),
        (
            "a ] \"}\" /* } */ // }\nb true",
            &["expected a value, found `]` @ ]", "`true` must be written `#true` @ true"],
        ),
        (
            "a ] \\\n  1\nb true",
            &["expected a value, found `]` @ ]", "`true` must be written `#true` @ true"],
        ),
        (
            "{ a true }\nb true",
            &[
                "a block must follow a node's name on its line @ {",
                "`true` must be written `#true` @ true",
                "`true` must be written `#true` @ true",
            ],
        ),
    ]);
}

#[test]
fn a_file_that_says_it_is_of_version_1() {
    check(&[
        (
            "/- kdl-version 1\na true",
            &["the file says that it is KDL 1 @ /- kdl-version 1", "`true` must be written `#true` @ true"],
        ),
        (
            "\u{FEFF}/-kdl-version  1 \na true",
            &["the file says that it is KDL 1 @ /-kdl-version  1", "`true` must be written `#true` @ true"],
        ),
        ("/- kdl-version 1\na", &["the file says that it is KDL 1 @ /- kdl-version 1"]),
        ("/-kdl-version 3\ra", &["the file says that it is KDL 3 @ /-kdl-version 3"]),
        ("/-kdl-version\u{3000}1\u{2028}a", &["the file says that it is KDL 1 @ /-kdl-version\u{3000}1"]),
        ("/- kdl-version 2\na true", &["`true` must be written `#true` @ true"]),
    ]);
}
