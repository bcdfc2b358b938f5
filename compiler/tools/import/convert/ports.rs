//! The ports that every container listens on once it has the host's network, and which of them clash.

use super::listening::{listener, without_password};
use super::mentions::Mentions;
use super::names::{ServiceNames, unique};
use super::references::references;
use super::taken::TakenPorts;
use super::together::Together;
use crate::tools::import::found::{Found, FoundContainer, Published, Setting};
use crate::tools::import::place::{At, Place};
use crate::tools::import::report::Handling;
use crate::tools::known_images::{self, port_name};
use std::collections::{BTreeMap, BTreeSet};

/// A port to write.
#[derive(Clone, Debug)]
pub(super) struct PortDraft {
    /// Its name.
    pub(crate) name: String,
    /// The ports that the process binds from now on.
    pub(crate) first: u16,
    /// The last of them.
    pub(crate) last: u16,
    /// The first port that it bound in its container.
    pub(crate) inside: u16,
    /// The transport.
    pub(crate) protocol: String,
    /// The place of the port in the source; none if it follows from something else.
    pub(crate) place: Option<Place>,
    /// Notes for the report.
    pub(crate) words: Vec<(Handling, String)>,
    /// The variable that tells the process its port.
    pub(crate) variable: Option<String>,
    /// The address that the process binds; none for every one.
    pub(crate) address: Option<String>,
    /// What a person must know of a port that is another now.
    pub(crate) moved: Option<(Together, String)>,
    /// Set if the port may be asked whether it is ready: it is the process's own, and one that is surely there.
    pub(crate) published: bool,
}

/// The ports of every container, by its index.
pub(crate) struct Ports {
    of: Vec<Vec<PortDraft>>,
    /// Containers that have the ports of several in one network.
    several: BTreeSet<usize>,
}

impl Ports {
    /// Plans the ports of everything found.
    pub(super) fn new(found: &Found, names: &ServiceNames, mentions: &Mentions) -> Self {
        let meant = meant(found, names, mentions);
        let mut taken = TakenPorts::default();
        let containers = found.containers.iter().enumerate();
        let mut requests: Vec<Vec<PortRequest>> = containers
            .clone()
            .map(|(index, container)| {
                let mut wanted = port_requests(container);
                implied_ports(container, meant.get(&index), &mut wanted);
                if container.settings.iter().any(|setting| setting.value == Setting::Network("none".into())) {
                    return Vec::new();
                }
                let open = is_open(container);
                wanted.iter_mut().for_each(|request| request.outside |= open);
                wanted
            })
            .collect();
        let shared = sharers(found, names);
        for (target, guests) in &shared {
            let ports = std::mem::take(&mut requests[*target]);
            requests[guests[0]].extend(ports);
        }
        let several = shared.values().filter(|guests| guests.len() > 1).map(|guests| guests[0]).collect();
        let of = containers
            .zip(requests)
            .map(|((index, container), wanted)| {
                let mut used = BTreeSet::new();
                wanted
                    .into_iter()
                    .map(|request| {
                        let whose = (names.own(index), container, mentions.of(index));
                        place(request, whose, &mut taken, &mut used)
                    })
                    .collect()
            })
            .collect();
        Self { of, several }
    }

    /// Returns whether the ports are those of several containers in one network.
    pub(crate) fn are_of_several(&self, index: usize) -> bool {
        self.several.contains(&index)
    }

    /// The ports of a container.
    pub(super) fn of(&self, index: usize) -> &[PortDraft] {
        &self.of[index]
    }

    /// The port of a container that was `inside` it.
    pub(crate) fn inside(&self, index: usize, inside: u16) -> Option<&PortDraft> {
        self.of[index].iter().find(|port| port.inside == inside && port.first == port.last)
    }
}

/// A port before it has its place.
struct PortRequest {
    published: Published,
    place: Option<Place>,
    words: Vec<(Handling, String)>,
    /// Set if callers, or the process, must be told of another port.
    moved: Option<Together>,
    /// Set if other machines reached it.
    outside: bool,
}

impl PortRequest {
    /// A port for the other containers alone.
    fn new(published: Published) -> Self {
        Self { published, place: None, words: Vec::new(), moved: None, outside: false }
    }
}

/// Containers in the network of another one, which publishes their ports, by that one.
fn sharers(found: &Found, names: &ServiceNames) -> BTreeMap<usize, Vec<usize>> {
    let mut shared: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, container) in found.containers.iter().enumerate() {
        for setting in &container.settings {
            let Setting::Network(mode) = &setting.value else { continue };
            let other = mode.strip_prefix("service:").or_else(|| mode.strip_prefix("container:"));
            if let Some(target) = other.and_then(|name| names.of(name)).filter(|target| *target != index) {
                shared.entry(target).or_default().push(index);
            }
        }
    }
    // Of a chain, each keeps its own.
    let guests: BTreeSet<usize> = shared.values().flatten().copied().collect();
    shared.retain(|target, _| !guests.contains(target));
    shared
}

