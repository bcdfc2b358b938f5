//! Names → whether what they name is a secret, a reference to one, or a revision.

/// Whether the value behind a name is better not repeated.
pub fn looks_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase().replace('-', "_");
    let word = |word: &str| name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == word);
    if name.contains("PUBLIC") {
        return false;
    }
    let within = ["SECRET", "TOKEN", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "KEY"];
    within.iter().any(|part| name.contains(part)) || word("PASS") || name.ends_with("_PWD")
}

/// Whether a value says where a secret is instead of being one: a path, a variable, nothing.
pub fn is_reference(value: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !super::random(part)
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "._-@".contains(c))
    };
    let path = value.strip_prefix('/').is_some_and(|rest| rest.contains('/') && rest.split('/').all(part));
    value.is_empty() || path || value.starts_with('$') || value.starts_with("{{")
}

/// Whether a name is of something long and random that everybody may know.
pub fn is_revision(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["SHA", "COMMIT", "REVISION", "DIGEST", "HASH", "VERSION", "CHECKSUM", "PUBLIC", "BUILD"]
        .iter()
        .any(|part| name.contains(part))
}
