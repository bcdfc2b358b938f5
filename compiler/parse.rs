//! Sources → what they say. Holds every node to the table of the language.
//!
//! From then on every node, property and argument is one that the language knows, stands where it may, and has a value
//! of the right kind; no name is declared twice in one place. What a text says is `resolve`'s to judge.

mod foreign;
mod node;
mod unknown;

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::language::{Children, ENVIRONMENT_NODES, Node as Rule, TOP_NODES};
use crate::source::{FileId, Sources};
use crate::spec::{Block, Declarations, Environment, Setting, Spec};
use crate::syntax::{self, Document, Node, SyntaxError, Text, Value};
use std::borrow::Cow;
use std::collections::HashMap;

pub use node::{DUPLICATE, MISSING_ARGUMENT, MISSING_PROPERTY, NOT_HERE, TYPE_MISMATCH, UNEXPECTED_VALUE};
pub use unknown::{UNKNOWN_NODE, UNKNOWN_PROPERTY};

/// Text that is not KDL.
pub const SYNTAX: Fault = Fault::error(
    "syntax",
    "the files are KDL 2",
    "dpc reads KDL 2.0.0, see kdl.dev. Booleans are `#true` and `#false`, text with spaces stands in quotes, and every \
     node ends at the end of its line or at a `;`.",
);

/// Reads every file and sorts what it declares.
pub fn parse<'s>(sources: &'s Sources, report: &mut Report) -> Spec<'s> {
    let mut spec = Spec::default();
    for (file, source) in sources.iter() {
        for node in document(file, &source.text, report).nodes {
            top(node, &mut spec, report);
        }
    }
    duplicates(&spec.common, report);
    for environment in &spec.environments {
        duplicates(&environment.declarations, report);
    }
    spec
}

fn document<'s>(file: FileId, text: &'s str, report: &mut Report) -> Document<'s> {
    match syntax::read(file, text) {
        Ok(document) => document,
        Err(errors) => {
            errors.into_iter().for_each(|error| report.push(syntax_error(error)));
            Document::default()
        }
    }
}

/// A fault of the syntax as it is shown.
pub fn syntax_error(error: SyntaxError) -> Diagnostic {
    Diagnostic::new(&SYNTAX, error.message)
        .at(error.span, error.label.unwrap_or_default())
        .maybe_help(error.help)
}

fn top<'s>(mut node: Node<'s>, spec: &mut Spec<'s>, report: &mut Report) {
    let Some(rule) = unknown::find(TOP_NODES, &node, "at the top of a file", report) else { return };
    node::check(rule, &node, report);
    match rule.name {
        "include" => {}
        "environment" => environment(node, spec, report),
        _ => declare(rule, &mut node, &mut spec.common, report),
    }
}

/// Environments of one name add up: a service's file may say what differs for it in staging.
fn environment<'s>(node: Node<'s>, spec: &mut Spec<'s>, report: &mut Report) {
    let name = name_of(&node);
    let known = spec.environments.iter().position(|environment| environment.name.value == name.value);
    let index = known.unwrap_or_else(|| {
        let declarations = Declarations::default();
        spec.environments.push(Environment { name, declarations, removals: Vec::new() });
        spec.environments.len() - 1
    });
    let environment = &mut spec.environments[index];
    for mut child in node.children.unwrap_or_default() {
        let Some(rule) = unknown::find(ENVIRONMENT_NODES, &child, "in an environment", report) else {
            continue;
        };
        node::check(rule, &child, report);
        match rule.name {
            "remove" => environment.removals.push(Setting { rule, node: child }),
            _ => declare(rule, &mut child, &mut environment.declarations, report),
        }
    }
}

