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

    /// Returns the decimal number that docker makes of a text without quotes in another base: of `022`, `0x1F`, `0o17`, `1_000`.
    pub(crate) fn number_in_other_base(&self) -> Option<i64> {
        let YamlKind::Text(text, false) = &self.kind else { return None };
        let plain = text.replace('_', "").to_ascii_lowercase();
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, plain.strip_prefix('+').unwrap_or(&plain)),
        };
        let bases = [("0x", 16), ("0o", 8), ("0b", 2), ("0", 8), ("", 10)];
        let (digits, base) = bases.iter().find_map(|(prefix, base)| {
            Some((digits.strip_prefix(prefix).filter(|d| !d.is_empty())?, *base))
        })?;
        let digits_alone = digits.starts_with(|c: char| c.is_ascii_alphanumeric());
        let number = i64::from_str_radix(digits, base).ok().filter(|_| digits_alone)? * sign;
        (number.to_string() != *text).then_some(number)
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
