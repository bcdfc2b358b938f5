//! A reference → the registry that is asked, and the repository in it, as docker completes names.

use crate::value::image::Image;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;

/// Docker Hub by the names that it has in references and in `config.json`.
const HUB: [&str; 4] = ["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];

/// A repository of a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Repository {
    /// Who is asked, as people know it, which is what credentials are kept by: the registry, or its mirror.
    pub(super) registry: String,
    /// The host that answers, with its port.
    pub(super) host: String,
    /// The scheme, where a mirror says one.
    pub(super) scheme: Option<&'static str>,
    /// Its path in the registry.
    pub(super) path: String,
}

impl Repository {
    /// The repository of an image.
    pub(super) fn of(image: &Image, mirrors: &BTreeMap<String, String>) -> Self {
        let (registry, path) = match image.registry() {
            Some((registry, path)) if !HUB.contains(&registry) => (registry, path.to_string()),
            other => {
                let path = other.map_or(image.name(), |(_, path)| path);
                (HUB[0], if path.contains('/') { path.to_string() } else { format!("library/{path}") })
            }
        };
        let mirror = mirrors.get(registry).map(|mirror| mirror.trim_end_matches('/'));
        let (scheme, host) = match mirror {
            None if registry == HUB[0] => (None, HUB[2]),
            None => (None, registry),
            Some(mirror) => match mirror.split_once("://") {
                Some(("http", host)) => (Some("http"), host),
                Some((_, host)) => (Some("https"), host),
                None => (None, mirror),
            },
        };
        // A mirror is somebody else: what is known to the registry alone is not said to it.
        let registry = if mirror.is_some() { host } else { registry };
        Self { registry: registry.to_string(), host: host.to_string(), scheme, path }
    }

    /// The schemes to try in turn: docker asks only registries of this machine without TLS.
    pub(super) fn schemes(&self) -> &'static [&'static str] {
        match self.scheme {
            Some("http") => &["http"],
            None if is_of_this_machine(&self.host) => &["https", "http"],
            _ => &["https"],
        }
    }
}

/// Returns whether a host is this machine: `localhost`, 127.0.0.0/8 or `[::1]`.
pub(super) fn is_of_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost"
        || name == "::1"
        || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_as_docker_does() {
        let mirrors = BTreeMap::from([("quay.io".to_string(), "http://10.0.0.1:5000/".to_string())]);
        for (reference, registry, host, path, schemes) in [
            ("redis:7", "docker.io", "registry-1.docker.io", "library/redis", &["https"][..]),
            ("grafana/grafana", "docker.io", "registry-1.docker.io", "grafana/grafana", &["https"]),
            ("docker.io/redis", "docker.io", "registry-1.docker.io", "library/redis", &["https"]),
            ("index.docker.io/a/b:1", "docker.io", "registry-1.docker.io", "a/b", &["https"]),
            ("127.0.0.1:5000/a:1", "127.0.0.1:5000", "127.0.0.1:5000", "a", &["https", "http"]),
            ("localhost/a/b", "localhost", "localhost", "a/b", &["https", "http"]),
            ("10.0.0.1:5000/a", "10.0.0.1:5000", "10.0.0.1:5000", "a", &["https"]),
            ("quay.io/a/b", "10.0.0.1:5000", "10.0.0.1:5000", "a/b", &["http"]),
        ] {
            let found = Repository::of(&Image::parse(reference).unwrap(), &mirrors);
            assert_eq!(
                (&*found.registry, &*found.host, &*found.path, found.schemes()),
                (registry, host, path, schemes),
                "{reference}"
            );
        }
    }
}
