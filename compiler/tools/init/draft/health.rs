//! The image's own health check → its node.

use super::Draft;
use crate::kdl::write::literal;
use crate::tools::init::dockerfile::{BuiltHealth, BuiltImage};
use crate::tools::init::facts::image_port;
use crate::tools::init::page::Page;
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
    let known = image_port(image).is_some_and(|known| port == known.value.to_string());
    let path = format!("/{path}");
    (here && known && UrlPath::parse(&path).is_ok()).then_some(path)
}

/// Adds the node, or a line that says what counts without it.
pub(crate) fn health(draft: &Draft, port: &str, page: &mut Page) {
    let check = draft.built.as_ref().and_then(|image| image.health.as_ref());
    let options = check.map(options).unwrap_or_default();
    if let (Some(path), Some(_)) = (&draft.health_path, &draft.port) {
        let node = format!("health http=\"{port}\" path={}{options}", literal(&path.value));
        let lesson = "ready once this answers 2xx or 3xx, and what needs it starts then";
        if path.is_asked_for() {
            page.sourced(1, node, &path.source, lesson);
        } else {
            page.taken(1, node, &path.source, lesson);
        }
    } else if let Some(check) = check {
        let node = format!("health command={}{options}", literal(&check.command));
        page.taken(1, node, "HEALTHCHECK", "`http=` asks without a shell");
    } else if draft.port.is_some() {
        page.line(1, "", "Nothing shows a health check: it is ready once its port accepts a connection.");
    }
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
