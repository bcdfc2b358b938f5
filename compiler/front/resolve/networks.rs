//! Containers that have the network of another one → each with what docker needs to know of the other, which publishes its ports.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::front::check::PORT_CONFLICT;
use crate::model::container::{Container, Network, Port};
use crate::model::fleet::{Fleet, Kind, Placement, Workload};
use crate::model::plan::unit_name;
use crate::text::{Located, Span};
use std::collections::BTreeSet;

/// A network that a container cannot have.
pub(crate) const SHARED_NETWORK: Fault = Fault::error(
    "shared-network",
    "`network service=` names a service on the same hosts, with as many instances, that has a network of its own",
    "docker starts the container in the network of the other one, which must run. That network has one name, one list of name \
     servers and one set of published ports: those of the container that it was made for.",
);

/// Joins each container to the network of its service.
pub(crate) fn join(fleet: &mut Fleet, report: &mut Report) {
    let mut told = BTreeSet::new();
    let joining: Vec<(String, usize)> = fleet.workloads.values().flat_map(joining).collect();
    for (name, at) in joining {
        let Some((workload, placement)) = found(fleet, &name, at) else { continue };
        let Some(asked) = placement.container.joined.as_ref().map(|joined| joined.service.clone()) else {
            continue;
        };
        // What is not there is reported as a need.
        if fleet.workloads.get(&asked.value).is_none_or(|owner| owner.placements.is_empty()) {
            continue;
        }
        let owner = match owner(fleet, placement, &asked) {
            Ok(owner) => owner,
            Err(diagnostic) => {
                // One line may be that of many instances.
                if told.insert(asked.span) {
                    report.push(diagnostic.at(workload.span, "asks for it"));
                }
                continue;
            }
        };
        let Some((_, first)) = found(fleet, &asked.value, owner) else { continue };
        let own = first.container.clone();
        let container = unit_name(&fleet.name, &fleet.workloads[&asked.value], first.instance);
        let mut ports = Vec::new();
        if let Some(joined) = placement_of(fleet, &name, at) {
            let faults = settle(&mut joined.container, &own, &name, &asked);
            faults.into_iter().filter(|fault| told.insert(fault.0)).for_each(|fault| report.push(fault.1));
            joined.container.network = Located::new(own.network.value, asked.span);
            joined.container.joined.iter_mut().for_each(|joined| joined.container.clone_from(&container));
            ports.clone_from(&joined.container.ports);
        }
        for port in &ports {
            let taken = own.ports.iter().chain(&own.published).find(|other| meets(port, other));
            if let Some(other) = taken.filter(|_| told.insert(port.span)) {
                report.push(clash(&name, &asked, port, other));
            }
        }
        if let (Some(owner), Network::Bridge) = (placement_of(fleet, &asked.value, owner), own.network.value)
        {
            owner.container.published.append(&mut ports);
        }
    }
}

/// Returns the placements of a workload that ask for the network of another one.
fn joining(workload: &Workload) -> impl Iterator<Item = (String, usize)> {
    let placements = workload.placements.iter().enumerate();
    let joining = placements.filter(|(_, placement)| placement.container.joined.is_some());
    joining.map(|(at, _)| (workload.name.clone(), at))
}

fn found<'f>(fleet: &'f Fleet, name: &str, at: usize) -> Option<(&'f Workload, &'f Placement)> {
    let workload = fleet.workloads.get(name)?;
    Some((workload, workload.placements.get(at)?))
}

fn placement_of<'f>(fleet: &'f mut Fleet, name: &str, at: usize) -> Option<&'f mut Placement> {
    fleet.workloads.get_mut(name)?.placements.get_mut(at)
}

