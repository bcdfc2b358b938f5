//! `.env` and `env_file` as compose reads them: quotes, comments, `export`, interpolation. Source: the compose
//! documentation, "Syntax for environment files".

use super::interpolate::ComposeVariables;
use crate::tools::import::limits::Lists;
use std::collections::BTreeMap;
use std::rc::Rc;

impl ComposeVariables {
    /// The variables of `.env` beside the first file. Those in `given` win.
    pub(crate) fn new(given: &BTreeMap<String, String>, first: &str, lists: &Lists<'_>) -> Self {
        let mut all = Self { own: given.clone(), ..Self::default() };
        all.add_file(&super::paths::beside(first, ".env"), lists);
        Self { whole: Rc::new(std::mem::take(&mut all.own)), ..all }
    }

    /// Adds the variables of another file, which an `include` names.
    pub(crate) fn add_file(&mut self, path: &str, lists: &Lists<'_>) {
        let Some(text) = lists.text(path) else { return };
        for (name, value) in parse(&text, self) {
            if let Some(value) = value.filter(|_| !self.whole.contains_key(&name)) {
                self.own.entry(name).or_insert(value);
            }
        }
    }
}

/// Returns the variables of a file, in order; one without `=` has no value. A line sees the variables of earlier lines, which
/// are added to `variables`; a variable that is already there keeps its value.
pub(super) fn parse(text: &str, variables: &mut ComposeVariables) -> Vec<(String, Option<String>)> {
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    while !rest.is_empty() {
        let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
        let trimmed = line.trim();
        let assignment = trimmed.strip_prefix("export ").unwrap_or(trimmed).trim_start();
        if assignment.is_empty() || assignment.starts_with('#') {
            rest = behind;
            continue;
        }
        let Some((name, _)) = assignment.split_once('=') else {
            found.push((assignment.to_string(), None));
            rest = behind;
            continue;
        };
        let start = rest.find('=').map_or(rest.len(), |at| at + 1);
        let (value, consumed) = value(&rest[start..], variables);
        variables.see(name.trim(), &value);
        found.push((name.trim().to_string(), Some(value)));
        rest = &rest[(start + consumed).min(rest.len())..];
    }
    found
}

/// Returns a value, and the bytes that it takes with its newline.
fn value(text: &str, variables: &ComposeVariables) -> (String, usize) {
    let blank = text.len() - text.trim_start_matches([' ', '\t']).len();
    let body = &text[blank..];
    match body.chars().next() {
        Some(quote @ ('"' | '\'')) => match closing(body, quote) {
            Some(end) => {
                let inner = &body[1..end];
                let value =
                    if quote == '"' { variables.filled(&unescaped(inner)) } else { inner.to_string() };
                let line = body[end..].find('\n').map_or(body.len(), |at| end + at + 1);
                (value, blank + line)
            }
            None => plain(text, variables),
        },
        _ => plain(text, variables),
    }
}

fn plain(text: &str, variables: &ComposeVariables) -> (String, usize) {
    let end = text.find('\n').unwrap_or(text.len());
    let line = &text[..end];
    let line = line.split(" #").next().unwrap_or_default();
    (variables.filled(line.trim()), (end + 1).min(text.len().max(1)))
}

fn closing(body: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    body.char_indices().skip(1).find_map(|(at, c)| {
        let closes = c == quote && !escaped;
        escaped = c == '\\' && !escaped && quote == '"';
        closes.then_some(at)
    })
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (c, c == '\\') {
            (_, true) => match rest.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some('$') => out.push_str("$$"),
                Some(c) => out.push(c),
                None => {}
            },
            (c, false) => out.push(c),
        }
    }
    out
}
