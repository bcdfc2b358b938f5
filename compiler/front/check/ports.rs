//! Ports of a host: each has one listener, which may bind it and finds it free.

use super::PlacedOnHost;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::front::limits::{MOST_LISTENERS, too_many};
use crate::model::container::{Network, Port};
use crate::model::fleet::{Host, Placement, Reserved, Workload};
use crate::text::Located;
use crate::value::address::ListenAddress;
use crate::value::port::PortRange;
use crate::value::user::User;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Two listeners on one port.
pub(crate) const PORT_CONFLICT: Fault = Fault::error(
    "port-conflict",
    "a port of a host has one listener",
    "With host networking every listening port is a port of the host: that is the price of the 14 Gbit/s that \
     `--net=host` carried where the route through docker0 carried 5. Two processes cannot bind one port: the second dies at \
     start with EADDRINUSE. A process that binds every address (`0.0.0.0`, or `::`, which covers IPv4 too) is in the way of \
     one that binds a single address.",
);
/// A port that an outgoing connection may take first.
pub(crate) const EPHEMERAL_PORT: Fault = Fault::warning(
    "ephemeral-port",
    "a service listens outside the range that the kernel hands to outgoing connections",
    "Ports in net.ipv4.ip_local_port_range (32768-60999 by default) can be taken by any outgoing connection before the \
     service starts, which then fails with EADDRINUSE once in a while. dpc reserves such ports in the bundle \
     (net.ipv4.ip_local_reserved_ports); a port below the range needs no reservation.",
);
/// A port that the user of the process may not bind.
pub(crate) const PRIVILEGED_PORT: Fault = Fault::error(
    "privileged-port",
    "a process that is not root cannot bind a port below 1024 on the host's network",
    "docker sets net.ipv4.ip_unprivileged_port_start=0 only in a container's own network namespace. With host networking \
     the host's value holds, which is 1024, and `--cap-add NET_BIND_SERVICE` does not help a user other than root, since \
     docker sets no ambient capabilities.",
);

/// A port bound to an address that its host does not have.
pub(crate) const FOREIGN_ADDRESS: Fault = Fault::error(
    "foreign-address",
    "a port is bound to an address of the host that the service runs on",
    "The kernel binds only addresses of its own: the process dies at start with EADDRNOTAVAIL. A service on several hosts \
     has another address on each, which is `{{ host.address }}`.",
);

struct Listener<'f> {
    port: &'f Port,
    workload: &'f Workload,
    placement: &'f Placement,
}

/// Compares all listeners of a host with each other and with the ports that the host reserves.
pub(crate) fn check(host: &Host, placed: &PlacedOnHost<'_>, report: &mut Report) {
    let mut listeners: Vec<Listener<'_>> = placed
        .iter()
        .filter(|(_, placement)| placement.container.network.value != Network::None)
        .flat_map(|(workload, placement)| {
            placement.container.ports.iter().map(|port| Listener { port, workload, placement })
        })
        .collect();
    listeners.sort_by_key(|listener| listener.port.range);
    let mut open: Vec<&Listener<'_>> = Vec::new();
    for listener in &listeners {
        open.retain(|earlier| earlier.port.range.last() >= listener.port.range.first());
        if open.len() >= MOST_LISTENERS || report.is_full() {
            report.push_error(|| crowded(host, listener));
            return;
        }
        for earlier in &open {
            if earlier.port.protocol == listener.port.protocol && earlier.port.shares_address(listener.port) {
                report.push_error(|| conflict(host, earlier, listener));
            }
        }
        open.push(listener);
        check_host(host, listener, report);
    }
}

fn crowded(host: &Host, listener: &Listener<'_>) -> Diagnostic {
    let what = format!("listeners on port {} of host `{}`", listener.port.range.first(), host.name);
    too_many(&what, MOST_LISTENERS + 1, MOST_LISTENERS, listener.port.span)
}

fn check_host(host: &Host, listener: &Listener<'_>, report: &mut Report) {
    let port = listener.port;
    let bound = port.address.as_ref().map_or(ListenAddress::EVERY, |address| address.value);
    let shares = |reserved: &&Reserved| {
        port.range.overlaps(reserved.range.value)
            && reserved.address.is_none_or(|address| address.overlaps(bound))
    };
    for reserved in host.reserve.iter().filter(shares) {
        report.push_error(|| {
            Diagnostic::new(
                &PORT_CONFLICT,
                format!("port {} on host `{}` belongs to the host", port.range, host.name),
            )
            .at(port.span, format!("`{}` listens here", listener.workload.name))
            .at(reserved.range.span, format!("reserved by host `{}`", host.name))
            .help("choose another port for the service")
        });
    }
    let ephemeral = host.ephemeral_ports;
    if port.range.overlaps(ephemeral) {
        report.push(
            Diagnostic::new(
                &EPHEMERAL_PORT,
                if port.range.is_one() {
                    format!("port {} is one that outgoing connections may take", port.range)
                } else {
                    format!("outgoing connections may take some of the ports {}", port.range)
                },
            )
            .at(port.span, format!("inside the ephemeral range {ephemeral}"))
            .help(format!(
                "choose a port below {}; the bundle reserves this one (`net.ipv4.ip_local_reserved_ports`) until then",
                ephemeral.first()
            )),
        );
    }
}

