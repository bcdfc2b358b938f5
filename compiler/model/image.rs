//! What is known of images: from `dpc.lock`, which images the registries had under the names of a project and what these say of
//! themselves; and what is known of well-known images.

use crate::text::{Located, Span};
use crate::value::digest::Digest;
use crate::value::image::Image;
use crate::value::path::ContainerPath;
use crate::value::platform::Platform;
use crate::value::port::{Port, Protocol};
use crate::value::signal::Signal;
use crate::value::user::User;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// All that is known.
#[derive(Clone, Debug, Default)]
pub struct Images {
    /// The lock.
    pub(crate) lock: Lock,
    /// What the project says of images, by name as docker shortens it.
    pub(crate) known: BTreeMap<String, Arc<KnownImage>>,
}

/// What is known of an image whatever its version is, or nearly.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct KnownImage {
    /// Its names.
    pub(crate) names: Vec<String>,
    /// The ports that its process listens on.
    pub(crate) ports: Vec<u16>,
    /// What it writes and keeps.
    pub(crate) volumes: Vec<KnownVolume>,
    /// What its start writes, and nobody keeps.
    pub(crate) scratch: Vec<String>,
    /// What its start changes in the image itself.
    pub(crate) writable: Vec<String>,
    /// Directories with their owner, and their owner in its variant of Alpine.
    pub(crate) owners: Vec<(String, String, String)>,
}

/// A path that some versions of an image keep.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KnownVolume {
    /// The path.
    pub(crate) path: String,
    /// The first major version that has it.
    pub(crate) from: Option<u64>,
    /// The first that has it no more.
    pub(crate) below: Option<u64>,
}

/// The lock of a project.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// Where it begins; none where a project has no lock.
    pub(crate) span: Option<Span>,
    /// By the reference in the KDL.
    pub(crate) images: BTreeMap<Image, LockedImage>,
}

/// The image that one reference named.
#[derive(Clone, Debug)]
pub(crate) struct LockedImage {
    /// Where the lock has it.
    pub(crate) span: Span,
    /// What the reference named: an index of several platforms, or one image.
    pub(crate) digest: Digest,
    /// What is known of the image for each platform that the hosts have.
    pub(crate) platforms: BTreeMap<Platform, Arc<ImageConfig>>,
}

/// What the lock says of the image of one container.
#[derive(Clone, Debug)]
pub struct Locked {
    /// Where the lock has it.
    pub(crate) span: Span,
    /// The platform that the container needs.
    pub(crate) platform: Platform,
    /// What the image of that platform says; none where the lock has no such image.
    pub(crate) config: Option<Arc<ImageConfig>>,
}

/// What an image says of itself, in the words of the OCI image specification ("Image Configuration"): the part that decides
/// whether a container of it can work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImageConfig {
    /// The digest of its manifest.
    pub digest: Digest,
    /// When it was made, as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Bytes of its layers as they are transferred.
    pub bytes: u64,
    /// Its user; none for root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Located<User>>,
    /// Paths that get an anonymous volume where nothing is mounted, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Located<ContainerPath>>,
    /// Ports that its process listens on, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<Located<ExposedPort>>,
    /// The names of its variables.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub variables: BTreeSet<String>,
    /// The words before those of the command.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entrypoint: Vec<String>,
    /// The words of its command.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// The directory that its process starts in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workdir: Option<Located<ContainerPath>>,
    /// The signal that ends its process; none for SIGTERM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_signal: Option<Located<Signal>>,
    /// Its health check: `CMD` and words, or `CMD-SHELL` and a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health: Option<Located<Vec<String>>>,
    /// Labels on what it was made from.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

impl ImageConfig {
    /// An image that says nothing.
    pub(crate) fn new(digest: Digest) -> Self {
        Self {
            digest,
            created: None,
            bytes: 0,
            user: None,
            volumes: Vec::new(),
            ports: Vec::new(),
            variables: BTreeSet::new(),
            entrypoint: Vec::new(),
            command: Vec::new(),
            workdir: None,
            stop_signal: None,
            health: None,
            labels: BTreeMap::new(),
        }
    }
}

/// A port that an image says its process listens on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct ExposedPort {
    /// The port.
    pub port: Port,
    /// Its protocol.
    pub protocol: Protocol,
}

impl fmt::Display for ExposedPort {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.port, self.protocol)
    }
}