/// Returns the number of the placement whose network it is, or why there is none.
fn owner(fleet: &Fleet, placement: &Placement, asked: &Located<String>) -> Result<usize, Diagnostic> {
    let refused = |message: String, label: &str, help: String| {
        Diagnostic::new(&SHARED_NETWORK, message).at(asked.span, label).help(help)
    };
    let name = &asked.value;
    let Some(owner) = fleet.workloads.get(name).filter(|owner| owner.kind == Kind::Service) else {
        let message = format!("`{name}` is no service: its network ends with it");
        return Err(refused(message, "no service", "name a service, which always runs".to_string()));
    };
    let same = |other: &Placement| (&other.host, other.instance) == (&placement.host, placement.instance);
    let Some(at) = owner.placements.iter().position(same) else {
        let message = format!("`{name}` has no instance {} on host `{}`", placement.instance, placement.host);
        let help = "run both on the same hosts, and give both as many `instances`".to_string();
        return Err(refused(message, "each instance has the network of the one with its number", help)
            .at(owner.span, "not there"));
    };
    let container = &owner.placements[at].container;
    if let Some(other) = &container.joined {
        let message = format!("`{name}` has the network of `{}`, and none of its own", other.service.value);
        let help = format!("write `network service=\"{}\"`", other.service.value);
        return Err(refused(message, "no network of its own", help));
    }
    if container.network.value == Network::Host {
        let message =
            format!("`{name}` is on the host's network, which every service has that says no other");
        let help = format!("remove this, or give `{name}` a network of its own: `network \"bridge\"`");
        return Err(refused(message, "no network of its own", help));
    }
    Ok(at)
}

/// Takes away what both say, and returns what only the joined one says: docker refuses it, and the other one can say it.
fn settle(
    container: &mut Container,
    owner: &Container,
    name: &str,
    asked: &Located<String>,
) -> Vec<(Span, Diagnostic)> {
    let mut other: Vec<(&str, Span)> = Vec::new();
    if let Some(hostname) = container.hostname.take().filter(|name| owner.hostname.as_ref() != Some(name)) {
        other.push(("hostname", hostname.span));
    }
    let (dns, search) = (std::mem::take(&mut container.dns), container.dns_search.take());
    if let Some(server) = dns.first().filter(|_| dns != owner.dns || search != owner.dns_search) {
        other.push(("dns", server.span));
    }
    for (host, address) in std::mem::take(&mut container.extra_hosts) {
        if owner.extra_hosts.get(&host) != Some(&address) {
            other.push(("extra-host", address.span));
        }
    }
    let parameters = std::mem::take(&mut container.sysctls).into_iter();
    let (net, rest): (Vec<_>, Vec<_>) = parameters.partition(|(name, _)| name.is_network());
    container.sysctls = rest.into_iter().collect();
    other.extend(
        net.into_iter()
            .filter(|(name, value)| owner.sysctls.get(name) != Some(value))
            .map(|(_, value)| ("sysctl", value.span)),
    );
    let refused = |(what, span): (&str, Span)| {
        let message = format!("`{what}` of `{name}` belongs to a network that is that of `{}`", asked.value);
        let diagnostic = Diagnostic::new(&SHARED_NETWORK, message)
            .at(span, "not of this container alone")
            .at(asked.span, "because of this")
            .help(format!("write it in the service `{}`", asked.value));
        (span, diagnostic)
    };
    other.into_iter().map(refused).collect()
}

/// Returns whether two processes in one network cannot both listen.
fn meets(one: &Port, other: &Port) -> bool {
    one.protocol == other.protocol && one.inside().overlaps(other.inside())
}

fn clash(name: &str, asked: &Located<String>, port: &Port, other: &Port) -> Diagnostic {
    let message = format!(
        "`{name}` listens on port {} in the network of `{}`, where somebody else does",
        port.inside(),
        asked.value
    );
    Diagnostic::new(&PORT_CONFLICT, message)
        .at(port.span, format!("{} inside", port.inside()))
        .at(other.span, format!("{} inside", other.inside()))
        .help("let one of them listen on another port, and say it with `container=`")
}
