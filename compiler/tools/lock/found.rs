//! What a source says of an image → what the lock holds of it. What dpc has no grammar for is left out: no KDL could meet it.

use crate::model::image::{ExposedPort, ImageConfig, LockedImage};
use crate::registry::{FoundConfig, FoundImage, FoundPlatform};
use crate::text::{Located, Span};
use crate::value::path::{ContainerPath, cleaned};
use crate::value::port::{Port, PortRange, Protocol};
use crate::value::signal::Signal;
use crate::value::user::User;
use std::sync::Arc;

/// The most ports of a range that are written one by one.
const MOST_PORTS: u16 = 100;

/// Labels that are worth a reviewer's time: which version this is, and what it was made from.
const LABELS: [&str; 5] = [
    "org.opencontainers.image.base.digest",
    "org.opencontainers.image.base.name",
    "org.opencontainers.image.revision",
    "org.opencontainers.image.source",
    "org.opencontainers.image.version",
];

/// The entry of an image.
pub(crate) fn locked(found: FoundImage) -> LockedImage {
    let platform = |(platform, image)| (platform, Arc::new(config(image)));
    let platforms = found.platforms.into_iter().map(platform).collect();
    LockedImage { span: Span::default(), digest: found.digest, platforms }
}

fn config(FoundPlatform { digest, bytes, config }: FoundPlatform) -> ImageConfig {
    let FoundConfig {
        created,
        user,
        volumes,
        exposed,
        variables,
        entrypoint,
        command,
        workdir,
        stop_signal,
        health,
        mut labels,
    } = config;
    labels.retain(|name, _| LABELS.contains(&&**name));
    let mut ports: Vec<ExposedPort> = exposed.iter().flat_map(|text| ports(text)).collect();
    ports.sort();
    ports.dedup();
    // What is relative is no path that dpc has a word for.
    let path = |text: &String| {
        let absolute = Some(text).filter(|text| text.starts_with('/'))?;
        ContainerPath::parse(&cleaned(absolute)).ok()
    };
    let mut paths: Vec<ContainerPath> = volumes.iter().filter_map(path).collect();
    paths.sort();
    paths.dedup();
    ImageConfig {
        created,
        bytes,
        user: User::parse(&user).ok().map(unplaced),
        volumes: paths.into_iter().map(unplaced).collect(),
        ports: ports.into_iter().map(unplaced).collect(),
        variables,
        entrypoint,
        command,
        workdir: path(&workdir).map(unplaced),
        stop_signal: Signal::parse(&stop_signal).ok().map(unplaced),
        health: Some(health).filter(|health| !health.is_empty()).map(unplaced),
        labels,
        ..ImageConfig::new(digest)
    }
}

fn unplaced<T>(value: T) -> Located<T> {
    Located::new(value, Span::default())
}

/// `80`, `53/udp`, `8000-8010/tcp`.
fn ports(text: &str) -> Vec<ExposedPort> {
    let (range, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (Ok(range), Ok(protocol)) = (PortRange::parse(range), Protocol::parse(protocol)) else {
        return Vec::new();
    };
    let numbers = (range.first().get()..=range.last().get()).take(usize::from(MOST_PORTS));
    let port = |number| Some(ExposedPort { port: Port::of(number)?, protocol });
    numbers.filter_map(port).collect()
}
