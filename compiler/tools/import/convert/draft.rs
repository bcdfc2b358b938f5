//! A service while it is written: its nodes so far, and the handling of its keys.

use super::together::{DecisionGroups, Together};
use super::values::literal;
use super::variables::VariableNames;
use super::{ImportContext, entry};
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::language::{Merge, SERVICE_NODES, service_node};
use crate::tools::import::found::{FoundContainer, Setting};
use crate::tools::import::place::Place;
use crate::tools::import::report::{Handling, ReportEntry};
use crate::tools::import::shell::{OPEN, shown, variables};
use crate::value::docker_flags::{InArguments, in_arguments};

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
    notes: &'d mut ImportNotes,
}

/// What all services of an import write into.
#[derive(Default)]
pub(crate) struct ImportNotes {
    /// The handling of every key so far.
    pub(crate) entries: Vec<ReportEntry>,
    /// Variables without a value.
    pub(crate) variables: VariableNames,
    /// Decisions that are asked once.
    pub(crate) groups: DecisionGroups,
}

impl<'d, 'f> WorkloadDraft<'d, 'f> {
    /// An empty one.
    pub(super) fn new(index: usize, known: &'d ImportContext<'f>, notes: &'d mut ImportNotes) -> Self {
        let task = known.tasks.contains(&index);
        Self { known, index, task, nodes: Vec::new(), comments: Vec::new(), raw: Vec::new(), notes }
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
        self.notes.entries.push(entry(fate, self.known.names.own(self.index), place, words));
    }

    /// Leaves a key to a person, with a comment before the service.
    pub(crate) fn decide(&mut self, place: &Place, words: impl Into<String>) {
        let words = words.into();
        self.comments.push(shown(&format!("decide: {}: {words}", place.key)));
        self.say(Handling::Decide, place, words);
    }

    /// Reports a key as changed, and asks a person about it together with others. `item` names it there.
    pub(crate) fn decide_together(
        &mut self,
        group: Together,
        place: &Place,
        item: impl Into<String>,
        words: impl Into<String>,
    ) {
        self.ask_together(group, place, item.into());
        self.say(Handling::Changed, place, words);
    }

    /// Asks a person about something together with others.
    pub(crate) fn ask_together(&mut self, group: Together, place: &Place, item: String) {
        self.notes.groups.add(group, place, item);
    }

    /// Returns whether the source says that it starts without the other container.
    pub(crate) fn is_optional(&self, target: usize) -> bool {
        self.container().settings.iter().any(|setting| match &setting.value {
            Setting::Need(need) => !need.required && self.known.names.of(&need.name) == Some(target),
            _ => false,
        })
    }

    /// Adds a node for a key. It replaces one with the same name, or the same name and first argument.
    pub(crate) fn carry(&mut self, node: NodeDraft, place: &Place) {
        self.say(Handling::Carried, place, described(&node));
        self.put(node);
    }

    /// Adds a node, with a comment for the person who must decide about it.
    pub(crate) fn carry_doubtful(&mut self, mut node: NodeDraft, place: &Place, words: impl Into<String>) {
        let words = shown(&words.into());
        node.comments.push(format!("decide: {words}"));
        self.say(Handling::Decide, place, words);
        self.put(node);
    }

    /// A node without a word about it.
    pub(crate) fn put(&mut self, mut node: NodeDraft) {
        self.fill_in(&mut node);
        let by_name = service_node(&node.name).is_some_and(|rule| rule.merge == Merge::Named);
        let same = |other: &NodeDraft| {
            other.name == node.name && (!by_name || other.arguments.first() == node.arguments.first())
        };
        self.nodes.retain(|other| !same(other));
        self.nodes.push(node);
    }

    /// A property of a node that is there once.
    pub(crate) fn property(&mut self, node: &str, name: &str, value: impl Into<NodeValue>, place: &Place) {
        let value = match value.into() {
            NodeValue::Text(text) if text.contains(OPEN) => NodeValue::Text(self.literal(&text)),
            value => value,
        };
        let node = self.once(node);
        node.properties.retain(|(other, _)| other != name);
        node.properties.push((name.to_string(), value));
        let words = format!("{} {name}=", node.name);
        self.say(Handling::Carried, place, words.trim_end_matches('=').to_string());
    }

    /// Writes placeholders as expressions, wherever they are.
    fn fill_in(&mut self, node: &mut NodeDraft) {
        let properties = node.properties.iter_mut().map(|(_, value)| value);
        for value in node.arguments.iter_mut().chain(properties) {
            if let NodeValue::Text(text) = value
                && text.contains(OPEN)
            {
                *text = literal(text, &mut self.notes.variables);
            }
        }
        node.children.iter_mut().for_each(|child| self.fill_in(child));
    }

    /// The nodes with a name.
    pub(crate) fn nodes_mut(&mut self, name: &str) -> impl Iterator<Item = &mut NodeDraft> {
        self.nodes.iter_mut().filter(move |node| node.name == name)
    }

    /// Remembers the variables of an image's reference.
    pub(crate) fn note_image(&mut self, image: &str) {
        variables(image).iter().for_each(|name| self.notes.variables.in_image(name));
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

    /// The paths in the container that it mounts something at.
    pub(crate) fn mounted(&self) -> Vec<String> {
        let mounts = self.nodes.iter().filter(|node| matches!(&*node.name, "volume" | "tmpfs" | "file"));
        let path = |node: &NodeDraft| match node.arguments.first() {
            Some(NodeValue::Text(path)) => Some(path.clone()),
            _ => None,
        };
        mounts.filter_map(path).collect()
    }

    /// A flag that docker gets as it is, where it may.
    pub(crate) fn raw(&mut self, flag: &str, place: &Place) {
        let name = flag.trim_start_matches("--").split('=').next().unwrap_or_default();
        match in_arguments(name) {
            Some(InArguments::Said(node)) => {
                let words = format!("`{}` is nothing that `{node}` can say", shown(flag));
                return self.decide(place, words);
            }
            Some(InArguments::Refused(why)) => return self.say(Handling::Lost, place, why),
            _ => {}
        }
        let text = self.literal(flag);
        self.raw.push(NodeValue::Text(text));
        self.say(Handling::Carried, place, "docker-args, as it is");
    }

    /// A value as dpc reads it back.
    pub(crate) fn literal(&mut self, text: &str) -> String {
        literal(text, &mut self.notes.variables)
    }

    /// Returns the node of the whole service, its children in the order of the language.
    pub(super) fn finish(mut self) -> NodeDraft {
        if !self.raw.is_empty() {
            let names = super::resolved::flags(self.known).into_iter().map(NodeValue::Text);
            let arguments = std::mem::take(&mut self.raw).into_iter().chain(names).collect();
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
