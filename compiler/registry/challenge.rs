//! `WWW-Authenticate` → the challenges in it (RFC 9110, 11.6.1): `Bearer realm="https://auth.example.com/token",service="…"`.

use std::collections::BTreeMap;

/// What a server wants to see before it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Challenge {
    /// The scheme in small letters.
    pub(super) scheme: String,
    /// Its parameters, names in small letters.
    pub(super) parameters: BTreeMap<String, String>,
}

impl Challenge {
    /// A parameter, or nothing.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }
}

/// Reads the challenges of a header. What does not follow the grammar ends the list.
pub(super) fn challenges(header: &str) -> Vec<Challenge> {
    let mut rest = Rest(header);
    let mut found: Vec<Challenge> = Vec::new();
    loop {
        rest.skip_while(|c| matches!(c, ' ' | '\t' | ','));
        let word = rest.take_while(is_token);
        if word.is_empty() {
            return found;
        }
        let name = word.to_ascii_lowercase();
        rest.skip_while(is_space);
        // A word with a value is a parameter of the scheme before it. A lone `=` is padding of a token68.
        match (rest.0.strip_prefix('='), found.last_mut()) {
            (Some(behind), Some(challenge)) => {
                rest.0 = behind.trim_start_matches(is_space);
                let Some(value) = rest.value() else { return found };
                challenge.parameters.entry(name).or_insert(value);
            }
            (Some(_), None) => return found,
            (None, _) => found.push(Challenge { scheme: name, parameters: BTreeMap::new() }),
        }
    }
}

/// What is still to be read.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn take_while(&mut self, is: fn(char) -> bool) -> &'a str {
        let (taken, rest) = self.0.split_at(self.0.find(|c| !is(c)).unwrap_or(self.0.len()));
        self.0 = rest;
        taken
    }

    fn skip_while(&mut self, is: fn(char) -> bool) {
        self.take_while(is);
    }

    /// A token or a quoted string, whose end must be there.
    fn value(&mut self) -> Option<String> {
        let Some(quoted) = self.0.strip_prefix('"') else {
            return Some(self.take_while(is_token).to_owned());
        };
        let mut value = String::new();
        let mut characters = quoted.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => value.push(characters.next()?),
                c => value.push(c),
            }
        }
        self.0 = characters.as_str();
        Some(value)
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~/".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(header: &str) -> Vec<(String, Vec<(String, String)>)> {
        let challenges = challenges(header).into_iter();
        challenges.map(|challenge| (challenge.scheme, challenge.parameters.into_iter().collect())).collect()
    }

    fn written(scheme: &str, parameters: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
        let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        (scheme.to_owned(), parameters.iter().map(owned).collect())
    }

    #[test]
    fn reads_what_registries_send() {
        let realm = ("realm", "https://auth.docker.io/token");
        for (header, expected) in [
            ("", vec![]),
            (
                r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io""#,
                vec![written("bearer", &[realm, ("service", "registry.docker.io")])],
            ),
            (
                r#"Bearer service=a , scope="repository:a/b:pull,push" , realm = "https://auth.docker.io/token""#,
                vec![written("bearer", &[realm, ("scope", "repository:a/b:pull,push"), ("service", "a")])],
            ),
            (r#"BASIC Realm="a \"b\", c\\""#, vec![written("basic", &[("realm", r#"a "b", c\"#)])]),
            (
                r#"Negotiate, Basic realm="x", Bearer realm=y"#,
                vec![
                    written("negotiate", &[]),
                    written("basic", &[("realm", "x")]),
                    written("bearer", &[("realm", "y")]),
                ],
            ),
            (r#"Bearer realm="no end"#, vec![written("bearer", &[])]),
            (r#"realm="a""#, vec![]),
            ("Bearer realm=a, realm=b", vec![written("bearer", &[("realm", "a")])]),
            ("é", vec![]),
        ] {
            assert_eq!(read(header), expected, "{header}");
        }
    }

    proptest! {
        #[test]
        fn any_header(header in "[Ba-z=\", \\\\]{0,40}|\\PC*") {
            challenges(&header);
        }
    }
}
