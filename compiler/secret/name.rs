//! Names → whether their values are secrets, references to one, or revisions.

use super::value::ends_leading;

/// Words that mark a name as secret, wherever they stand in it.
const WITHIN: [&str; 13] = [
    "BASICAUTH",
    "DIGESTAUTH",
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "CREDENTIAL",
    "KEY",
    "PASS",
    "AUTHORIZATION",
    "COOKIE",
    "APIKEY",
];
/// Words that mark a name alone or at its end.
const ALONE: [&str; 6] = ["AUTH", "JWT", "SALT", "CREDS", "BEARER", "HMAC"];
/// Words that do so as its end: what is a session's limit or store is none.
const LAST: [&str; 3] = ["SESSION", "SESSION_ID", "SESSIONID"];
/// Words that do so alone.
const PARTS: [&str; 7] = ["MNEMONIC", "OTP", "PAT", "PEPPER", "PIN", "PW", "SEED"];
/// Words around one of them that mean something else, or something public.
const HARMLESS: [&str; 19] = [
    "EMPTY_PASSWORD",
    "FOREIGN_KEY",
    "KEYCLOAK",
    "KEYDB",
    "KEYWORD",
    "MONKEY",
    "PRIMARY_KEY",
    "TOKENIZER",
    "ASKPASS",
    "PUBLIC_KEY",
    "PUBLICKEY",
    "PUBKEY",
    "PUBLIC_API_KEY",
    "BYPASS",
    "PASSIVE",
    "PASSTHROUGH",
    "COMPASS",
    "PASSENGER",
    "KEYBOARD",
];
/// Directives of nginx, Caddy and Apache that say where traffic goes, or name variables.
const DIRECTIVES: [&str; 16] = [
    "PassEnv",
    "ProxyPass",
    "ProxyPassMatch",
    "ProxyPassReverse",
    "auth_http",
    "auth_request",
    "auth_request_set",
    "fastcgi_pass",
    "forward_auth",
    "grpc_pass",
    "js_pass",
    "memcached_pass",
    "proxy_pass",
    "proxy_pass_header",
    "scgi_pass",
    "uwsgi_pass",
];
/// Last words of names whose values say how something is done.
const MANNERS: [&str; 5] = ["HELPER", "METHOD", "MODE", "PATCH", "SERIALIZER"];
/// Begins of flags that take no value.
const SWITCHES: [&str; 4] = ["--no-", "--ask-", "--skip-", "--disable-"];
/// Maximum length of a name.
const LONGEST: usize = 200;

/// Returns whether a character may stand in a name.
pub(crate) fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.".contains(c)
}

/// Returns whether the value behind a name is better not repeated.
pub(crate) fn looks_secret(name: &str) -> bool {
    let Some(start) = name.len().checked_sub(LONGEST) else { return looks_so(name) };
    // The last word of a name says what it is.
    looks_so(name.get(start..).unwrap_or(name))
}

/// Returns whether the word behind a flag is a secret: not behind `--password-stdin` or `--no-auth-warning`, which take none.
pub(crate) fn takes_secret(flag: &str) -> bool {
    let last = flag.rsplit('-').next().unwrap_or(flag);
    let is_switch = SWITCHES.iter().any(|begin| flag.starts_with(begin));
    flag.starts_with('-') && !flag.contains(['=', ':']) && !is_switch && looks_secret(last)
}

fn looks_so(name: &str) -> bool {
    if DIRECTIVES.contains(&name) {
        return false;
    }
    let name = name.to_ascii_uppercase().replace(['-', '.'], "_");
    let name = HARMLESS.iter().fold(name, |name, word| name.replace(word, "_"));
    let ends = |word: &str| name.ends_with(word) || name.split('_').any(|part| part == word);
    let is_part = |word: &str| name.split('_').any(|part| part == word);
    let is_secret = WITHIN.iter().any(|word| name.contains(word))
        || PARTS.iter().any(|word| is_part(word))
        || ALONE.iter().any(|word| ends(word))
        || LAST.iter().any(|word| name.ends_with(word))
        || name.ends_with("PWD");
    // The last word says what it is: `AUTH_HOST` is a host, `PROXY_PASSWORD` a password.
    is_secret && !ends_leading(&name) && !MANNERS.iter().any(|word| name.ends_with(word))
}

/// Returns whether a value says where a secret is, or whether there is one, instead of being one: a path, a variable, a word,
/// nothing.
pub(crate) fn is_reference(value: &str) -> bool {
    value.is_empty()
        || is_variable(value)
        || value.starts_with("{{") && value.contains("}}")
        || matches!(value, "true" | "false" | "yes" | "no" | "on" | "off" | "none")
        || is_path(value)
}

/// Returns whether a shell would fill in a value: `$NAME`, `$name`, `${NAME}`, `$(command)`, `$1`. Names have letters of one case;
/// `$hUnter2` is a password, `$2y$05$…` a hash.
fn is_variable(value: &str) -> bool {
    let Some(rest) = value.strip_prefix('$') else { return false };
    let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let name = &rest[..length];
    let has = |is: fn(&u8) -> bool| name.as_bytes().iter().any(is);
    let is_number = length > 1 && name.starts_with(|c: char| c.is_ascii_digit());
    !(is_number || has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase))
}

/// Returns whether a name is a node of dpc whose argument is none of its own: `secret "NAME"`, `pin "digest"`.
pub(crate) fn is_node(name: &str) -> bool {
    name.eq_ignore_ascii_case("secret") || name == "pin"
}

/// No path is longer (PATH_MAX, limits.h).
const LONGEST_PATH: usize = 4096;

/// A path has no `=` or `:`, so nothing is assigned in it.
pub(crate) fn is_path(value: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !super::random(part)
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "._-@".contains(c))
    };
    let rest = value.strip_prefix('/').filter(|_| value.len() <= LONGEST_PATH);
    rest.is_some_and(|rest| rest.contains('/') && rest.split('/').all(part))
}

/// Returns whether a name is of something long and random that everybody may know.
pub(crate) fn is_revision(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    ["SHA", "COMMIT", "REVISION", "DIGEST", "HASH", "VERSION", "CHECKSUM", "PUBLIC", "BUILD"]
        .iter()
        .any(|part| name.contains(part))
}
