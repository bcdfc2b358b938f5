//! Tells processes the addresses and ports that they listen on from now on: by words of their command, by variables, or by
//! what the source says already.

use super::draft::WorkloadDraft;
use super::listening::{Telling, command, listener};
use super::ports::PortDraft;
use super::together::Together;
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::tools::import::Handling;

/// Tells the process of a service. A port that it cannot be told of is left to a person.
pub(crate) fn tell(draft: &mut WorkloadDraft<'_, '_>) {
    if draft.task {
        return;
    }
    let ports = draft.known.ports.of(draft.index);
    let all_closed = ports.iter().all(|port| port.address.is_some());
    for port in ports {
        let by_image = listener(draft.container(), port.inside).filter(|_| port.protocol == "tcp");
        let telling = by_image.map(|listener| listener.telling(port.address.as_deref(), port.first));
        let known = telling.is_some_and(|telling| add(draft, telling, port));
        let known = replace(draft, port, all_closed) || known;
        if let Some(address) = port.address.as_ref().filter(|_| !known) {
            let item = format!("`{}` {}", draft.name(), port.first);
            let place = port.place.clone().unwrap_or_else(|| draft.container().name.place.clone());
            let words = format!("whether the process listens on {address} alone is not known");
            draft.decide_together(Together::Open, &place, item, words);
        }
    }
}

/// Adds words and variables; says whether the process knows its address then.
fn add(draft: &mut WorkloadDraft<'_, '_>, telling: Telling, port: &PortDraft) -> bool {
    for (name, value) in telling.variables {
        if !draft.once("env").children.iter().any(|child| child.name == name) {
            say_told(draft, port, &format!("{name}={value}"));
            draft.once("env").children.push(NodeDraft::new(&name).argument(value));
        }
    }
    let flag = telling.words.first().map(|word| word.split('=').next().unwrap_or_default().to_string());
    let own = command(draft.container()).unwrap_or_default();
    let said = flag.is_some_and(|flag| flag != "-c" && own.iter().any(|word| word.starts_with(&flag)));
    if !telling.words.is_empty() && !said {
        say_told(draft, port, &telling.words.join(" "));
        let arguments = &mut draft.once("command").arguments;
        if arguments.is_empty() {
            arguments.extend(telling.default.into_iter().map(NodeValue::Text));
        }
        arguments.extend(telling.words.into_iter().map(NodeValue::Text));
    }
    // Redis and the others take the last address that they are told; one that stands there already is not looked into.
    port.address.is_some() && !said
}

fn say_told(draft: &mut WorkloadDraft<'_, '_>, port: &PortDraft, words: &str) {
    let place = port.place.clone().unwrap_or_else(|| draft.container().name.place.clone());
    draft.say(Handling::Changed, &place, format!("it is told where to listen: `{words}`"));
}

/// Replaces `0.0.0.0:PORT` and the like in commands and variables; says whether there was one.
fn replace(draft: &mut WorkloadDraft<'_, '_>, port: &PortDraft, all_closed: bool) -> bool {
    let Some(address) = port.address.clone() else { return false };
    let mut told = false;
    for name in ["command", "entrypoint"] {
        for node in draft.nodes_mut(name) {
            let mut before = String::new();
            for value in &mut node.arguments {
                let NodeValue::Text(text) = value else { continue };
                let flag =
                    ["-b", "-h", "-H", "--host", "--bind", "--address", "--listen", "--hostname", "--addr"];
                let alone = all_closed && flag.contains(&before.as_str());
                before.clone_from(text);
                told |= replaced(text, port, &address, alone, all_closed);
            }
        }
    }
    for node in draft.nodes_mut("env") {
        for child in &mut node.children {
            let name = child.name.to_ascii_uppercase();
            let ends = ["HOST", "BIND", "ADDRESS", "ADDR", "LISTEN", "HOSTNAME", "IP", "INTERFACE"];
            let alone = all_closed && ends.iter().any(|end| name.ends_with(end));
            for value in &mut child.arguments {
                if let NodeValue::Text(text) = value {
                    told |= replaced(text, port, &address, alone, all_closed);
                }
            }
        }
    }
    told
}

/// Replaces every address in one text; `alone` if the text may be nothing but the address, `all_closed` if no other port of the
/// process is open to other machines.
fn replaced(text: &mut String, port: &PortDraft, address: &str, alone: bool, all_closed: bool) -> bool {
    let flag = text.split_once("=0.0.0.0").filter(|(flag, rest)| flag.starts_with('-') && rest.is_empty());
    if let Some((flag, _)) = flag.filter(|_| all_closed) {
        *text = format!("{flag}={address}");
        return true;
    }
    if alone && matches!(text.as_str(), "0.0.0.0" | "::") {
        *text = address.to_string();
        return true;
    }
    let new = if address.contains(':') {
        format!("[{address}]:{}", port.first)
    } else {
        format!("{address}:{}", port.first)
    };
    let mut told = false;
    for any in ["0.0.0.0", "[::]"] {
        let old = format!("{any}:{}", port.inside);
        while let Some(at) = text.find(&old) {
            let end = at + old.len();
            if text[end..].starts_with(|c: char| c.is_ascii_digit()) {
                break;
            }
            text.replace_range(at..end, &new);
            told = true;
        }
    }
    told
}
