//! Variables, files of variables, secrets and labels; names of other containers in values.

use super::draft::WorkloadDraft;
use super::needs::variables;
use super::references::{host_variables, names_host, references};
use super::together::Together;
use crate::kdl::write::NodeDraft;
use crate::tools::import::found::{EnvFile, FoundSecret, Setting};
use crate::tools::import::place::Place;
use crate::tools::import::report::Handling;
use crate::tools::import::shell::{CLOSE, OPEN};
use crate::value::env_name::EnvName;
use crate::value::path::{HostPath, ProjectPath};

/// Writes a setting of this family; says whether it is one.
pub(crate) fn take(draft: &mut WorkloadDraft<'_, '_>, setting: &Setting, place: &Place) -> bool {
    match setting {
        Setting::Env(name, Some(value)) => variable(draft, name, value, place),
        Setting::Env(name, None) => without_value(draft, name, place),
        Setting::EnvFile(found) => file(draft, found, place),
        Setting::Secret(found) => secret(draft, found, place),
        Setting::Label(name, value) => label(draft, name, value, place),
        _ => return false,
    }
    true
}

/// docker leaves out a variable whose value the shell does not have.
fn without_value(draft: &mut WorkloadDraft<'_, '_>, name: &str, place: &Place) {
    let words = format!(
        "`{name}` comes from the shell that calls docker, which does not set it here: it is left out"
    );
    draft.say(Handling::Changed, place, words);
}

fn variable(draft: &mut WorkloadDraft<'_, '_>, name: &str, value: &str, place: &Place) {
    if name.contains(OPEN) {
        return draft.say(Handling::Lost, place, format!("the name of the variable is not known: {name}"));
    }
    if let Err(invalid) = EnvName::parse(name) {
        return draft.say(Handling::Lost, place, invalid.message);
    }
    let held = crate::tools::import::shell::variables(value).into_iter().find(|held| is_secret(held));
    if let Some(held) = held {
        if value.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE)) == Some(held.as_str()) {
            return secret_of_source(draft, name, &held, place);
        }
        return secret_variable(draft, name, place, &format!("it holds the secret `{held}`"));
    }
    let whole = value.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE));
    if let Some(whole) = whole.filter(|inside| !inside.contains(OPEN) && is_secret(name)) {
        return secret_of_source(draft, name, whole, place);
    }
    let text = value_of(draft, name, value, place);
    let child = NodeDraft::new(name).argument(text);
    // `ALLOW_EMPTY_PASSWORD=yes` holds none.
    let is_word =
        matches!(value.to_ascii_lowercase().as_str(), "" | "yes" | "no" | "true" | "false" | "0" | "1");
    if is_secret(name) && !is_word {
        let item = format!("`{}` {name}", draft.name());
        draft.decide_together(Together::PlainSecrets, place, item, format!("`{name}` stays in plain text"));
    } else {
        draft.say(Handling::Carried, place, format!("env {name}"));
    }
    let children = &mut draft.once("env").children;
    children.retain(|other| other.name != name);
    children.push(child);
}

const SECRET: [&str; 10] = [
    "PASSWORD",
    "PASSWD",
    "_PASS",
    "SECRET",
    "TOKEN",
    "API_KEY",
    "APIKEY",
    "PRIVATE_KEY",
    "SECRET_KEY",
    "ACCESS_KEY",
];

/// Parts of names whose values are not for every reader.
pub(crate) fn is_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    SECRET.iter().any(|end| upper.ends_with(end))
}

/// Returns a value with the names of other containers replaced, and its own port if the value is that.
fn value_of(draft: &mut WorkloadDraft<'_, '_>, name: &str, value: &str, place: &Place) -> String {
    let ports = draft.known.ports.of(draft.index);
    if let Some(port) = ports.iter().find(|port| port.variable.as_deref() == Some(name)) {
        return format!("{{{{ ports.{} }}}}", port.name.replace('-', "_"));
    }
    port_of_other(draft, name, value)
        .unwrap_or_else(|| with_references(draft, value, names_host(name), place))
}

/// `DB_PORT` beside `DB_HOST`.
fn port_of_other(draft: &WorkloadDraft<'_, '_>, name: &str, value: &str) -> Option<String> {
    let hosts = host_variables(name);
    let container = draft.container();
    let host = variables(container).into_iter().find(|(other, _)| hosts.iter().any(|host| host == other))?.1;
    let target = draft.known.names.seen_by(container, host)?;
    let port = draft.known.ports.inside(target, value.parse().ok()?)?;
    draft.known.edges.has(draft.index, target).then(|| {
        format!(
            "{{{{ needs.{}.ports.{} }}}}",
            draft.known.names.in_expression(target),
            port.name.replace('-', "_")
        )
    })
}

/// Replaces the names of other containers in a text; `host` allows that the whole text is such a name.
pub(crate) fn with_references(
    draft: &mut WorkloadDraft<'_, '_>,
    text: &str,
    host: bool,
    place: &Place,
) -> String {
    let container = draft.container();
    if host && let Some(target) = draft.known.names.seen_by(container, text) {
        return address(draft, target, None, place);
    }
    let found = references(text, |name| draft.known.names.seen_by(container, name).is_some());
    let mut out = String::new();
    let mut rest = 0;
    for reference in found {
        let Some(target) = draft.known.names.seen_by(container, &text[reference.name.clone()]) else {
            continue;
        };
        out.push_str(&draft.literal(&text[rest..reference.name.start]));
        out.push_str(&address(draft, target, reference.port, place));
        let port = reference.port.and_then(|port| draft.known.ports.inside(target, port).cloned());
        let written = !reference.port_range.is_empty();
        match port {
            Some(port) if written || port.first != port.inside => {
                out.push(':');
                out.push_str(&port_expression(draft, target, &port));
            }
            _ => out.push_str(&text[reference.port_range.clone()]),
        }
        rest = reference.port_range.end;
    }
    out + &draft.literal(&text[rest..])
}

