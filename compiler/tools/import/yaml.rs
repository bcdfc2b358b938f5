//! YAML text → a tree whose scalars are the text that stands there, each with its line. The only file that knows the
//! parser.
//!
//! Rule: YAML 1.2 as `saphyr-parser` reads it. Nothing is resolved: `yes`, `0755`, `1:30` and `3.10` stay what they are.
//! Merge keys (`<<`) are applied as compose does, anchors are copied; depth, aliases and nodes have limits.

use crate::text::narrow;
use saphyr_parser::{Event, Parser, ScalarStyle};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

mod node;

pub use node::{TreeSize, YamlKind, YamlNode};

/// The most bytes that a file may have.
pub const LONGEST: usize = 4 * 1024 * 1024;
/// The deepest nesting.
const DEEPEST: usize = 64;
/// The most nodes of a document, those that aliases copy included.
const MOST_NODES: usize = 200_000;
/// The most bytes of text in a document, those that aliases copy included.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// The most values of one list or map.
const MOST_ITEMS: usize = 5_000;

/// Reads the first document of a file, or says what is wrong and on which line.
pub fn read(file: &Arc<str>, text: &str) -> Result<YamlNode, (u32, String)> {
    Ok(documents(file, text)?.swap_remove(0))
}

/// Reads the documents of a file, at least one, or says what is wrong and on which line.
pub(crate) fn documents(file: &Arc<str>, text: &str) -> Result<Vec<YamlNode>, (u32, String)> {
    if text.len() > LONGEST {
        return Err((1, format!("the file is larger than {} MiB", LONGEST >> 20)));
    }
    let mut text = Cow::Borrowed(text.trim_start_matches('\u{feff}'));
    let mut result = parsed(file, &text);
    for _ in 0..MOST_BRACKETS {
        let Err((line, _)) = &result else { break };
        let Some(moved) = bracket_moved(&text, *line) else { break };
        text = Cow::Owned(moved);
        result = parsed(file, &text);
    }
    result
}

/// The most brackets at the column of their key that a file may have. The file is read once more for each.
const MOST_BRACKETS: usize = 100;

/// Moves a closing bracket that begins a line to the right, where YAML 1.2 wants it: docker takes it at the column of its key.
fn bracket_moved(text: &str, line: u32) -> Option<String> {
    let start = match line {
        0 | 1 => 0,
        line => text.match_indices('\n').nth(line as usize - 2)?.0 + 1,
    };
    let body = text[start..].lines().next()?;
    let blank = body.len() - body.trim_start_matches(' ').len();
    let closes = body[blank..].starts_with([']', '}']) && blank < 2 * DEEPEST;
    closes.then(|| format!("{}{}{}", &text[..start], " ".repeat(2 * DEEPEST), &text[start..]))
}

fn parsed(file: &Arc<str>, text: &str) -> Result<Vec<YamlNode>, (u32, String)> {
    let mut build = TreeBuilder {
        file: Arc::clone(file),
        open: Vec::new(),
        anchors: BTreeMap::new(),
        size: TreeSize::default(),
        done: None,
    };
    let mut documents = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) =
            event.map_err(|error| (narrow(error.marker().line()), error.info().to_string()))?;
        let line = narrow(span.start.line());
        if matches!(event, Event::DocumentEnd) {
            documents.extend(build.done.take());
            build.anchors.clear();
            continue;
        }
        build.take(event, line).map_err(|message| (line, message))?;
    }
    if documents.is_empty() { Err((1, "the file is empty".to_string())) } else { Ok(documents) }
}

/// A collection that is not closed yet.
struct Open {
    node: YamlNode,
    anchor: usize,
    key: Option<String>,
}

struct TreeBuilder {
    file: Arc<str>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, (YamlNode, TreeSize)>,
    size: TreeSize,
    done: Option<YamlNode>,
}

impl TreeBuilder {
    fn take(&mut self, event: Event<'_>, line: u32) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                let null = plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let kind = if null { YamlKind::Null } else { YamlKind::Text(text.into_owned(), !plain) };
                let node = self.node(kind, line, tag.map(|tag| tag.suffix.clone()));
                // A key may be `null` too, by its letters.
                self.close(node, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                let node = self.node(YamlKind::List(Vec::new()), line, tag.map(|tag| tag.suffix.clone()));
                self.begin(node, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                let node = self.node(YamlKind::Map(Vec::new()), line, tag.map(|tag| tag.suffix.clone()));
                self.begin(node, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open { node, anchor, .. }) => self.close(merged(node), anchor),
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let (node, size) =
                    self.anchors.get(&anchor).cloned().ok_or("the alias names no anchor before it")?;
                self.count(size)?;
                self.close(node, 0)
            }
            _ => Ok(()),
        }
    }

    fn node(&self, kind: YamlKind, line: u32, tag: Option<String>) -> YamlNode {
        YamlNode { kind, line, file: Arc::clone(&self.file), tag }
    }

    fn count(&mut self, size: TreeSize) -> Result<(), String> {
        self.size = self.size + size;
        if self.size.nodes > MOST_NODES {
            return Err(format!(
                "the file holds more than {MOST_NODES} values, those that aliases copy included"
            ));
        }
        if self.size.bytes > MOST_BYTES {
            let most = MOST_BYTES >> 20;
            return Err(format!(
                "the file holds more than {most} MiB of text, that which aliases copy included"
            ));
        }
        Ok(())
    }

    fn begin(&mut self, node: YamlNode, anchor: usize) -> Result<(), String> {
        if self.open.len() >= DEEPEST {
            return Err(format!("the file is nested more than {DEEPEST} deep"));
        }
        self.open.push(Open { node, anchor, key: None });
        Ok(())
    }

    fn close(&mut self, node: YamlNode, anchor: usize) -> Result<(), String> {
        self.count(TreeSize { nodes: 1, bytes: node.text().map_or(0, str::len) })?;
        if anchor > 0 {
            let size = node.size();
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let Some(open) = self.open.last_mut() else {
            self.done.get_or_insert(node);
            return Ok(());
        };
        if open.node.items().len().max(open.node.entries().len()) >= MOST_ITEMS {
            return Err(format!("a list or map holds more than {MOST_ITEMS} values"));
        }
        match (&mut open.node.kind, open.key.take()) {
            (YamlKind::List(items), _) => items.push(node),
            (YamlKind::Map(entries), Some(key)) => {
                if key != "<<" && entries.iter().any(|(other, _)| *other == key) {
                    return Err(format!("the key `{key}` is there twice"));
                }
                entries.push((key, node));
            }
            (YamlKind::Map(_), None) => {
                open.key = Some(match node.kind {
                    YamlKind::Text(text, _) => text,
                    YamlKind::Null => String::new(),
                    _ => return Err("a key must be text".to_string()),
                });
            }
            _ => {}
        }
        Ok(())
    }
}

/// Applies `<<`: keys of the map itself win over merged ones, and earlier merges over later ones.
fn merged(mut node: YamlNode) -> YamlNode {
    let YamlKind::Map(entries) = &mut node.kind else { return node };
    let (merges, mut own): (Vec<_>, Vec<_>) =
        std::mem::take(entries).into_iter().partition(|(key, _)| key == "<<");
    for (_, merge) in merges {
        let sources = if merge.items().is_empty() { vec![merge] } else { merge.items().to_vec() };
        for (key, value) in sources.iter().flat_map(YamlNode::entries) {
            if !own.iter().any(|(other, _)| other == key) {
                own.push((key.clone(), value.clone()));
            }
        }
    }
    node.kind = YamlKind::Map(own);
    node
}

#[cfg(test)]
mod tests;
