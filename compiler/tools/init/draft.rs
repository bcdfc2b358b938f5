//! Facts of the repository and answers → the pages to write.

mod fleet;
mod health;
mod service;

pub use fleet::{alone, fleet, placeholders};
pub use health::asked_path;
pub(crate) use service::service;

use super::dockerfile::BuiltImage;
use crate::value::user::User;

/// The facts that the pages are made from.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The fleet's name, which volumes and units carry.
    pub fleet: String,
    /// The endpoints of etcd, for a fleet that begins here.
    pub etcd: Vec<String>,
    /// The hosts: name and address; only names for a fleet that exists.
    pub hosts: Vec<(String, String)>,
    /// The service's name.
    pub service: String,
    /// The image to run.
    pub image: String,
    /// The base that it extends.
    pub base: Option<String>,
    /// The user that it runs as.
    pub user: Option<String>,
    /// The port that it listens on.
    pub port: Option<u16>,
    /// The path that answers while it is healthy.
    pub health_path: Option<String>,
    /// Set if the service can register.
    pub registers: bool,
    /// The image as its Dockerfile builds it.
    pub built: Option<BuiltImage>,
}

/// The address of a host that nobody has: RFC 5737 keeps the network for documentation.
pub(crate) const PLACEHOLDER: &str = "192.0.2.10";

/// Returns the user to run as, if the image names one by number, or may be given one.
pub fn proposed_user(built: Option<&BuiltImage>) -> Option<String> {
    let Some(image) = built else { return Some("1000:1000".to_string()) };
    let Some(user) = &image.user else {
        // An image without a user that listens on a port of root is meant to start as root.
        let privileged = image.ports.iter().any(|(first, _, _)| *first < 1024);
        return (!privileged).then(|| "1000:1000".to_string());
    };
    let (name, group) = user.split_once(':').unwrap_or((user, ""));
    let number = image.users.get(name).copied().or_else(|| {
        // The official image of NodeJS makes this user.
        (name == "node" && image.base.starts_with("node")).then_some(1000)
    });
    match number {
        Some(number) if group.is_empty() || group == name => Some(format!("{number}:{number}")),
        _ if name.parse::<u32>().is_ok() && group.is_empty() => Some(format!("{name}:{name}")),
        _ => Some(user.clone()),
    }
    .filter(|user| User::parse(user).is_ok() && !is_root(Some(user)))
}

/// Returns whether a process that runs as this user, or as none in particular, may be root.
pub fn is_root(user: Option<&str>) -> bool {
    user.is_none_or(|user| User::parse(user).ok().and_then(|user| user.is_root()) == Some(true))
}

/// The port that the image listens on as it is built.
pub fn built_port(built: Option<&BuiltImage>) -> Option<u16> {
    let image = built?;
    let tcp = image.ports.iter().find(|(_, _, protocol)| protocol == "tcp").map(|(first, _, _)| *first);
    tcp.or_else(|| image.env.get("PORT")?.parse().ok().filter(|port| *port > 0))
}

/// Returns the usual name of a well-known port, else `http`.
pub(crate) fn port_name(port: Option<u16>) -> &'static str {
    match port {
        Some(25) => "smtp",
        Some(53) => "dns",
        Some(1883) => "mqtt",
        Some(3306) => "mysql",
        Some(5432) => "postgres",
        Some(5672) => "amqp",
        Some(6379) => "redis",
        Some(9092) => "kafka",
        Some(27017) => "mongodb",
        Some(50051) => "grpc",
        _ => "http",
    }
}
