//! The path of a health check: `/healthz`, `/status?full=1`.
//!
//! RFC 3986, 3.3 and 3.4: the characters of a path and a query. Any other byte is written as `%` and two digits.

use super::{Invalid, quoted, text::text_value};
use std::{fmt::Write, sync::Arc};

text_value! {
    /// A path with an optional query, as it goes into a request.
    UrlPath
}

impl UrlPath {
    /// Maximum bytes of a path: the limit of servers for a request line.
    pub(crate) const LONGEST: usize = 2048;

    /// Reads a path.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fault = |what: &str| Invalid::new(format!("the path {} {what}", quoted(text)));
        if text.is_empty() {
            return Err(Invalid::new("the path is empty").write("/"));
        }
        if let Some((_, behind)) = text.split_once("://").filter(|_| !text.starts_with('/')) {
            let path = behind.find('/').map_or("/", |slash| &behind[slash..]);
            return Err(fault("is a URL")
                .write_or(is_clean(path).then_some(path), "write only the path, for example `/healthz`"));
        }
        if !text.starts_with('/') {
            return Err(fault("does not start with `/`")
                .write_or(Some(format!("/{text}")).filter(|path| is_clean(path)), "start it with `/`"));
        }
        if text.contains('#') {
            return Err(fault("has a fragment, which is never sent").help("leave out `#` and what follows"));
        }
        if text.len() > Self::LONGEST {
            return Err(fault("is longer than 2048 bytes"));
        }
        if let Some(bad) = text.chars().find(|c| !is_allowed(*c)) {
            let what =
                format!("holds {}, which no request line can carry", quoted(bad.encode_utf8(&mut [0; 4])));
            return Err(
                fault(&what).write_or(Some(encoded(text)).filter(|path| is_clean(path)), "leave it out")
            );
        }
        if !has_whole_escapes(text) {
            return Err(fault("has a `%` that no two digits follow").help("write `%25` for a `%`"));
        }
        let path = text.split('?').next().unwrap_or(text);
        if path.split('/').any(|part| part == "." || part == "..") {
            return Err(fault("has a part `.` or `..`, which some clients resolve and some send")
                .help("write the path that it means"));
        }
        Ok(Self(Arc::from(text)))
    }
}

/// Returns the path without anything that is refused, except its parts `.` and `..`.
fn is_clean(path: &str) -> bool {
    path.starts_with('/')
        && path.len() <= UrlPath::LONGEST
        && path.chars().all(is_allowed)
        && has_whole_escapes(path)
}

/// `pchar`, `/` and `?`.
fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%/?".contains(c)
}

fn has_whole_escapes(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .all(|behind| behind.len() >= 2 && behind.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()))
}

/// The text with `%` and digits for what is not allowed.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        if is_allowed(c) {
            encoded.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        for text in [
            "/",
            "/healthz",
            "/status?full=1&x=/../y",
            "/a%20b",
            "/~me/a;b=c",
            "//x",
            "/a/...",
            "/login?next=http://a/",
            "/$x'",
        ] {
            accepted(UrlPath::parse, &[(text, text)]);
        }
    }

    #[test]
    fn refuses() {
        refused(
            UrlPath::parse,
            &[
                ("", "the path is empty", "write `/`"),
                ("healthz", "the path `healthz` does not start with `/`", "write `/healthz`"),
                (
                    "http://localhost:8080/healthz",
                    "the path `http://localhost:8080/healthz` is a URL",
                    "write `/healthz`",
                ),
                ("http://localhost", "the path `http://localhost` is a URL", "write `/`"),
                ("/a b", "the path `/a b` holds ` `, which no request line can carry", "write `/a%20b`"),
                ("/ü", "the path `/ü` holds `ü`, which no request line can carry", "write `/%C3%BC`"),
                (
                    "/{a,b}",
                    "the path `/{a,b}` holds `{`, which no request line can carry",
                    "write `/%7Ba,b%7D`",
                ),
                ("/a\nb", "the path `/a\\nb` holds `\\n`, which no request line can carry", "write `/ab`"),
                (
                    "/a#b",
                    "the path `/a#b` has a fragment, which is never sent",
                    "leave out `#` and what follows",
                ),
                ("/100%", "the path `/100%` has a `%` that no two digits follow", "write `%25` for a `%`"),
                ("/%g0", "the path `/%g0` has a `%` that no two digits follow", "write `%25` for a `%`"),
                (
                    "/a/../b",
                    "the path `/a/../b` has a part `.` or `..`, which some clients resolve and some send",
                    "write the path that it means",
                ),
            ],
        );
        assert!(
            UrlPath::parse(&format!("/{}", "a".repeat(2048)))
                .unwrap_err()
                .message
                .ends_with("is longer than 2048 bytes")
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "(/[a-zA-Z0-9_~!$&'()*+,;=:@-]{0,9}){1,4}(\\?[a-z=&?/]{0,9})?") {
            prop_assert!(round_trips(UrlPath::parse, &text));
        }

        #[test]
        fn any_text(text in "/[a-z%0-9./ {#]{0,20}|\\PC*") {
            if round_trips(UrlPath::parse, &text) {
                prop_assert!(text.is_ascii() && !text.contains([' ', '#', '"', '\\', '\n']));
            }
        }
    }
}
