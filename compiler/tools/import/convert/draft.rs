//! A service while it is written: its nodes so far, and the handling of its keys.

use super::values::literal;
use super::{ImportContext, entry};
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::language::SERVICE_NODES;
use crate::tools::import::found::FoundContainer;
use crate::tools::import::place::Place;
use crate::tools::import::report::{Handling, ReportEntry};
use std::collections::BTreeSet;

/// A service or task that is being written.
pub(crate) struct WorkloadDraft<'d, 'f> {
    /// The context of the whole import.
    pub(crate) known: &'d ImportContext<'f>,
    /// The index of the container.
    pub(crate) index: usize,
    /// Set for a task.
    pub(crate) task: bool,
    nodes: Vec<NodeDraft>,
    comments: Vec<String>,
    raw: Vec<NodeValue>,
    entries: &'d mut Vec<ReportEntry>,
    variables: &'d mut BTreeSet<String>,
}

impl<'d, 'f> WorkloadDraft<'d, 'f> {
    /// An empty one.
    pub(super) fn new(
        index: usize,
        known: &'d ImportContext<'f>,
        entries: &'d mut Vec<ReportEntry>,
        variables: &'d mut BTreeSet<String>,
    ) -> Self {
        let task = known.tasks.contains(&index);
        Self {
            known,
            index,
            task,
            nodes: Vec::new(),
            comments: Vec::new(),
            raw: Vec::new(),
            entries,
            variables,
        }
    }

    /// The container that it is made from.
    pub(crate) fn container(&self) -> &'f FoundContainer {
        &self.known.found.containers[self.index]
    }

    /// Its name.
    pub(super) fn name(&self) -> &'d str {
        self.known.names.own(self.index)
    }

    /// Reports the handling of a key.
    pub(crate) fn say(&mut self, fate: Handling, place: &Place, words: impl Into<String>) {
        self.entries.push(entry(fate, self.known.names.own(self.index), place, words));
    }

    /// Leaves a key to a person, with a comment before the service.
    pub(crate) fn decide(&mut self, place: &Place, words: impl Into<String>) {
        let words = words.into();
        self.comments.push(format!("decide: {}: {words}", place.key));
        self.say(Handling::Decide, place, words);
    }

    /// Adds a node for a key. It replaces one with the same name, or the same name and first argument.
    pub(crate) fn carry(&mut self, node: NodeDraft, place: &Place) {
        self.say(Handling::Carried, place, described(&node));
        self.put(node);
    }

    /// Adds a node, with a comment for the person who must decide about it.
    pub(crate) fn carry_doubtful(&mut self, mut node: NodeDraft, place: &Place, words: impl Into<String>) {
        let words = words.into();
        node.comments.push(format!("decide: {words}"));
        self.say(Handling::Decide, place, words);
        self.put(node);
    }

    /// A node without a word about it.
    pub(crate) fn put(&mut self, node: NodeDraft) {
        let by_name =
            !matches!(&*node.name, "image" | "user" | "command" | "entrypoint" | "workdir" | "network");
        let same = |other: &NodeDraft| {
            other.name == node.name && (!by_name || other.arguments.first() == node.arguments.first())
        };
        self.nodes.retain(|other| !same(other));
        self.nodes.push(node);
    }

    /// A property of a node that is there once.
    pub(crate) fn property(&mut self, node: &str, name: &str, value: impl Into<NodeValue>, place: &Place) {
        let node = self.once(node);
        node.properties.retain(|(other, _)| other != name);
        node.properties.push((name.to_string(), value.into()));
        let words = format!("{} {name}=", node.name);
        self.say(Handling::Carried, place, words.trim_end_matches('=').to_string());
    }

    /// Returns the node with this name, and makes it if it is missing.
    pub(crate) fn once(&mut self, name: &str) -> &mut NodeDraft {
        let at = self.nodes.iter().position(|node| node.name == name).unwrap_or_else(|| {
            self.nodes.push(NodeDraft::new(name));
            self.nodes.len() - 1
        });
        &mut self.nodes[at]
    }

    /// Returns whether a node has this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.nodes.iter().any(|node| node.name == name)
    }

    /// A flag that docker gets as it is.
    pub(crate) fn raw(&mut self, flag: &str, place: &Place) {
        let text = self.literal(flag);
        self.raw.push(NodeValue::Text(text));
        self.say(Handling::Carried, place, "docker-args, as it is");
    }

    /// A value as dpc reads it back.
    pub(crate) fn literal(&mut self, text: &str) -> String {
        literal(text, self.variables)
    }

    /// Returns the node of the whole service, its children in the order of the language.
    pub(super) fn finish(mut self) -> NodeDraft {
        if !self.raw.is_empty() {
            let arguments = std::mem::take(&mut self.raw);
            self.nodes.push(NodeDraft { arguments, ..NodeDraft::new("docker-args") });
        }
        let order = |node: &NodeDraft| SERVICE_NODES.iter().position(|rule| rule.name == node.name);
        self.nodes.sort_by_key(order);
        let kind = if self.task { "task" } else { "service" };
        NodeDraft {
            children: self.nodes,
            comments: self.comments,
            ..NodeDraft::new(kind).argument(self.known.names.own(self.index))
        }
    }
}

/// Prints a node in a few words, without values of variables.
fn described(node: &NodeDraft) -> String {
    match node.arguments.first() {
        Some(NodeValue::Text(text)) if !matches!(&*node.name, "command" | "entrypoint") => {
            format!("{} \"{text}\"", node.name)
        }
        _ => node.name.clone(),
    }
}
