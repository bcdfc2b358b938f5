//! Trees → a `Spec`. Holds every node to the table of the language.
//!
//! From then on every node, property and argument is one that the language knows, stands where it may, and has a value
//! of the right kind; no name is declared twice in one place. What a text says is `resolve`'s to judge.

mod documents;
mod foreign;
mod node;
mod unknown;

use crate::diagnostic::{Fault, Report};
use crate::front::limits::{ROOM_A_SETTING, size};
use crate::kdl::{Document, Node, Text};
use crate::language::{Children, ENVIRONMENT_NODES, Node as Rule, TOP_NODES};
use crate::model::spec::{Block, Declarations, Setting, Spec};
use std::collections::HashMap;

pub use documents::{documents, syntax_error};
pub(crate) use node::{
    DUPLICATE, MISSING_ARGUMENT, MISSING_PROPERTY, NOT_HERE, TYPE_MISMATCH, UNEXPECTED_VALUE,
};
pub(crate) use unknown::{UNKNOWN_NODE, UNKNOWN_PROPERTY};

/// Text that is not KDL.
pub(crate) const SYNTAX: Fault = Fault::error(
    "syntax",
    "the files are KDL 2",
    "dpc reads KDL 2.0.0, see kdl.dev. Booleans are `#true` and `#false`, text with spaces stands in quotes, and every \
     node ends at the end of its line or at a `;`.",
);

/// Sorts what the files declare.
pub fn parse<'d>(documents: &'d [Document], report: &mut Report) -> Spec<'d> {
    let of_share = |share: Vec<Node<'d>>, report: &mut Report| {
        let mut spec = Spec::default();
        share.into_iter().for_each(|node| top(node, &mut spec, report));
        spec
    };
    let mut spec = Spec::default();
    let nodes = |faulty| {
        documents.iter().filter(move |document| document.is_faulty() == faulty).flat_map(Document::nodes)
    };
    report.in_shares(nodes(false).collect(), of_share).into_iter().for_each(|part| spec.add(part));
    // The rest of a faulty file may only seem wrong because part of it could not be read.
    spec.add(of_share(nodes(true).collect(), &mut Report::default()));
    duplicates(&spec.common, report);
    for environment in spec.environments.values() {
        duplicates(&environment.declarations, report);
    }
    spec
}

fn top<'d>(node: Node<'d>, spec: &mut Spec<'d>, report: &mut Report) {
    let Some(rule) = unknown::find(TOP_NODES, node, "at the top of a file", report) else { return };
    node::check(rule, node, report);
    match rule.name {
        "include" => {}
        "environment" => environment(node, spec, report),
        _ => declare(rule, node, &mut spec.common, report),
    }
}

fn environment<'d>(node: Node<'d>, spec: &mut Spec<'d>, report: &mut Report) {
    let environment = spec.environment(name_of(node));
    for child in node.children().into_iter().flatten() {
        let Some(rule) = unknown::find(ENVIRONMENT_NODES, child, "in an environment", report) else {
            continue;
        };
        node::check(rule, child, report);
        match rule.name {
            "remove" => environment.removals.push(Setting { rule, node: child }),
            _ => declare(rule, child, &mut environment.declarations, report),
        }
    }
}

/// `fleet { defaults { … } }` is a block of its own: it holds what a service holds.
fn declare<'d>(
    rule: &'static Rule,
    node: Node<'d>,
    declarations: &mut Declarations<'d>,
    report: &mut Report,
) {
    if rule.name == "var" {
        declarations.vars.push(Setting { rule, node });
        return;
    }
    declarations.blocks.push(block(rule, node, report));
    let Some(defaults) = own_blocks(rule) else { return };
    for child in node.children().into_iter().flatten().filter(|child| child.name() == defaults.name) {
        node::check(defaults, child, report);
        declarations.blocks.push(block(defaults, child, report));
    }
}

/// The row of what in a block of this kind is a block of its own.
fn own_blocks(rule: &'static Rule) -> Option<&'static Rule> {
    let children = if rule.name == "fleet" { rule.children.nodes() } else { &[] };
    children.iter().find(|rule| rule.name == "defaults")
}

fn block<'d>(rule: &'static Rule, node: Node<'d>, report: &mut Report) -> Block<'d> {
    let name = name_of(node);
    let place = match rule.name {
        "defaults" => "in `defaults`".to_string(),
        kind => format!("in `{kind} \"{}\"`", name.value),
    };
    let own = own_blocks(rule).map(|rule| rule.name);
    let mut settings = Vec::new();
    for child in node.children().into_iter().flatten().filter(|child| Some(child.name()) != own) {
        collect(rule, child, &place, &mut settings, report);
    }
    node::check_duplicates(&settings, report);
    let size = ROOM_A_SETTING + settings.iter().map(|setting| size(setting.node)).sum::<usize>();
    Block { rule, name, span: node.span(), node, settings, size }
}

/// Adds a child to the settings of a block.
fn collect<'d>(
    parent: &'static Rule,
    child: Node<'d>,
    place: &str,
    settings: &mut Vec<Setting<'d>>,
    report: &mut Report,
) {
    let Some(rule) = unknown::find(parent.children.nodes(), child, place, report) else { return };
    if !node::check(rule, child, report) || !node::fits(rule, parent, child, report) {
        return;
    }
    match rule.children {
        Children::Any(value) => {
            for inner in child.children().into_iter().flatten() {
                if node::check_value_node(value, inner, report) {
                    settings.push(Setting { rule, node: inner });
                }
            }
        }
        Children::Nodes(nodes) => {
            node::check_children(nodes, child, report);
            settings.push(Setting { rule, node: child });
        }
        _ => settings.push(Setting { rule, node: child }),
    }
}

fn name_of(node: Node<'_>) -> Text<'_> {
    let argument = node.arguments().next();
    let named = argument.and_then(|entry| Some(Text { value: entry.as_text()?, span: entry.value_span() }));
    named.unwrap_or(Text { value: "", span: node.span() })
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
            _ => block.name.value,
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
