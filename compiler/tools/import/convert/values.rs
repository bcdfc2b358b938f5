//! Text of a source → text of the KDL: values with placeholders for dpc, and names that dpc allows.

use super::variables::VariableNames;
use crate::tools::import::shell::{CLOSE, OPEN};
use crate::value::name::Name;
use std::fmt::Write;

/// The placeholder of the host's own name, which expressions know.
pub(crate) const HOST_NAME: &str = "host_name";

/// Returns a value that dpc reads back unchanged: `{{` of the source stays, placeholders become variables.
pub(crate) fn literal(text: &str, variables: &mut VariableNames) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', OPEN]) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(behind) = rest.strip_prefix("{{") {
            out.push_str("{{ '{{' }}");
            rest = behind;
        } else if let Some((name, behind)) = rest.strip_prefix(OPEN).and_then(|rest| rest.split_once(CLOSE)) {
            if name == HOST_NAME {
                out.push_str("{{ host.name }}");
                rest = behind;
                continue;
            }
            let _ = write!(out, "{{{{ var.{} }}}}", variables.name(name));
            rest = behind;
        } else {
            let brace = rest.chars().next().map_or(0, char::len_utf8);
            out.push_str(&rest[..brace]);
            rest = &rest[brace..];
        }
    }
    out + rest
}

/// A name that dpc takes, near to what it was.
pub(super) fn name(text: &str, otherwise: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(200) {
        match c {
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            _ if !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    let out = out.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let out = out[..out.len().min(Name::LONGEST)].trim_end_matches('-');
    if out.is_empty() { otherwise.to_string() } else { out.to_string() }
}

/// A name that a fleet can have.
pub(crate) fn fleet(text: &str) -> String {
    let name = name(text, "fleet");
    match Name::parse_fleet(&name) {
        Ok(_) => name,
        Err(_) => format!("{}-fleet", &name[..name.len().min(30)]),
    }
}
