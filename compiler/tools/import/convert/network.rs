//! Ports, needs, names and the network itself.

use super::draft::WorkloadDraft;
use super::ports::PortDraft;
use crate::kdl::write::{NodeDraft, NodeValue};
use crate::tools::import::found::{FoundNeed, NeedCondition, Setting};
use crate::tools::import::place::Place;
use crate::tools::import::report::Handling;
use crate::value::dns::Fqdn;
use std::net::IpAddr;

/// Writes the ports of a service.
pub(crate) fn ports(draft: &mut WorkloadDraft<'_, '_>) {
    for port in draft.known.ports.of(draft.index) {
        let place = port.place.clone().unwrap_or_else(|| draft.container().name.place.clone());
        if draft.task {
            draft.say(Handling::Lost, &place, "a task listens on nothing that others wait for");
            continue;
        }
        let mut node = node(port);
        for (fate, words) in &port.words {
            if *fate == Handling::Decide {
                node.comments.push(format!("decide: {words}"));
            }
            draft.say(*fate, &place, words.as_str());
        }
        if port.first != port.inside {
            super::stale::old_port(draft, port, &place);
        }
        if let Some((group, moved)) = &port.moved {
            draft.ask_together(*group, &place, moved.clone());
        }
        if port.words.is_empty() { draft.carry(node, &place) } else { draft.put(node) }
    }
}

fn node(port: &PortDraft) -> NodeDraft {
    let number = if port.first == port.last {
        NodeValue::Whole(i64::from(port.first))
    } else {
        NodeValue::Text(format!("{}-{}", port.first, port.last))
    };
    let node = NodeDraft::new("port").argument(port.name.as_str()).argument(number);
    let node = node.maybe("protocol", Some(port.protocol.as_str()).filter(|protocol| *protocol != "tcp"));
    node.maybe("address", port.address.as_deref())
}

/// Writes what a service needs.
pub(crate) fn needs(draft: &mut WorkloadDraft<'_, '_>) {
    let own = &draft.container().profiles;
    for target in draft.known.edges.of(draft.index) {
        // What runs with a profile alone is not there for others, unless they must have it.
        let profiles = &draft.known.found.containers[target].profiles;
        let absent = !profiles.is_empty() && !profiles.iter().any(|profile| own.contains(profile));
        if absent && draft.is_optional(target) && !draft.known.is_on(target) {
            continue;
        }
        draft.put(NodeDraft::new("needs").argument(draft.known.names.own(target)));
    }
}

/// Writes a setting of this family; says whether it is one.
pub(crate) fn take(draft: &mut WorkloadDraft<'_, '_>, setting: &Setting, place: &Place) -> bool {
    match setting {
        Setting::Published(_) | Setting::Exposed(..) => {
            // The ports of others are written before.
            if draft.container().settings.iter().any(|one| one.value == Setting::Network("none".into())) {
                draft.say(Handling::Lost, place, "without a network nothing reaches it");
            }
        }
        Setting::Network(mode) => network(draft, mode, place),
        Setting::Need(need) => self::need(draft, need, place),
        Setting::ExtraHost(name, address) => extra_host(draft, name, address, place),
        Setting::Dns(server) => dns(draft, server, place),
        Setting::DnsSearch(domain) => search(draft, domain, place),
        Setting::Register(port, ttl) => register(draft, *port, ttl.as_deref(), place),
        _ => return false,
    }
    true
}

fn network(draft: &mut WorkloadDraft<'_, '_>, mode: &str, place: &Place) {
    match mode.split_once(':') {
        Some(("service" | "container", other)) => {
            let words = format!(
                "it shared the network of `{other}`: both have the host's now, and a tunnel there is not used; where it must be, write `network \
                 service=\"{other}\"` here and `network \"bridge\"` in `{other}`"
            );
            draft.decide(place, words);
        }
        _ if mode == "host" => draft.say(Handling::Carried, place, "the host's network"),
        _ if mode == "none" => {
            draft.carry(NodeDraft::new("network").argument("none"), place);
        }
        _ => draft.say(Handling::Changed, place, format!("the host's network instead of `{mode}`")),
    }
}