fn declare<'s>(
    rule: &'static Rule,
    node: &mut Node<'s>,
    declarations: &mut Declarations<'s>,
    report: &mut Report,
) {
    let mut node = std::mem::replace(node, empty());
    match rule.name {
        "var" => declarations.vars.push(Setting { rule, node }),
        "fleet" => {
            let defaults = take_children(&mut node, "defaults");
            declarations.blocks.push(block(rule, node, report));
            for child in defaults {
                let Some(rule) = rule.children.nodes().iter().find(|rule| rule.name == "defaults") else {
                    continue;
                };
                node::check(rule, &child, report);
                declarations.blocks.push(block(rule, child, report));
            }
        }
        _ => declarations.blocks.push(block(rule, node, report)),
    }
}

/// `fleet { defaults { … } }` is a block of its own: it holds what a service holds.
fn take_children<'s>(node: &mut Node<'s>, name: &str) -> Vec<Node<'s>> {
    let Some(children) = node.children.take() else { return Vec::new() };
    let (taken, kept) = children.into_iter().partition(|child| child.name.value == name);
    node.children = Some(kept);
    taken
}

fn block<'s>(rule: &'static Rule, node: Node<'s>, report: &mut Report) -> Block<'s> {
    let name = name_of(&node);
    let properties = node.entries.into_iter().filter(|entry| entry.name.is_some()).collect();
    let place = match rule.name {
        "defaults" => "in `defaults`".to_string(),
        kind => format!("in `{kind} \"{}\"`", name.value),
    };
    let mut settings = Vec::new();
    for child in node.children.unwrap_or_default() {
        collect(rule, child, &place, &mut settings, report);
    }
    node::check_duplicates(&settings, report);
    Block { rule, name, span: node.span, properties, settings }
}

/// Adds a child to the settings of a block. `defaults` of a fleet becomes part of the fleet as it stands.
fn collect<'s>(
    parent: &'static Rule,
    mut child: Node<'s>,
    place: &str,
    settings: &mut Vec<Setting<'s>>,
    report: &mut Report,
) {
    let Some(rule) = unknown::find(parent.children.nodes(), &child, place, report) else { return };
    if !node::check(rule, &child, report) || !node::fits(rule, parent, &child, report) {
        return;
    }
    match rule.children {
        Children::Any(value) => {
            for inner in child.children.take().unwrap_or_default() {
                if node::check_value_node(value, &inner, report) {
                    settings.push(Setting { rule, node: inner });
                }
            }
        }
        Children::Nodes(nodes) => {
            node::check_children(nodes, &child, report);
            settings.push(Setting { rule, node: child });
        }
        _ => settings.push(Setting { rule, node: child }),
    }
}

fn name_of<'s>(node: &Node<'s>) -> Text<'s> {
    let argument = node.arguments().next().map(|entry| (entry.value.clone(), entry.value_span));
    match argument {
        Some((Value::Text(value), span)) => Text { value, span },
        _ => Text { value: Cow::Borrowed(""), span: node.span },
    }
}

fn empty<'s>() -> Node<'s> {
    let name = Text { value: Cow::Borrowed(""), span: Default::default() };
    Node { annotation: None, name, entries: Vec::new(), children: None, span: Default::default() }
}

/// Services, tasks and externals are all needed by name, so they share their names.
fn duplicates(declarations: &Declarations<'_>, report: &mut Report) {
    let mut seen: HashMap<(&str, &str), &Block<'_>> = HashMap::new();
    for block in &declarations.blocks {
        let space = match block.rule.name {
            "task" | "external" => "service",
            kind => kind,
        };
        let name = match space {
            "fleet" | "defaults" => "",
            // A block without a name is reported as that.
            _ if block.name.value.is_empty() => continue,
            _ => &*block.name.value,
        };
        if let Some(first) = seen.insert((space, name), block) {
            report.push(node::duplicate_block(first, block));
        }
    }
    let mut vars: HashMap<&str, &Setting<'_>> = HashMap::new();
    for var in &declarations.vars {
        if let Some(first) = vars.insert(var.key(), var) {
            report.push(node::duplicate_setting(first, var));
        }
    }
}
