//! Checks one node against its row in the table: arguments, properties, children, kinds of values, duplicates.

use super::unknown;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::front::limits::{MOST_OF_A_KIND, too_many as too_many_of};
use crate::kdl::{Entry, Node, Value};
use crate::language::{Argument, Children, Merge, Node as Rule, Scope, Type, service_node};
use crate::model::spec::{Block, Setting};
use crate::text::Span;
use std::collections::HashMap;

/// A value too many.
pub(crate) const UNEXPECTED_VALUE: Fault = Fault::error(
    "unexpected-value",
    "a node has the values that the language gives it, and no more",
    "A value that nothing reads is one you believe to be in force.",
);
/// A value too few.
pub(crate) const MISSING_ARGUMENT: Fault = Fault::error(
    "missing-argument",
    "a node has all the arguments it needs",
    "dpc guesses nothing: what a node is about is written down.",
);
/// A property that cannot be left out.
pub(crate) const MISSING_PROPERTY: Fault = Fault::error(
    "missing-property",
    "a node has the properties it makes no sense without",
    "dpc guesses nothing: what a node is about is written down.",
);
/// A number in place of a text, or the other way round.
pub(crate) const TYPE_MISMATCH: Fault = Fault::error(
    "type-mismatch",
    "a value is of the kind that its place asks for",
    "A number in KDL loses what text keeps: `3.10` is 3.1 and `0755` is 755. Where text is meant dpc asks for quotes, so \
     that what is written is what arrives.",
);
/// A setting that is written twice.
pub(crate) const DUPLICATE: Fault = Fault::error(
    "duplicate",
    "one thing is declared once in one place",
    "Of two declarations one would win by its position, and the order of declarations means nothing in dpc. To change what \
     a base or the defaults say, say it in the service: a later layer replaces an earlier one.",
);
/// A setting that means nothing there.
pub(crate) const NOT_HERE: Fault = Fault::error(
    "not-for-tasks",
    "a task holds what makes sense for something that ends, a service what makes sense for something that stays",
    "A task has no ports to listen on, nothing to register and no health; a service has no schedule.",
);

/// Checks a node's own values against its row. Returns false if the node cannot be used.
pub(crate) fn check(rule: &'static Rule, node: Node<'_>, report: &mut Report) -> bool {
    let before = report.len();
    if node.entries().len() > MOST_OF_A_KIND {
        let what = format!("values and properties of one `{}`", rule.name);
        report.push(too_many_of(&what, node.entries().len(), MOST_OF_A_KIND, node.name_span()));
        return false;
    }
    check_annotation(node, report);
    check_arguments(rule, node, report);
    check_properties(rule, node, report);
    if matches!(rule.children, Children::None) && node.children().is_some_and(|inner| !inner.is_empty()) {
        report.push(
            Diagnostic::new(&UNEXPECTED_VALUE, format!("`{}` takes no block", rule.name))
                .at(node.span(), "")
                .help(format!("it is written `{}`", rule.example)),
        );
    }
    report.len() == before
}

/// Checks the nodes in a block such as `register "http" { … }` against the table.
pub(crate) fn check_children(rules: &'static [Rule], node: Node<'_>, report: &mut Report) {
    let place = format!("in `{}`", node.name());
    let mut seen: HashMap<(&str, &str), Span> = HashMap::new();
    let children = node.children().into_iter().flatten().count();
    if children > MOST_OF_A_KIND {
        report.push(too_many_of(&format!("nodes {place}"), children, MOST_OF_A_KIND, node.name_span()));
        return;
    }
    for child in node.children().into_iter().flatten() {
        let Some(rule) = unknown::find(rules, child, &place, report) else { continue };
        check(rule, child, report);
        let name = match rule.merge {
            Merge::Named => child.arguments().next().and_then(Entry::as_text).unwrap_or(""),
            _ => "",
        };
        if let Some(first) = seen.insert((rule.name, name), child.span()) {
            report.push(
                duplicate(&format!("`{}`", rule.name), first, child.span()).help("keep one of the two"),
            );
        }
    }
}

/// Checks a node of a block with free names, such as the variables in `env`: it has one argument.
pub(crate) fn check_value_node(value: Argument, node: Node<'_>, report: &mut Report) -> bool {
    let before = report.len();
    check_annotation(node, report);
    let mut arguments = node.arguments();
    match arguments.next() {
        Some(entry) => check_kind(value.kind, entry, report),
        None => report.push(
            Diagnostic::new(&MISSING_ARGUMENT, format!("`{}` has no value", node.name()))
                .at(node.span(), "a value is missing")
                .help(format!("write `{} \"…\"`; an empty value is `\"\"`", node.name())),
        ),
    }
    for entry in arguments.chain(node.properties()) {
        report.push(
            too_many(entry, node.name(), "takes one value")
                .help(format!("write it as one text: `{} \"… …\"`", node.name())),
        );
    }
    if node.children().is_some_and(|inner| !inner.is_empty()) {
        report.push(
            Diagnostic::new(&UNEXPECTED_VALUE, format!("`{}` takes no block", node.name()))
                .at(node.span(), ""),
        );
    }
    report.len() == before
}

