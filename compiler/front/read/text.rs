//! The text of a file → whether it may include another file: a quick look, which may say yes too often.

use memchr::memmem;

/// Returns whether a node at the top could be called `include`. A word in a comment or a value does not count. A name may be
/// quoted, and its letters may be written as escapes.
pub(crate) fn may_include(text: &str) -> bool {
    begins_a_node(text, "include", |_| true)
        || (text.contains('\\') && begins_a_node(text, "\"", may_be_name))
}

/// Returns whether a text between quotes, which begins here, may be `include` with some of its letters escaped.
fn may_be_name(quoted: &str) -> bool {
    let inside = quoted.trim_start_matches('"');
    match quoted.len() - inside.len() {
        1 => inside.starts_with(['i', '\\']),
        // Two are a text of nothing, three begin one of several lines.
        quotes => quotes > 2,
    }
}

/// Returns whether a node can begin where a word stands that `may` be its name, by the text from there on.
fn begins_a_node(text: &str, word: &str, may: impl Fn(&str) -> bool) -> bool {
    let mut looked_at = 0;
    memmem::find_iter(text.as_bytes(), word).any(|at| {
        let before = text[looked_at..at].trim_end_matches([' ', '\t', '"', '#']);
        // The answer for the word before holds for this one, and nothing is looked at again.
        let as_before = before.is_empty() && looked_at > 0;
        looked_at = at;
        !as_before && may(&text[at..]) && ends_a_node(before)
    })
}

/// Returns whether a node can begin behind this text.
fn ends_a_node(before: &str) -> bool {
    match before.chars().next_back() {
        None | Some('\n' | '\r' | ';' | '}' | ')') => true,
        Some('/') => before.ends_with("*/"),
        // Spaces and ends of lines of other scripts, and marks that cannot be seen.
        Some(last) => !last.is_ascii() || last.is_ascii_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kdl;
    use crate::text::FileId;

    #[test]
    fn every_spelling_is_seen() {
        for text in [
            "include \"x\"",
            "a;include \"x\"",
            "a 1 { b; }\r\n\t include x",
            "\"include\" x",
            "#\"include\"# x",
            "\"\"\"\n  include\n  \"\"\" x",
            "(type)include x",
            "/* note */ include x",
            "\u{feff}include x",
            "a\u{2028}include x",
            "a\u{c}include x",
            "a\\\n\n\u{3000}include x",
            "\"incl\\u{75}de\" x",
            "\"\\u{69}nclude\" x",
            "\"inc\\   lude\" x",
            "/-a {}\ninclude x",
        ] {
            let document = kdl::whole(FileId(0), text).unwrap();
            assert!(document.nodes().any(|node| node.name() == "include"), "{text}");
            assert!(may_include(text), "{text}");
        }
    }

    #[test]
    fn a_word_elsewhere_is_not() {
        for text in [
            "// to include\nservice \"include\" { image \"include:1\" }\n",
            "env { A \"a\\nb\" }\n",
            "env {\n    A \"{{ b }}\"\n    C \"a \\\"b\\\"\"\n}\n",
            "a include=1 {\n    b \"x\" // and include\n}\n",
            "a \\ \"\"\" \"# include",
            "",
        ] {
            assert!(!may_include(text), "{text}");
        }
    }
}
