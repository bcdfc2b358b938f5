//! What registries, a local engine and OCI layouts on the disk say of an image. The only room with a network: nothing but `dpc lock`
//! calls it, and a dpc that is built without the feature `registry` does not have it.
//!
//! Formats: OCI distribution specification 1.1 ("Pulling manifests"), OCI image specification 1.1, docker's image manifest version 2
//! schema 2, and docker's token authentication ("Token Authentication Specification").

// It asks other machines, reads docker's configuration and starts its helpers.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod bounded;
mod challenge;
mod choice;
mod credentials;
mod engine;
mod failure;
mod found;
mod http;
mod layout;
mod many;
mod program;
mod remote;
mod repository;

pub use failure::{Failure, FailureKind};
pub use found::{FoundConfig, FoundImage, FoundPlatform};
pub use many::all;

use crate::value::digest::Digest;
use crate::value::image::Image;
use crate::value::platform::Platform;
use remote::Remote;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

/// Where images are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The registry that each reference names.
    Registry,
    /// The engine of this machine: `docker image inspect`.
    Engine,
    /// A folder in the layout of the OCI image specification.
    Layout(PathBuf),
}

/// What a client is told of its surroundings.
#[derive(Clone, Default)]
pub struct Settings {
    /// docker's folder of settings: `~/.docker`.
    pub docker: Option<PathBuf>,
    /// Certificates of authorities, in PEM; none for the system's.
    pub certificates: Option<PathBuf>,
    /// Registries that are asked in the place of others, by name: `docker.io` → `http://127.0.0.1:5000`.
    pub mirrors: BTreeMap<String, String>,
    /// The proxy for everybody but this machine: `http://user:password@proxy.example.com:3128`.
    pub proxy: Option<String>,
    /// Who is asked without it: names and domains between commas.
    pub no_proxy: Option<String>,
    /// How long an answer may take; half a minute where nothing is said.
    pub patience: Option<Duration>,
}

/// Asks one source. It can be shared by threads.
pub struct Client {
    source: Source,
    remote: Remote,
}

impl Client {
    /// Begins. Nothing is asked yet.
    pub fn new(source: Source, settings: &Settings) -> Self {
        Self { source, remote: Remote::new(settings) }
    }

    /// The digest that a reference names now.
    pub fn digest(&self, image: &Image) -> Result<Digest, Failure> {
        match &self.source {
            Source::Registry => self.remote.digest(image),
            Source::Engine | Source::Layout(_) => {
                self.fetch(image, &BTreeSet::new()).map(|found| found.digest)
            }
        }
    }

    /// What is said of an image for each of some platforms.
    pub fn fetch(&self, image: &Image, platforms: &BTreeSet<Platform>) -> Result<FoundImage, Failure> {
        match &self.source {
            Source::Registry => self.remote.fetch(image, platforms),
            Source::Engine => engine::fetch(image, platforms),
            Source::Layout(folder) => layout::fetch(folder, image, platforms),
        }
    }

    /// The tags of the repository of an image, at most some thousands.
    pub fn tags(&self, image: &Image) -> Result<Vec<String>, Failure> {
        match &self.source {
            Source::Registry => self.remote.tags(image),
            Source::Engine | Source::Layout(_) => Ok(Vec::new()),
        }
    }
}
