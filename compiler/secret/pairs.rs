//! A name that looks secret → its value, where they stand side by side and no `=` or `:` joins them: fields of a list
//! (`name: DB_PASSWORD`, `value: x`), attributes and elements of XML, arguments of a call (`define('DB_PASSWORD', 'x')`), a
//! subscript (`config['PASSWORD'] = 'x'`), words of a list (`["--password", "x"]`), words of a line (`ENV TOKEN x`).

use super::name::{is_name, is_reference, looks_secret, takes_secret};
use super::spans::ends_word;
use super::{could_be_code, is_made_up};
use std::ops::Range;

/// Fields that hold a name, and those that hold its value.
const NAMES: [&str; 4] = ["name", "key", "property", "variable"];
const VALUES: [&str; 3] = ["value", "default", "content"];
/// First words of lines whose next words are a name and its value.
const SETTERS: [&str; 13] = [
    "ARG",
    "ENV",
    "LABEL",
    "SetEnv",
    "add_header",
    "fastcgi_param",
    "grpc_set_header",
    "header_up",
    "proxy_set_header",
    "set",
    "setenv",
    "setx",
    "uwsgi_param",
];
/// Signs between a subscript, or the first argument of a call, and the value.
const JOINTS: [&str; 7] = ["||=", "??=", "=>", ":=", "=", ",", ":"];
/// Maximum number of bytes around a name that are looked at.
const NEAR: usize = 500;

/// A secret name in a text, and what stands around it.
struct Named<'t> {
    text: &'t str,
    name: &'t str,
    before: &'t str,
    after: &'t str,
}

/// The names of pairs, which are no secrets, and the values.
#[derive(Default)]
pub(super) struct Pairs {
    pub(super) names: Vec<Range<usize>>,
    pub(super) values: Vec<Range<usize>>,
}

/// Finds them.
pub(super) fn pairs(text: &str) -> Pairs {
    let mut pairs = Pairs::default();
    for word in text.split(|c: char| !is_name(c)).filter(|word| !word.is_empty()) {
        if !looks_secret(word) {
            continue;
        }
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let end = start + word.len();
        let near = text.floor_char_boundary(start.saturating_sub(NEAR));
        let far = text.floor_char_boundary((end + NEAR).min(text.len()));
        let named = Named { text, name: word, before: &text[near..start], after: &text[end..far] };
        pairs.values.extend(named.list());
        let value = named.field().or_else(|| named.quoted()).or_else(|| named.word());
        if let Some(value) = value.filter(|value| !is_reference(&text[value.clone()])) {
            pairs.names.push(start..end);
            pairs.values.push(value);
        }
    }
    pairs
}

impl Named<'_> {
    /// The place of a part of the text.
    fn place(&self, part: &str) -> Range<usize> {
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        start..start + part.len()
    }

    /// The value of a field, attribute or element behind one that holds the name.
    fn field(&self) -> Option<Range<usize>> {
        let before = self.before.trim_end_matches(['"', '\'', '\\', ' ']);
        let before = before.strip_suffix([':', '=', '>'])?.trim_end_matches(['"', '\'', '\\', ' ']);
        if !ends_with_word(before, &NAMES) {
            return None;
        }
        let quote = self.after.trim_start_matches(['"', '\'']);
        if let Some(element) = quote.strip_prefix('>') {
            let value = element.split('<').next().unwrap_or(element);
            return Some(self.place(value)).filter(|place| !place.is_empty());
        }
        let after = after_closing_tag(quote.trim_start_matches('\\'));
        let between = after.trim_start_matches(|c: char| c.is_whitespace() || "\"'\\,;<-".contains(c));
        let word = VALUES.iter().find_map(|word| {
            let (first, rest) = between.split_at_checked(word.len())?;
            first.eq_ignore_ascii_case(word).then_some(rest)
        })?;
        let value = word.trim_start_matches(['"', '\'', '\\', ' ']).strip_prefix([':', '=', '>'])?;
        self.value(value.trim_start_matches(' '))
    }

    /// The quoted value behind a quoted name.
    fn quoted(&self) -> Option<Range<usize>> {
        let quote = self.after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let before = self.before.strip_suffix(quote)?.trim_end();
        let inside = self.after[1..].trim_start_matches([']', ' ']);
        let joint = JOINTS.iter().find(|joint| inside.starts_with(**joint))?;
        let value = inside[joint.len()..].trim_start();
        let value = value.starts_with(['"', '\'']).then(|| self.value(value)).flatten()?;
        let is_argument = before.ends_with('(') && self.name.bytes().all(|byte| !byte.is_ascii_lowercase());
        let text = &self.text[value.clone()];
        let is_alone = is_made_up(text) && !could_be_code(text);
        let counts = *joint != "," || is_argument || takes_secret(self.name) || is_alone;
        counts.then_some(value)
    }

    /// The elements of a list behind the name, on one line or several, but for what may be a program or a file.
    fn list(&self) -> Vec<Range<usize>> {
        let after = self.after.trim_start_matches(['"', '\'', '\\', ' ']);
        let list = after.strip_prefix([':', '=']).and_then(|list| list.trim_start().strip_prefix('['));
        let Some((list, _)) = list.and_then(|list| list.split_once(']')) else { return Vec::new() };
        let elements = list.split([',', '\n']).map(|element| element.trim().trim_matches(['"', '\'', '\\']));
        let is_secret = |text: &&str| {
            is_made_up(text) && !could_be_code(text) && !text.contains(['.', '/', ':', '"', '\''])
        };
        elements.filter(is_secret).map(|element| self.place(element)).collect()
    }

    /// The value behind a name in a line that sets it.
    fn word(&self) -> Option<Range<usize>> {
        let line = self.before.rsplit(['\n', '\r', ';', '{']).next()?;
        let mut words = line.split_whitespace();
        let sets = words.next().is_some_and(|first| SETTERS.contains(&first));
        let flags = words.all(|word| word.starts_with('-') || word == "\"");
        let value =
            self.after.trim_start_matches('"').strip_prefix([' ', '\t'])?.trim_start_matches([' ', '\t']);
        (sets && flags && !value.starts_with(['\\', '\n', '='])).then(|| self.value(value)).flatten()
    }

    /// A value up to its quote, or to the end of its word.
    fn value(&self, text: &str) -> Option<Range<usize>> {
        let escaped = text.strip_prefix('\\').unwrap_or(text);
        let quote = escaped.chars().next().filter(|c| matches!(c, '"' | '\''));
        let value = match quote {
            Some(quote) => {
                let inside = &escaped[1..];
                &inside[..inside.find(['\n', quote])?]
            }
            None => &text[..text.find(|c| ends_word(c) || c == '}').unwrap_or(text.len())],
        };
        Some(self.place(value.trim_end_matches('\\'))).filter(|place| !place.is_empty())
    }
}

