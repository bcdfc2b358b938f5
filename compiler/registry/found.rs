//! Documents about an image → what they say, in plain text and within limits. Whoever holds a registry writes them.

use super::failure::{Failure, FailureKind, wrong};
use crate::encode::digest::sha256;
use crate::value::digest::Digest;
use crate::value::platform::Platform;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An image under a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundImage {
    /// What the reference names: an index of several platforms, or one image.
    pub digest: Digest,
    /// The image of each platform that was asked for.
    pub platforms: BTreeMap<Platform, FoundPlatform>,
}

/// The image of one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPlatform {
    /// The digest of its manifest.
    pub digest: Digest,
    /// Bytes of its layers as they are transferred.
    pub bytes: u64,
    /// What it says of itself.
    pub config: FoundConfig,
}

/// What an image says of itself, as it says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundConfig {
    /// When it was made.
    pub created: Option<String>,
    /// Its user; empty for root.
    pub user: String,
    /// The paths of its volumes.
    pub volumes: BTreeSet<String>,
    /// Its ports: `80/tcp`, `53/udp`, `8000-8010/tcp`.
    pub exposed: BTreeSet<String>,
    /// The names of its variables.
    pub variables: BTreeSet<String>,
    /// The words before those of the command.
    pub entrypoint: Vec<String>,
    /// The words of its command.
    pub command: Vec<String>,
    /// The directory that its process starts in.
    pub workdir: String,
    /// The signal that ends its process; empty for SIGTERM.
    pub stop_signal: String,
    /// Its health check, as docker keeps it: `CMD-SHELL` and a command.
    pub health: Vec<String>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

/// A manifest, or an index of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Manifest {
    /// One image: the digest of its configuration, and the bytes of its layers.
    Image(Digest, u64),
    /// Several, each with its platform.
    Index(Vec<(String, Digest)>),
}

/// The most entries of a list, and the most bytes of a text, that an image may have. Beyond that nothing is meant any more.
const MOST: usize = 1_000;
const LONGEST: usize = 4_096;

/// Holds bytes to their digest.
pub(super) fn verified(body: &[u8], digest: &Digest, what: &str) -> Result<(), Failure> {
    let Some(hex) = digest.strip_prefix("sha256:") else {
        return Err(wrong(what, &format!("has a digest that dpc cannot verify: `{digest}`")));
    };
    if sha256(body) == hex {
        Ok(())
    } else {
        Err(wrong(what, &format!("is not what its digest `{digest}` names")))
    }
}

/// The digest of bytes.
pub(super) fn digest_of(body: &[u8]) -> Digest {
    Digest::of_sha256(&sha256(body))
}

fn json(body: &[u8], what: &str) -> Result<Value, Failure> {
    serde_json::from_slice(body).map_err(|error| wrong(what, &format!("is not JSON: {error}")))
}

/// Reads a manifest.
pub(super) fn manifest(body: &[u8], what: &str) -> Result<Manifest, Failure> {
    let document = json(body, what)?;
    if document["schemaVersion"] == 1 {
        return Err(wrong(what, "has a manifest of docker's first schema, which engines no longer read")
            .help("push the image again with a newer docker"));
    }
    if let Some(entries) = document["manifests"].as_array() {
        let entries = entries.iter().take(MOST).filter_map(entry);
        return Ok(Manifest::Index(entries.collect()));
    }
    let config = digest(&document["config"]["digest"]);
    let config = config.ok_or_else(|| wrong(what, "has a manifest without a configuration"))?;
    let layers = document["layers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let bytes = layers.iter().filter_map(|layer| layer["size"].as_u64()).fold(0, u64::saturating_add);
    Ok(Manifest::Image(config, bytes))
}

/// An image in an index; none for an attestation, whose platform is unknown.
fn entry(entry: &Value) -> Option<(String, Digest)> {
    let platform = platform_of(&entry["platform"]);
    Some((platform, digest(&entry["digest"])?)).filter(|(platform, _)| !platform.starts_with("unknown/"))
}

fn digest(value: &Value) -> Option<Digest> {
    Digest::parse(value.as_str()?).ok()
}

fn platform_of(value: &Value) -> String {
    let part = |name: &str| value[name].as_str().unwrap_or_default();
    let variant = part("variant");
    let slash = if variant.is_empty() { "" } else { "/" };
    format!("{}/{}{slash}{variant}", part("os"), part("architecture"))
}

/// Chooses the image of a platform as docker does: the same, or for a processor the nearest older variant.
pub(super) fn chosen<'e>(entries: &'e [(String, Digest)], platform: &Platform) -> Option<&'e Digest> {
    candidates(platform)
        .iter()
        .find_map(|name| entries.iter().find(|(known, _)| known == name).map(|(_, digest)| digest))
}