fn address(draft: &mut WorkloadDraft<'_, '_>, target: usize, port: Option<u16>, place: &Place) -> String {
    let ports = draft.known.ports.of(target);
    let reached = ports.iter().find(|one| port.is_none_or(|port| one.inside == port)).or(ports.first());
    let closed = reached.and_then(|port| port.address.clone());
    if target == draft.index {
        return closed.unwrap_or_else(|| "{{ host.address }}".to_string());
    }
    let name = draft.known.names.own(target);
    // An expression has one address for all ports.
    if ports.iter().any(|one| Some(&one.address) != reached.map(|port| &port.address)) {
        return closed.unwrap_or_else(|| "{{ host.address }}".to_string());
    }
    if draft.known.edges.has(draft.index, target) {
        return format!("{{{{ needs.{}.address }}}}", draft.known.names.in_expression(target));
    }
    let words = format!(
        "`{name}` needs this service too, a cycle: it is reached at this host's address, and not waited for"
    );
    draft.say(Handling::Changed, place, words);
    closed.unwrap_or_else(|| "{{ host.address }}".to_string())
}

fn port_expression(draft: &WorkloadDraft<'_, '_>, target: usize, port: &super::ports::PortDraft) -> String {
    let name = port.name.replace('-', "_");
    if target == draft.index {
        return format!("{{{{ ports.{name} }}}}");
    }
    if draft.known.edges.has(draft.index, target) {
        format!("{{{{ needs.{}.ports.{name} }}}}", draft.known.names.in_expression(target))
    } else {
        port.first.to_string()
    }
}

/// A variable that is one of the source's has the file of that one: services share it.
fn secret_of_source(draft: &mut WorkloadDraft<'_, '_>, name: &str, source: &str, place: &Place) {
    let plain = !source.is_empty() && source.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let file = if plain && is_secret(source) { source } else { name };
    secret_from(draft, name, file, place, "its value is not in the source");
}

fn secret_variable(draft: &mut WorkloadDraft<'_, '_>, name: &str, place: &Place, why: &str) {
    secret_from(draft, name, name, place, why);
}

fn secret_from(draft: &mut WorkloadDraft<'_, '_>, name: &str, file: &str, place: &Place, why: &str) {
    let from = format!("/etc/{}/{file}", draft.known.fleet);
    let valid = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !valid {
        return draft.decide(place, format!("`{name}`: {why}"));
    }
    let node = NodeDraft::new("secret").argument(name).property("from", from.as_str());
    draft.put(node);
    let words = format!("`{name}`: {why}: its value is read from `{from}` on the host");
    draft.decide_together(Together::Secrets, place, format!("`{from}`"), words);
}

fn secret(draft: &mut WorkloadDraft<'_, '_>, secret: &FoundSecret, place: &Place) {
    let node = NodeDraft::new("secret").argument(secret.name.as_str());
    let path = secret.path.clone();
    if let Some(from) = secret.from.as_deref().filter(|from| HostPath::parse(from).is_ok()) {
        draft.carry(node.property("from", from).maybe("path", path), place);
    } else {
        let from = format!("/etc/{}/{}", draft.known.fleet, secret.name);
        let node = node.property("from", from.as_str()).maybe("path", path);
        draft.put(node);
        let words = format!("the secret is read from `{from}` on the host");
        draft.decide_together(Together::Secrets, place, format!("`{from}`"), words);
    }
}

fn file(draft: &mut WorkloadDraft<'_, '_>, file: &EnvFile, place: &Place) {
    let relative = crate::tools::import::env_file::relative(&file.path);
    let Some(found) = &file.variables else {
        if HostPath::parse(&file.path).is_ok() {
            return draft.carry(NodeDraft::new("env-file").argument(file.path.as_str()), place);
        }
        let words = format!("`{}` cannot be read: write `env-file` when it is there", file.path);
        return draft.decide_together(Together::Missing, place, format!("`{}`", file.path), words);
    };
    let container = draft.container();
    let known = |value: &str, name: &str| {
        let is_name = |name: &str| draft.known.names.seen_by(container, name).is_some();
        !references(value, is_name).is_empty() || (names_host(name) && is_name(value))
    };
    let whole = file.plain && ProjectPath::parse(&relative).is_ok();
    let kept: Vec<_> = found
        .iter()
        .filter(|(name, value)| !whole || value.as_deref().is_none_or(|value| known(value, name)))
        .cloned()
        .collect();
    if whole {
        draft.carry(NodeDraft::new("env-file").argument(relative), place);
    } else {
        draft.say(
            Handling::Changed,
            place,
            "its variables are written out: docker's own grammar reads the file otherwise",
        );
    }
    for (name, value) in kept {
        let place = place.key(format!("{}.{name}", place.key));
        match value {
            Some(value) => variable(draft, &name, &value, &place),
            None => without_value(draft, &name, &place),
        }
    }
}

fn label(draft: &mut WorkloadDraft<'_, '_>, name: &str, value: &str, place: &Place) {
    if name.is_empty()
        || name.contains(|c: char| c.is_whitespace() || c.is_control())
        || name.starts_with("dpc.")
    {
        return draft.say(Handling::Lost, place, "dpc takes no label of this name");
    }
    let value = draft.literal(value);
    draft.carry(NodeDraft::new("label").argument(name).argument(value), place);
}
