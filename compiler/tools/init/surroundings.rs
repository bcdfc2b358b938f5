//! The fleet that a service joins → its hosts with the ports that are taken there, its bases, its services.

use crate::diagnostic::Diagnostic;
use crate::front::resolve::Request;
use crate::language::top;
use crate::model::container::Network;
use crate::model::fleet::Fleet;
use crate::pipeline::{self, Checked, Outcome};
use crate::project::{Project, Unreadable};
use crate::text::Sources;
use crate::value::port::{Port, PortRange};
use std::collections::BTreeMap;

/// A fleet that is there already.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surroundings {
    /// Its name.
    pub(crate) fleet: String,
    /// Set if services can register.
    pub(crate) has_etcd: bool,
    /// The hosts by name.
    pub(crate) hosts: BTreeMap<String, HostSurroundings>,
    /// The bases that a service can extend, sorted.
    pub(crate) bases: Vec<String>,
    /// Services and tasks, sorted.
    pub(crate) names: Vec<String>,
}

/// A host of it.
#[derive(Clone, Debug, Default)]
pub struct HostSurroundings {
    /// Ranges of ports that are taken: by services, by the host itself, by outgoing connections.
    pub(crate) taken: Vec<PortRange>,
}

/// A fleet that cannot be joined because it has errors itself.
#[derive(Debug)]
pub(crate) struct FaultyFleet {
    /// Its files.
    pub(crate) sources: Sources,
    /// The errors of the fleet.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Looks at a fleet.
pub(crate) fn surroundings(project: &dyn Project) -> Result<Result<Surroundings, FaultyFleet>, Unreadable> {
    let analysis = pipeline::analyse(project, &Request::default())?;
    let mut bases: Vec<String> =
        analysis.spec().common.of("base").map(|base| base.name.value.to_string()).collect();
    bases.sort();
    let Outcome { sources, diagnostics, result } = analysis.checked();
    let Some(Checked { fleet, .. }) = result else { return Ok(Err(FaultyFleet { sources, diagnostics })) };
    Ok(Ok(Surroundings {
        bases,
        has_etcd: fleet.etcd.is_some(),
        hosts: hosts(&fleet),
        names: fleet.workloads.keys().cloned().collect(),
        fleet: fleet.name,
    }))
}

fn hosts(fleet: &Fleet) -> BTreeMap<String, HostSurroundings> {
    let host = |(name, host): (&String, &crate::model::fleet::Host)| {
        let reserved = host.reserve.iter().map(|reserved| reserved.range.value);
        let taken = reserved.chain([host.ephemeral_ports]).collect();
        (name.clone(), HostSurroundings { taken })
    };
    let mut hosts: BTreeMap<String, HostSurroundings> = fleet.hosts.iter().map(host).collect();
    for placement in fleet.workloads.values().flat_map(|workload| &workload.placements) {
        if placement.container.network.value != Network::None
            && let Some(host) = hosts.get_mut(&placement.host)
        {
            host.taken.extend(placement.container.ports.iter().map(|port| port.range));
        }
    }
    hosts
}

impl HostSurroundings {
    /// A host that nothing is known of.
    pub fn unknown() -> Self {
        // ip-sysctl: the default of net.ipv4.ip_local_port_range, and sshd.
        Self { taken: vec![Port::SSH.into(), top::EPHEMERAL_PORTS.default()] }
    }

    /// Returns whether a port is not to be had there.
    pub(crate) fn takes(&self, port: u16) -> bool {
        self.taken.iter().any(|range| (range.first().get()..=range.last().get()).contains(&port))
    }
}

/// Returns the first port from `wanted` on that is free on all of the hosts; for a user other than root at least 1024.
pub fn free_port<'h>(
    wanted: u16,
    hosts: impl Iterator<Item = &'h HostSurroundings> + Clone,
    is_root: bool,
) -> Option<u16> {
    let free = |port: &u16| hosts.clone().all(|host| !host.takes(*port));
    let wanted = match wanted {
        80 | 443 if !is_root => wanted + 8000,
        low if low < 1024 && !is_root => 8080,
        wanted => wanted,
    };
    (wanted..=u16::MAX).chain(8080..wanted.max(8080)).find(free)
}

#[cfg(test)]
mod tests {
    use super::{HostSurroundings, PortRange, free_port};

    #[test]
    fn a_free_port_is_near() {
        let host = HostSurroundings {
            taken: ["3000-3002", "32768-60999", "61000-65535"]
                .map(|text| PortRange::parse(text).unwrap())
                .to_vec(),
        };
        let free = |wanted, is_root| free_port(wanted, [&host].into_iter(), is_root);
        assert_eq!(free(2999, false), Some(2999));
        assert_eq!(free(3000, false), Some(3003));
        assert_eq!(
            (free(80, false), free(443, false), free(25, false), free(80, true)),
            (Some(8080), Some(8443), Some(8080), Some(80))
        );
        assert_eq!(free(40000, false), Some(8080));
    }
}
