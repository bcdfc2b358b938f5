//! References to images: `redis:7.2.5`, `registry.example.com/shop/api:1.4.2@sha256:…`.
//!
//! The grammar is that of distribution/reference as docker reads it (`ParseNormalizedNamed`), with its one ambiguity: the part
//! before the first `/` is a registry if it holds a dot or a colon or is `localhost`, and a folder of Docker Hub otherwise
//! (later versions of docker also take one with a capital letter for a registry). dpc also refuses names of registries that no
//! resolver takes, IPv6 addresses, which docker 20.10 does not read, and ids of images, which are known only where the image
//! was built.

use super::digest::{self, Digest};
use super::{Invalid, quoted};
use std::{fmt, sync::Arc};

/// A reference as it was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Image {
    text: Arc<str>,
    /// Bytes of the name.
    name: u16,
    /// Bytes of name and tag.
    tagged: u16,
}

impl Image {
    /// Reads a reference.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Err(Invalid::new("the image is empty").help(EXAMPLE));
        }
        if let Some((_, behind)) = text.split_once("://") {
            return Err(fault(text, "has a scheme in front").write_or(valid(behind), EXAMPLE));
        }
        let (tagged, digest) =
            text.split_once('@').map_or((text, None), |(tagged, digest)| (tagged, Some(digest)));
        let (name, tag) = split_tag(tagged);
        check_name(text, name)?;
        tag.map_or(Ok(()), |tag| check_tag(text, tag))?;
        digest.map_or(Ok(()), |digest| digest::check(digest, || format!("the image {}", quoted(text))))?;
        let bytes = |part: &str| u16::try_from(part.len()).map_err(|_| fault(text, "is too long"));
        Ok(Self { name: bytes(name)?, tagged: bytes(tagged)?, text: Arc::from(text) })
    }

    /// The whole reference.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The name as written, without tag and digest.
    pub fn name(&self) -> &str {
        &self.text[..usize::from(self.name)]
    }

    /// The registry, if one is written, and the path behind it.
    #[cfg(feature = "registry")]
    pub(crate) fn registry(&self) -> Option<(&str, &str)> {
        let (registry, path) = split_registry(self.name());
        registry.map(|registry| (registry, path))
    }

    /// The tag, if one is written.
    pub(crate) fn tag(&self) -> Option<&str> {
        self.text[usize::from(self.name)..usize::from(self.tagged)].strip_prefix(':')
    }

    /// The digest, if one is written; docker then ignores the tag beside it.
    pub(crate) fn digest(&self) -> Option<&str> {
        self.text[usize::from(self.tagged)..].strip_prefix('@')
    }

    /// The reference with a digest, where it has none yet.
    pub(crate) fn with_digest(&self, digest: &Digest) -> Self {
        match self.digest() {
            Some(_) => self.clone(),
            None => Self { text: Arc::from(format!("{}@{digest}", self.text)), ..self.clone() },
        }
    }

    /// Returns whether the next pull may bring another image by intent: no digest, and the tag `latest` or none.
    pub(crate) fn is_floating(&self) -> bool {
        self.digest().is_none() && self.tag().is_none_or(|tag| tag == "latest")
    }
}

impl fmt::Display for Image {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(&self.text)
    }
}

const EXAMPLE: &str = "write for example `redis:7.2.5` or `registry.example.com/shop/api:1.4.2`";

/// Maximum characters of registry and name together, as engines before 24 count them.
const LONGEST: usize = 255;

fn fault(text: &str, what: &str) -> Invalid {
    Invalid::new(format!("the image {} {what}", quoted(text)))
}

/// The text, if it is a reference.
fn valid(text: &str) -> Option<&str> {
    (!text.contains("://") && Image::parse(text).is_ok()).then_some(text)
}

/// The tag stands behind a colon without a later slash: a colon before a slash belongs to a registry's port.
fn split_tag(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (text, None),
    }
}

/// The registry if there is one, and the path behind it.
fn split_registry(name: &str) -> (Option<&str>, &str) {
    match name.split_once('/') {
        Some((first, path)) if first == "localhost" || first.contains(['.', ':']) => (Some(first), path),
        _ => (None, name),
    }
}

