//! A text → a KDL string that means it.

use std::fmt::Write;

use crate::encode::terminal;

/// The text in quotes. Characters that act on the text around them, or cannot be seen, are written as escapes.
///
/// KDL 2.0.0, "Quoted String" and "Escapes".
pub(crate) fn text(value: &str) -> String {
    let mut quoted = String::from("\"");
    for char in value.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            char if terminal::is_hidden(char) => {
                let _ = write!(quoted, "\\u{{{:x}}}", char as u32);
            }
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

/// The same for a value of dpc's language, where the braces of expressions stand for themselves.
pub(crate) fn literal(value: &str) -> String {
    text(&value.replace("{{", "{{ '{{' }}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kdl::whole;
    use crate::text::FileId;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_is_quoted_is_read_back(value in "\\PC{0,8}|.{0,8}|[\u{0}-\u{ff}\u{2028}\u{202e}\u{feff}\"\\\\]{0,8}") {
            let line = format!("a {}", text(&value));
            let document = whole(FileId(0), &line).unwrap();
            prop_assert_eq!(document.nodes().next().unwrap().arguments().next().unwrap().as_text(), Some(value.as_str()));
        }
    }

    #[test]
    fn braces_stand_for_themselves() {
        let filled = crate::template::Expressions::default();
        let document = format!("a {}", literal("x {{{ y }} {{ z"));
        let document = whole(FileId(0), &document).unwrap();
        let value =
            document.nodes().next().unwrap().arguments().next().unwrap().as_text().unwrap().to_string();
        let scope = crate::template::map::<String>([]);
        assert_eq!(filled.fill(&value, &scope, |_| true).unwrap().as_deref(), Some("x {{{ y }} {{ z"));
    }
}