/// The platforms that run on one, the best first.
pub(super) fn candidates(platform: &Platform) -> Vec<String> {
    let (base, variant) = match platform.splitn(3, '/').collect::<Vec<_>>()[..] {
        [os, processor, variant] => (format!("{os}/{processor}"), variant.to_string()),
        _ => (platform.to_string(), String::new()),
    };
    let variants: &[&str] = match (base.as_str(), variant.as_str()) {
        ("linux/arm", "" | "v7") => &["/v7", "", "/v6", "/v5"],
        ("linux/arm", "v6") => &["/v6", "/v5"],
        ("linux/arm", "v8") => &["/v8", "/v7", "", "/v6", "/v5"],
        ("linux/arm64", "" | "v8") => &["", "/v8"],
        ("linux/amd64", "" | "v1") => &["", "/v1"],
        _ => return vec![platform.to_string(), base],
    };
    variants.iter().map(|variant| format!("{base}{variant}")).collect()
}

/// Reads a configuration, and the platform that it is for.
pub(super) fn config(body: &[u8], what: &str) -> Result<(String, FoundConfig), Failure> {
    let document = json(body, what)?;
    let found = found_config(&document["config"], document["created"].as_str(), what)?;
    Ok((platform_of(&document), found))
}

/// Reads the part of a configuration that a container starts by; docker's engine prints it in the same form.
pub(super) fn found_config(value: &Value, created: Option<&str>, what: &str) -> Result<FoundConfig, Failure> {
    let read = Reader { value, what };
    Ok(FoundConfig {
        created: created.map(|text| read.bounded(text)).transpose()?,
        user: read.text("User")?,
        volumes: read.keys("Volumes")?,
        exposed: read.keys("ExposedPorts")?,
        variables: read.words(&value["Env"])?.iter().map(|pair| name_of(pair)).collect(),
        entrypoint: read.words(&value["Entrypoint"])?,
        command: read.words(&value["Cmd"])?,
        workdir: read.text("WorkingDir")?,
        stop_signal: read.text("StopSignal")?,
        health: read.words(&value["Healthcheck"]["Test"])?,
        labels: read.labels()?,
    })
}

fn name_of(pair: &str) -> String {
    pair.split('=').next().unwrap_or_default().to_string()
}

/// Reads fields of one configuration within limits.
struct Reader<'v> {
    value: &'v Value,
    what: &'v str,
}

impl Reader<'_> {
    fn bounded(&self, text: &str) -> Result<String, Failure> {
        if text.len() <= LONGEST && !text.contains('\0') {
            return Ok(text.to_string());
        }
        Err(wrong(self.what, &format!("says a text of {} bytes, and {LONGEST} is the most", text.len())))
    }

    fn text(&self, name: &str) -> Result<String, Failure> {
        self.bounded(self.value[name].as_str().unwrap_or_default())
    }

    fn counted(&self, count: usize) -> Result<(), Failure> {
        if count <= MOST {
            return Ok(());
        }
        Err(wrong(self.what, &format!("has a list of {count} entries, and {MOST} is the most")))
    }

    fn words(&self, list: &Value) -> Result<Vec<String>, Failure> {
        // Old builders wrote a command for a shell as one text.
        if let Some(text) = list.as_str() {
            return Ok(vec![self.bounded(text)?]);
        }
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        self.counted(list.len())?;
        list.iter().filter_map(Value::as_str).map(|word| self.bounded(word)).collect()
    }

    fn keys(&self, name: &str) -> Result<BTreeSet<String>, Failure> {
        let Some(map) = self.value[name].as_object() else { return Ok(BTreeSet::new()) };
        self.counted(map.len())?;
        map.keys().map(|key| self.bounded(key)).collect()
    }

    fn labels(&self) -> Result<BTreeMap<String, String>, Failure> {
        let Some(map) = self.value["Labels"].as_object() else { return Ok(BTreeMap::new()) };
        self.counted(map.len())?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        // Only few labels are kept, so a long one of another name does no harm.
        let short = map.iter().filter(|(name, value)| name.len() <= LONGEST && text(value).len() <= LONGEST);
        Ok(short.map(|(name, value)| (name.clone(), text(value))).collect())
    }
}

/// What an image has for one of the platforms that were asked for, and no other.
pub(super) fn no_platform(what: &str, platform: &Platform, known: &[String]) -> Failure {
    Failure::new(FailureKind::Platform, format!("{what} is not there for `{platform}`")).help(match known {
        [] => "nothing says which platforms it has".to_string(),
        known => {
            format!("it is there for {}: say `platform` in the service or in its host", known.join(", "))
        }
    })
}
