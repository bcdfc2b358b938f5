//! Names of containers used as host names in a text: `postgres://user@db:5432/app`, `kafka:9092,other:9092`.

use crate::tools::known_images::scheme_port;
use std::ops::Range;

/// One use of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The name's place in the text.
    pub(crate) name: Range<usize>,
    /// The port's place, with its colon; empty behind the name where it is not written.
    pub(crate) port_range: Range<usize>,
    /// The port that is meant, where that is known.
    pub(crate) port: Option<u16>,
}

/// Finds every use of a known name in a text; `is_name` knows them.
pub(crate) fn references(text: &str, is_name: impl Fn(&str) -> bool) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = at + text[at..].find(|c| !is_host(c)).unwrap_or(text.len() - at);
        if end > at {
            let name = &text[at..end];
            if let Some(reference) = is_name(name).then(|| reference(text, at..end)).flatten() {
                found.push(reference);
            }
            at = end;
            continue;
        }
        at += text[at..].chars().next().map_or(1, char::len_utf8);
    }
    found
}

/// Number of bytes around a name that are looked at.
const NEAR: usize = 512;

fn is_host(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

fn reference(text: &str, name: Range<usize>) -> Option<Reference> {
    // Maximum length of the parts of a URL around its host.
    let before = &text[text.floor_char_boundary(name.start.saturating_sub(NEAR))..name.start];
    let behind = &text[name.end..text.ceil_char_boundary(text.len().min(name.end + NEAR))];
    // `user@` and `user:password@` are no hosts.
    let authority = behind.find(['/', '?', ' ', ',', '"', '\'']).map_or(behind, |end| &behind[..end]);
    if authority.contains('@') {
        return None;
    }
    let digits = behind.strip_prefix(':').map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        (&rest[..end], rest[end..].chars().next())
    });
    let port = digits.and_then(|(digits, next)| {
        let ends = next.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | ':' | '-' | '_'));
        digits.parse::<u16>().ok().filter(|port| ends && *port > 0).map(|port| (port, digits.len() + 1))
    });
    let url = scheme(before);
    let begins = before.chars().next_back().is_none_or(|c| "/@=,; \"'([|".contains(c));
    match (port, url) {
        (Some((port, length)), _) if begins && !is_path(before) => {
            Some(Reference { port_range: name.end..name.end + length, name, port: Some(port) })
        }
        (None, Some(scheme)) if digits.is_none() => {
            Some(Reference { port_range: name.end..name.end, name, port: scheme_port(scheme) })
        }
        _ => None,
    }
}

/// `…/db:5432` is a path unless the slash is that of a scheme.
fn is_path(before: &str) -> bool {
    before.ends_with('/') && !before.ends_with("://")
}

/// The scheme of the URL whose host begins here.
fn scheme(before: &str) -> Option<&str> {
    let authority = before.rfind("://")?;
    let userinfo = &before[authority + 3..];
    let clean = userinfo.is_empty() || (userinfo.ends_with('@') && !userinfo.contains(['/', ' ', ',']));
    let word = before[..authority].rsplit(|c: char| !c.is_ascii_alphanumeric()).next();
    word.filter(|_| clean)
}

/// Returns whether a variable of this name holds a host name.
pub(crate) fn names_host(variable: &str) -> bool {
    let upper = variable.to_ascii_uppercase();
    ["HOST", "HOSTNAME", "ADDR", "ADDRESS", "SERVER", "ENDPOINT", "HOSTS", "SERVERS", "URL", "BROKER", "NODE"]
        .iter()
        .any(|end| {
            upper == *end || upper.ends_with(&format!("_{end}")) || upper.ends_with(&format!(".{end}"))
        })
        || upper.ends_with("HOST")
}

/// `DB_PORT` → `DB_HOST` and similar: variables that name the host of a port.
pub(crate) fn host_variables(variable: &str) -> Vec<String> {
    let Some(stem) = variable.strip_suffix("PORT") else { return Vec::new() };
    ["HOST", "HOSTNAME", "ADDR", "ADDRESS", "SERVER"].iter().map(|end| format!("{stem}{end}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, Option<u16>)> {
        let known = |name: &str| matches!(name, "db" | "app" | "kafka-1" | "web");
        references(text, known).into_iter().map(|found| (&text[found.name], found.port)).collect()
    }

    #[test]
    fn hosts_are_found_where_hosts_stand() {
        for (text, expected) in [
            ("postgres://app:secret@db:5432/app", &[("db", Some(5432))][..]),
            ("postgres://app@db/app", &[("db", Some(5432))]),
            ("http://web", &[("web", Some(80))]),
            ("http://web/app/db", &[("web", Some(80))]),
            ("kafka-1:9092,db:1", &[("kafka-1", Some(9092)), ("db", Some(1))]),
            ("PLAINTEXT://kafka-1:9092", &[("kafka-1", Some(9092))]),
            ("[\"http://db:9200\"]", &[("db", Some(9200))]),
            ("--upstream=web:8080", &[("web", Some(8080))]),
            ("custom://db", &[("db", None)]),
            ("é://db", &[("db", None)]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn other_words_are_left_alone() {
        for text in [
            "db",
            "app:1.4.2",
            "/srv/db:5432",
            "mydb:5432",
            "db:latest",
            "db:80:80",
            "db.example.com:80",
            "a@db",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
