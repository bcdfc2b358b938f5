//! Keys of etcd: joined from parts, compared as paths, and the names that traefik reads from them; and words and values in the
//! file of a registration, which a shell splits into words and gives to etcdctl.
//!
//! Rule: etcd itself takes any bytes; those who read keys split them at `/`, print them a line each and match prefixes. So
//! no part is empty, and a part has letters, digits and a few signs of ASCII. None begins with a dot: `..` would look as if it
//! led elsewhere, and `<prefix>/.ports` is where hosts claim ports. Sources: etcd's documentation, "Data model";
//! traefik's documentation, "KV configuration reference".

use std::fmt::Write;

use super::{Refused, terminal};
use crate::value::record_format::RecordFormat;

/// Maximum bytes of a key: every part of it is looked up.
const LONGEST: usize = 1024;

/// Joins `parts` under `prefix`, which may have parts of its own and starts with `/` or not, as its readers want.
pub fn key(prefix: &str, parts: &[&str]) -> Result<String, Refused> {
    let root = prefix.strip_suffix('/').unwrap_or(prefix);
    for text in root.strip_prefix('/').unwrap_or(root).split('/') {
        part(text)?;
    }
    let mut key = root.to_owned();
    for text in parts {
        key.push('/');
        key.push_str(part(text)?);
    }
    if key.len() <= LONGEST {
        Ok(key)
    } else {
        Err(Refused::new(format!("an etcd key of {} bytes is too long: {LONGEST} is the most", key.len())))
    }
}

/// Returns one part of a key, or refuses it.
pub fn part(text: &str) -> Result<&str, Refused> {
    if text.is_empty() {
        return Err(Refused::new("a part of an etcd key cannot be empty"));
    }
    if text.starts_with('.') {
        return Err(Refused::new("a part of an etcd key cannot begin with a dot"));
    }
    match text.chars().find(|c| !c.is_ascii_alphanumeric() && !"-_.:@+=~".contains(*c)) {
        Some(c) => Err(Refused::character(c, "a part of an etcd key")),
        None => Ok(text),
    }
}

/// Returns a word in a line of a registration, or refuses what a shell's `read` or etcdctl could take for more or less than it.
pub fn word(text: &str) -> Result<&str, Refused> {
    match text.chars().find(|c| !c.is_ascii_graphic() || matches!(c, '"' | '\\')) {
        Some(c) => Err(Refused::character(c, "a registration")),
        None if text.is_empty() => Err(Refused::new("a word of a registration cannot be empty")),
        None => Ok(text),
    }
}

