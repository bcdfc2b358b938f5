//! Networks: advertised addresses answer, and no traffic takes the asymmetric route.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::container::Network;
use crate::model::fleet::{Fleet, Placement, Workload};

/// Traffic that goes out through one interface and comes back through another.
pub(crate) const ASYMMETRIC_ROUTE: Fault = Fault::warning(
    "asymmetric-route",
    "a bridged service neither registers nor calls what runs on its own host",
    "A registry advertises the host's address. A container on docker0 that calls another one on the same host goes out \
     through the host's address and is answered straight over docker0: the asymmetric route. Measured on one machine, same \
     two containers: 13-14.5 Gbit/s with `--net=host`, 4.4-5.2 Gbit/s and thousands of retransmits by that route.",
);
/// A parameter of a network that is the host's.
pub(crate) const NETWORK_SYSCTL: Fault = Fault::error(
    "network-sysctl",
    "a container on the host's network sets no `net.*` parameter",
    "These parameters belong to a network namespace. With host networking that is the host's own, and docker refuses to \
     start the container.",
);
/// A registration of an address that only the host itself reaches.
pub(crate) const LOOPBACK_ADVERTISED: Fault = Fault::error(
    "loopback-advertised",
    "a registered port is bound to an address that others reach",
    "What is registered is the address that the process listens on. `127.0.0.1` is another machine on every host that reads \
     it.",
);
/// A port inside a container that has no inside.
pub(crate) const CONTAINER_PORT: Fault = Fault::error(
    "container-port",
    "`container=` goes with `network \"bridge\"`",
    "With host networking there is no port inside the container: the port that the process binds is the host's.",
);
/// A port of a container without a network.
pub(crate) const PORT_WITHOUT_NETWORK: Fault = Fault::error(
    "port-without-network",
    "a service with `network \"none\"` has no ports",
    "Nothing reaches a container without a network; a port that is declared and not reachable would be waited for in vain.",
);
/// A name server that only the host itself reaches.
pub(crate) const LOOPBACK_DNS: Fault = Fault::error(
    "loopback-dns",
    "a container on a bridge asks no name server at a loopback address",
    "On a bridge `127.0.0.53` is the container itself, where no systemd-resolved listens: no name would resolve. Without `dns` docker \
     hands the container the name servers behind systemd-resolved.",
);

/// The network of one container.
pub(crate) fn check(workload: &Workload, placement: &Placement, report: &mut Report) {
    let container = &placement.container;
    for port in &container.ports {
        if let Some(inside) = port.container.as_ref().filter(|_| container.network.value != Network::Bridge) {
            report.push(
                Diagnostic::new(
                    &CONTAINER_PORT,
                    format!("`{}` has no port of its own inside", workload.name),
                )
                .at(inside.span, "there is no port inside: the process binds the host's")
                .help("remove `container=`, and let the process listen on this port"),
            );
        }
        if container.network.value == Network::None {
            report.push(
                Diagnostic::new(
                    &PORT_WITHOUT_NETWORK,
                    format!("`{}` has a port and no network", workload.name),
                )
                .at(port.span, "nothing reaches this port")
                .at(container.network.span, "because of this")
                .help("remove one of the two"),
            );
        }
    }
    check_dns(workload, placement, report);
    check_sysctls(workload, placement, report);
    check_advertised(workload, placement, report);
}

fn check_dns(workload: &Workload, placement: &Placement, report: &mut Report) {
    let container = &placement.container;
    if container.network.value != Network::Bridge {
        return;
    }
    for server in container.dns.iter().filter(|server| server.ip().is_loopback()) {
        report.push(
            Diagnostic::new(&LOOPBACK_DNS, format!("`{}` asks {} for names", workload.name, server.value))
                .at(server.span, "the container itself, where nothing answers")
                .at(container.network.span, "because of this")
                .help("leave `dns` out, or name a server that other machines reach"),
        );
    }
}

fn check_sysctls(workload: &Workload, placement: &Placement, report: &mut Report) {
    let container = &placement.container;
    if container.network.value != Network::Host {
        return;
    }
    for (name, value) in &container.sysctls {
        if name.is_network() {
            report.push(
                Diagnostic::new(
                    &NETWORK_SYSCTL,
                    format!("`{}` cannot set `{name}` on the host's network", workload.name),
                )
                .at(value.span, "belongs to the host")
                .help(format!("set it on the host, in `/etc/sysctl.d/`: `{name} = {}`", value.value)),
            );
        }
    }
}

fn check_advertised(workload: &Workload, placement: &Placement, report: &mut Report) {
    for registration in &placement.registrations {
        let port = placement.container.ports.iter().find(|port| port.name == registration.port.value);
        let Some(port) = port.filter(|port| port.bound().is_some_and(|address| address.is_loopback())) else {
            continue;
        };
        report.push(
            Diagnostic::new(&LOOPBACK_ADVERTISED, format!("`{}` registers a port that only its own host reaches", workload.name))
                .at(registration.port.span, "registered here")
                .at(port.span, "bound to loopback here")
                .help("bind the host's address (`address=\"{{ host.address }}\"`) or every address, or do not register"),
        );
    }
}

/// Reports bridged services on the asymmetric route.
pub(crate) fn check_routes(fleet: &Fleet, workload: &Workload, report: &mut Report) {
    for placement in &workload.placements {
        let network = &placement.container.network;
        if network.value != Network::Bridge {
            continue;
        }
        let warning = || {
            Diagnostic::new(
                &ASYMMETRIC_ROUTE,
                format!("`{}` is bridged, and its traffic on its own host takes two ways", workload.name),
            )
            .at(network.span, "on docker0")
        };
        let help = "remove `network \"bridge\"`: with host networking there is one way, and no NAT";
        for registration in &placement.registrations {
            report.push(
                warning()
                    .at(registration.port.span, "callers on its own host find it by the host's address")
                    .help(help),
            );
        }
        for need in &workload.needs {
            // They are sorted by host, and all instances have the same ports.
            let target = fleet.workloads.get(&need.target.value);
            let near = target.and_then(|target| {
                let other = |other: &Placement| other.host.cmp(&placement.host);
                Some(&target.placements[target.placements.binary_search_by(other).ok()?])
            });
            if near.is_some_and(|other| !other.container.ports.is_empty()) {
                report.push(
                    warning().at(need.target.span, "called on its own host by the host's address").help(help),
                );
            }
        }
    }
}
