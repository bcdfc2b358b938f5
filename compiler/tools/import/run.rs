//! Pasted command lines → the containers that they would start. Source: docker-run(1), podman-run(1).

mod command;
mod limits;
mod network;
mod other;
mod process;
mod split;

use super::error::ImportError;
use super::found::Found;
use super::limits::{Lists, MOST_FILLED, within};
use super::place::Place;
use super::report::{Handling, ReportEntry};
use super::shell::{self, ShellCommand, ShellWord};
use crate::project::Project;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(crate) use command::{container, from_image};
pub(crate) use limits::tmpfs;
pub(crate) use network::{extra_host, link};
pub(crate) use process::security;
pub use split::{DockerRun, GivenFlag};

/// Reads a text of commands.
pub fn text(file: &str, text: &str, project: &dyn Project) -> Result<Found, ImportError> {
    let file: Arc<str> = Arc::from(file);
    let commands =
        shell::commands(text).map_err(|(line, what)| ImportError::new(&Place::new(&file, line, ""), what))?;
    found(&file, commands, project)
}

/// Reads words that a shell has split already.
pub fn words(words: &[String], project: &dyn Project) -> Result<Found, ImportError> {
    let file: Arc<str> = Arc::from("command line");
    let words = words.iter().map(|text| ShellWord { text: text.clone(), line: 0, quoted: true }).collect();
    found(&file, vec![ShellCommand { words, plumbing: Vec::new() }], project)
}

fn found(file: &Arc<str>, commands: Vec<ShellCommand>, project: &dyn Project) -> Result<Found, ImportError> {
    let lists = Lists::new(project);
    let mut found = Found::default();
    let mut variables = BTreeMap::new();
    let mut other = Vec::new();
    let mut filled = 0;
    for mut command in commands {
        fill_known(&mut command, &variables, &mut filled);
        let Some(split) = DockerRun::new(&command, &mut variables) else {
            other.extend(ignored(file, &command));
            continue;
        };
        let container = container(file, &split, &variables, &lists)?;
        found.containers.push(container);
    }
    if found.containers.is_empty() {
        return Err(ImportError::new(&Place::new(file, 0, ""), "there is no `docker run` in it".to_string()));
    }
    lists.within()?;
    found.entries = other;
    within(found)
}

/// Fills in the variables that the text itself sets.
pub(crate) fn fill_known(
    command: &mut ShellCommand,
    variables: &BTreeMap<String, String>,
    filled: &mut usize,
) {
    for word in command.words.iter_mut().filter(|word| word.text.contains(shell::OPEN)) {
        let names: BTreeSet<String> = shell::variables(&word.text).into_iter().collect();
        for name in names {
            let Some(value) = variables.get(&name) else { continue };
            let mark = shell::placeholder(&name);
            *filled += value.len() * word.text.matches(&mark).count();
            // Beyond that a variable stays one.
            if *filled <= MOST_FILLED {
                word.text = word.text.replace(&mark, value);
            }
        }
    }
}

/// Another command: what it prepared is dpc's part, or the operator's.
fn ignored(file: &Arc<str>, command: &ShellCommand) -> Option<ReportEntry> {
    let first = command.words.first()?;
    let words: Vec<&str> =
        command.words.iter().map(|word| &*word.text).skip_while(|word| *word == "sudo").collect();
    let place = Place::new(file, first.line, words.iter().take(3).copied().collect::<Vec<_>>().join(" "));
    let (fate, why) = match words[..] {
        ["docker" | "podman", "pull", ..] => (Handling::Changed, "`activate` pulls images"),
        ["docker" | "podman", "stop" | "rm" | "kill", ..] => {
            (Handling::Changed, "the unit removes what was left before")
        }
        ["docker" | "podman", "network", ..] => (Handling::Changed, "services share the host's network"),
        ["docker" | "podman", "volume", ..] => (Handling::Changed, "volumes are directories of the host"),
        ["mkdir", ..] => (Handling::Changed, "`activate` makes the directories of volumes"),
        ["docker" | "podman", "build", ..] => {
            (Handling::Lost, "dpc builds no images: build and push it before")
        }
        [assignment] if assignment.contains('=') => return None,
        ["export" | "cd", ..] | [] => return None,
        _ => (Handling::Lost, "it is not a `docker run`, and nothing is executed"),
    };
    Some(ReportEntry::new(fate, &place, why))
}
