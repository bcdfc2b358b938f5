//! Facts of the repository and answers → the pages to write.

mod fleet;
mod health;
mod service;
mod storage;

pub use fleet::{alone, fleet, placeholders};
pub use health::asked_path;
pub(crate) use service::service;
pub(crate) use service::workers as worker_names;

use super::dockerfile::BuiltImage;
use super::facts::ServiceFacts;
use super::source::{Sourced, shown};
use crate::tools::import::run::from_image;
use crate::tools::known_images::known_name;
use crate::value::user::User;

/// The facts that the pages are made from.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The fleet's name, which volumes and units carry.
    pub fleet: Sourced<String>,
    /// The endpoints of etcd, for a fleet that begins here.
    pub etcd: Vec<String>,
    /// The hosts: name and address; only names for a fleet that exists.
    pub hosts: Sourced<Vec<(String, String)>>,
    /// The service's name.
    pub service: Sourced<String>,
    /// The image to run.
    pub image: Sourced<String>,
    /// The base that it extends.
    pub base: Option<String>,
    /// The user that it runs as.
    pub user: Option<Sourced<String>>,
    /// The port that it listens on.
    pub port: Option<Sourced<u16>>,
    /// The path that answers while it is healthy.
    pub health_path: Option<Sourced<String>>,
    /// Set if the service can register.
    pub registers: bool,
    /// The image as its Dockerfile builds it.
    pub built: Option<BuiltImage>,
    /// What the repository shows.
    pub facts: ServiceFacts,
}

/// The address of a host that nobody has: RFC 5737 keeps the network for documentation.
pub(crate) const PLACEHOLDER: &str = "192.0.2.10";

/// Returns the user of the image, by its number where the Dockerfile shows it.
pub fn proposed_user(built: Option<&BuiltImage>) -> Option<Sourced<String>> {
    let image = built?;
    let user = image.user.as_ref()?;
    let (name, group) = user.split_once(':').unwrap_or((user, ""));
    let source = format!("USER {}", shown(user));
    // The official image of NodeJS makes this user and its group.
    let is_official = name == "node" && from_image(&image.base) == "node";
    let number = image.users.get(name).filter(|_| group.is_empty() || group == name);
    let proposed = match number {
        Some(number) => Sourced::new(number.to_string(), format!("{source}, which the Dockerfile makes")),
        None if is_official && (group.is_empty() || group == name) => {
            Sourced::new("1000:1000".to_string(), format!("{source}, whose number is of the image of NodeJS"))
        }
        None => Sourced::new(user.clone(), source),
    };
    Some(proposed).filter(|user| User::parse(&user.value).is_ok() && !is_root(Some(&user.value)))
}

/// Returns whether a process that runs as this user, or as none in particular, may be root.
pub fn is_root(user: Option<&str>) -> bool {
    user.is_none_or(|user| User::parse(user).ok().and_then(|user| user.is_root()) == Some(true))
}

/// Returns the usual name of a well-known port, else `http`.
pub(crate) fn port_name(port: Option<u16>) -> &'static str {
    port.and_then(known_name).unwrap_or("http")
}
