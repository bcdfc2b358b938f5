//! The text of a file → whether it may include another: a look that costs next to nothing, and may say yes too often.

/// Whether a node at the top could be called `include`. A word in a comment or a value is none; a name may be quoted, and
/// its letters may be written as escapes.
pub fn may_include(text: &str) -> bool {
    let named = |word: &str| text.match_indices(word).any(|(at, _)| begins_a_node(&text[..at]));
    named("include") || (text.contains('\\') && named("\""))
}

/// Whether a node can begin behind this text.
fn begins_a_node(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t', '"', '#']);
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
    use crate::source::FileId;
    use crate::syntax;

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
            let document = syntax::read(FileId(0), text).unwrap();
            assert!(document.nodes().any(|node| node.name() == "include"), "{text}");
            assert!(may_include(text), "{text}");
        }
    }

    #[test]
    fn a_word_elsewhere_is_not() {
        for text in [
            "// to include\nservice \"include\" { image \"include:1\" }\n",
            "env { A \"a\\nb\" }\n",
            "a include=1 {\n    b \"x\" // and include\n}\n",
            "",
        ] {
            assert!(!may_include(text), "{text}");
        }
    }
}
