//! Names in DNS: `api`, `api.shop.internal`.
//!
//! RFC 1123, 2.1: labels of letters, digits and dashes, no dash first or last, 1 to 63 characters; 253 in
//! all. Lower case only, since readers of etcd look names up in lower case.

use super::{Invalid, quoted, text::text_value};
use std::sync::Arc;

text_value! {
    /// One label: the part between two dots.
    Label
}

text_value! {
    /// A name of one or more labels, without a dot at its end.
    Fqdn
}

impl Label {
    /// Reads one label.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match label_fault(text).or(text.contains('.').then(|| "holds a dot".to_owned())) {
            None => Ok(Self(Arc::from(text))),
            Some(fault) => {
                let lower = Some(text.to_ascii_lowercase())
                    .filter(|lower| lower != text && label_fault(lower).is_none() && !lower.contains('.'));
                Err(Invalid::new(format!("the DNS label {} {fault}", quoted(text)))
                    .write_or(lower, LABEL_HELP))
            }
        }
    }
}

impl Fqdn {
    /// The most characters that a name may have.
    pub(crate) const LONGEST: usize = 253;

    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match fault(text) {
            None => Ok(Self(Arc::from(text))),
            Some(fault) => {
                let instead = Some(text.to_ascii_lowercase().trim_end_matches('.').to_owned());
                let instead = instead.filter(|instead| self::fault(instead).is_none());
                Err(Invalid::new(format!("the DNS name {} {fault}", quoted(text)))
                    .write_or(instead, LABEL_HELP))
            }
        }
    }
}

const LABEL_HELP: &str =
    "write lower-case letters, digits and dashes between the dots, for example `api.shop.internal`";

/// Says what is wrong with a name, as the end of a sentence about it.
fn fault(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("is empty".to_owned());
    }
    if text.len() > Fqdn::LONGEST {
        return Some(format!("has {} characters, and {} is the most", text.len(), Fqdn::LONGEST));
    }
    if let Some(fault) =
        text.split('.').find_map(|label| if label.is_empty() { None } else { label_fault(label) })
    {
        return Some(fault);
    }
    if text.ends_with('.') {
        return Some("ends with a dot".to_owned());
    }
    if text.split('.').any(str::is_empty) {
        return Some("has nothing between two dots".to_owned());
    }
    let last = text.rsplit('.').next().unwrap_or(text);
    // Every resolver takes such a name for an address (WHATWG URL, "ends in a number checker").
    last.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| "ends with a number, as an address does".to_owned())
}

fn label_fault(label: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if label.is_empty() {
        return Some("is empty".to_owned());
    }
    match label.chars().find(|c| !allowed(*c) && *c != '.') {
        Some('A'..='Z') => return Some("holds capital letters".to_owned()),
        Some(bad) if !bad.is_ascii() => return Some("is not ASCII: DNS carries its `xn--` form".to_owned()),
        Some(bad) => return Some(format!("holds {}", quoted(bad.encode_utf8(&mut [0; 4])))),
        None => {}
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Some("has a dash at the start or the end of a label".to_owned());
    }
    (label.len() > 63).then(|| format!("has a label of {} characters, and 63 is the most", label.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        let long = ["a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(61)].join(".");
        accepted(
            Fqdn::parse,
            &[
                ("localhost", "localhost"),
                ("api.shop.internal", "api.shop.internal"),
                ("3com.com", "3com.com"),
                ("xn--bcher-kva.example", "xn--bcher-kva.example"),
                ("a.1b", "a.1b"),
                (&long, &long),
            ],
        );
        accepted(Label::parse, &[("api", "api"), ("1", "1"), ("a--b", "a--b")]);
    }

    #[test]
    fn refuses() {
        let (long, label) = (format!("{}com", "abc.".repeat(63)), "a".repeat(64));
        let dash = "has a dash at the start or the end of a label";
        refused(
            Fqdn::parse,
            &[
                ("", "the DNS name `` is empty", LABEL_HELP),
                (
                    "API.example.com",
                    "the DNS name `API.example.com` holds capital letters",
                    "write `api.example.com`",
                ),
                (
                    "api.example.com.",
                    "the DNS name `api.example.com.` ends with a dot",
                    "write `api.example.com`",
                ),
                ("a..b", "the DNS name `a..b` has nothing between two dots", LABEL_HELP),
                (".a", "the DNS name `.a` has nothing between two dots", LABEL_HELP),
                (".", "the DNS name `.` ends with a dot", LABEL_HELP),
                ("my_api.internal", "the DNS name `my_api.internal` holds `_`", LABEL_HELP),
                ("*.example.com", "the DNS name `*.example.com` holds `*`", LABEL_HELP),
                ("-a.b", &format!("the DNS name `-a.b` {dash}"), LABEL_HELP),
                ("a-.b", &format!("the DNS name `a-.b` {dash}"), LABEL_HELP),
                ("10.0.0.1", "the DNS name `10.0.0.1` ends with a number, as an address does", LABEL_HELP),
                (
                    "bücher.example",
                    "the DNS name `bücher.example` is not ASCII: DNS carries its `xn--` form",
                    LABEL_HELP,
                ),
                (
                    &label,
                    &format!(
                        "the DNS name `{}…` has a label of 64 characters, and 63 is the most",
                        "a".repeat(60)
                    ),
                    LABEL_HELP,
                ),
                (
                    &long,
                    &format!("the DNS name `{}…` has 255 characters, and 253 is the most", "abc.".repeat(15)),
                    LABEL_HELP,
                ),
            ],
        );
        refused(
            Label::parse,
            &[
                ("a.b", "the DNS label `a.b` holds a dot", LABEL_HELP),
                ("", "the DNS label `` is empty", LABEL_HELP),
                ("A", "the DNS label `A` holds capital letters", "write `a`"),
                ("a b", "the DNS label `a b` holds ` `", LABEL_HELP),
                ("A.b", "the DNS label `A.b` holds capital letters", LABEL_HELP),
            ],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "([a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?\\.){0,5}[a-z]{1,10}") {
            prop_assert!(round_trips(Fqdn::parse, &text));
        }

        #[test]
        fn any_text(text in "[a-zA-Z0-9.-]{0,30}|\\PC*") {
            round_trips(Fqdn::parse, &text);
            round_trips(Label::parse, &text);
        }
    }
}