/// Ports that others name in their values.
fn meant(found: &Found, names: &ServiceNames, mentions: &Mentions) -> BTreeMap<usize, BTreeSet<u16>> {
    let mut meant: BTreeMap<usize, BTreeSet<u16>> = BTreeMap::new();
    for (index, container) in found.containers.iter().enumerate() {
        for text in texts(container).into_iter().chain(mentions.of(index).iter().map(String::as_str)) {
            for reference in references(text, |name| names.seen_by(container, name).is_some()) {
                let target = names.seen_by(container, &text[reference.name]);
                if let (Some(target), Some(port)) = (target, reference.port) {
                    meant.entry(target).or_default().insert(port);
                }
            }
        }
    }
    meant
}

/// The texts of a container that may name others.
pub(crate) fn texts(container: &FoundContainer) -> Vec<&str> {
    let mut texts: Vec<&str> = Vec::new();
    for setting in &container.settings {
        match &setting.value {
            Setting::Env(_, Some(value)) => texts.push(value),
            Setting::Command(words) | Setting::Entrypoint(words) => {
                texts.extend(words.iter().map(String::as_str));
            }
            Setting::EnvFile(file) => {
                texts.extend(file.variables.iter().flatten().filter_map(|(_, value)| value.as_deref()));
            }
            _ => {}
        }
    }
    texts
}

fn port_requests(container: &FoundContainer) -> Vec<PortRequest> {
    let mut requests: Vec<PortRequest> = Vec::new();
    for At { value, place } in &container.settings {
        if let Setting::Published(published) = value {
            let known = requests.iter_mut().find(|request| same(&request.published, published));
            match known {
                Some(request) if request.published.host == published.host => {}
                Some(request) => {
                    let words = format!("it was published as {} too: one port is left", host(published));
                    request.words.push((Handling::Changed, words));
                    request.moved = Some(Together::Moved);
                }
                None => requests.push(PortRequest {
                    published: published.clone(),
                    place: Some(place.clone()),
                    words: Vec::new(),
                    moved: None,
                    outside: true,
                }),
            }
        }
    }
    for At { value, place } in &container.settings {
        if let Setting::Exposed(first, last, protocol) = value {
            let published = inside(*first, *last, protocol);
            if !requests.iter().any(|request| covers(&request.published, &published)) {
                requests.push(PortRequest { place: Some(place.clone()), ..PortRequest::new(published) });
            }
        }
    }
    requests
}

/// Returns whether all ports of the container were reached from elsewhere.
fn is_open(container: &FoundContainer) -> bool {
    let open = |setting: &Setting| match setting {
        Setting::PublishAll => true,
        Setting::Network(mode) => mode == "host",
        _ => false,
    };
    container.settings.iter().any(|setting| open(&setting.value))
}

/// Ports that follow from the image or from what others say.
fn implied_ports(container: &FoundContainer, meant: Option<&BTreeSet<u16>>, requests: &mut Vec<PortRequest>) {
    let image = container.settings.iter().rev().find_map(|setting| match &setting.value {
        Setting::Image(image) => Some(image.as_str()),
        _ => None,
    });
    let mut add = |port: u16, why: String| {
        let published = inside(port, port, "tcp");
        if !requests.iter().any(|request| covers(&request.published, &published)) {
            requests
                .push(PortRequest { words: vec![(Handling::Changed, why)], ..PortRequest::new(published) });
        }
    };
    for port in meant.into_iter().flatten() {
        add(*port, format!("others reach port {port}: it is declared"));
    }
    if meant.is_none() && wishes_none(container) {
        for port in known_images::ports(image.unwrap_or_default()) {
            add(
                *port,
                format!("the image listens on port {port}, a port of the host from now on: it is declared"),
            );
        }
    }
}

/// Returns whether it says nothing of ports. One that starts something else than its image does says that the image's are none of its.
fn wishes_none(container: &FoundContainer) -> bool {
    let says = |setting: &Setting| {
        matches!(setting, Setting::Published(_) | Setting::Exposed(..) | Setting::Entrypoint(_))
    };
    !container.settings.iter().any(|setting| says(&setting.value))
}

fn inside(first: u16, last: u16, protocol: &str) -> Published {
    Published { container: (first, last), protocol: protocol.to_string(), ..Published::default() }
}

fn same(one: &Published, other: &Published) -> bool {
    one.container == other.container && one.protocol == other.protocol
}

fn covers(one: &Published, other: &Published) -> bool {
    let (first, last) = one.container;
    first <= other.container.0 && other.container.1 <= last && one.protocol == other.protocol
}

fn host(published: &Published) -> String {
    match published.host {
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first}-{last}"),
        None => "a free port".to_string(),
    }
}

