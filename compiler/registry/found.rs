//! What is known of an image. Texts are bounded and as the image says them: they may hold any character.

use crate::value::digest::Digest;
use crate::value::platform::Platform;
use std::collections::{BTreeMap, BTreeSet};

/// An image as its registry, engine or layout has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundImage {
    /// What the reference names: an index, or the manifest of the only platform.
    pub digest: Digest,
    /// The image of each platform that was asked for.
    pub platforms: BTreeMap<Platform, PlatformImage>,
}

/// An image of one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformImage {
    /// The digest of its manifest.
    pub manifest: Digest,
    /// When it was built, as it says.
    pub created: Option<String>,
    /// Bytes of its layers, compressed; as they are unpacked if an engine is asked.
    pub bytes: u64,
    /// What it says about its containers.
    pub config: ImageConfig,
}

/// What an image says about its containers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageConfig {
    /// `User`; empty if it says nothing.
    pub user: String,
    /// `Volumes`.
    pub volumes: BTreeSet<String>,
    /// `ExposedPorts`: `80/tcp`.
    pub exposed: BTreeSet<String>,
    /// `Env`.
    pub variables: BTreeMap<String, String>,
    /// `Entrypoint`.
    pub entrypoint: Vec<String>,
    /// `Cmd`.
    pub command: Vec<String>,
    /// `WorkingDir`; empty if it says nothing.
    pub workdir: String,
    /// `StopSignal`; empty if it says nothing.
    pub stop_signal: String,
    /// `Healthcheck.Test`: `CMD-SHELL` and a line, for example. Only the media types of docker keep it.
    pub health: Vec<String>,
    /// `Labels`.
    pub labels: BTreeMap<String, String>,
}
