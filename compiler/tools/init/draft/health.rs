//! The image's own health check → its node.

use super::Draft;
use crate::kdl::write::literal;
use crate::tools::init::dockerfile::{BuiltHealth, BuiltImage};
use crate::value::url_path::UrlPath;

/// The path of a check that asks this machine by HTTP, on the port that the image listens on.
pub fn asked_path(image: &BuiltImage) -> Option<String> {
    let command = image.health.as_ref()?.command.trim();
    let (command, rest) = command.split_once("||").unwrap_or((command, "exit 1"));
    let is_client = command.starts_with("curl ") || command.starts_with("wget ");
    if !is_client || !rest.trim().starts_with("exit") || command.contains(['|', '&', ';', '$', '`']) {
        return None;
    }
    let word = command
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'']))
        .find(|word| word.contains("://"))?;
    let (authority, path) =
        word.strip_prefix("http://")?.split_once('/').unwrap_or((&word["http://".len()..], ""));
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, "80"));
    let here = matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "[::1]");
    let known = super::built_port(Some(image)).is_some_and(|known| port == known.to_string());
    let path = format!("/{path}");
    (here && known && UrlPath::parse(&path).is_ok()).then_some(path)
}

/// Returns the node, its source, and the comment that explains it.
pub(crate) fn health(draft: &Draft, port: &str) -> Option<(String, Option<&'static str>, &'static str)> {
    let check = draft.built.as_ref().and_then(|image| image.health.as_ref());
    let options = check.map(options).unwrap_or_default();
    if let (Some(path), Some(_)) = (&draft.health_path, draft.port) {
        let from = check.map(|_| "HEALTHCHECK");
        let node = format!("health http=\"{port}\" path={}{options}", literal(path));
        return Some((node, from, "ready once this answers 2xx or 3xx: what needs it starts then"));
    }
    if let Some(check) = check {
        let node = format!("health command={}{options}", literal(&check.command));
        return Some((node, Some("HEALTHCHECK"), "the image's own check; `http=` asks without a shell"));
    }
    draft.port.map(|_| {
        let lesson = "ready once it accepts connections; `http=` and `path=` ask for more";
        (format!("health tcp=\"{port}\""), None, lesson)
    })
}

fn options(check: &BuiltHealth) -> String {
    let known = ["interval", "timeout", "retries", "start-period"];
    let given = known.iter().filter_map(|name| Some((name, check.options.get(*name)?)));
    given
        .map(|(name, value)| match *name {
            "retries" if value.parse::<u32>().is_ok() => format!(" {name}={value}"),
            _ => format!(" {name}={}", literal(value)),
        })
        .collect()
}
