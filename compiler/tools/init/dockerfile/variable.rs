//! `ARG` and `ENV`, and filling them in.

use super::words::words;
use std::collections::BTreeMap;

/// Maximum bytes of a text with its variables filled in. A longer one is cut, since variables of variables double.
const LONGEST: usize = 4 * 1024;

/// The values of variables at one place of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Variables {
    /// `ENV`, which wins over `ARG`.
    pub(crate) env: BTreeMap<String, String>,
    args: BTreeMap<String, String>,
}

impl Variables {
    /// Takes over the variables of another stage.
    pub(crate) fn with(env: BTreeMap<String, String>) -> Self {
        Self { env, args: BTreeMap::new() }
    }

    /// `ARG NAME[=DEFAULT] …`; without a default that of the arguments before the first stage, if it is one of them.
    pub(crate) fn argument(&mut self, rest: &str, global: &Variables) {
        for word in words(&self.fill(rest)) {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name.to_string(), Some(value.to_string())),
                None => (word.clone(), global.args.get(&word).cloned()),
            };
            self.args.extend(value.map(|value| (name, value)));
        }
    }

    /// `ENV NAME=VALUE …`, or `ENV NAME VALUE` with all that follows.
    pub(crate) fn environment(&mut self, rest: &str) {
        let filled = self.fill(rest);
        let (name, value) = filled.split_once(char::is_whitespace).unwrap_or((&filled, ""));
        if !name.contains('=') {
            self.env.insert(name.to_string(), value.trim().to_string());
            return;
        }
        let words = words(&filled);
        self.env.extend(words.iter().filter_map(|word| {
            let (name, value) = word.split_once('=')?;
            Some((name.to_string(), value.to_string()))
        }));
    }

    /// Fills in `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+instead}`; an unset variable is empty.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['$', '\\']) {
            filled.push_str(&rest[..at]);
            let (value, length) = match &rest[at..] {
                escaped if escaped.starts_with("\\$") => ("$".to_string(), 2),
                backslash if backslash.starts_with('\\') => {
                    let length = 1 + backslash[1..].chars().next().map_or(0, char::len_utf8);
                    (backslash[..length].to_string(), length)
                }
                variable => self.variable(variable),
            };
            filled.push_str(&value);
            rest = &rest[at + length..];
            if filled.len() > LONGEST {
                filled.truncate(filled.floor_char_boundary(LONGEST));
                return filled;
            }
        }
        filled + rest
    }

    /// Returns the value of the variable at the start of `text`, and the length of its name there.
    fn variable(&self, text: &str) -> (String, usize) {
        let braced = text.strip_prefix("${").and_then(|rest| rest.split_once('}'));
        let Some((inside, _)) = braced else {
            let word = |char: &char| char.is_ascii_alphanumeric() || *char == '_';
            let length = text[1..].chars().take_while(word).count();
            let value = if length == 0 { "$" } else { self.get(&text[1..=length]).unwrap_or_default() };
            return (value.to_string(), length + 1);
        };
        let value = match (inside.split_once(":-"), inside.split_once(":+")) {
            (Some((name, default)), _) => self.get(name).filter(|value| !value.is_empty()).unwrap_or(default),
            (None, Some((name, instead))) => self.get(name).map_or("", |_| instead),
            (None, None) => self.get(inside).unwrap_or_default(),
        };
        (value.to_string(), inside.len() + 3)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.env.get(name).or_else(|| self.args.get(name)).map(String::as_str)
    }
}