fn place(
    mut request: PortRequest,
    (service, container, mentioned): (&str, &FoundContainer, &[String]),
    taken: &mut TakenPorts,
    used: &mut BTreeSet<String>,
) -> PortDraft {
    let Published { container: (first, last), host: outside, any_of, protocol, name, address } =
        &request.published;
    if let Some((from, to)) = any_of {
        request.moved = Some(Together::Moved);
        let words = format!("it was a free port from {from} to {to}: the process binds {first}");
        request.words.push((Handling::Changed, words));
    }
    let listener = listener(container, *first).filter(|listener| protocol == "tcp" && listener.takes_port());
    let variable = variable(container, *first);
    let told = variable.as_deref().map(|name| format!("`{name}`"));
    let told = told.or_else(|| listener.map(|_| "its command".to_string()));
    let range = (*first, *last);
    let now =
        listens(&mut request.words, &mut request.moved, range, *outside, protocol, told.as_deref(), taken);
    let said = address.as_deref().filter(|address| !matches!(*address, "0.0.0.0" | "::" | "[::]"));
    let address = match said {
        Some(address) => Some(address.to_string()),
        None if !request.outside => Some(LOOPBACK.to_string()),
        None if protocol == "tcp" && without_password(container, mentioned) => {
            let words = "everybody reached it without a password, and now this host alone: give it one, and take \
                         `address=` and `--bind` away";
            request.words.push((Handling::Decide, words.to_string()));
            Some(LOOPBACK.to_string())
        }
        None => None,
    };
    if let Some(address) = address.as_ref().filter(|_| request.words.is_empty()) {
        let words = match said {
            Some(_) => format!("it was published at {address} alone, and listens there alone"),
            None => format!("nothing else reached it: it listens on {address} alone"),
        };
        request.words.push((Handling::Changed, words));
    }
    let variable = variable.filter(|_| now.0 != *first);
    taken.take(protocol, now, service);
    let moved = request.moved.map(|group| match outside.or(*any_of) {
        Some((host, _)) if host != now.0 && group == Together::Moved => {
            (group, format!("`{service}` {host} → {}", now.0))
        }
        _ => (group, format!("`{service}` {first} → {}", now.0)),
    });
    let name = match name {
        Some(name) => super::values::name(name, "port"),
        None => port_name(*first, protocol),
    };
    let name = unique(name, used);
    let (inside, protocol) = (*first, protocol.clone());
    PortDraft {
        name,
        first: now.0,
        last: now.1,
        inside,
        protocol,
        place: request.place,
        words: request.words,
        variable,
        address,
        moved,
        published: request.outside,
    }
}

/// The address of a port for containers of the same host alone.
pub(crate) const LOOPBACK: &str = "127.0.0.1";

/// Returns the ports that a process binds on the host: the present ones, unless it can be given others or must be.
fn listens(
    words: &mut Vec<(Handling, String)>,
    to_decide: &mut Option<Together>,
    inside: (u16, u16),
    outside: Option<(u16, u16)>,
    protocol: &str,
    told: Option<&str>,
    taken: &TakenPorts,
) -> (u16, u16) {
    let owner = |range| taken.owner(protocol, range);
    let moved = outside.filter(|outside| *outside != inside);
    if let (Some(outside), Some(told)) = (moved, told)
        && owner(outside).is_none()
    {
        words.push((Handling::Changed, format!("the process binds {} now, told by {told}", outside.0)));
        return outside;
    }
    let Some(other) = owner(inside) else {
        if let Some(outside) = moved {
            *to_decide = Some(Together::Moved);
            words.push((
                Handling::Changed,
                format!(
                    "port {} of the host was {} in the container, which the process binds: tell callers, or let the \
                     process bind {} and write that",
                    outside.0, inside.0, outside.0
                ),
            ));
        }
        return inside;
    };
    let free = moved.filter(|range| owner(*range).is_none()).or_else(|| taken.free(protocol, inside));
    let now = free.unwrap_or(inside);
    let words_of_clash = match told {
        Some(told) => {
            format!("port {} belongs to `{other}`: it binds {} now, told by {told}", inside.0, now.0)
        }
        None => {
            format!("port {} clashes with `{other}` on one host: let the process bind {}", inside.0, now.0)
        }
    };
    if told.is_none() {
        *to_decide = Some(Together::Clashes);
    } else if outside.is_some_and(|outside| outside != now) {
        *to_decide = Some(Together::Moved);
    }
    words.push((Handling::Changed, words_of_clash));
    now
}

/// The variable that tells the process its port.
fn variable(container: &FoundContainer, port: u16) -> Option<String> {
    const NAMES: [&str; 6] = ["PORT", "HTTP_PORT", "SERVER_PORT", "LISTEN_PORT", "APP_PORT", "WEB_PORT"];
    container.settings.iter().find_map(|setting| match &setting.value {
        Setting::Env(name, Some(value)) if NAMES.contains(&name.as_str()) && *value == port.to_string() => {
            Some(name.clone())
        }
        _ => None,
    })
}