/// Returns whether a setting means something where it stands: a task has no health, a service no schedule.
pub(crate) fn fits(rule: &'static Rule, parent: &'static Rule, node: Node<'_>, report: &mut Report) -> bool {
    let help = match (parent.name, rule.scope) {
        ("task", Scope::Service) => "make it a `service`, or remove this",
        ("service", Scope::Task) => "make it a `task`, or remove this",
        _ => return true,
    };
    let message = format!("`{}` means nothing for a {}", rule.name, parent.name);
    report.push(Diagnostic::new(&NOT_HERE, message).at(node.name_span(), "not here").help(help));
    false
}

/// Refuses a second setting of one kind in a block.
pub(crate) fn check_duplicates(settings: &[Setting<'_>], report: &mut Report) {
    let mut seen: HashMap<(&str, &str, &str), &Setting<'_>> = HashMap::with_capacity(settings.len());
    for setting in settings {
        let key = match setting.rule.merge {
            Merge::Named => setting.key(),
            _ => "",
        };
        let second = match setting.rule.name {
            "remove" => setting.node.arguments().nth(1).and_then(Entry::as_text).unwrap_or(""),
            _ => "",
        };
        if let Some(first) = seen.insert((setting.rule.name, key, second), setting) {
            report.push(duplicate_setting(first, setting));
        }
    }
}

/// Two settings of one name in one block.
pub(crate) fn duplicate_setting(first: &Setting<'_>, second: &Setting<'_>) -> Diagnostic {
    let what = match (second.rule.name, second.rule.merge) {
        ("env", _) => format!("the variable `{}`", second.key()),
        (name, Merge::Named) if second.key() != "" => format!("`{name} \"{}\"`", second.key()),
        (name, _) => format!("`{name}`"),
    };
    duplicate(&what, first.node.span(), second.node.span()).help("keep one of the two")
}

/// Two blocks of one name.
pub(crate) fn duplicate_block(first: &Block<'_>, second: &Block<'_>) -> Diagnostic {
    match second.rule.name {
        "fleet" | "defaults" => duplicate(&format!("`{}`", second.rule.name), first.span, second.span)
            .help("keep one of the two; what differs in an environment stands in `environment`"),
        kind if kind == first.rule.name => {
            duplicate(&format!("`{kind} \"{}\"`", second.name.value), first.span, second.span)
                .help("keep one of the two, or give one of them another name")
        }
        _ => duplicate(&format!("the name `{}`", second.name.value), first.span, second.span)
            .help("services, tasks and externals are all needed by name: give one of them another"),
    }
}

fn duplicate(what: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::new(&DUPLICATE, format!("{what} is declared twice"))
        .at(second, "declared again")
        .at(first, "first declared here")
}

fn check_annotation(node: Node<'_>, report: &mut Report) {
    let values = node.entries().filter_map(Entry::annotation);
    for annotation in node.annotation().into_iter().chain(values) {
        report.push(
            Diagnostic::new(&UNEXPECTED_VALUE, "dpc knows no type annotations")
                .at(annotation.span, "a type annotation")
                .help("remove it with its parentheses"),
        );
    }
}

fn check_arguments(rule: &'static Rule, node: Node<'_>, report: &mut Report) {
    let mut count = 0;
    for entry in node.arguments() {
        let position = count.min(rule.arguments.list.len().saturating_sub(1));
        match rule.arguments.list.get(position) {
            Some(argument) if count < rule.arguments.most => check_kind(argument.kind, entry, report),
            _ if begins_setting(entry) => {
                let next = entry.as_text().unwrap_or_default();
                report.push(
                    Diagnostic::new(
                        &UNEXPECTED_VALUE,
                        format!("`{}` goes on until its line or a `;` ends it", rule.name),
                    )
                    .at(entry.span(), format!("a `;` is missing before `{next}`"))
                    .help(format!("write `{} …; {next} …`, or each on a line of its own", rule.name)),
                );
                return;
            }
            _ => report.push(
                too_many(entry, rule.name, &takes(rule)).help(format!("it is written `{}`", rule.example)),
            ),
        }
        count += 1;
    }
    if count < rule.arguments.least {
        let missing = rule.arguments.list[count.min(rule.arguments.list.len() - 1)];
        report.push(
            Diagnostic::new(&MISSING_ARGUMENT, format!("`{}` has no {}", rule.name, missing.name))
                .at(node.span(), format!("{} is missing", missing.kind.words()))
                .help(format!("it is written `{}`", rule.example)),
        );
    }
}

/// Returns whether a value is rather the next setting: a word without quotes that a setting has as its name.
fn begins_setting(entry: Entry<'_>) -> bool {
    entry.quoted().is_none() && entry.as_text().is_some_and(|text| service_node(text).is_some())
}

fn takes(rule: &Rule) -> String {
    match rule.arguments.most {
        0 if rule.any_property || !rule.properties.is_empty() => "takes properties only".into(),
        0 => "takes no value".into(),
        1 => "takes one value".into(),
        2 => "takes two values".into(),
        most => format!("takes {most} values"),
    }
}

fn too_many(entry: Entry<'_>, name: &str, takes: &str) -> Diagnostic {
    Diagnostic::new(&UNEXPECTED_VALUE, format!("`{name}` {takes}")).at(entry.span(), "one too many")
}

fn check_properties(rule: &'static Rule, node: Node<'_>, report: &mut Report) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for entry in node.properties() {
        let Some(name) = entry.name() else { continue };
        if let Some(first) = seen.insert(name, entry.span()) {
            report.push(
                duplicate(&format!("the property `{name}`"), first, entry.span()).help("keep one of the two"),
            );
        }
        match rule.property(name) {
            Some(property) => check_kind(property.kind, entry, report),
            None if rule.any_property => check_kind(Type::Text, entry, report),
            None => report.push(unknown::property(rule, entry)),
        }
    }
    for property in
        rule.properties.iter().filter(|property| property.required && !seen.contains_key(property.name))
    {
        report.push(
            Diagnostic::new(&MISSING_PROPERTY, format!("`{}` has no `{}`", rule.name, property.name))
                .at(node.span(), format!("`{}=` is missing: {}", property.name, property.help))
                .help(format!("it is written `{}`", rule.example)),
        );
    }
}

