//! What the files say, as written: every node known, with its place, and nothing merged or evaluated yet.

use crate::language::Node as Rule;
use crate::source::Span;
use crate::syntax::{Entry, Node, Text, Value};

/// All declarations of a project.
#[derive(Debug, Default)]
pub struct Spec<'s> {
    /// What holds in every environment.
    pub common: Declarations<'s>,
    /// What each environment lays over it.
    pub environments: Vec<Environment<'s>>,
}

/// `environment "staging" { … }`.
#[derive(Debug)]
pub struct Environment<'s> {
    /// Its name.
    pub name: Text<'s>,
    /// What it declares.
    pub declarations: Declarations<'s>,
    /// What it takes away.
    pub removals: Vec<Setting<'s>>,
}

/// The blocks of the top level, or of an environment.
#[derive(Debug, Default)]
pub struct Declarations<'s> {
    /// `fleet`, `host`, `base`, `service`, `task` and `external`, in the order written.
    pub blocks: Vec<Block<'s>>,
    /// `var`.
    pub vars: Vec<Setting<'s>>,
}

/// A node with a name and settings.
#[derive(Debug)]
pub struct Block<'s> {
    /// Its row in the table of the language.
    pub rule: &'static Rule,
    /// Its name, the first argument.
    pub name: Text<'s>,
    /// Its head.
    pub span: Span,
    /// Its properties.
    pub properties: Vec<Entry<'s>>,
    /// Its children.
    pub settings: Vec<Setting<'s>>,
}

/// One child of a block: a setting of a service, a host or the fleet.
#[derive(Debug)]
pub struct Setting<'s> {
    /// Its row in the table of the language.
    pub rule: &'static Rule,
    /// What is written. Of `env { KEY "value" }` each inner node is a setting of its own.
    pub node: Node<'s>,
}

impl<'s> Declarations<'s> {
    /// The blocks of one kind.
    pub fn of(&self, kind: &'static str) -> impl Iterator<Item = &Block<'s>> {
        self.blocks.iter().filter(move |block| block.rule.name == kind)
    }

    /// The block of that kind and name.
    pub fn find(&self, kind: &'static str, name: &str) -> Option<&Block<'s>> {
        self.of(kind).find(|block| block.name.value == name)
    }
}

impl<'s> Block<'s> {
    /// The property of that name.
    pub fn property(&self, name: &str) -> Option<&Entry<'s>> {
        self.properties.iter().find(|entry| entry.name.as_ref().is_some_and(|found| found.value == name))
    }

    /// The first setting of that name.
    pub fn setting(&self, name: &str) -> Option<&Setting<'s>> {
        self.settings.iter().find(|setting| setting.rule.name == name)
    }
}

impl<'s> Setting<'s> {
    /// What tells it from others of its kind: the variable of an `env`, else the first argument as text.
    pub fn key(&self) -> &str {
        match self.rule.name {
            "env" => &self.node.name.value,
            _ => self.node.arguments().next().and_then(Entry::as_text).unwrap_or(""),
        }
    }
}

impl<'s> Node<'s> {
    /// The arguments, in order.
    pub fn arguments(&self) -> impl Iterator<Item = &Entry<'s>> {
        self.entries.iter().filter(|entry| entry.name.is_none())
    }

    /// The properties, in order.
    pub fn properties(&self) -> impl Iterator<Item = &Entry<'s>> {
        self.entries.iter().filter(|entry| entry.name.is_some())
    }

    /// The property of that name.
    pub fn property(&self, name: &str) -> Option<&Entry<'s>> {
        self.properties().find(|entry| entry.name.as_ref().is_some_and(|found| found.value == name))
    }
}

impl<'s> Entry<'s> {
    /// The value where it is text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}
