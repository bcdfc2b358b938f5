//! Health checks: HTTP or a connection where the command does just that, else the command itself.

use super::draft::WorkloadDraft;
use crate::encode::shell;
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::tools::import::found::{FoundHealth, Setting, Test};
use crate::tools::import::place::Place;
use crate::tools::import::report::Handling;

/// Writes the health check of a service, from all that was said about it.
pub(crate) fn write(draft: &mut WorkloadDraft<'_, '_>) {
    let container = draft.container();
    let said: Vec<(&FoundHealth, &Place)> = container
        .settings
        .iter()
        .filter_map(|setting| match &setting.value {
            Setting::Health(health) => Some((health, &setting.place)),
            _ => None,
        })
        .collect();
    if said.is_empty() {
        return;
    }
    if draft.task {
        said.iter().for_each(|(_, place)| draft.say(Handling::Lost, place, "a task is done when it ends"));
        return;
    }
    let test = said.iter().rev().find_map(|(health, place)| Some((health.test.as_ref()?, *place)));
    match test {
        Some((Test::Disabled, place)) => {
            return draft.say(Handling::Changed, place, "dpc asks whether its tcp ports accept a connection");
        }
        Some((test, place)) => check(draft, test, place),
        None => {
            let words = "the command is the image's own, which dpc does not know: write `health`";
            return said.iter().for_each(|(_, place)| draft.say(Handling::Decide, place, words));
        }
    }
    for (health, place) in said {
        let parts = [
            ("interval", &health.interval),
            ("timeout", &health.timeout),
            ("start-period", &health.start_period),
        ];
        for (name, value) in parts {
            if let Some(value) = value {
                let place = place.key(format!("{}.{name}", place.key));
                super::life::duration(draft, "health", name, value, &place);
            }
        }
        if let Some(retries) = &health.retries {
            retry(draft, retries, place);
        }
    }
}

fn retry(draft: &mut WorkloadDraft<'_, '_>, text: &str, place: &Place) {
    match text.parse::<i64>() {
        Ok(retries) if (1..=100).contains(&retries) => {
            draft.property("health", "retries", NodeValue::Whole(retries), place);
        }
        _ => draft.decide(place, format!("`{text}` retries: dpc takes 1 to 100")),
    }
}

fn check(draft: &mut WorkloadDraft<'_, '_>, test: &Test, place: &Place) {
    let words: Vec<String> = match test {
        Test::Words(words) => words.clone(),
        Test::Shell(text) => text.split_whitespace().map(str::to_string).collect(),
        Test::Disabled => return,
    };
    if let Some((property, port, path)) = own_check(draft, &words) {
        let node = NodeDraft::new("health").property(property, port);
        return draft.carry(node.maybe("path", path.filter(|path| path != "/")), place);
    }
    let command = match test {
        Test::Shell(text) => text.clone(),
        _ => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
    };
    let command = draft.literal(&command);
    draft.carry(NodeDraft::new("health").property("command", command), place);
}

fn quoted(word: &str) -> String {
    shell::word(word).map_or_else(|_| word.to_string(), |word| word.to_string())
}

/// Reads the `curl`, `wget` or `nc` that asks its own container, by the name of a port.
fn own_check(
    draft: &WorkloadDraft<'_, '_>,
    words: &[String],
) -> Option<(&'static str, String, Option<String>)> {
    let program = words.first()?.rsplit('/').next()?;
    let words: Vec<&str> =
        words.iter().map(|word| word.trim_matches(['"', '\'']).trim_end_matches(';')).collect();
    match program {
        "curl" | "wget" => {
            // Headers, methods and pipes ask for more than a status.
            let more = ["-H", "-X", "--header", "-d", "--data", "--post-data", "|", "-u", "--unix-socket"];
            if words.iter().any(|word| more.contains(word) || word.starts_with("|g")) {
                return None;
            }
            let url = words.iter().find_map(|word| local(draft, word.strip_prefix("http://")?))?;
            Some(("http", url.0, Some(url.1)))
        }
        "nc" | "ncat" | "netcat" => {
            let port =
                words.last()?.parse().ok().or_else(|| words.iter().find_map(|word| word.parse().ok()))?;
            Some(("tcp", port_name(draft, port)?, None))
        }
        _ => None,
    }
}

/// The port and path of an address that is the container's own.
fn local(draft: &WorkloadDraft<'_, '_>, rest: &str) -> Option<(String, String)> {
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) =
        authority.rsplit_once(':').map_or((authority, 80), |(host, port)| (host, port.parse().unwrap_or(0)));
    let own = matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "[::1]")
        || draft.known.names.of(host) == Some(draft.index);
    let path = if path.starts_with('/') { path.to_string() } else { format!("/{path}") };
    let valid = crate::value::url_path::UrlPath::parse(&path).is_ok();
    Some((port_name(draft, port)?, path)).filter(|_| own && valid)
}

fn port_name(draft: &WorkloadDraft<'_, '_>, inside: u16) -> Option<String> {
    let port = draft.known.ports.inside(draft.index, inside)?;
    (port.protocol == "tcp").then(|| port.name.clone())
}
