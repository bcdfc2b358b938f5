//! The table as a page: `docs/language.md`.

use super::{Arguments, Children, ENVIRONMENT_NODES, Merge, Node, SERVICE_NODES, Scope, TOP_NODES};
use std::fmt::Write;

/// The reference of the language in Markdown.
pub fn reference() -> String {
    let mut page = String::from(HEAD);
    section(&mut page, "At the top of a file", TOP_NODES, 3);
    section(&mut page, "In a service, a task, a base and in `defaults`", SERVICE_NODES, 3);
    let removal: Vec<&Node> = ENVIRONMENT_NODES.iter().filter(|node| node.name == "remove").collect();
    page.push_str("## In an environment\n\nEverything from the top of a file but `include` and `environment`, laid over what is there, and:\n\n");
    removal.into_iter().for_each(|node| entry(&mut page, node, 3));
    page
}

/// The entries of every node of that name, wherever it may stand; empty where there is none.
pub fn entries(name: &str) -> String {
    let mut page = String::new();
    every_node(&mut |node| {
        if node.name == name {
            entry(&mut page, node, 1);
        }
    });
    page
}

/// The name of every node.
pub fn names() -> Vec<&'static str> {
    let mut names = Vec::new();
    every_node(&mut |node| names.push(node.name));
    names
}

fn every_node(visit: &mut impl FnMut(&'static Node)) {
    let mut open: Vec<&'static Node> = TOP_NODES.iter().chain(SERVICE_NODES).rev().collect();
    while let Some(node) = open.pop() {
        visit(node);
        if let Children::Nodes(nodes) = node.children {
            open.extend(nodes.iter().rev());
        }
    }
}

const HEAD: &str = "\
# The language

<!-- Generated from compiler/language; `UPDATE_GOLDEN=1 cargo test` rewrites it. -->

dpc reads [KDL 2](https://kdl.dev). The entry is `dpc.kdl` in the directory that is built. An unknown node, property or
value is an error. The order of declarations means nothing.

**Values** are text in quotes unless their type says otherwise, and may hold `{{ expressions }}`: `var`, `host` (`name`,
`address`, `labels`), `service.name`, `instance`, `ports.<name>`, and `needs.<name>` with `address`, `host`, `instance`, `ports`
and the list `instances`; of an external `address`, `port` and `endpoint`. A name with a dash is spelt with `_` there. What is
undefined is an error. Names of nodes (services, hosts, ports …) hold no expressions.

**Merging** goes from the defaults of the fleet to the bases in order, the service, and the environment. Under *later layers*
each node says what happens: it *replaces* the earlier one, its *properties* replace their namesakes, or it is one of
several *by name* and replaces its namesake. `dpc show NAME` prints the result and where each value comes from.

";

fn section(page: &mut String, title: &str, nodes: &[Node], level: usize) {
    let _ = writeln!(page, "## {title}\n");
    nodes.iter().for_each(|node| entry(page, node, level));
}

fn entry(page: &mut String, node: &Node, level: usize) {
    let _ = writeln!(
        page,
        "{} `{}`\n\n{}.\n\n```kdl\n{}\n```\n",
        "#".repeat(level),
        node.name,
        capital(node.help),
        node.example
    );
    let mut facts = arguments(node.arguments);
    if !node.default.is_empty() {
        facts.push(format!("default: {}", code(node.default)));
    }
    match node.scope {
        Scope::Both => {}
        Scope::Service => facts.push("services only".to_string()),
        Scope::Task => facts.push("tasks only".to_string()),
    }
    facts.push(format!("later layers: {}", merge(node.merge)));
    facts.iter().for_each(|fact| {
        let _ = writeln!(page, "- {fact}");
    });
    page.push('\n');
    properties(page, node);
    if let Children::Nodes(nodes) = node.children {
        nodes.iter().for_each(|child| entry(page, child, level + 1));
    }
}

fn arguments(arguments: Arguments) -> Vec<String> {
    let last = arguments.list.len().saturating_sub(1);
    let describe = |(index, argument): (usize, &super::Argument)| {
        let many = if index == last && arguments.most > arguments.list.len() { ", any number" } else { "" };
        let optional = if index >= arguments.least { ", may be left out" } else { "" };
        format!("`{}`: {}{many}{optional}", argument.name, argument.kind.words())
    };
    arguments.list.iter().enumerate().map(describe).collect()
}

fn properties(page: &mut String, node: &Node) {
    if node.properties.is_empty() {
        return;
    }
    page.push_str("| property | type | default | |\n|---|---|---|---|\n");
    for property in node.properties {
        let default = if property.required { "required".to_string() } else { code(property.default) };
        let _ = writeln!(
            page,
            "| `{}` | {} | {default} | {} |",
            property.name,
            cell(&property.kind.words()),
            cell(property.help)
        );
    }
    page.push('\n');
}

fn merge(merge: Merge) -> &'static str {
    match merge {
        Merge::Replace => "replace it",
        Merge::Properties => "their properties replace their namesakes",
        Merge::Named => "by name",
    }
}

/// A default that is a value stands as code, a sentence as text.
fn code(default: &str) -> String {
    let plain =
        default.is_empty() || default.contains(' ') || default.contains('`') || default.ends_with("'s");
    if plain || matches!(default, "none") { default.to_string() } else { format!("`{default}`") }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
