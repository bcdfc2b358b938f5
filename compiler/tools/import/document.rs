//! Nodes to write → the text of a KDL document. The only file that knows the `kdl` crate.

use crate::text::FileId;
use crate::tools::format::{self, format};
use kdl::{KdlDocument, KdlEntry, KdlEntryFormat, KdlIdentifier, KdlNode, KdlNodeFormat, KdlValue};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with a fraction.
    Decimal(f64),
    /// `#true` or `#false`.
    Flag(bool),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_string())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

/// A node to write.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// Its name.
    pub(crate) name: String,
    /// Its arguments.
    pub(crate) arguments: Vec<Value>,
    /// Its properties.
    pub(crate) properties: Vec<(String, Value)>,
    /// Its children.
    pub(crate) children: Vec<Node>,
    /// Lines of comment before it.
    pub(crate) comments: Vec<String>,
    /// Whether an empty line goes before it.
    pub(crate) apart: bool,
}

impl Node {
    /// A node with a name alone.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_string(), ..Self::default() }
    }

    /// With one more argument.
    pub(crate) fn argument(mut self, value: impl Into<Value>) -> Self {
        self.arguments.push(value.into());
        self
    }

    /// With one more property.
    pub(crate) fn property(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.properties.push((name.to_string(), value.into()));
        self
    }

    /// With a property, where there is a value for it.
    pub(crate) fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.property(name, value),
            None => self,
        }
    }
}

/// The text of a document, formatted. `head` are comment lines that it opens with, `tail` ones that it ends with.
pub fn text(head: &[String], nodes: &[Node], tail: &[String]) -> String {
    let mut document = KdlDocument::new();
    document.nodes_mut().extend(nodes.iter().map(written));
    document.autoformat();
    finish(nodes, &mut document);
    let comments =
        |lines: &[String]| lines.iter().map(|line| format!("{}\n", comment(line))).collect::<String>();
    let tail = if tail.is_empty() { String::new() } else { format!("\n{}", comments(tail)) };
    let text = format!("{}{document}{tail}", comments(head));
    // As `dpc fmt` would leave it.
    format(FileId(0), &text).unwrap_or(text)
}

fn written(node: &Node) -> KdlNode {
    let mut out = KdlNode::new(node.name.as_str());
    out.entries_mut().extend(node.arguments.iter().map(|argument| entry(None, argument)));
    out.entries_mut().extend(node.properties.iter().map(|(name, value)| entry(Some(name), value)));
    if !node.children.is_empty() {
        let mut children = KdlDocument::new();
        children.nodes_mut().extend(node.children.iter().map(written));
        out.set_children(children);
    }
    let leading = node.comments.iter().map(|line| format!("{}\n", comment(line))).collect();
    out.set_format(KdlNodeFormat { leading, terminator: "\n".into(), ..KdlNodeFormat::default() });
    out
}

/// Formatting takes empty lines away, and how names are written; both come back here.
fn finish(nodes: &[Node], document: &mut KdlDocument) {
    for (node, out) in nodes.iter().zip(document.nodes_mut()) {
        out.set_name(identifier(&node.name));
        let properties = out.entries_mut().iter_mut().skip(node.arguments.len());
        for (entry, (name, _)) in properties.zip(&node.properties) {
            entry.set_name(Some(identifier(name)));
        }
        if let Some(format) = out.format_mut().filter(|_| node.apart) {
            format.leading.insert(0, '\n');
        }
        if let Some(children) = out.children_mut() {
            finish(&node.children, children);
        }
    }
}

/// A comment stays on its line, whatever is in its text.
fn comment(line: &str) -> String {
    format!("// {}", crate::encode::terminal::line(line)).trim_end().to_string()
}

/// A name, bare where it can be.
fn identifier(name: &str) -> KdlIdentifier {
    let mut identifier = KdlIdentifier::from(name);
    if identifier.to_string() != name || crate::encode::terminal::line(name) != name {
        identifier.set_repr(format::text(name));
    }
    identifier
}

/// The crate writes words bare and control characters as they are; here all text is quoted, and escaped where it cannot be
/// seen.
fn entry(name: Option<&String>, value: &Value) -> KdlEntry {
    let (value, value_repr) = match value {
        Value::Text(text) => (KdlValue::String(text.clone()), format::text(text)),
        Value::Whole(number) => (KdlValue::Integer(i128::from(*number)), number.to_string()),
        Value::Decimal(number) => (KdlValue::Float(*number), format!("{number:?}")),
        Value::Flag(flag) => (KdlValue::Bool(*flag), format!("#{flag}")),
    };
    let mut entry = match name {
        Some(name) => KdlEntry::new_prop(KdlIdentifier::from(name.as_str()), value),
        None => KdlEntry::new(value),
    };
    entry.set_format(KdlEntryFormat {
        value_repr,
        leading: " ".into(),
        autoformat_keep: true,
        ..KdlEntryFormat::default()
    });
    entry
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kdl::whole;

    #[test]
    fn any_name_is_read_back_and_shows_itself() {
        for name in ["a", "\u{202e}A", "a b", "#true", "true", "-1", "\u{200b}x", "a\"\\b\n", "", "é"] {
            let text = text(&[], &[Node::new(name).property(name, "b")], &[]);
            let document = whole(FileId(0), &text).unwrap();
            let node = document.nodes().next().unwrap();
            assert_eq!((node.name(), node.entries().next().unwrap().name()), (name, Some(name)), "{text}");
            assert_eq!(crate::encode::terminal::lines(&text), text);
        }
    }
}
