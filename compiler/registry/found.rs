//! Documents about an image → what they say, in plain text and within limits. Whoever holds a registry writes them.

use super::bounded::{self, Anything, Label, List, Table, Text, document};
use super::choice::{Machine, best};
use super::failure::{Failure, FailureKind, wrong};
use crate::encode::digest::{by, sha256};
use crate::value::digest::Digest;
use crate::value::platform::Platform;
use crate::value::quoted;
use serde::de::DeserializeOwned;
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
    Index(Vec<(Machine, Digest)>),
}

/// Media types of configurations: OCI's, docker's, and what some tools write.
const CONFIGURATIONS: [&str; 4] = [
    "",
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
    "application/octet-stream",
];

document! {
    /// A manifest or an index.
    Written {
        schema: Option<u64> = "schemaversion",
        manifests: List<Descriptor> = "manifests",
        config: Option<Descriptor> = "config",
        layers: List<Layer> = "layers",
    }
}

document! {
    /// What a manifest or an index names.
    Descriptor {
        media_type: Text = "mediatype",
        digest: Text = "digest",
        platform: WrittenPlatform = "platform",
        annotations: Table<Text> = "annotations",
    }
}

document! {
    /// A layer.
    Layer { size: Option<u64> = "size" }
}

document! {
    /// The platform of an entry of an index.
    WrittenPlatform { system: Text = "os", processor: Text = "architecture", variant: Text = "variant" }
}

document! {
    /// The configuration of an image. docker's engine describes an image by the same names, and more.
    Configuration {
        system: Text = "os",
        processor: Text = "architecture",
        variant: Text = "variant",
        created: Text = "created",
        config: Process = "config",
        size: Option<u64> = "size",
        digests: List<Text> = "repodigests",
    }
}

document! {
    /// What containers are started with.
    Process {
        user: Text = "user",
        volumes: Table<Anything> = "volumes",
        exposed: Table<Anything> = "exposedports",
        variables: List<Text> = "env",
        entrypoint: List<Text> = "entrypoint",
        command: List<Text> = "cmd",
        workdir: Text = "workingdir",
        stop_signal: Text = "stopsignal",
        health: Health = "healthcheck",
        labels: Table<Label> = "labels",
    }
}

document! {
    /// A health check.
    Health { test: List<Text> = "test" }
}

/// Holds bytes to their digest.
pub(super) fn verified(body: &[u8], digest: &Digest, what: &str) -> Result<(), Failure> {
    let (algorithm, hex) = digest.split_once(':').unwrap_or_default();
    if by(algorithm, body).is_some_and(|own| own == hex) {
        Ok(())
    } else {
        Err(wrong(what, &format!("is not what its digest `{digest}` names")))
    }
}

/// The digest of bytes.
pub(super) fn digest_of(body: &[u8]) -> Digest {
    Digest::of_sha256(&sha256(body))
}

/// Reads a document within limits.
pub(super) fn document<T: DeserializeOwned>(body: &[u8], what: &str) -> Result<T, Failure> {
    // What is wrong may quote the document.
    bounded::read(body)
        .map_err(|error| wrong(what, &format!("is not as OCI or docker write it: {}", quoted(&error))))
}

/// Reads a manifest.
pub(super) fn manifest(body: &[u8], what: &str) -> Result<Manifest, Failure> {
    let written: Written = document(body, what)?;
    let entries = written.manifests.0;
    match (written.schema, written.config) {
        (Some(1), _) => {
            Err(wrong(what, "has a manifest of docker's first schema, which engines no longer read")
                .help("push the image again with a newer docker"))
        }
        // A registry that shows dpc the one and an engine the other would be believed by both.
        (_, Some(_)) if !entries.is_empty() => Err(wrong(what, "has what is both an index and a manifest")),
        (_, Some(config)) => image(&config, &written.layers.0, what),
        (_, None) if entries.is_empty() => Err(wrong(what, "has a manifest without a configuration")),
        (_, None) => {
            let entries = entries.iter().filter_map(|entry| self::entry(entry, what));
            entries.collect::<Result<_, _>>().map(Manifest::Index)
        }
    }
}

