//! The declarations of the files, as written: every node known, with its place, and nothing merged or evaluated yet.

use crate::kdl::{Entry, Node, Text};
use crate::language::Node as Rule;
use crate::text::Span;
use std::collections::BTreeMap;

/// All declarations of a project.
#[derive(Debug, Default)]
pub struct Spec<'d> {
    /// The declarations for every environment.
    pub common: Declarations<'d>,
    /// The declarations that each environment adds, by name.
    pub environments: BTreeMap<&'d str, Environment<'d>>,
}

/// `environment "staging" { … }`.
#[derive(Debug)]
pub struct Environment<'d> {
    /// Its name.
    pub name: Text<'d>,
    /// Its declarations.
    pub declarations: Declarations<'d>,
    /// The blocks that it takes away.
    pub removals: Vec<Setting<'d>>,
}

/// The blocks of the top level, or of an environment.
#[derive(Debug, Default)]
pub struct Declarations<'d> {
    /// `fleet`, `host`, `base`, `service`, `task` and `external`, in the order written.
    pub blocks: Vec<Block<'d>>,
    /// `var`.
    pub vars: Vec<Setting<'d>>,
}

/// A node with a name and settings.
#[derive(Debug)]
pub struct Block<'d> {
    /// Its row in the table of the language.
    pub rule: &'static Rule,
    /// Its name, the first argument.
    pub name: Text<'d>,
    /// Its head.
    pub span: Span,
    /// The node; some of its children are blocks of their own.
    pub node: Node<'d>,
    /// Its children.
    pub settings: Vec<Setting<'d>>,
    /// Bytes that these take of the budget for the settings of all containers.
    pub size: usize,
}

/// One child of a block: a setting of a service, a host or the fleet.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'d> {
    /// Its row in the table of the language.
    pub rule: &'static Rule,
    /// The node. Of `env { KEY "value" }` each inner node is a setting of its own.
    pub node: Node<'d>,
}

impl<'d> Spec<'d> {
    /// The environment of that name. Those of one name add up: a service's file may say what differs for it in staging.
    pub fn environment(&mut self, name: Text<'d>) -> &mut Environment<'d> {
        let new = || Environment { name, declarations: Declarations::default(), removals: Vec::new() };
        self.environments.entry(name.value).or_insert_with(new)
    }

    /// Adds what is declared further down.
    pub fn add(&mut self, other: Spec<'d>) {
        self.common.add(other.common);
        for other in other.environments.into_values() {
            let environment = self.environment(other.name);
            environment.declarations.add(other.declarations);
            environment.removals.extend(other.removals);
        }
    }
}

impl<'d> Declarations<'d> {
    fn add(&mut self, other: Declarations<'d>) {
        self.blocks.extend(other.blocks);
        self.vars.extend(other.vars);
    }

    /// The blocks of one kind.
    pub fn of(&self, kind: &'static str) -> impl Iterator<Item = &Block<'d>> {
        self.blocks.iter().filter(move |block| block.rule.name == kind)
    }

    /// The block of that kind and name.
    pub fn find(&self, kind: &'static str, name: &str) -> Option<&Block<'d>> {
        self.of(kind).find(|block| block.name.value == name)
    }
}

impl<'d> Block<'d> {
    /// The property of that name.
    pub fn property(&self, name: &str) -> Option<Entry<'d>> {
        self.node.property(name)
    }

    /// The first setting of that name.
    pub fn setting(&self, name: &str) -> Option<&Setting<'d>> {
        self.settings.iter().find(|setting| setting.rule.name == name)
    }
}

impl<'d> Setting<'d> {
    /// Returns what tells it from others of its kind: the variable of an `env`, the address of a `reserve`, else the first argument as text.
    pub fn key(&self) -> &'d str {
        match self.rule.name {
            // The ports of each address are a line of their own.
            "reserve" => self.node.property("address").and_then(Entry::as_text).unwrap_or(""),
            "env" => self.node.name(),
            _ => self.node.arguments().next().and_then(Entry::as_text).unwrap_or(""),
        }
    }
}
