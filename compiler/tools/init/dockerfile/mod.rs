//! The text of a Dockerfile → the settings of the image of its last stage.
//!
//! It follows the Dockerfile reference, <https://docs.docker.com/reference/dockerfile/>. Facts that need a build (files, the
//! base image's own settings) are not guessed. Nothing here fails, since the image may come from elsewhere.

mod instruction;
mod variable;
mod words;

use instruction::{Instruction, instructions};
use std::collections::BTreeMap;
use variable::Variables;
use words::json;
pub(crate) use words::words;

/// The settings of an image for running it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuiltImage {
    /// The image that the last stage starts from, such as `node:22-slim`.
    pub(crate) base: String,
    /// `EXPOSE`: first and last port, and the protocol.
    pub(crate) ports: Vec<(u16, u16, String)>,
    /// `VOLUME`.
    pub(crate) volumes: Vec<String>,
    /// `USER`.
    pub(crate) user: Option<String>,
    /// Numbers that a `RUN useradd` or `adduser` of the file gives to users.
    pub(crate) users: BTreeMap<String, u32>,
    /// `WORKDIR`.
    pub(crate) workdir: Option<String>,
    /// `STOPSIGNAL`.
    pub(crate) stop_signal: Option<String>,
    /// `HEALTHCHECK`.
    pub(crate) health: Option<BuiltHealth>,
    /// `ENV`.
    pub(crate) env: BTreeMap<String, String>,
    /// `ENTRYPOINT`.
    pub(crate) entrypoint: Option<Process>,
    /// `CMD`.
    pub(crate) command: Option<Process>,
}

impl BuiltImage {
    /// Process 1, and the instruction that says it. An entry point takes the command as its arguments, so it runs.
    pub(crate) fn process(&self) -> Option<(&'static str, &Process)> {
        let entrypoint = self.entrypoint.as_ref().map(|process| ("ENTRYPOINT", process));
        entrypoint.or_else(|| self.command.as_ref().map(|process| ("CMD", process)))
    }

    /// All words that the container starts with, and the instruction that says the last of them.
    pub(crate) fn words(&self) -> Option<(&'static str, Vec<String>)> {
        let words = |process: &Option<Process>| process.iter().flat_map(|one| one.words.clone()).collect();
        let (entrypoint, command): (Vec<String>, Vec<String>) =
            (words(&self.entrypoint), words(&self.command));
        match (entrypoint.is_empty(), command.is_empty()) {
            (true, true) => None,
            (false, true) => Some(("ENTRYPOINT", entrypoint)),
            (_, false) => Some(("CMD", [entrypoint, command].concat())),
        }
    }
}

/// The check of a `HEALTHCHECK`, and its times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BuiltHealth {
    /// The command, as a shell takes it.
    pub(crate) command: String,
    /// `--interval` and the like, by name.
    pub(crate) options: BTreeMap<String, String>,
}

/// What an instruction starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Process {
    /// Its words, of which there is one at least.
    pub(crate) words: Vec<String>,
    /// Set for the shell form: `/bin/sh` is process 1.
    pub(crate) in_shell: bool,
}

/// Maximum bytes of a Dockerfile that is read. Typical ones have a few thousand.
const LARGEST: usize = 64 * 1024;
/// Bytes of all its instructions, their variables filled in.
const MOST_FILLED: usize = 256 * 1024;
/// Stages of one file, each of which may continue an earlier one; ports, and volumes.
const MOST: usize = 200;

/// A Dockerfile is larger than anybody writes one.
#[derive(Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Reads a Dockerfile. A file without `FROM` describes no image.
pub fn read(text: &str) -> Result<Option<BuiltImage>, TooLarge> {
    let mut stages: Vec<BuildStage> = Vec::new();
    let mut global = Variables::default();
    let mut filled = 0;
    if text.len() > LARGEST {
        return Err(TooLarge);
    }
    for instruction in instructions(text) {
        match (instruction.name.as_str(), stages.last_mut()) {
            ("FROM", _) => {
                let stage = BuildStage::new(&global.fill(&instruction.rest), &stages);
                stages.push(stage);
            }
            ("ARG", None) => global.argument(&instruction.rest, &Variables::default()),
            (_, None) => {}
            (_, Some(stage)) => filled += stage.take(&instruction, &global),
        }
        let image = stages.last().map(|stage| &stage.image);
        let listed = image.map_or(0, |image| image.ports.len().max(image.volumes.len()));
        if filled > MOST_FILLED || stages.len().max(listed) > MOST {
            return Err(TooLarge);
        }
    }
    Ok(stages.pop().map(|stage| BuiltImage { env: stage.variables.env, ..stage.image }))
}

