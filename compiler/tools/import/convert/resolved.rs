//! Names that containers of one network resolve → lines in the /etc/hosts of the fleet's containers: what nothing rewrites still
//! finds its way.

use super::ImportContext;
use super::ports::LOOPBACK;
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::tools::import::found::{FoundContainer, Setting};
use crate::value::dns::Fqdn;
use std::net::IpAddr;

/// The most names that a fleet gets.
const MOST: usize = 500;

impl ImportContext<'_> {
    /// The address that a container is reached at by the others, which are on its host.
    pub(crate) fn resolved_to(&self, index: usize) -> String {
        let ports = self.ports.of(index);
        let everywhere = ports.is_empty()
            || ports.iter().any(|port| port.address.as_deref().is_none_or(|at| at == LOOPBACK));
        let other = ports.iter().find_map(|port| port.address.clone());
        let other = other.filter(|address| !everywhere && address.parse::<IpAddr>().is_ok());
        other.unwrap_or_else(|| LOOPBACK.to_string())
    }

    /// Returns whether a profile of a container is on.
    pub(crate) fn is_on(&self, index: usize) -> bool {
        let on = |profile: &String| {
            self.options.profiles.contains(profile)
                || self.found.profiles.iter().any(|other| other == profile || other == "*")
        };
        self.found.containers[index].profiles.iter().any(on)
    }
}

/// Returns the node `defaults` with a line for each name, if others resolve any.
pub(super) fn defaults(known: &ImportContext<'_>) -> Option<NodeDraft> {
    let mut node = NodeDraft::new("defaults");
    for (name, address) in &known.resolved {
        if Fqdn::parse(name).is_ok() {
            node.children
                .push(NodeDraft::new("extra-host").argument(name.as_str()).argument(address.as_str()));
        }
    }
    let flags = flags(known);
    if !flags.is_empty() {
        let arguments = flags.into_iter().map(NodeValue::Text).collect();
        node.children.push(NodeDraft { arguments, ..NodeDraft::new("docker-args") });
    }
    (!node.children.is_empty()).then_some(node)
}

/// Flags for names that dpc has no line for, such as those with `_`. What a service says about `docker-args` replaces them.
pub(super) fn flags(known: &ImportContext<'_>) -> Vec<String> {
    let odd = known.resolved.iter().filter(|(name, _)| Fqdn::parse(name).is_err());
    odd.map(|(name, address)| format!("--add-host={name}:{address}")).collect()
}

/// The names, with the address of each.
pub(super) fn names(known: &ImportContext<'_>) -> Vec<(String, String)> {
    let containers = &known.found.containers;
    let networked = containers.iter().filter(|container| is_networked(known, container)).count();
    if networked < 2 {
        return Vec::new();
    }
    let wanted = known.names.all().filter(|(name, index, said)| {
        let there = !known.tasks.contains(index) && is_networked(known, &containers[*index]);
        there && (*said || known.mentions.hold(name)) && is_host_name(name)
    });
    wanted.take(MOST).map(|(name, index, _)| (name.clone(), known.resolved_to(index))).collect()
}

fn is_host_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    // The engine gives each container its id for a name.
    let is_id = name.len() == 12 && name.chars().all(|c| c.is_ascii_hexdigit());
    name != "localhost"
        && !is_id
        && name.len() <= 253
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(plain)
}

/// Returns whether a container is in a network of docker's that resolves names.
fn is_networked(known: &ImportContext<'_>, container: &FoundContainer) -> bool {
    let mut modes = container.settings.iter().filter_map(|setting| match &setting.value {
        Setting::Network(mode) => Some(mode.as_str()),
        _ => None,
    });
    let named =
        |mode: &str| !matches!(mode, "" | "host" | "none" | "bridge" | "default") && !mode.contains(':');
    match modes.next() {
        None => known.found.default_network,
        Some(mode) => (mode == "default" && known.found.default_network) || named(mode) || modes.any(named),
    }
}
