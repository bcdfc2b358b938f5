//! The files of a project → what looks like a secret anywhere in them: a diagnostic about one line may repeat what another says.

use crate::kdl::{Node, Nodes, Value, whole};
use crate::secret::{Known, assigned_in_text, is_made_up, is_secret_value, looks_secret};
use crate::text::{FileId, Sources};
use std::collections::BTreeSet;

/// Bytes of files that are gone through; of what lies beyond, a diagnostic knows the lines that it shows.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Secrets that are looked for.
const MOST_SECRETS: usize = 10_000;

/// Nodes whose first argument is a name, which is no secret.
const DECLARE: [&str; 7] = ["fleet", "host", "service", "task", "base", "external", "environment"];

/// What looks like a secret, but for words of every day and for what services and hosts are called.
pub(crate) fn known(sources: &Sources) -> &Known {
    sources.secrets(|| {
        let mut found = FoundSecrets::default();
        let mut left = MOST_BYTES;
        for (file, source) in sources.iter() {
            left = left.saturating_sub(source.text.len());
            if left == 0 {
                break;
            }
            found.file(file, &source.text);
        }
        let names = found.names.iter().map(String::as_str);
        Known::new(found.secrets.into_iter().take(MOST_SECRETS), names)
    })
}

#[derive(Default)]
struct FoundSecrets {
    secrets: BTreeSet<String>,
    names: BTreeSet<String>,
}

impl FoundSecrets {
    fn file(&mut self, file: FileId, text: &str) {
        match whole(file, text) {
            Ok(document) => {
                let declared = document.nodes().filter(|node| DECLARE.contains(&node.name()));
                let declared = declared.filter_map(|node| node.arguments().next()?.as_text());
                self.names.extend(declared.map(str::to_string));
                self.nodes(document.nodes());
            }
            Err(_) => self.text(text),
        }
    }

    fn nodes(&mut self, nodes: Nodes<'_>) {
        for node in nodes {
            self.node(node);
            node.children().into_iter().for_each(|nodes| self.nodes(nodes));
        }
    }

    /// `NAME "value"`, `name="value"`, `"--name" "value"`, and all that stands in a `secret` node where a path should.
    fn node(&mut self, node: Node<'_>) {
        let mut before = node.name();
        let mut is_name = node.name() == "secret";
        for entry in node.entries() {
            let (Value::Text(text) | Value::Number(text)) = entry.value() else { continue };
            let is_misplaced = node.name() == "secret" && !is_name && !text.starts_with('/');
            let is_named = match entry.name() {
                Some(name) => name != "key" && looks_secret(name),
                None => before != "secret" && looks_secret(before),
            };
            if is_named && is_secret_value(text) || is_misplaced && entry.name() != Some("path") {
                self.secret(text);
            } else {
                self.text(text);
            }
            if entry.name().is_none() {
                (before, is_name) = (text, false);
            }
        }
    }

    fn text(&mut self, text: &str) {
        assigned_in_text(text).into_iter().for_each(|span| self.secret(&text[span]));
    }

    fn secret(&mut self, text: &str) {
        if is_made_up(text) {
            self.secrets.insert(text.to_string());
        }
    }
}
