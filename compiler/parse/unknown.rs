//! Words the language does not have, and the one that was meant.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::language::{ENVIRONMENT_NODES, Node as Rule, SERVICE_NODES, TOP_NODES};
use crate::syntax::{Entry, Node};
use crate::value::suggest::nearest;

/// A node that the language does not have, or not there.
pub const UNKNOWN_NODE: Fault = Fault::error(
    "unknown-node",
    "every node is one of the language, and stands where it may",
    "A setting that is passed over in silence is one you believe to be in force. A misspelt `volume` would write into the \
     image's layer; a misspelt `memory` would limit nothing.",
);
/// A property that the node does not have.
pub const UNKNOWN_PROPERTY: Fault = Fault::error(
    "unknown-property",
    "every property is one that its node has",
    "A property that is passed over in silence is one you believe to be in force.",
);

/// The row of the table for a node, among those that may stand at `place`.
pub fn find(
    rules: &'static [Rule],
    node: &Node<'_>,
    place: &str,
    report: &mut Report,
) -> Option<&'static Rule> {
    let name = &*node.name.value;
    let found = rules.iter().find(|rule| rule.name == name);
    if found.is_none() {
        report.push(unknown(rules, node, place));
    }
    found
}

fn unknown(rules: &'static [Rule], node: &Node<'_>, place: &str) -> Diagnostic {
    let name = &*node.name.value;
    let known: Vec<&str> = rules.iter().map(|rule| rule.name).collect();
    let diagnostic = Diagnostic::new(&UNKNOWN_NODE, format!("there is no `{name}` {place}"));
    if let Some(meant) = nearest(name, known.iter().copied()) {
        return diagnostic.at(node.name.span, "unknown here").help(format!("did you mean `{meant}`?"));
    }
    let home = [
        (TOP_NODES, "at the top of a file"),
        (SERVICE_NODES, "in a service"),
        (ENVIRONMENT_NODES, "in an environment"),
    ]
    .into_iter()
    .find(|(rules, _)| rules.iter().any(|rule| rule.name == name));
    match home {
        Some((_, home)) => diagnostic.at(node.name.span, "not here").help(format!("`{name}` stands {home}")),
        None if known.is_empty() => diagnostic.at(node.name.span, "unknown here").help("nothing stands here"),
        None => diagnostic
            .at(node.name.span, "unknown here")
            .help(format!("what may stand here: {}", list(&known))),
    }
}

/// A property that `rule` does not have.
pub fn property(rule: &'static Rule, entry: &Entry<'_>) -> Diagnostic {
    let name = entry.name.as_ref().map_or("", |name| &*name.value);
    let span = entry.name.as_ref().map_or(entry.span, |name| name.span);
    let diagnostic = Diagnostic::new(&UNKNOWN_PROPERTY, format!("`{}` has no property `{name}`", rule.name))
        .at(span, "unknown here");
    let known: Vec<&str> = rule.properties.iter().map(|property| property.name).collect();
    if let Some(meant) = nearest(name, known.iter().copied()) {
        return diagnostic.help(format!("did you mean `{meant}`?"));
    }
    if rule.children.nodes().iter().any(|child| child.name == name) {
        return diagnostic.help(format!("`{name}` is a node: write it in a block, as in `{}`", rule.example));
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