fn image(config: &Descriptor, layers: &[Layer], what: &str) -> Result<Manifest, Failure> {
    let media_type = config.media_type.0.as_str();
    if !CONFIGURATIONS.contains(&media_type) {
        return Err(wrong(what, &format!("is no image of containers, but has {}", quoted(media_type))));
    }
    let bytes = layers.iter().filter_map(|layer| layer.size).fold(0, u64::saturating_add);
    Ok(Manifest::Image(digest(config, what)?, bytes))
}

/// An image in an index; none for an attestation, whose platform is unknown.
fn entry(entry: &Descriptor, what: &str) -> Option<Result<(Machine, Digest), Failure>> {
    let WrittenPlatform { system, processor, variant } = &entry.platform;
    let machine = Machine::new(&system.0, &processor.0, &variant.0);
    (!machine.is_unknown()).then(|| Ok((machine, digest(entry, what)?)))
}

fn digest(named: &Descriptor, what: &str) -> Result<Digest, Failure> {
    Digest::parse(&named.digest.0)
        .map_err(|invalid| wrong(what, &format!("names what cannot be had: {invalid}")))
}

/// Reads what the index of a layout names: digests with their annotations.
pub(super) fn annotated(body: &[u8], what: &str) -> Result<Vec<Annotated>, Failure> {
    let written: Written = document(body, what)?;
    let entry = |entry: Descriptor| Ok((digest(&entry, what)?, entry.annotations.0));
    written.manifests.0.into_iter().map(entry).collect()
}

/// A digest and what is said about it.
pub(super) type Annotated = (Digest, BTreeMap<String, Text>);

/// Chooses the image of a platform as docker does.
pub(super) fn chosen<'e>(
    entries: &'e [(Machine, Digest)],
    platform: &Platform,
    what: &str,
) -> Result<&'e Digest, Failure> {
    let machines: Vec<Machine> = entries.iter().map(|(machine, _)| machine.clone()).collect();
    suits(platform, &machines, what).map(|index| &entries[index].1)
}

/// Returns which of some machines suits a platform.
pub(super) fn suits(platform: &Platform, machines: &[Machine], what: &str) -> Result<usize, Failure> {
    best(platform, machines).ok_or_else(|| no_platform(what, platform, machines))
}

/// Reads a configuration, and the platform that it is for.
pub(super) fn config(body: &[u8], what: &str) -> Result<(Machine, FoundConfig), Failure> {
    let written: Configuration = document(body, what)?;
    Ok((written.machine(), written.found()))
}

impl Configuration {
    /// The platform.
    pub(super) fn machine(&self) -> Machine {
        Machine::new(&self.system.0, &self.processor.0, &self.variant.0)
    }

    /// The part of it that a container starts by.
    pub(super) fn found(self) -> FoundConfig {
        let texts = |list: List<Text>| list.0.into_iter().map(|Text(text)| text);
        let Process {
            user,
            volumes,
            exposed,
            variables,
            entrypoint,
            command,
            workdir,
            stop_signal,
            health,
            labels,
        } = self.config;
        FoundConfig {
            created: Some(self.created.0).filter(|created| !created.is_empty()),
            user: user.0,
            volumes: volumes.0.into_keys().collect(),
            exposed: exposed.0.into_keys().collect(),
            variables: texts(variables).map(|pair| name_of(&pair)).collect(),
            entrypoint: texts(entrypoint).collect(),
            command: texts(command).collect(),
            workdir: workdir.0,
            stop_signal: stop_signal.0,
            health: texts(health.test).collect(),
            labels: labels.0.into_iter().filter_map(|(name, Label(value))| Some((name, value?))).collect(),
        }
    }
}

fn name_of(pair: &str) -> String {
    pair.split('=').next().unwrap_or_default().to_string()
}

/// What an image has for one of the platforms that were asked for, and no other.
pub(super) fn no_platform(what: &str, platform: &Platform, known: &[Machine]) -> Failure {
    let known: Vec<String> = known.iter().take(10).map(|machine| plain(&machine.to_string())).collect();
    let help = match known[..] {
        [] => "nothing says which platforms it has".to_string(),
        _ => format!("it is there for {}: say `platform` in the service or in its host", known.join(", ")),
    };
    Failure::new(FailureKind::Platform, format!("{what} is not there for `{platform}`")).help(help)
}

/// A text of an image in a message, without backticks.
fn plain(text: &str) -> String {
    quoted(text).trim_matches('`').to_string()
}
