//! The files that `docker compose` would read, where none is named or only the first of them. Source: the compose documentation,
//! "Set or change pre-defined environment variables" and "Merge Compose files".

use super::interpolate::ComposeVariables;
use super::paths::beside;
use crate::tools::import::limits::Lists;
use crate::tools::import::place::Place;
use crate::tools::import::report::{Handling, ReportEntry};
use std::sync::Arc;

const DEFAULTS: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// The file that a folder's project begins with: the first of `COMPOSE_FILE`, or one with a usual name.
pub(super) fn files(
    named: &[String],
    variables: &ComposeVariables,
    lists: &Lists<'_>,
) -> (Vec<String>, Vec<ReportEntry>) {
    let exists = |path: &String| lists.project.read(path).is_ok();
    let first = named.first().map_or("", String::as_str).trim_start_matches("./");
    let usual = named.is_empty() || DEFAULTS.contains(&first.rsplit('/').next().unwrap_or_default());
    let separator = variables.get("COMPOSE_PATH_SEPARATOR").filter(|text| !text.is_empty()).unwrap_or(":");
    let chosen: Vec<String> = variables
        .get("COMPOSE_FILE")
        .map(|text| text.split(separator).filter(|path| !path.is_empty()).map(|path| beside(first, path)))
        .into_iter()
        .flatten()
        .collect();
    if !chosen.is_empty() {
        let used = named.is_empty() || (named.len() == 1 && chosen.iter().any(|path| path == first));
        let words = if used { "these files are read" } else { "other files are named, and read instead" };
        let entry = note(&beside(first, ".env"), "COMPOSE_FILE", words);
        return (if used { chosen } else { named.to_vec() }, vec![entry]);
    }
    let main = match named {
        [] => DEFAULTS.iter().map(|name| (*name).to_string()).find(exists),
        [_] if usual => Some(first.to_string()),
        _ => return (named.to_vec(), Vec::new()),
    };
    let Some(main) = main else { return (vec![DEFAULTS[0].to_string()], Vec::new()) };
    let over = OVERRIDES.iter().map(|name| beside(&main, name)).find(exists);
    let entry = over
        .as_ref()
        .map(|path| note(path, "", "it is laid over the file beside it, as docker compose does"));
    (std::iter::once(main).chain(over).collect(), entry.into_iter().collect())
}

fn note(file: &str, key: &str, words: &str) -> ReportEntry {
    ReportEntry::new(Handling::Carried, &Place::new(&Arc::from(file), 0, key), words)
}

/// The profiles that `COMPOSE_PROFILES` turns on.
pub(super) fn profiles(variables: &ComposeVariables) -> Vec<String> {
    let text = variables.get("COMPOSE_PROFILES").unwrap_or_default();
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_string).collect()
}
