//! The files of a project → secrets anywhere in them: a diagnostic about one line may repeat the text of another.

use super::lines::spans;
use crate::kdl::{Node, Nodes, Value, whole};
use crate::secret::{Known, Spans, assigned_in_text, is_made_up, is_node, is_secret_value, looks_secret};
use crate::text::{FileId, Sources, Span};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

/// Maximum bytes of files that are searched. From files beyond it, a diagnostic masks the lines that it shows.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Maximum number of secrets that are looked for.
const MOST_SECRETS: usize = 10_000;

/// Nodes whose first argument is a name, which is no secret.
const DECLARE: [&str; 7] = ["fleet", "host", "service", "task", "base", "external", "environment"];

/// The files of a project, and the secrets in them. They are found when the first diagnostic is printed.
pub(super) struct ProjectSecrets<'s> {
    pub(super) sources: &'s Sources,
    known: OnceCell<Known>,
    /// Secrets of lines, found once for all diagnostics about them.
    lines: RefCell<BTreeMap<Span, Rc<LineSecrets>>>,
}

/// The secrets of some lines.
pub(super) struct LineSecrets {
    texts: Vec<String>,
    found: Vec<Range<usize>>,
    known: OnceCell<Known>,
    spans: OnceCell<Vec<Range<usize>>>,
}

impl LineSecrets {
    fn new(text: &str) -> Self {
        let spans = spans(text);
        let texts = spans.iter().map(|span| text[span.clone()].to_string()).collect();
        Self { texts, found: spans, known: OnceCell::new(), spans: OnceCell::new() }
    }

    pub(super) fn known(&self) -> &Known {
        self.known.get_or_init(|| Known::near(self.texts.iter().cloned()))
    }

    /// Returns where in the lines they stand, and those of the project.
    pub(super) fn spans(&self, text: &str, project: &Known) -> &[Range<usize>] {
        self.spans.get_or_init(|| {
            let mut spans = Spans::from(self.found.clone());
            self.known().find(text, &mut spans);
            project.find(text, &mut spans);
            spans.merged()
        })
    }
}

impl<'s> ProjectSecrets<'s> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        Self { sources, known: OnceCell::new(), lines: RefCell::default() }
    }

    pub(super) fn known(&self) -> &Known {
        self.known.get_or_init(|| known(self.sources))
    }

    pub(super) fn lines(&self, lines: Span) -> Rc<LineSecrets> {
        let found = || Rc::new(LineSecrets::new(self.sources.text(lines)));
        self.lines.borrow_mut().entry(lines).or_insert_with(found).clone()
    }
}

/// Finds what looks like a secret, without everyday words and the names of services and hosts.
fn known(sources: &Sources) -> Known {
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

    /// `NAME "value"`, `name="value"`, `"--name" "value"`, and everything in a `secret` node where a path should stand.
    fn node(&mut self, node: Node<'_>) {
        let mut before = node.name();
        let mut is_name = node.name() == "secret";
        for entry in node.entries() {
            let (Value::Text(text) | Value::Number(text)) = entry.value() else { continue };
            let is_misplaced = node.name() == "secret" && !is_name && !text.starts_with('/');
            let is_named = match entry.name() {
                Some(name) => name != "key" && looks_secret(name),
                None => !is_node(before) && looks_secret(before),
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
