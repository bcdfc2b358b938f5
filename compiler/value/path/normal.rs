//! The normal form of an absolute path: no `.`, no `..`, no empty part, no slash at the end, no character that a line cannot
//! carry.

use crate::encode::terminal::is_hidden;
use crate::value::{Invalid, quoted};

/// Returns whether `child` is `parent` or lies below it; both in normal form.
pub(crate) fn covers(parent: &str, child: &str) -> bool {
    match child.strip_prefix(parent.trim_end_matches('/')) {
        Some(rest) => rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

/// Cleans an absolute path like Go's path.Clean, by which docker compares the paths in a container.
pub(crate) fn cleaned(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// Refuses an absolute path that is not in normal form.
pub(crate) fn check_absolute(text: &str) -> Result<(), Invalid> {
    check_characters(text, "write the whole path, for example `/srv/data`")?;
    if text.starts_with('~') || text.starts_with('$') {
        return Err(fault(text, "stands for a path that depends on who asks")
            .help("write the whole path, for example `/srv/data`"));
    }
    if !text.starts_with('/') {
        let instead = format!("/{}", text.trim_start_matches("./"));
        return Err(fault(text, "is not absolute")
            .write_or(Some(&instead).filter(|text| check_absolute(text).is_ok()), "start it with `/`"));
    }
    if text == "/" { Ok(()) } else { check_parts(text, &text[1..]) }
}

/// Refuses parts that are empty, `.`, `..` or longer than a file system's names.
pub(crate) fn check_parts(text: &str, parts: &str) -> Result<(), Invalid> {
    let what = parts.split('/').find_map(|part| match part {
        "" if parts.ends_with('/') && !parts.contains("//") => Some("ends with a slash"),
        "" => Some("has two slashes in a row"),
        "." => Some("has a part `.`"),
        ".." => Some("has a part `..`, and nobody sees where it leads"),
        _ if part.len() > 255 => Some("has a part of more than 255 bytes"),
        _ => None,
    });
    match what {
        None => Ok(()),
        Some(what) => Err(fault(text, what).write_or(normal(text), "write the path that it means")),
    }
}

/// Refuses characters that no line of text can carry, and paths that the kernel cannot open (`PATH_MAX`, with its NUL).
/// `otherwise` is the advice if nothing better is known.
pub(crate) fn check_characters(text: &str, otherwise: &str) -> Result<(), Invalid> {
    if text.is_empty() {
        return Err(Invalid::new("the path is empty").help(otherwise));
    }
    let shown = |what, is: fn(char) -> bool| {
        let plain: String = text.chars().filter(|c| !is(*c)).collect();
        let plain = Some(plain).filter(|plain| !plain.is_empty());
        fault(text, what).write_or(plain, otherwise)
    };
    if text.chars().any(char::is_control) {
        return Err(shown("holds a control character", char::is_control));
    }
    if text.chars().any(is_unseen) {
        return Err(shown("holds a character that nobody sees", is_unseen));
    }
    if text.split('/').any(|part| part != part.trim_matches(' ')) {
        let trimmed: Vec<&str> = text.split('/').map(|part| part.trim_matches(' ')).collect();
        let plain = Some(trimmed.join("/")).filter(|plain| !plain.is_empty());
        return Err(fault(text, "has a part that begins or ends with a space").write_or(plain, otherwise));
    }
    if text.len() > 4095 {
        return Err(fault(text, "is longer than 4095 bytes").help("the kernel opens no longer one"));
    }
    Ok(())
}

/// Returns whether a character turns or hides text, or is white space that looks like a space or like nothing.
fn is_unseen(c: char) -> bool {
    is_hidden(c) || (c.is_whitespace() && c != ' ') || matches!(c, '\u{200c}' | '\u{200d}' | '\u{2800}')
}

/// A message about this path.
pub(crate) fn fault(text: &str, what: &str) -> Invalid {
    Invalid::new(format!("the path {} {what}", quoted(text)))
}

/// Returns the path without `.`, empty parts and the slash at its end; `None` if it holds `..` or a name that is too long.
fn normal(text: &str) -> Option<String> {
    let parts: Vec<_> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.iter().any(|part| *part == ".." || part.len() > 255) {
        return None;
    }
    let joined = parts.join("/");
    if text.starts_with('/') {
        Some(format!("/{joined}"))
    } else {
        Some(joined).filter(|joined| !joined.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_by_parts() {
        for (parent, child, expected) in [
            ("/data", "/data", true),
            ("/data", "/data/a", true),
            ("/data", "/database", false),
            ("/data/a", "/data", false),
            ("/", "/", true),
            ("/", "/a", true),
            ("/a", "/", false),
            ("a", "a/b", true),
        ] {
            assert_eq!(covers(parent, child), expected, "{parent} {child}");
        }
    }
}
