//! A `Procfile` → the processes of the repository.

use super::dockerfile::words;
use super::repository::Repository;

/// A process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its name, such as `web`.
    pub(crate) name: String,
    /// Its command, as a shell takes it.
    pub(crate) command: String,
}

/// Maximum processes that are read.
const MOST: usize = 20;

/// Reads `NAME: COMMAND` of each line.
pub(crate) fn read(repository: Repository<'_>) -> Vec<Entry> {
    let text = repository.text("Procfile").unwrap_or_default();
    let entry = |line: &str| {
        let (name, command) = line.split_once(':')?;
        let is_plain = |char: char| char.is_ascii_alphanumeric() || "-_".contains(char);
        let (name, command) = (name.trim(), command.trim());
        let entry = Entry { name: name.to_string(), command: command.to_string() };
        let is_named = !name.is_empty() && name.chars().all(is_plain);
        let is_started =
            !command.contains(char::is_control) && entry.words().iter().any(|word| !word.is_empty());
        (is_named && is_started).then_some(entry)
    };
    text.lines().filter_map(entry).take(MOST).collect()
}

/// The process that is the service itself: `web`, or the first that is not run once.
pub(crate) fn main(entries: &[Entry]) -> Option<&Entry> {
    let web = entries.iter().find(|entry| entry.name == "web");
    web.or_else(|| entries.iter().find(|entry| entry.name != "release"))
}

/// `${PORT}` and `${PORT:-3000}` as `$PORT`.
fn with_plain_port(command: &str) -> String {
    let mut plain = String::new();
    let mut rest = command;
    while let Some((before, behind)) = rest.split_once("${PORT") {
        let Some((_, behind)) = behind.split_once('}') else { break };
        plain.push_str(before);
        plain.push_str("$PORT");
        rest = behind;
    }
    plain + rest
}

impl Entry {
    /// Its words; those of a shell if only a shell understands it. `$PORT` stays, for the page to fill in.
    pub(crate) fn words(&self) -> Vec<String> {
        let command = with_plain_port(&self.command);
        let plain = command.replace("$PORT", "");
        let is_assignment = command.split(' ').next().is_some_and(|word| word.contains('='));
        let words = words(&command);
        let is_one = words.len() == 1 && command.contains(' ');
        if plain.contains(['$', '`', '&', '|', ';', '<', '>', '(', '*']) || is_assignment || is_one {
            ["sh", "-c", &command].map(str::to_string).to_vec()
        } else {
            words
        }
    }

    /// Returns whether it listens on a port that it is told.
    pub(crate) fn is_told_its_port(&self) -> bool {
        with_plain_port(&self.command).contains("$PORT")
    }
}
