//! Compose files → the containers that they describe. Source: the compose specification (compose-spec.io, 2024).

mod built;
mod chosen;
mod deploy;
mod dotenv;
mod extends;
mod interpolate;
mod limits;
mod load;
mod merge;
mod network;
mod paths;
mod process;
mod reading;
mod service;
mod storage;
mod top;
mod variables;
mod words;

use super::error::ImportError;
use super::found::Found;
use super::limits::{Lists, within};
use super::place::Place;
use crate::project::Project;
use std::collections::BTreeMap;

pub(crate) use interpolate::ComposeVariables;

/// Maximum length of a service's name: it is repeated with each of its keys.
const LONGEST_NAME: usize = 255;

/// Reads compose files, each laid over the ones before it; without any, those that docker compose reads in this folder. The
/// variables in `given` win over those of `.env`.
pub fn files(
    paths: &[String],
    given: &BTreeMap<String, String>,
    project: &dyn Project,
) -> Result<Found, ImportError> {
    let lists = Lists::new(project);
    let variables = ComposeVariables::new(given, paths.first().map_or("", String::as_str), &lists);
    let (paths, entries) = chosen::files(paths, &variables, &lists);
    let root = load::all(&paths, &variables, &lists)?;
    let name = root.get("name").and_then(|name| name.text());
    let mut found = Found {
        project: variables.get("COMPOSE_PROJECT_NAME").or(name).map(str::to_string),
        default_network: true,
        profiles: chosen::profiles(&variables),
        entries,
        ..Found::default()
    };
    found.entries.extend(variables.entries());
    top::read(&root, &mut found);
    let whole = reading::ComposeFile { root: &root, variables: &variables, lists: &lists };
    let mut builds = built::Builds::default();
    for (name, node) in root.get("services").map(|node| node.entries()).unwrap_or_default() {
        // A later file took it away.
        if node.kind == super::yaml::YamlKind::Null {
            continue;
        }
        if name.len() > LONGEST_NAME {
            let words =
                format!("the name of a service has {} bytes: {LONGEST_NAME} are the most", name.len());
            return Err(ImportError::new(&Place::new(&node.file, node.line, "services"), words));
        }
        let merged = extends::resolved(&root, name, node, &variables, &lists)?;
        found.containers.push(service::container(&whole, name, &merged, &mut builds));
    }
    lists.within()?;
    variables.spent.within()?;
    if found.containers.is_empty() {
        Err(ImportError::new(&top::place(&root, ""), "there are no `services` in it"))
    } else {
        within(found)
    }
}