/// A stage, and what its variables hold so far.
#[derive(Default)]
struct BuildStage {
    name: String,
    image: BuiltImage,
    variables: Variables,
}

impl BuildStage {
    /// `FROM [--platform=…] IMAGE [AS NAME]`; a stage from an earlier one continues it.
    fn new(rest: &str, earlier: &[BuildStage]) -> Self {
        let mut parts = rest.split_whitespace().filter(|word| !word.starts_with("--"));
        let base = parts.next().unwrap_or_default().to_string();
        let name = parts.nth(1).unwrap_or_default().to_lowercase();
        match earlier.iter().rfind(|stage| !stage.name.is_empty() && stage.name == base.to_lowercase()) {
            Some(from) => {
                let variables = Variables::with(from.variables.env.clone());
                Self { name, image: from.image.clone(), variables }
            }
            None => Self {
                name,
                image: BuiltImage { base, ..BuiltImage::default() },
                variables: Variables::default(),
            },
        }
    }

    /// Takes an instruction, and returns its length with its variables filled in.
    fn take(&mut self, instruction: &Instruction, global: &Variables) -> usize {
        let rest = instruction.rest.as_str();
        let filled = self.variables.fill(rest);
        let first = || words(&filled).into_iter().next().filter(|word| !word.is_empty());
        match instruction.name.as_str() {
            "ARG" => self.variables.argument(rest, global),
            "ENV" => self.variables.environment(rest),
            "EXPOSE" => self.image.ports.extend(words(&filled).iter().filter_map(|word| exposed(word))),
            "VOLUME" => self.image.volumes.extend(json(&filled).unwrap_or_else(|| words(&filled))),
            "USER" => self.image.user = first(),
            "WORKDIR" => self.workdir(filled.trim()),
            "STOPSIGNAL" => self.image.stop_signal = first(),
            "HEALTHCHECK" => self.image.health = health(rest),
            "ENTRYPOINT" => self.image.entrypoint = process(rest),
            "CMD" => self.image.command = process(rest),
            "RUN" => self.image.users.extend(created_users(rest)),
            _ => {}
        }
        filled.len()
    }

    fn workdir(&mut self, path: &str) {
        let before = self.image.workdir.take().unwrap_or_default();
        self.image.workdir = Some(if path.starts_with('/') {
            path.to_string()
        } else {
            format!("{}/{path}", before.trim_end_matches('/'))
        });
    }
}

/// `80`, `53/udp` or `3000-3005/tcp`.
fn exposed(word: &str) -> Option<(u16, u16, String)> {
    let (ports, protocol) = word.split_once('/').unwrap_or((word, "tcp"));
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (0 < first && first <= last).then(|| (first, last, protocol.to_lowercase()))
}

fn process(rest: &str) -> Option<Process> {
    let (words, in_shell) = match json(rest) {
        Some(words) => (words, false),
        None => (words(rest), true),
    };
    (!words.is_empty()).then_some(Process { words, in_shell })
}

fn health(rest: &str) -> Option<BuiltHealth> {
    let mut health = BuiltHealth::default();
    let mut rest = rest.trim_start();
    while let Some(option) = rest.strip_prefix("--") {
        let (option, behind) = option.split_once(char::is_whitespace)?;
        let (name, value) = option.split_once('=')?;
        health.options.insert(name.to_string(), value.to_string());
        rest = behind.trim_start();
    }
    let (kind, command) = rest.split_once(char::is_whitespace)?;
    let command = match json(command) {
        Some(words) => words.iter().map(|word| words::shell(word)).collect::<Vec<_>>().join(" "),
        None => command.trim().to_string(),
    };
    kind.eq_ignore_ascii_case("CMD").then_some(BuiltHealth { command, ..health })
}

/// `useradd -u 1001 app`, `adduser -D -u 1001 app` and their like.
fn created_users(run: &str) -> Vec<(String, u32)> {
    let commands = run.split(['&', '|', ';', '\n']);
    commands.filter_map(|command| created_user(&words(command))).collect()
}

fn created_user(words: &[String]) -> Option<(String, u32)> {
    let start = words.iter().position(|word| word == "useradd" || word == "adduser")?;
    let arguments = &words[start + 1..];
    let is_number = |word: &String| word == "-u" || word == "--uid";
    let number = arguments
        .iter()
        .position(is_number)
        .and_then(|at| arguments.get(at + 1)?.parse().ok())
        .or_else(|| arguments.iter().find_map(|word| word.strip_prefix("--uid=")?.parse().ok()))?;
    let name = arguments.iter().rfind(|word| !word.starts_with('-') && word.parse::<u32>().is_err())?;
    Some((name.clone(), number))
}

#[cfg(test)]
mod tests;