/// Returns the places in the order of the files, so that a clash reads the same whichever listener is checked first.
fn conflict(host: &Host, one: &Listener<'_>, other: &Listener<'_>) -> Diagnostic {
    let (first, second) = if one.port.span <= other.port.span { (one, other) } else { (other, one) };
    let (left, right) = (one.port.range, other.port.range);
    let shared = PortRange::from((left.first().max(right.first()), left.last().min(right.last())));
    let ports = if shared.is_one() { "port" } else { "ports" };
    let (one, other) = (first.words(), second.words());
    let who =
        if one == other { format!("{one} listens twice") } else { format!("{one} and {other} both listen") };
    let message = format!("{who} on {} {ports} {shared} of host `{}`", second.port.protocol, host.name);
    let diagnostic = Diagnostic::new(&PORT_CONFLICT, message);
    if first.port.span == second.port.span {
        return one_place(diagnostic, first, second);
    }
    let diagnostic = diagnostic.at(second.port.span, second.label()).at(first.port.span, first.label());
    diagnostic.help(if first.workload.name != second.workload.name {
        "give one of them another port, or run them on different hosts"
    } else if one == other {
        "give one of them another port"
    } else {
        "the ports of several instances follow each other: leave room for them"
    })
}

/// Two listeners from one line: a range of several instances, or a base of two services.
fn one_place(diagnostic: Diagnostic, first: &Listener<'_>, second: &Listener<'_>) -> Diagnostic {
    if first.workload.name == second.workload.name {
        let label = format!("{} and {} share ports", first.words(), second.words());
        return diagnostic.at(second.port.span, label).help(
            "the ports of instance n begin n - 1 higher: several instances cannot have overlapping ranges",
        );
    }
    diagnostic
        .at(second.port.span, format!("both {} and {} listen here", first.words(), second.words()))
        .at(second.workload.span.max(first.workload.span), "takes this port over")
        .at(second.workload.span.min(first.workload.span), "takes this port over")
        .help("give one of them a port of its own, which replaces this one by its name")
}

impl Listener<'_> {
    fn words(&self) -> String {
        match self.workload.placements.iter().filter(|other| other.host == self.placement.host).count() {
            1 => format!("`{}`", self.workload.name),
            _ => format!("instance {} of `{}`", self.placement.instance, self.workload.name),
        }
    }

    fn label(&self) -> String {
        let on = match self.port.address.as_ref().map(|address| address.value) {
            None => "of every address".to_string(),
            Some(ListenAddress::EVERY) => "of `::`, every address, IPv4 too".to_string(),
            Some(address) if address.is_wildcard() => format!("of `{address}`, every IPv4 address"),
            Some(address) => format!("of {address}"),
        };
        let ports = if self.port.range.is_one() { "port" } else { "ports" };
        format!("{} takes {ports} {} {on}", self.words(), self.port.range)
    }
}

/// Reports ports on a host that are bound to the address of another host.
pub(crate) fn check_addresses(
    hosts: &BTreeMap<IpAddr, &Host>,
    host: &Host,
    placed: &PlacedOnHost<'_>,
    report: &mut Report,
) {
    for (workload, placement) in placed {
        for port in &placement.container.ports {
            let Some(address) = port.bound().filter(|address| *address != host.address.ip()) else {
                continue;
            };
            let Some(other) = hosts.get(&address) else { continue };
            let message = format!("`{}` on host `{}` cannot listen on {address}", workload.name, host.name);
            report.push(
                Diagnostic::new(&FOREIGN_ADDRESS, message)
                    .at(port.address.as_ref().map_or(port.span, |address| address.span), "bound here")
                    .at(other.address.span, format!("the address of host `{}`", other.name))
                    .help("write `address=\"{{ host.address }}\"`, or leave the address out"),
            );
        }
    }
}

/// A port below 1024 for a user other than root.
pub(crate) fn check_privileged(
    host: Option<&Host>,
    workload: &Workload,
    placement: &Placement,
    report: &mut Report,
) {
    let Some(user) = &placement.container.user else { return };
    if user.is_root() == Some(true) || placement.container.network.value != Network::Host {
        return;
    }
    let first = first_for_everybody(host);
    for port in placement.container.ports.iter().filter(|port| port.range.first().get() < first) {
        report.push(privileged(workload, port, user, first));
    }
}

/// The first port of a host that users other than root may bind.
pub(super) fn first_for_everybody(host: Option<&Host>) -> u16 {
    host.and_then(|host| host.unprivileged_ports).map_or(FIRST_UNPRIVILEGED, |port| port.get())
}

/// The kernel's own first port for everybody.
const FIRST_UNPRIVILEGED: u16 = 1024;

pub(super) fn privileged(workload: &Workload, port: &Port, user: &Located<User>, first: u16) -> Diagnostic {
    Diagnostic::new(
        &PRIVILEGED_PORT,
        format!("`{}` runs as user `{user}` and cannot bind port {}", workload.name, port.range),
    )
    .at(port.span, format!("below {first}"))
    .at(user.span, "not root")
    .help(format!(
        "listen on a port from {first} up and let a proxy or load balancer have the low one; or let the kernel give low ports to \
         everybody, and say so: `host \"…\" {{ unprivileged-ports {} }}`",
        port.range.first()
    ))
}
