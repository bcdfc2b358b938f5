//! Names, values and nodes → KDL that means them. The only place that writes KDL.
//!
//! KDL 2.0.0, "Full Grammar"; text always stands in quotes, so that no word is taken for a number or a keyword.

use crate::encode::terminal;
use std::fmt::{self, Write};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NodeValue {
    /// Text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// `#true` or `#false`.
    Flag(bool),
}

impl From<&str> for NodeValue {
    fn from(text: &str) -> Self {
        NodeValue::Text(text.to_string())
    }
}

impl From<String> for NodeValue {
    fn from(text: String) -> Self {
        NodeValue::Text(text)
    }
}

/// A node to write.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NodeDraft {
    /// Its name.
    pub(crate) name: String,
    /// Its arguments.
    pub(crate) arguments: Vec<NodeValue>,
    /// Its properties.
    pub(crate) properties: Vec<(String, NodeValue)>,
    /// Its children.
    pub(crate) children: Vec<NodeDraft>,
    /// Lines of comment before it.
    pub(crate) comments: Vec<String>,
    /// Puts an empty line before it.
    pub(crate) apart: bool,
}

impl NodeDraft {
    /// A node with a name alone.
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_string(), ..Self::default() }
    }

    /// Adds an argument.
    pub(crate) fn argument(mut self, value: impl Into<NodeValue>) -> Self {
        self.arguments.push(value.into());
        self
    }

    /// Adds a property.
    pub(crate) fn property(mut self, name: &str, value: impl Into<NodeValue>) -> Self {
        self.properties.push((name.to_string(), value.into()));
        self
    }

    /// Adds a property if there is a value for it.
    pub(crate) fn maybe(self, name: &str, value: Option<impl Into<NodeValue>>) -> Self {
        match value {
            Some(value) => self.property(name, value),
            None => self,
        }
    }
}

/// Prints nodes one after the other, without indentation.
pub(crate) fn nodes(nodes: &[NodeDraft]) -> String {
    let mut text = String::new();
    nodes.iter().for_each(|node| push_node(node, &mut text));
    text
}

fn push_node(node: &NodeDraft, out: &mut String) {
    if node.apart {
        out.push('\n');
    }
    node.comments.iter().for_each(|line| push_line(&comment(line), out));
    let values = node.arguments.iter().map(|argument| format!(" {argument}"));
    let properties = node.properties.iter().map(|(property, value)| format!(" {}={value}", name(property)));
    let head = values.chain(properties).fold(name(&node.name), |head, entry| head + &entry);
    if node.children.is_empty() {
        push_line(&head, out);
        return;
    }
    push_line(&format!("{head} {{"), out);
    out.push_str(&nodes(&node.children));
    push_line("}", out);
}

fn push_line(line: &str, out: &mut String) {
    out.push_str(line);
    out.push('\n');
}

impl fmt::Display for NodeValue {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            NodeValue::Text(value) => f.write_str(&text(value)),
            NodeValue::Whole(number) => number.fmt(f),
            NodeValue::Decimal(number) => write!(f, "{number:?}"),
            NodeValue::Flag(flag) => write!(f, "#{flag}"),
        }
    }
}

/// Prints a comment, which stays on its line whatever its text is.
pub(crate) fn comment(line: &str) -> String {
    format!("// {}", terminal::line(line)).trim_end().to_string()
}

/// Prints the name of a node or a property: bare if it can be, else in quotes.
pub(crate) fn name(name: &str) -> String {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let plain = starts && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let word = matches!(name, "true" | "false" | "null" | "inf" | "nan");
    if plain && !word { name.to_string() } else { text(name) }
}

/// Prints a text in quotes. Characters that act on the text around them, or cannot be seen, are written as escapes.
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

/// Prints a value of dpc's language, in which the braces of expressions are literal.
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

    #[test]
    fn any_name_is_read_back_and_shows_itself() {
        for name in ["a", "\u{202e}A", "a b", "#true", "true", "-1", "\u{200b}x", "a\"\\b\n", "", "é"] {
            let text = nodes(&[NodeDraft::new(name).property(name, "b")]);
            let document = whole(FileId(0), &text).unwrap();
            let node = document.nodes().next().unwrap();
            assert_eq!((node.name(), node.entries().next().unwrap().name()), (name, Some(name)), "{text}");
            assert_eq!(terminal::lines(&text), text);
        }
    }
}