/// Returns a value in quotes, as `etcdctl txn` reads it: a string of Go on one line. Sources: etcd's etcdctl/ctlv3/command/util.go
/// (`argify`), the Go specification, "String literals".
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            c if terminal::is_hidden(c) => drop(write!(quoted, "\\U{:08x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Returns whether a reader of everything below `above` would also find `below`: they are equal, or `below` continues `above`
/// behind a `/`.
pub fn covers(above: &str, below: &str) -> bool {
    let above = above.strip_suffix('/').unwrap_or(above);
    below.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns whether a key belongs to its fleet: it is below the fleet's name, and not among the keys of other fleets or the
/// claims of ports, which are below the same prefix. A name in DNS says itself whose it is.
pub(crate) fn is_own(format: RecordFormat, key: &str, prefix: &str, fleet: &str) -> bool {
    if covers(prefix, key) {
        return covers(&format!("{prefix}/{fleet}"), key);
    }
    match format {
        RecordFormat::Coredns => covers(SKYDNS, key),
        RecordFormat::Grpc => covers(fleet, key),
        RecordFormat::Traefik => {
            let below = key.strip_prefix(TRAEFIK).and_then(|key| key.strip_prefix('/'));
            let name = below.and_then(|below| below.split('/').nth(2));
            name.is_some_and(|name| name.starts_with(&format!("{fleet}_")))
        }
        RecordFormat::Plain | RecordFormat::Json => false,
    }
}

/// The default prefix of CoreDNS.
pub(crate) const SKYDNS: &str = "/skydns";
/// The default prefix of Traefik.
pub(crate) const TRAEFIK: &str = "traefik";

/// Returns the name of a router, service or middleware in traefik's keys, or refuses it.
///
/// traefik compares names without case, reads digits alone as the index of a list, and splits at `@`.
pub(crate) fn traefik_name(text: &str) -> Result<&str, Refused> {
    if text.is_empty() || text.bytes().all(|byte| byte.is_ascii_digit()) {
        let words = format!(
            "`{text}` cannot be a name in traefik's keys: it must have a letter, or it is read as an index"
        );
        return Err(Refused::new(words));
    }
    match text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-' | '_')) {
        Some(c) => Err(Refused::character(
            c,
            "a name in traefik's keys: it has lower-case letters, digits, `-` and `_`",
        )),
        None => Ok(text),
    }
}

/// Returns one element of a list of texts in traefik's keys: traefik joins them with commas and splits them again.
pub(crate) fn traefik_element(text: &str) -> Result<&str, Refused> {
    if text.is_empty() || text.trim() != text {
        return Err(Refused::new(
            "an element of a list in traefik's keys cannot be empty or have white space at its ends",
        ));
    }
    match text.chars().find(|&c| c == ',' || c.is_control()) {
        Some(c) => Err(Refused::character(c, "an element of a list in traefik's keys")),
        None => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_parts_below_a_prefix() {
        assert_eq!(
            key("/services", &["shop", "api", "app-1:8080"]).unwrap(),
            "/services/shop/api/app-1:8080"
        );
        assert_eq!(key("traefik/", &["http"]).unwrap(), "traefik/http");
        for (prefix, parts) in
            [("", vec!["a"]), ("/", vec!["a"]), ("/a", vec![""]), ("/a//b", vec!["c"]), ("/a", vec!["b/c"])]
                .into_iter()
                .chain(
                    ["/a/..", "/a/./b", "/a/.ports", "/a b", "/a\u{202e}b", "/é", "/$x", "//a", "/a//"]
                        .map(|prefix| (prefix, vec!["c"])),
                )
        {
            assert!(key(prefix, &parts).is_err(), "{prefix} {parts:?}");
        }
        assert_eq!(
            part("a\n").unwrap_err().to_string(),
            "a newline cannot be written in a part of an etcd key"
        );
    }

    #[test]
    fn words_and_values_stay_one() {
        assert_eq!(word("/a~b=c:@+'*").unwrap(), "/a~b=c:@+'*");
        for text in ["", "a b", "a\n", "a\"b", "a\\", "é", "\u{202e}"] {
            assert!(word(text).is_err(), "{text:?}");
        }
        assert_eq!(quoted(""), r#""""#);
        assert_eq!(quoted("it's `a` \"b\" \\ $c é"), r#""it's `a` \"b\" \\ $c é""#);
        assert_eq!(quoted("a\nb\t\u{202e}"), r#""a\nb\U00000009\U0000202e""#);
    }

    #[test]
    fn one_key_covers_another_at_a_slash() {
        assert!(covers("/a/b", "/a/b") && covers("/a/b", "/a/b/c") && covers("/a/b/", "/a/b/c"));
        assert!(!covers("/a/b", "/a/bc") && !covers("/a/b/c", "/a/b") && !covers("/a", "a"));
    }

    #[test]
    fn keys_have_an_end() {
        let part = "a".repeat(LONGEST - 3);
        assert!(key("/a", &[&part]).is_ok() && key("/ab", &[&part]).is_err());
    }

    #[test]
    fn a_fleet_has_what_is_below_its_name() {
        let own = |format: RecordFormat, key: &str| is_own(format, key, "/services", "shop");
        for (format, key) in [
            (RecordFormat::Json, "/services/shop/x/app-1-1"),
            (RecordFormat::Coredns, "/skydns/internal/api/app-1-1"),
            (RecordFormat::Grpc, "shop/api/app-1-1"),
            (RecordFormat::Traefik, "traefik/http/routers/shop_api_http/rule"),
        ] {
            assert!(own(format, key), "{format} {key}");
        }
        for (format, key) in [
            (RecordFormat::Json, "/services/shop-a/x/app-1-1"),
            (RecordFormat::Json, "/services/app-1-1"),
            (RecordFormat::Json, "/monitoring/app-1-1"),
            (RecordFormat::Coredns, "/services/shop-a/b/app-1-1"),
            (RecordFormat::Coredns, "/skydns2/internal/api/app-1-1"),
            (RecordFormat::Grpc, "shop-a/api/app-1-1"),
            (RecordFormat::Traefik, "traefik/http/routers/shop-a_api_http/rule"),
            (RecordFormat::Traefik, "traefik/http/routers/shop/rule"),
            (RecordFormat::Traefik, "traefik2/http/routers/shop_api_http/rule"),
        ] {
            assert!(!own(format, key), "{format} {key}");
        }
        assert!(
            !is_own(RecordFormat::Grpc, "shop/api/x", "shop", "web")
                && !is_own(RecordFormat::Coredns, "/skydns/a/b", "/skydns", "b")
        );
    }

    #[test]
    fn traefik_names_are_not_numbers() {
        assert_eq!(traefik_name("api-1"), Ok("api-1"));
        for text in ["", "12", "api@etcd", "Api", "a/b", "a.b", "é"] {
            assert!(traefik_name(text).is_err(), "{text}");
        }
        assert_eq!(traefik_element("websecure"), Ok("websecure"));
        assert!(
            traefik_element("a,b").is_err() && traefik_element(" a").is_err() && traefik_element("").is_err()
        );
    }
}