fn check_name(text: &str, name: &str) -> Result<(), Invalid> {
    let (registry, path) = split_registry(name);
    if registry.is_some_and(|registry| registry.starts_with('[')) {
        return Err(fault(text, "names its registry by an IPv6 address, which docker 20.10 does not read")
            .help("give the registry a name, in DNS or in the /etc/hosts of each host"));
    }
    if let Some(registry) = registry
        && !is_registry(registry)
    {
        return Err(
            fault(text, &format!("has no host and port as its registry: {}", quoted(registry))).help(EXAMPLE)
        );
    }
    if name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        || name == "sha256"
    {
        return Err(fault(text, "is the id of an image, which other hosts do not know")
            .help("write a name and a digest: `api@sha256:…`"));
    }
    if path.contains(|c: char| c.is_ascii_uppercase()) {
        let lower = text.replacen(path, &path.to_ascii_lowercase(), 1);
        return Err(fault(text, "has capital letters in its name").write_or(valid(&lower), EXAMPLE));
    }
    if let Some(component) = path.split('/').find(|component| !is_component(component)) {
        let what = match component {
            "" => "has an empty part in its name".to_owned(),
            _ => format!(
                "has {} in its name, which is no word of letters and digits with single separators",
                quoted(component)
            ),
        };
        return Err(fault(text, &what).help(EXAMPLE));
    }
    let full = registry.map_or("docker.io/".len(), |_| 0)
        + name.len()
        + if name.contains('/') { 0 } else { "library/".len() };
    if full > LONGEST {
        return Err(fault(text, &format!("has a name of {full} characters, and {LONGEST} is the most")));
    }
    Ok(())
}

/// Letters and digits, separated by one dot, one or two underscores or any number of dashes.
fn is_component(component: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_separator = |text: &str| matches!(text, "." | "_" | "__") || text.bytes().all(|byte| byte == b'-');
    component.starts_with(is_word)
        && component.ends_with(is_word)
        && component.split(is_word).all(is_separator)
}

/// A name or an IPv4 address, with or without a port.
fn is_registry(registry: &str) -> bool {
    let (host, port) = registry.rsplit_once(':').map_or((registry, None), |(host, port)| (host, Some(port)));
    port.is_none_or(|port| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
    }) && host.split('.').all(is_host_label)
}

fn is_host_label(label: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric();
    label.starts_with(is_word) && label.ends_with(is_word) && label.chars().all(|c| is_word(c) || c == '-')
}

