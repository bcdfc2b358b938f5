//! Names of systemd units: checked, or made from any text.
//!
//! Rule: letters, digits and `:_.\-@`, a suffix that names the type, at most 255 bytes. Source: systemd.unit(5),
//! "DESCRIPTION" and "STRING ESCAPING FOR INCLUSION IN UNIT NAMES".

use super::Refused;

/// Types of units, which are the suffixes of their names.
const SUFFIXES: &[&str] = &[
    "service",
    "socket",
    "target",
    "device",
    "mount",
    "automount",
    "swap",
    "timer",
    "path",
    "slice",
    "scope",
];

/// The name of a unit as it is, for the file's name and for settings such as `After=`, where it needs no quotes.
pub fn check(name: &str) -> Result<&str, Refused> {
    if let Some(c) = name.chars().find(|&c| !is_allowed(c)) {
        return Err(Refused::character(c, "the name of a systemd unit"));
    }
    if name.len() > 255 {
        return Err(Refused::new(format!(
            "the name of a systemd unit has at most 255 bytes, this one {}",
            name.len()
        )));
    }
    let suffixed =
        name.rsplit_once('.').is_some_and(|(stem, suffix)| !stem.is_empty() && SUFFIXES.contains(&suffix));
    if !suffixed || name.starts_with('@') {
        let words = format!("`{name}` is not the name of a systemd unit: it must be like `name.service`");
        return Err(Refused::new(words));
    }
    Ok(name)
}

/// Any text as a part of a unit's name, as `systemd-escape` writes it.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'/' => escaped.push('-'),
            b'.' if index == 0 => escaped.push_str(r"\x2e"),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b':' | b'_' | b'.' => escaped.push(byte as char),
            byte => escaped.push_str(&format!("\\x{byte:02x}")),
        }
    }
    escaped
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '.' | '\\' | '-' | '@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_units_pass() {
        for name in ["shop-api-1.service", "shop.target", r"a\x20b.mount", "getty@tty1.service", "x@.timer"] {
            assert_eq!(check(name), Ok(name));
        }
    }

    #[test]
    fn other_names_are_refused() {
        for name in ["", ".service", "api", "api.txt", "@.service", "a b.service", "a/b.service", "ü.service"]
        {
            assert!(check(name).is_err(), "{name}");
        }
        let longest = format!("{}.service", "a".repeat(247));
        assert!(check(&longest).is_ok());
        assert!(check(&format!("a{longest}")).is_err());
    }

    #[test]
    fn escapes_as_systemd_escape_does() {
        assert_eq!(escape("svc/with space@x"), r"svc-with\x20space\x40x");
        assert_eq!(escape(".a.b-"), r"\x2ea.b\x2d");
        assert_eq!(escape("é"), r"\xc3\xa9");
    }
}
