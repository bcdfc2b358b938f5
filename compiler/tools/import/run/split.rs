//! A command → its flags, its image and the words behind.

use crate::secret::looks_secret;
use crate::tools::import::shell::{ShellCommand, ShellWord};
use crate::value::docker_flags::{self, Arity};
use std::collections::BTreeMap;

/// A `docker run`, taken apart.
#[derive(Clone, Debug, Default)]
pub struct DockerRun {
    /// The program: `docker` or `podman`.
    pub(crate) program: String,
    /// The line that it starts on.
    pub(crate) line: u32,
    /// Each flag with its value, its line, and whether it is one that docker has.
    pub flags: Vec<GivenFlag>,
    /// The image and the words behind it.
    pub(crate) words: Vec<ShellWord>,
    /// Redirections and pipes.
    pub(crate) plumbing: Vec<ShellWord>,
    /// Variables that stand before the command.
    pub(crate) assignments: BTreeMap<String, String>,
}

/// A flag as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenFlag {
    /// Its long name without dashes; as written where docker has no such flag.
    pub name: String,
    /// Its value; `true` or `false` for a switch.
    pub value: String,
    /// Its line.
    pub line: u32,
    /// How the source calls it.
    pub(crate) key: String,
    /// Set if docker has this flag.
    pub(crate) known: bool,
}

impl DockerRun {
    /// Takes a command apart; none if it starts no container. Variables that a command only sets are remembered.
    pub fn new(command: &ShellCommand, variables: &mut BTreeMap<String, String>) -> Option<Self> {
        let mut split = Self { plumbing: command.plumbing.clone(), ..Self::default() };
        let mut rest = command.words.iter().peekable();
        while let Some(word) = rest.peek() {
            match assignment(&word.text) {
                Some((name, value)) => {
                    split.assignments.insert(name, value);
                }
                None if is_wrapper(&word.text) => {}
                None => break,
            }
            rest.next();
        }
        let Some(program) = rest.next() else {
            variables.extend(split.assignments);
            return None;
        };
        split.program = program.text.rsplit('/').next().unwrap_or_default().to_string();
        split.line = program.line;
        if split.program == "export" {
            variables.extend(rest.filter_map(|word| assignment(&word.text)));
            return None;
        }
        if !matches!(&*split.program, "docker" | "podman" | "nerdctl") {
            return None;
        }
        skip_global(&mut rest);
        let verb = rest.next().map(|word| &*word.text)?;
        let verb = if verb == "container" { rest.next().map(|word| &*word.text)? } else { verb };
        if !matches!(verb, "run" | "create") {
            return None;
        }
        split.flags(&rest.cloned().collect::<Vec<_>>());
        Some(split)
    }

    /// Takes further words: flags up to the image, then the image and the words behind it.
    pub(crate) fn append_words(&mut self, words: Vec<ShellWord>) {
        self.flags(&words);
    }

    fn flags(&mut self, words: &[ShellWord]) {
        let read = docker_flags::read(words.iter().map(|word| &*word.text), arity);
        self.flags.extend(read.flags.into_iter().map(|flag| GivenFlag {
            name: flag.name.to_string(),
            value: flag.value.unwrap_or_default().to_string(),
            line: words[flag.at].line,
            key: format!("--{}", flag.name),
            known: docker_flags::either(flag.name).is_some(),
        }));
        let ended = words[read.end..].first().is_some_and(|word| word.text == "--");
        self.words.extend_from_slice(&words[read.end + usize::from(ended)..]);
    }
}

/// A flag that nobody knows takes a value where its name says that this is secret: it is not printed as the image then.
fn arity(long: &str) -> Option<Arity> {
    docker_flags::either(long).or_else(|| looks_secret(long).then_some(Arity::Value))
}

fn is_wrapper(word: &str) -> bool {
    matches!(word.rsplit('/').next(), Some("sudo" | "-E" | "exec" | "env" | "nohup" | "time" | "command"))
}

/// Flags of the client itself stand before the verb.
fn skip_global<'w>(rest: &mut std::iter::Peekable<impl Iterator<Item = &'w ShellWord>>) {
    while let Some(word) = rest.next_if(|word| word.text.starts_with('-')) {
        let takes_value =
            matches!(&*word.text, "-H" | "--host" | "-c" | "--context" | "--config" | "-l" | "--log-level");
        if takes_value {
            rest.next();
        }
    }
}

fn assignment(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    let valid = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    valid.then(|| (name.to_string(), value.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::import::shell::commands;

    #[test]
    fn the_value_of_a_secret_flag_that_nobody_knows_is_no_image() {
        for (words, image) in [
            ("--mystery-password hunter2 n:1", "n:1"),
            ("--mystery-password=hunter2 n:1", "n:1"),
            ("--mystery n:1 x", "n:1"),
        ] {
            let mut split = DockerRun::default();
            split.append_words(commands(words).unwrap().remove(0).words);
            assert_eq!(split.words[0].text, image, "{words}");
            assert!(split.flags.iter().all(|flag| !flag.known), "{words}");
        }
    }
}