fn need(draft: &mut WorkloadDraft<'_, '_>, need: &FoundNeed, place: &Place) {
    let (name, until) = (&need.name, need.until);
    let Some(target) = draft.known.names.of(name) else {
        if !need.required {
            return draft.say(Handling::Changed, place, format!("`{name}` is not here, and not required"));
        }
        let words = format!(
            "`{name}` is not here: write `needs` with an `external \"…\" {{ endpoint \"host:port\" }}`"
        );
        return draft.decide(place, words);
    };
    let own = draft.known.names.own(target);
    if !draft.known.edges.has(draft.index, target) {
        let words = format!("`{own}` needs this service too, a cycle: it is not waited for");
        return draft.say(Handling::Changed, place, words);
    }
    if let Some(alias) = need.alias.as_deref().filter(|alias| draft.known.names.of(alias).is_none()) {
        extra_host(draft, alias, &draft.known.resolved_to(target), place);
    }
    let words = match until {
        NeedCondition::Started => format!("needs \"{own}\", which waits until it is healthy"),
        NeedCondition::Healthy => format!("needs \"{own}\""),
        NeedCondition::Completed => format!("needs \"{own}\", a task"),
    };
    draft.say(Handling::Carried, place, words);
}

fn extra_host(draft: &mut WorkloadDraft<'_, '_>, name: &str, address: &str, place: &Place) {
    if address == "host-gateway" && Fqdn::parse(name).is_ok() {
        draft.put(NodeDraft::new("extra-host").argument(name).argument("{{ host.address }}"));
        return draft.say(Handling::Changed, place, "the host itself is reached at its own address");
    }
    let another = draft.nodes_mut("extra-host").any(|node| node.arguments.first() == Some(&name.into()));
    if !another && Fqdn::parse(name).is_ok() && address.parse::<IpAddr>().is_ok() {
        draft.carry(NodeDraft::new("extra-host").argument(name).argument(address), place);
    } else {
        draft.raw(&format!("--add-host={name}:{address}"), place);
    }
}

fn dns(draft: &mut WorkloadDraft<'_, '_>, server: &str, place: &Place) {
    if server.parse::<IpAddr>().is_err() {
        return draft.raw(&format!("--dns={server}"), place);
    }
    draft.once("dns").arguments.push(NodeValue::from(server));
    draft.say(Handling::Carried, place, format!("dns \"{server}\""));
}

fn search(draft: &mut WorkloadDraft<'_, '_>, domain: &str, place: &Place) {
    let servers = draft.container().settings.iter().any(|setting| match &setting.value {
        Setting::Dns(server) => server.parse::<IpAddr>().is_ok(),
        _ => false,
    });
    let first = servers && !draft.once("dns").properties.iter().any(|(name, _)| name == "search");
    if first && Fqdn::parse(domain).is_ok() {
        draft.property("dns", "search", domain, place);
    } else {
        draft.raw(&format!("--dns-search={domain}"), place);
    }
}

fn register(draft: &mut WorkloadDraft<'_, '_>, port: Option<u16>, ttl: Option<&str>, place: &Place) {
    let known = draft.known;
    let ports = known.ports.of(draft.index);
    let found =
        ports.iter().find(|candidate| port.is_none_or(|port| candidate.inside == port)).or(ports.first());
    let Some(port) = found else {
        return draft.decide(place, "which port is registered is not said: add a `port` and `register` it");
    };
    let node = NodeDraft::new("register").argument(port.name.as_str()).maybe("ttl", ttl);
    draft.carry_doubtful(
        node,
        place,
        "the key is dpc's own: tell its readers, or write a format below `register`",
    );
}
