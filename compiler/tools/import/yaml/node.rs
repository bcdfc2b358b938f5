//! A tree of YAML: maps, lists and the texts that stand there, each with its line.

use std::sync::Arc;

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct YamlNode {
    /// The value.
    pub kind: YamlKind,
    /// Its line, from 1.
    pub line: u32,
    /// Its file.
    pub(crate) file: Arc<str>,
    /// Its tag without `!`, such as `reset` or `override`.
    pub(crate) tag: Option<String>,
}

/// The value of a node.
#[derive(Clone, Debug, PartialEq)]
pub enum YamlKind {
    /// A text, and whether it was quoted.
    Text(String, bool),
    /// A list.
    List(Vec<YamlNode>),
    /// Keys with values, in the order of the file.
    Map(Vec<(String, YamlNode)>),
    /// `null`, `~` or no word at all.
    Null,
}

impl YamlNode {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&YamlNode> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Its keys and values; none where it is no map.
    pub fn entries(&self) -> &[(String, YamlNode)] {
        match &self.kind {
            YamlKind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Its items; none where it is no list.
    pub fn items(&self) -> &[YamlNode] {
        match &self.kind {
            YamlKind::List(items) => items,
            _ => &[],
        }
    }

    /// Its text; none where it is no scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            YamlKind::Text(text, _) => Some(text),
            _ => None,
        }
    }

    /// A list of texts, or one text as such a list.
    pub(crate) fn texts(&self) -> Vec<&str> {
        match &self.kind {
            YamlKind::Text(text, _) => vec![text],
            _ => self.items().iter().filter_map(YamlNode::text).collect(),
        }
    }

    /// Returns whether the node is true.
    pub(crate) fn is_true(&self) -> bool {
        matches!(self.text(), Some("true" | "True" | "TRUE" | "yes" | "on" | "y"))
    }

    /// An empty map in the same place.
    pub(crate) fn empty(&self) -> YamlNode {
        YamlNode { kind: YamlKind::Map(Vec::new()), ..self.clone() }
    }
}

/// The size of a node with everything in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TreeSize {
    /// Nodes.
    pub(crate) nodes: usize,
    /// Bytes of text.
    pub(crate) bytes: usize,
}

impl std::ops::Add for TreeSize {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { nodes: self.nodes + other.nodes, bytes: self.bytes + other.bytes }
    }
}

impl YamlNode {
    /// Returns the size.
    pub(crate) fn size(&self) -> TreeSize {
        let own = TreeSize { nodes: 1, bytes: self.text().map_or(0, str::len) };
        let items = self.items().iter().map(YamlNode::size);
        let entries =
            self.entries().iter().map(|(key, node)| TreeSize { nodes: 0, bytes: key.len() } + node.size());
        items.chain(entries).fold(own, |all, size| all + size)
    }
}