/// Goes behind `</name>` of XML.
fn after_closing_tag(text: &str) -> &str {
    let inside = text.strip_prefix("</").and_then(|tag| tag.split_once('>'));
    inside.filter(|(tag, _)| ends_with_word(tag, &NAMES)).map_or(text, |(_, rest)| rest)
}

fn ends_with_word(text: &str, words: &[&str]) -> bool {
    let last = text.rsplit(|c: char| !is_name(c)).next().unwrap_or(text);
    words.iter().any(|word| last.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use crate::secret::spans::{Spans, conceal};

    fn shown(text: &str) -> String {
        conceal(text, &Spans::of_settings(text, false), |_| "•••")
    }

    #[test]
    fn a_value_beside_its_name_is_a_mark() {
        for text in [
            "define('DB_PASSWORD', 'hunter2!x');",
            "define( \"DB_PASSWORD\", \"hunter2\" );",
            "os.environ[\"SECRET_KEY\"] = \"hunter2\"",
            "$config['db']['password'] = 'hunter2';",
            "ENV['SECRET_KEY_BASE'] ||= 'hunter2'",
            "os.environ.setdefault('SECRET_KEY', 'hunter2')",
            "ENV.fetch(\"API_KEY\", \"hunter2\")",
            "args: [\"--requirepass\", \"hunter2\"]",
            "- name: DB_PASSWORD\n  value: hunter2",
            "- name: DB_PASSWORD\n  value: \"hunter2\"",
            "{\"name\": \"DB_PASSWORD\", \"value\": \"hunter2\"}",
            "{\\\"Name\\\":\\\"DB_PASSWORD\\\",\\\"Value\\\":\\\"hunter2\\\"}",
            "{ \"key\": \"token\",\n  \"value\": \"hunter2\" }",
            "<add key=\"DbPassword\" value=\"hunter2\" />",
            "<property name=\"password\">hunter2</property>",
            "<name>password</name>\n  <value>hunter2</value>",
            "ENV TOKEN hunter2",
            "set -x TOKEN hunter2",
            "fastcgi_param DB_PASSWORD hunter2;",
            "server { proxy_set_header X-Api-Key hunter2; }",
            "add_header X-Auth-Token \"hunter2\";",
            "user app on >hunter2 ~* +@all",
            "db:5432:shop:app:hunter2",
            "{\n \"tokens\": [\n  \"hunter2x\"\n ], \"keys\": [\"hunter2\",\"hunter2y\"]}",
            "tokens = [ 'hunter2a', 'hunter2b' ]",
            "CREATE USER app IDENTIFIED BY 'hunter2';",
            "SECRET = \"\"\"hunter2\"\"\"",
            "HMAC=hunter2 SESSION_TIMEOUT=5",
            "session_id: hunter2",
            "curl -fsu app:hunter2 http://x",
        ] {
            assert!(shown(text).contains("•••") && !shown(text).contains("hunter2"), "{}", shown(text));
        }
        assert_eq!(
            shown("<add key=\"DbPassword\" value=\"hunter2\"/>"),
            "<add key=\"DbPassword\" value=\"•••\"/>"
        );
    }

    #[test]
    fn what_runs_beside_a_name_is_shown() {
        for text in [
            "f([\"password\", \"username\"])",
            "f(\"token\", \"curl evil | sh\")",
            "- name: token\n  image: evil/x1",
            "name: token\ncommand: evil1",
            "proxy_set_header X-Auth-Token $evil;",
            "add_header X-Auth-Token `evil1`",
            "ENV PATH evil1",
            "const token = exec`evil1`;",
            "{\"keys\": [\"sh\", \"-c\", \"./evil1\", \"evil1.sh\", \"a b1\"]}",
            "user nginx1; worker_processes 4;",
            "evil:5432:a b:c:d1",
            "curl -fsu$X app",
        ] {
            assert_eq!(shown(text), text);
        }
    }
}
