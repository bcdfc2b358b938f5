//! `${VARIABLES}` in values, with all operators of the compose specification.
//!
//! A variable stays a placeholder if nothing sets it, or if its name says that it is a secret: its value does not go into the
//! KDL.

use crate::tools::import::error::ImportError;
use crate::tools::import::is_secret;
use crate::tools::import::limits::MOST_FILLED;
use crate::tools::import::place::Place;
use crate::tools::import::report::{Handling, ReportEntry};
use crate::tools::import::shell::placeholder;
use crate::tools::import::yaml::{TreeSize, YamlKind, YamlNode};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The variables of an import.
#[derive(Clone, Debug, Default)]
pub(crate) struct ComposeVariables {
    /// The variables of the whole import.
    pub(super) whole: Rc<BTreeMap<String, String>>,
    /// The variables that this scope adds.
    pub(super) own: BTreeMap<String, String>,
    /// The first use of each.
    pub(super) used: RefCell<BTreeMap<String, (Place, String)>>,
    /// Amounts used so far, by everything that began at the first file.
    pub(crate) spent: Rc<ImportUsage>,
}

/// Amounts that an import has used so far.
#[derive(Debug, Default)]
pub(crate) struct ImportUsage {
    /// Bytes that variables filled in.
    pub(crate) filled: Cell<usize>,
    /// Files that were read.
    pub(crate) files: Cell<usize>,
    /// Nodes of these files.
    pub(crate) nodes: Cell<usize>,
    /// The nodes that services took over from those that they extend.
    pub(crate) extended: Cell<TreeSize>,
    /// Bytes that services took from `configs` and `secrets`.
    pub(crate) copied: Cell<usize>,
}

impl ImportUsage {
    /// Counts a service that another extends.
    pub(crate) fn extend(&self, size: TreeSize) -> Result<(), String> {
        let all = self.extended.get() + size;
        self.extended.set(all);
        if all.nodes > MOST_EXTENDED || all.bytes > MOST_FILLED {
            Err(format!(
                "services take over more than {MOST_EXTENDED} values, or {} MiB of text, from those that they extend",
                MOST_FILLED >> 20
            ))
        } else {
            Ok(())
        }
    }

    /// Copies a text that several services take over. The copy is empty beyond the limit, which `within` reports.
    pub(crate) fn copy(&self, text: &str) -> String {
        self.copied.set(self.copied.get() + text.len());
        if self.copied.get() > MOST_FILLED { String::new() } else { text.to_string() }
    }

    /// Refuses the import if too much was copied.
    pub(crate) fn within(&self) -> Result<(), ImportError> {
        if self.copied.get() <= MOST_FILLED {
            return Ok(());
        }
        let most = MOST_FILLED >> 20;
        let words = format!("services take more than {most} MiB of text from `configs` and `secrets`");
        Err(ImportError::new(&Place::default(), words))
    }
}

/// The most values that services take over from others.
const MOST_EXTENDED: usize = 100_000;

/// Maximum depth of nested defaults.
const DEEPEST: usize = 16;

impl ComposeVariables {
    /// Returns the same variables for a further scope.
    pub(crate) fn scope(&self) -> Self {
        Self {
            whole: Rc::clone(&self.whole),
            own: self.own.clone(),
            spent: Rc::clone(&self.spent),
            ..Self::default()
        }
    }

    /// Adds a variable unless it is there. A value longer than a person writes is cut off, since it would grow from line to
    /// line.
    pub(crate) fn see(&mut self, name: &str, value: &str) {
        if value.len() <= 64 * 1024 && !self.whole.contains_key(name) {
            self.own.entry(name.to_string()).or_insert_with(|| value.to_string());
        }
    }

