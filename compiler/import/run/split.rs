//! A command → its flags, its image and the words behind, as docker's client takes them apart (spf13/pflag: flags end at
//! the first word that is none).

use super::flags::{Arity, long_name, takes};
use crate::import::shell::{Command, Word};
use std::collections::BTreeMap;

/// A `docker run`, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Split {
    /// The program: `docker` or `podman`.
    pub program: String,
    /// The line that it starts on.
    pub line: u32,
    /// Each flag with its value, its line, and whether it is one that docker has.
    pub flags: Vec<Flag>,
    /// The image and the words behind it.
    pub words: Vec<Word>,
    /// Redirections and pipes.
    pub plumbing: Vec<Word>,
    /// Variables that stand before the command.
    pub assignments: BTreeMap<String, String>,
}

/// A flag as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Its long name without dashes; as written where docker has no such flag.
    pub name: String,
    /// Its value; `true` or `false` for a switch.
    pub value: String,
    /// Its line.
    pub line: u32,
    /// Whether docker has it.
    pub known: bool,
}

impl Split {
    /// Takes a command apart; none if it starts no container. Variables that it only sets are remembered.
    pub fn new(command: &Command, variables: &mut BTreeMap<String, String>) -> Option<Self> {
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
        split.flags(&mut rest);
        split.words.extend(rest.cloned());
        Some(split)
    }

    /// Takes further words: flags up to the image, then the image and what is behind it.
    pub fn further(&mut self, words: Vec<Word>) {
        let mut rest = words.iter().peekable();
        self.flags(&mut rest);
        self.words.extend(rest.cloned());
    }

    fn flags<'w>(&mut self, rest: &mut std::iter::Peekable<impl Iterator<Item = &'w Word>>) {
        while let Some(word) = rest.next_if(|word| word.text.starts_with('-') && word.text.len() > 1) {
            if word.text == "--" {
                return;
            }
            match word.text.strip_prefix("--") {
                Some(long) => self.long(long, word.line, rest),
                None => self.short(&word.text[1..], word.line, rest),
            }
        }
    }

    fn long<'w>(&mut self, text: &str, line: u32, rest: &mut impl Iterator<Item = &'w Word>) {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_string())),
            None => (text, None),
        };
        let canonical = long_name(name);
        let value = match (takes(canonical), value) {
            (_, Some(value)) => value,
            (Some(Arity::Value), None) => rest.next().map(|word| word.text.clone()).unwrap_or_default(),
            _ => "true".to_string(),
        };
        let known = takes(canonical).is_some();
        self.flags.push(Flag { name: canonical.to_string(), value, line, known });
    }

    /// `-itd`, `-p8080:80`, `-p=8080:80`, `-p 8080:80`.
    fn short<'w>(&mut self, text: &str, line: u32, rest: &mut impl Iterator<Item = &'w Word>) {
        for (at, letter) in text.char_indices() {
            let Some(name) = super::flags::short(letter) else {
                self.flags.push(Flag { name: letter.to_string(), value: String::new(), line, known: false });
                continue;
            };
            let behind = &text[at + letter.len_utf8()..];
            let switch = takes(name) == Some(Arity::Switch);
            let value = match behind {
                _ if switch && !behind.starts_with('=') => "true".to_string(),
                "" => rest.next().map(|word| word.text.clone()).unwrap_or_default(),
                _ => behind.strip_prefix('=').unwrap_or(behind).to_string(),
            };
            self.flags.push(Flag { name: name.to_string(), value, line, known: true });
            if !switch || behind.starts_with('=') {
                return;
            }
        }
    }
}

fn is_wrapper(word: &str) -> bool {
    matches!(word.rsplit('/').next(), Some("sudo" | "-E" | "exec" | "env" | "nohup" | "time" | "command"))
}

/// Flags of the client itself stand before the verb.
fn skip_global<'w>(rest: &mut std::iter::Peekable<impl Iterator<Item = &'w Word>>) {
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
