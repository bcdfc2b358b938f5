//! Unknown words, and the known ones that were meant.

use super::foreign::translated;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::kdl::{Entry, Node};
use crate::language::{Children, ENVIRONMENT_NODES, Node as Rule, SERVICE_NODES, TOP_NODES};
use crate::value::suggest::nearest;

/// A node that the language does not have, or not at this place.
pub(crate) const UNKNOWN_NODE: Fault = Fault::error(
    "unknown-node",
    "every node is one of the language, and stands where it may",
    "A setting that is passed over in silence is one you believe to be in force. A misspelt `volume` would write into the \
     image's layer; a misspelt `memory` would limit nothing.",
);
/// A property that the node does not have.
pub(crate) const UNKNOWN_PROPERTY: Fault = Fault::error(
    "unknown-property",
    "every property is one that its node has",
    "A property that is passed over in silence is one you believe to be in force.",
);

/// Returns the row of the table for a node, among those that may stand at `place`.
pub(crate) fn find(
    rules: &'static [Rule],
    node: Node<'_>,
    place: &str,
    report: &mut Report,
) -> Option<&'static Rule> {
    let name = node.name();
    let found = rules.iter().find(|rule| rule.name == name);
    if found.is_none() {
        report.push(unknown(rules, node, place));
    }
    found
}

fn unknown(rules: &'static [Rule], node: Node<'_>, place: &str) -> Diagnostic {
    let name = node.name();
    let diagnostic = Diagnostic::new(&UNKNOWN_NODE, format!("there is no `{name}` {place}"));
    let (label, help) = advice(rules, name);
    diagnostic.at(node.name_span(), label).help(help)
}

/// Returns what to write instead: dpc's word for that of another tool, the property that was meant, the place where the node
/// stands, the nearest word, or all that may stand there.
fn advice(rules: &'static [Rule], name: &str) -> (&'static str, String) {
    let in_service = rules.iter().any(|rule| rule.name == "image");
    if let Some(instead) = translated(name).filter(|_| in_service) {
        return ("unknown here", format!("write {instead}"));
    }
    if let Some((_, home)) = TABLES.into_iter().find(|(rules, _)| holds(rules, name)) {
        return ("not here", format!("`{name}` stands {home}"));
    }
    let owners = rules.iter().filter(|rule| rule.property(name).is_some());
    let owners: Vec<&str> = owners.map(|rule| rule.name).collect();
    if !owners.is_empty() {
        return ("not a node", format!("it is a property, `{name}=…`, of {}", list(&owners)));
    }
    let blocks = TOP_NODES.iter().chain(SERVICE_NODES);
    let mut blocks = blocks.filter(|rule| matches!(rule.children, Children::Nodes(_)));
    if let Some(owner) = blocks.find(|rule| holds(rule.children.nodes(), name)) {
        return ("not here", format!("`{name}` stands in `{}`", owner.name));
    }
    let known: Vec<&str> = rules.iter().map(|rule| rule.name).collect();
    match nearest(name, known.iter().copied()) {
        Some(meant) => ("unknown here", format!("did you mean `{meant}`?")),
        None => ("unknown here", format!("what may stand here: {}", list(&known))),
    }
}

const TABLES: [(&[Rule], &str); 3] = [
    (TOP_NODES, "at the top of a file"),
    (SERVICE_NODES, "in a service"),
    (ENVIRONMENT_NODES, "in an environment"),
];

fn holds(rules: &[Rule], name: &str) -> bool {
    rules.iter().any(|rule| rule.name == name)
}

/// A property that `rule` does not have.
pub(crate) fn property(rule: &'static Rule, entry: Entry<'_>) -> Diagnostic {
    let name = entry.name().unwrap_or("");
    let span = entry.name_span().unwrap_or(entry.span());
    let diagnostic = Diagnostic::new(&UNKNOWN_PROPERTY, format!("`{}` has no property `{name}`", rule.name))
        .at(span, "unknown here");
    let known: Vec<&str> = rule.properties.iter().map(|property| property.name).collect();
    if let Some(meant) = nearest(name, known.iter().copied()) {
        return diagnostic.help(format!("did you mean `{meant}`?"));
    }
    if let Some(child) = rule.children.nodes().iter().find(|child| child.name == name) {
        return diagnostic
            .help(format!("`{name}` stands in the block: `{} … {{ {} }}`", rule.name, child.example));
    }
    if matches!(rule.children, Children::Any(_)) {
        return diagnostic.help(format!("write it in the block: `{} {{ {name} \"…\" }}`", rule.name));
    }
    if known.is_empty() {
        return diagnostic
            .help(format!("`{}` has no properties; it is written `{}`", rule.name, rule.example));
    }
    diagnostic.help(format!("the properties of `{}`: {}", rule.name, list(&known)))
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