    /// The value of a variable.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.whole.get(name).or_else(|| self.own.get(name)).map(String::as_str)
    }

    /// Reports on the variables that were used.
    pub(crate) fn entries(&self) -> Vec<ReportEntry> {
        let used = self.used.borrow();
        used.values()
            .map(|(place, words)| ReportEntry::new(Handling::Changed, place, words.as_str()))
            .collect()
    }

    /// Fills in every value of a tree. Keys stay.
    pub(crate) fn fill(&self, node: &mut YamlNode) {
        match &mut node.kind {
            YamlKind::Text(text, is_text) if text.contains('$') => {
                let place = Place::new(&node.file, node.line, "");
                *text = self.text(text, Some(&place), 0);
                // Numbers are read before variables are filled in.
                *is_text = true;
            }
            YamlKind::List(items) => items.iter_mut().for_each(|item| self.fill(item)),
            YamlKind::Map(entries) => entries.iter_mut().for_each(|(_, value)| self.fill(value)),
            _ => {}
        }
    }

    /// A text with its variables filled in.
    pub(crate) fn filled(&self, text: &str) -> String {
        self.text(text, None, 0)
    }

    fn text(&self, text: &str, place: Option<&Place>, depth: usize) -> String {
        let mut out = String::new();
        let mut rest = text;
        let closing = closing(text);
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let behind = &rest[at + 1..];
            if let Some(behind) = behind.strip_prefix('$') {
                out.push('$');
                rest = behind;
            } else if let Some(end) = closing.get(&(text.len() - behind.len())) {
                out.push_str(&self.expression(&text[text.len() - behind.len() + 1..*end], place, depth));
                rest = &text[end + 1..];
            } else {
                let end = behind.find(|c: char| !is_name(c)).unwrap_or(behind.len());
                if behind.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
                    out.push_str(&self.value(&behind[..end], place));
                } else {
                    out.push_str(&rest[at..at + 1 + end]);
                }
                rest = &behind[end..];
            }
        }
        out + rest
    }

    fn expression(&self, inside: &str, place: Option<&Place>, depth: usize) -> String {
        let end = inside.find(|c: char| !is_name(c)).unwrap_or(inside.len());
        let (name, operator) = inside.split_at(end);
        let (empty_counts, operator) = match operator.strip_prefix(':') {
            Some(operator) => (true, operator),
            None => (false, operator),
        };
        let value = self.get(name).filter(|value| !(empty_counts && value.is_empty()));
        let word = operator.get(1..).unwrap_or_default();
        let filled = || if depth < DEEPEST { self.text(word, place, depth + 1) } else { word.to_string() };
        match (operator.chars().next(), value) {
            (Some('-'), None) if is_secret(name) => placeholder(name),
            (Some('-'), None) => {
                self.use_of(name, place, format!("`{name}` is not set: its default is written out"));
                filled()
            }
            (Some('?'), None) if !word.is_empty() => {
                self.use_of(name, place, format!("`{name}` must be set: {word}"));
                placeholder(name)
            }
            (Some('+'), Some(_)) => filled(),
            (Some('+'), None) => String::new(),
            _ => self.value(name, place),
        }
    }

    fn value(&self, name: &str, place: Option<&Place>) -> String {
        let spent = self.spent.filled.get() + self.get(name).map_or(0, str::len);
        self.spent.filled.set(spent);
        // Beyond that the import ends with an error.
        match self.get(name).filter(|_| !is_secret(name) && spent <= MOST_FILLED) {
            Some(value) => {
                self.use_of(name, place, format!("`{name}` is written out with its value"));
                value.to_string()
            }
            None => placeholder(name),
        }
    }

    fn use_of(&self, name: &str, place: Option<&Place>, words: String) {
        if let Some(place) = place {
            let place = place.key(format!("${{{name}}}"));
            self.used.borrow_mut().entry(name.to_string()).or_insert((place, words));
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Finds the closing brace of every opening one.
fn closing(text: &str) -> BTreeMap<usize, usize> {
    let mut open = Vec::new();
    let mut pairs = BTreeMap::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open.push(at),
            b'}' => pairs.extend(open.pop().map(|begin| (begin, at))),
            _ => {}
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_operators() {
        let given =
            [("SET", "value"), ("EMPTY", "")].map(|(name, value)| (name.to_string(), value.to_string()));
        let variables = ComposeVariables { own: given.into(), ..ComposeVariables::default() };
        for (text, expected) in [
            ("$SET/${SET}", "value/value"),
            ("${UNSET:-default}", "default"),
            ("${EMPTY:-default}${EMPTY-x}", "default"),
            ("${UNSET-${OTHER:-deep}}", "deep"),
            ("${SET:+there}${UNSET:+there}${EMPTY:+there}${EMPTY+there}", "therethere"),
            ("${SET:?must be set}", "value"),
            ("${UNSET:?must be set}${EMPTY?x}", "\u{e000}UNSET\u{e001}"),
            ("$$SET $5 100$", "$SET $5 100$"),
            ("${UNSET}", "\u{e000}UNSET\u{e001}"),
            ("${DB_PASSWORD:-secret}", "\u{e000}DB_PASSWORD\u{e001}"),
        ] {
            assert_eq!(variables.filled(text), expected, "{text}");
        }
    }
}
