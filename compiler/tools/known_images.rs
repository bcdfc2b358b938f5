//! The ports of well-known images and the paths that they write, by the last part of their name; and names for well-known ports.
//!
//! Sources: `templates/images.kdl`, and IANA's service names.

use crate::front::known_images::{last_part, shipped};
use crate::model::image::KnownImage;
use std::sync::Arc;

/// The ports of an image.
pub(crate) fn ports(image: &str) -> &'static [u16] {
    let name = last_part(image);
    match name {
        "nginx" | "apache" if is_bitnami(image) => &[8080],
        "php" if tag(image).contains("apache") => &[80],
        "php" if tag(image).contains("fpm") => &[9000],
        name => named(name).next().map_or(&[], |image| &image.ports),
    }
}

/// Directories that the process of an image writes at each start and does not keep.
pub(crate) fn scratch(image: &str) -> Vec<&'static str> {
    match last_part(image) {
        _ if is_bitnami(image) => Vec::new(),
        // Its start makes the directories that Apache needs in there.
        "php" if tag(image).contains("apache") => vec!["/run"],
        name => named(name).flat_map(|image| &image.scratch).map(String::as_str).collect(),
    }
}

/// Directories that the process of an image keeps data in.
pub(crate) fn volumes(image: &str) -> Vec<&'static str> {
    let tag = Some(tag(image)).filter(|tag| !tag.is_empty());
    if is_bitnami(image) {
        Vec::new()
    } else {
        named(last_part(image)).flat_map(|image| image.kept(tag)).collect()
    }
}

/// What is known of images with that last part of their name.
fn named(name: &str) -> impl Iterator<Item = &'static KnownImage> {
    let is_it = move |image: &&Arc<KnownImage>| image.names.iter().any(|known| last_part(known) == name);
    shipped().iter().filter(is_it).map(|image| &**image)
}

fn is_bitnami(image: &str) -> bool {
    image.contains("bitnami/") || image.contains("bitnamilegacy/")
}

fn tag(image: &str) -> &str {
    image.rsplit_once(':').map_or("", |(_, tag)| tag)
}

/// The owner of a directory in an image, and its mode where it is not 0755: what docker copies to a new volume.
pub(crate) fn owner(image: &str, path: &str) -> Option<(&'static str, Option<&'static str>)> {
    let name = last_part(image);
    let tag = tag(image);
    let bitnami = is_bitnami(image);
    if bitnami && (path == "/bitnami" || path.starts_with("/bitnami/")) {
        return Some(("0:0", Some("0775")));
    }
    // Their first process is root, and gives the directory to the user that it is told.
    if image.contains("linuxserver/") || image.contains("vaultwarden/") {
        return Some(("0:0", None));
    }
    let alpine = tag.contains("alpine") || name == "timescaledb";
    let is_here =
        |below: &str| path == below || path.strip_prefix(below).is_some_and(|rest| rest.starts_with('/'));
    let mut owners = named(name).flat_map(|image| &image.owners);
    let (_, owner, of_alpine) = owners.find(|(below, ..)| is_here(below) && !bitnami)?;
    Some((if alpine { of_alpine } else { owner }, None))
}

/// Returns the name of a port.
pub(crate) fn port_name(port: u16, protocol: &str) -> String {
    let name = known_name(port).map_or_else(|| format!("p{port}"), str::to_string);
    if protocol == "tcp" { name } else { format!("{name}-{protocol}") }
}

/// The name of a well-known port.
pub(crate) fn known_name(port: u16) -> Option<&'static str> {
    NAMES.iter().find(|(number, _)| *number == port).map(|(_, name)| *name)
}

const NAMES: &[(u16, &str)] = &[
    (22, "ssh"),
    (25, "smtp"),
    (53, "dns"),
    (80, "http"),
    (443, "https"),
    (587, "submission"),
    (993, "imaps"),
    (1025, "smtp"),
    (1883, "mqtt"),
    (2181, "zookeeper"),
    (3000, "http"),
    (3306, "mysql"),
    (4222, "nats"),
    (5000, "http"),
    (5432, "postgres"),
    (5672, "amqp"),
    (6379, "redis"),
    (8000, "http"),
    (8080, "http"),
    (8086, "influxdb"),
    (8200, "vault"),
    (8443, "https"),
    (9000, "http"),
    (9090, "http"),
    (9092, "kafka"),
    (9200, "http"),
    (11211, "memcached"),
    (15672, "management"),
    (27017, "mongo"),
    (50051, "grpc"),
];

/// The port that a URL means without saying it.
pub(crate) fn scheme_port(scheme: &str) -> Option<u16> {
    Some(match scheme {
        "http" | "ws" => 80,
        "https" | "wss" => 443,
        "redis" | "rediss" => 6379,
        "postgres" | "postgresql" => 5432,
        "mysql" | "mariadb" | "mysql2" => 3306,
        "mongodb" => 27017,
        "amqp" => 5672,
        "nats" => 4222,
        "smtp" => 25,
        "mqtt" => 1883,
        _ => return None,
    })
}