fn check_tag(text: &str, tag: &str) -> Result<(), Invalid> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if tag.is_empty() {
        return Err(fault(text, "has nothing behind its colon")
            .help("write the tag behind it, for example `redis:7.2.5`"));
    }
    if tag.len() > 128 {
        return Err(fault(text, &format!("has a tag of {} characters, and 128 is the most", tag.len())));
    }
    if tag.starts_with(is_word) && tag.chars().all(|c| is_word(c) || c == '.' || c == '-') {
        Ok(())
    } else {
        Err(fault(text, &format!("has the tag {}", quoted(tag)))
            .help("a tag has letters, digits, `_`, `.` and `-`, and starts with neither of the last two"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    const SHA: &str = "sha256:7cc4b5aefd1d0cadf8d97d4350462ba51c694ebca145b08d7d41b41acc8db5aa";

    #[test]
    fn accepts() {
        for text in [
            "redis",
            "redis:7.2.5",
            "redis:7.2.5-alpine",
            "library/redis",
            "docker.io/library/redis:7",
            "localhost/api",
            "localhost:5000/api:1",
            "localhost:5000",
            "registry.example.com/shop/api:1.4.2",
            "10.0.0.1:5000/a/b/c",
            "Example.COM/a",
            "a__b/c--d/e.f_g",
            "a:_",
            "a:A-b.C_d",
            "example.com",
            "index.docker.io/a",
        ] {
            accepted(Image::parse, &[(text, text)]);
        }
        for name in ["redis", "redis:7", "registry.example.com:443/shop/api:1.4.2"] {
            let text = format!("{name}@{SHA}");
            accepted(Image::parse, &[(&text, &text)]);
        }
        assert!(Image::parse(&format!("a@sha512:{}", "0".repeat(128))).is_ok());
        assert!(Image::parse(&format!("a:{}", "b".repeat(128))).is_ok());
        assert!(Image::parse(&"a".repeat(255 - "docker.io/library/".len())).is_ok());
    }

    #[test]
    fn takes_apart() {
        for (text, name, tag, floating) in [
            ("redis", "redis", None, true),
            ("redis:latest", "redis", Some("latest"), true),
            ("shop/api:1", "shop/api", Some("1"), false),
            ("localhost:5000", "localhost", Some("5000"), false),
            ("localhost:5000/a", "localhost:5000/a", None, true),
            ("example.com/a/b:1", "example.com/a/b", Some("1"), false),
        ] {
            let image = Image::parse(text).unwrap();
            assert_eq!((image.name(), image.tag(), image.is_floating()), (name, tag, floating));
        }
        let image = Image::parse(&format!("redis:latest@{SHA}")).unwrap();
        assert_eq!(
            (image.name(), image.tag(), image.digest(), image.is_floating()),
            ("redis", Some("latest"), Some(SHA), false)
        );
    }

    #[test]
    fn refuses() {
        let tag = "a tag has letters, digits, `_`, `.` and `-`, and starts with neither of the last two";
        let id = "7cc4b5aefd1d0cadf8d97d4350462ba51c694ebca145b08d7d41b41acc8db5aa";
        let by_digest = "write a name and a digest: `api@sha256:…`";
        let separators = "in its name, which is no word of letters and digits with single separators";
        refused(
            Image::parse,
            &[
                ("", "the image is empty", EXAMPLE),
                (
                    "https://example.com/a:1",
                    "the image `https://example.com/a:1` has a scheme in front",
                    "write `example.com/a:1`",
                ),
                ("docker://redis", "the image `docker://redis` has a scheme in front", "write `redis`"),
                ("Redis", "the image `Redis` has capital letters in its name", "write `redis`"),
                (
                    "example.com/Shop/API:V1",
                    "the image `example.com/Shop/API:V1` has capital letters in its name",
                    "write `example.com/shop/api:V1`",
                ),
                (
                    "redis:",
                    "the image `redis:` has nothing behind its colon",
                    "write the tag behind it, for example `redis:7.2.5`",
                ),
                ("redis:-1", "the image `redis:-1` has the tag `-1`", tag),
                ("redis: 7", "the image `redis: 7` has the tag ` 7`", tag),
                ("redis:7:8", &format!("the image `redis:7:8` has `redis:7` {separators}"), EXAMPLE),
                ("a//b", "the image `a//b` has an empty part in its name", EXAMPLE),
                ("/a", "the image `/a` has an empty part in its name", EXAMPLE),
                ("a/", "the image `a/` has an empty part in its name", EXAMPLE),
                ("-v", &format!("the image `-v` has `-v` {separators}"), EXAMPLE),
                ("a..b", &format!("the image `a..b` has `a..b` {separators}"), EXAMPLE),
                ("a___b", &format!("the image `a___b` has `a___b` {separators}"), EXAMPLE),
                ("a b", &format!("the image `a b` has `a b` {separators}"), EXAMPLE),
                ("a_b.c/d", "the image `a_b.c/d` has no host and port as its registry: `a_b.c`", EXAMPLE),
                ("a:0/b", "the image `a:0/b` has no host and port as its registry: `a:0`", EXAMPLE),
                (
                    "a:65536/b",
                    "the image `a:65536/b` has no host and port as its registry: `a:65536`",
                    EXAMPLE,
                ),
                ("a:/b", "the image `a:/b` has no host and port as its registry: `a:`", EXAMPLE),
                (
                    "fd00::1/b",
                    "the image `fd00::1/b` has no host and port as its registry: `fd00::1`",
                    EXAMPLE,
                ),
                (
                    "[::ffff:1.2.3.4]/b",
                    "the image `[::ffff:1.2.3.4]/b` names its registry by an IPv6 address, which docker 20.10 does not read",
                    "give the registry a name, in DNS or in the /etc/hosts of each host",
                ),
                (
                    "redis@",
                    "the image `redis@` has a digest by ``",
                    "docker takes `sha256:` (or `sha384:`, `sha512:`) and the digits behind it",
                ),
                (
                    "redis@md5:00",
                    "the image `redis@md5:00` has a digest by `md5`",
                    "docker takes `sha256:` (or `sha384:`, `sha512:`) and the digits behind it",
                ),
                (
                    "redis@sha256:abc",
                    "the image `redis@sha256:abc` has a broken digest",
                    "`sha256:` is followed by 64 digits of `0-9a-f`",
                ),
                (
                    id,
                    &format!(
                        "the image `{}…` is the id of an image, which other hosts do not know",
                        &id[..60]
                    ),
                    by_digest,
                ),
                (
                    "sha256:abc",
                    "the image `sha256:abc` is the id of an image, which other hosts do not know",
                    by_digest,
                ),
                ("{{ x }}", &format!("the image `{{{{ x }}}}` has `{{{{ x }}}}` {separators}"), EXAMPLE),
            ],
        );
        assert!(
            Image::parse(&format!("a:{}", "b".repeat(129)))
                .unwrap_err()
                .message
                .ends_with("has a tag of 129 characters, and 128 is the most")
        );
        assert!(
            Image::parse(&"a".repeat(238))
                .unwrap_err()
                .message
                .ends_with("has a name of 256 characters, and 255 is the most")
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "([a-z]{1,9}\\.[a-zA-Z]{1,9}(:[1-9][0-9]{0,3})?/)?[a-z0-9]{1,9}((_|__|-{1,3})[a-z0-9]{1,5}){0,2}(/[a-z]{1,5}(\\.[a-z]{1,5})?){0,2}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,9})?(@sha256:[0-9a-f]{64})?") {
            prop_assume!(!text.starts_with("sha256"));
            prop_assert!(round_trips(Image::parse, &text));
        }

        #[test]
        fn any_text(text in "[a-zA-Z0-9./:@_\\[\\] -]{0,30}|\\PC*") {
            round_trips(Image::parse, &text);
        }
    }
}
