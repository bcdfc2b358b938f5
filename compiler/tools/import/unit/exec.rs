//! A command line of a unit → the commands that it runs. Nothing is executed.

use super::file::UnitFile;
use crate::tools::import::limits::MOST_FILLED;
use crate::tools::import::shell::{self, ShellCommand, ShellWord, placeholder};
use std::collections::BTreeMap;

/// Returns the commands of one line: its own words, or those that a shell in it is told to run.
pub(crate) fn commands(
    unit: &UnitFile,
    line: &super::file::Assignment,
    variables: &BTreeMap<String, String>,
) -> Vec<ShellCommand> {
    let text = line.value.trim_start_matches(['-', '@', ':', '+', '!']);
    let prefixes = &line.value[..line.value.len() - text.len()];
    let mut words = words(text, unit, variables);
    // Behind `@` the second word is the name that the process gives itself.
    if prefixes.contains('@') && words.len() > 1 {
        words.remove(1);
    }
    while words.len() > 1 && words[0].rsplit('/').next() == Some("env") {
        words.remove(0);
    }
    let words: Vec<ShellWord> =
        words.into_iter().map(|text| ShellWord { text, line: line.number, quoted: true }).collect();
    let is_shell = words
        .first()
        .is_some_and(|word| matches!(word.text.rsplit('/').next(), Some("sh" | "bash" | "dash")));
    let script =
        words.iter().skip(1).skip_while(|word| word.text.starts_with('-')).map(|word| &word.text).next();
    let mut commands = match script.filter(|_| is_shell).map(|script| shell::commands(&hidden(script))) {
        Some(Ok(commands)) => commands,
        _ => vec![ShellCommand { words, plumbing: Vec::new() }],
    };
    for word in commands.iter_mut().flat_map(|command| &mut command.words) {
        word.line = line.number;
        word.text = word
            .text
            .replace(HIDDEN.0, &shell::OPEN.to_string())
            .replace(HIDDEN.1, &shell::CLOSE.to_string());
    }
    commands
}

/// Placeholders on their way through the shell's words.
const HIDDEN: (&str, &str) = ("\u{e002}", "\u{e003}");

fn hidden(script: &str) -> String {
    script.replace(shell::OPEN, HIDDEN.0).replace(shell::CLOSE, HIDDEN.1)
}

/// Returns the words of a line without quotes and escapes, with specifiers and variables filled in.
pub(super) fn words(text: &str, unit: &UnitFile, variables: &BTreeMap<String, String>) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            // The manual allows quotes only at the start of a word; systemd 252 takes them inside a word too.
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (_, '\\') => {
                let escaped = rest.next().map_or('\\', |c| match c {
                    'n' => '\n',
                    't' => '\t',
                    's' => ' ',
                    c => c,
                });
                word.get_or_insert_default().push(escaped);
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    let mut filled = 0;
    words.into_iter().flat_map(|word| expanded(&word, unit, variables, &mut filled)).collect()
}

/// A word that is only a variable holds several words, or none.
fn expanded(
    word: &str,
    unit: &UnitFile,
    variables: &BTreeMap<String, String>,
    filled: &mut usize,
) -> Vec<String> {
    match word.strip_prefix('$').and_then(|name| variables.get(name)) {
        Some(value) if *filled + value.len() <= MOST_FILLED => {
            *filled += value.len();
            value.split_whitespace().map(str::to_string).collect()
        }
        _ => vec![self::filled(word, unit, variables, filled)],
    }
}

/// Returns the value of a specifier in a unit of the system (systemd.unit(5), "Specifiers").
fn specifier(letter: char, unit: &UnitFile) -> String {
    let instance = || unit.instance().map_or_else(|| placeholder("instance"), str::to_string);
    let is_template = unit.name.contains('@');
    let text = match letter {
        '%' => "%",
        'n' if is_template => return format!("{}@{}.service", unit.stem(), instance()),
        'N' if is_template => return format!("{}@{}", unit.stem(), instance()),
        'n' => &unit.name,
        'N' | 'p' | 'P' => unit.stem(),
        'j' | 'J' => unit.stem().rsplit('-').next().unwrap_or_default(),
        'i' | 'I' => return instance(),
        'H' | 'l' | 'q' => return placeholder("host_name"),
        'm' => return placeholder("machine_id"),
        't' => "/run",
        'S' => "/var/lib",
        'C' => "/var/cache",
        'L' => "/var/log",
        'E' => "/etc",
        'T' => "/tmp",
        'V' => "/var/tmp",
        'h' => "/root",
        's' => "/bin/sh",
        'u' | 'g' => "root",
        'U' | 'G' => "0",
        other => return format!("%{other}"),
    };
    text.to_string()
}

fn filled(word: &str, unit: &UnitFile, variables: &BTreeMap<String, String>, filled: &mut usize) -> String {
    let mut out = String::new();
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '%' => match rest.next() {
                Some(letter) => {
                    let text = specifier(letter, unit);
                    *filled += text.len();
                    // A specifier beyond the limit stays as it is.
                    if *filled <= MOST_FILLED {
                        out.push_str(&text);
                    } else {
                        out.extend(['%', letter]);
                    }
                }
                None => out.push('%'),
            },
            '$' if rest.peek() == Some(&'$') => {
                rest.next();
                out.push('$');
            }
            '$' => {
                let braced = rest.next_if_eq(&'{').is_some();
                let mut name = String::new();
                while let Some(c) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                    name.push(c);
                }
                // Other expansions are those of a shell in the line.
                if braced && rest.next_if_eq(&'}').is_none() {
                    out.extend(["${", &name]);
                    continue;
                }
                match variables.get(&name) {
                    _ if name.is_empty() => out.push('$'),
                    // A variable beyond the limit stays as it is.
                    Some(value) if *filled + value.len() <= MOST_FILLED => {
                        *filled += value.len();
                        out.push_str(value);
                    }
                    _ => out.push_str(&placeholder(&name)),
                }
            }
            c => out.push(c),
        }
    }
    out
}