/// The kind of a value: text, number or boolean. Text with an expression may become any of them.
fn check_kind(kind: Type, entry: Entry<'_>, report: &mut Report) {
    let fits = match (entry.value(), kind) {
        (Value::Text(text), Type::Integer | Type::Decimal | Type::Boolean) => text.contains("{{"),
        (Value::Text(_), _) => true,
        (Value::Number(_), Type::Integer | Type::Decimal | Type::Port) => true,
        (Value::Boolean(_), Type::Boolean) => true,
        _ => false,
    };
    if fits {
        return;
    }
    let found = match entry.value() {
        Value::Text(_) => "text",
        Value::Number(_) => "a number",
        Value::Boolean(_) => "a boolean",
        Value::Null => "`#null`",
    };
    report.push(
        Diagnostic::new(&TYPE_MISMATCH, format!("this is {found}, and must be {}", kind.words()))
            .at(entry.value_span(), found)
            .help(right_kind(kind, entry.value())),
    );
}

/// Returns the value in the type that its place asks for.
fn right_kind(kind: Type, value: Value<'_>) -> String {
    match (value, kind) {
        (Value::Null, _) => "remove it to leave the default in force; an empty text is `\"\"`".to_string(),
        (Value::Text(text), Type::Boolean) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => "write `#true`".to_string(),
            "false" | "no" | "off" | "0" => "write `#false`".to_string(),
            _ => "write `#true` or `#false`".to_string(),
        },
        (Value::Number(_), Type::Boolean) => "write `#true` or `#false`".to_string(),
        (Value::Text(text), Type::Decimal) if is_plain(text, true) => {
            format!("write it without quotes: `{text}`")
        }
        (Value::Text(text), _) if is_plain(text, false) => format!("write it without quotes: `{text}`"),
        (Value::Text(_) | Value::Boolean(_), Type::Integer) => {
            "write digits without quotes, such as `2`".to_string()
        }
        (Value::Text(_) | Value::Boolean(_), Type::Decimal) => {
            "write digits without quotes, such as `1.5`".to_string()
        }
        (Value::Boolean(_), Type::Port) => "write digits without quotes, such as `8080`".to_string(),
        (Value::Number(number), Type::Size) => {
            format!("write it as text with its unit, such as `\"{number}m\"`")
        }
        (Value::Number(number), Type::Duration) => {
            format!("write it as text with its unit, such as `\"{number}s\"`")
        }
        (Value::Number(_), Type::Name) => {
            "write a name: a port has the one that its `port` gives it, as in `port \"http\" 8080`"
                .to_string()
        }
        (Value::Number(number), _) => format!("write it as text: `\"{number}\"`"),
        (Value::Boolean(value), _) => format!("write it as text: `\"{value}\"`"),
        (Value::Text(text), _) => format!("write it without quotes: `{text}`"),
    }
}

/// Returns whether a text is a number as KDL and people both write it.
fn is_plain(text: &str, fraction: bool) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.').filter(|_| fraction) {
        Some((whole, rest)) => digits(whole) && digits(rest),
        None => digits(text),
    }
}
