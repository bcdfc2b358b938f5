//! DNS labels and names, and the keys that SkyDNS and CoreDNS look them up under.
//!
//! Rule: a label has 1 to 63 letters, digits and hyphens and no hyphen at its ends; a name has at most 253 characters.
//! The key is the prefix and the labels in reverse order. Sources: RFC 1035, 2.3.1 and 2.3.4; RFC 1123, 2.1; the
//! README of CoreDNS's etcd plugin. Upper case is refused: lookups are made in lower case.

use super::{Refused, etcd, terminal};

/// A label as it is.
pub fn label(text: &str) -> Result<&str, Refused> {
    let shown = terminal::line(text);
    if text.is_empty() || text.len() > 63 {
        return Err(Refused::new(format!(
            "a DNS label has 1 to 63 characters, and `{shown}` has {}",
            text.len()
        )));
    }
    if let Some(c) = text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-')) {
        return Err(Refused::character(c, "a DNS label: it has only lower-case letters, digits and `-`"));
    }
    if text.starts_with('-') || text.ends_with('-') {
        return Err(Refused::new(format!("`{shown}` is not a DNS label: it cannot start or end with `-`")));
    }
    Ok(text)
}

/// The labels of a name in order; one dot behind the last is allowed.
pub fn name(text: &str) -> Result<Vec<&str>, Refused> {
    let relative = text.strip_suffix('.').unwrap_or(text);
    if relative.len() > 253 {
        return Err(Refused::new(format!(
            "a DNS name has at most 253 characters, this one {}",
            relative.len()
        )));
    }
    relative.split('.').map(label).collect()
}

/// The key of `name` for SkyDNS and CoreDNS: `/skydns/internal/shop/api` for `api.shop.internal` under `skydns`.
pub(crate) fn skydns_key(prefix: &str, text: &str) -> Result<String, Refused> {
    let mut labels = name(text)?;
    if labels.contains(&"any") {
        return Err(Refused::new("`any` cannot be a label here: CoreDNS takes it for a wildcard"));
    }
    labels.reverse();
    etcd::key(&format!("/{}", prefix.strip_prefix('/').unwrap_or(prefix)), &labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_short_and_plain() {
        for text in ["a", "api-1", "0", "xn--bcher-kva", &"a".repeat(63)] {
            assert_eq!(label(text), Ok(text));
        }
        for text in ["", "-a", "a-", "a_b", "a.b", "A", "é", "a:1", "*", &"a".repeat(64)] {
            assert!(label(text).is_err(), "{text}");
        }
        assert_eq!(
            label("a_b").unwrap_err().to_string(),
            "`_` cannot be written in a DNS label: it has only lower-case letters, digits and `-`"
        );
    }

    #[test]
    fn names_are_labels() {
        assert_eq!(name("api.shop.internal."), Ok(vec!["api", "shop", "internal"]));
        assert!(name("").is_err() && name("a..b").is_err() && name("a..").is_err());
        assert!(name(&["a".repeat(63).as_str(); 4].join(".")).is_err());
    }

    #[test]
    fn keys_are_reversed() {
        assert_eq!(skydns_key("skydns", "web1.api.prod.example.").unwrap(), "/skydns/example/prod/api/web1");
        assert_eq!(skydns_key("/dns/a", "x.y").unwrap(), "/dns/a/y/x");
        assert!(skydns_key("skydns", "any.example").is_err() && skydns_key("", "a.b").is_err());
    }
}
