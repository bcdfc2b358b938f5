//! Both plans → what a reviewer should look at twice. Only what is new: what was a risk before was reviewed before.

use super::image::short;
use super::locked;
use super::report::{Note, NoteKind};
use super::resources::host_ports;
use super::sentence::Sentence;
use super::sides::{PlacedUnit, Sides};
use crate::encode::etcd;
use crate::language::top::PREFIX;
use crate::model::container::{Confinement, Container, Network, Port};
use crate::model::fleet::Record;
use crate::model::plan::{Plan, Unit};
use crate::secret::{Known, masked_arguments};
use crate::value::namespace::{Ipc, Pid};
use crate::value::path::{path_to_root, real};
use crate::value::port::Port as PortNumber;
use crate::value::record_format::RecordFormat;
use std::collections::{BTreeMap, BTreeSet};

/// Every risk that the head brings, one for each service and kind, sorted by kind.
pub(crate) fn risks(sides: &Sides) -> Vec<Note> {
    let mut found = Notes::default();
    let mut images = MovableImages::new();
    let held = HeldPorts::new(sides);
    for PlacedUnit { host, unit } in sides.head.placed().filter(|placed| !sides.is_unchanged(placed.host)) {
        let before = before(sides, host, unit);
        let old = before.map(|unit| &*unit.container);
        socket(host, unit, old, &mut found);
        docker_args(host, unit, old, &sides.known, &mut found);
        writable_root(host, unit, old, &mut found);
        privileges(host, unit, old, &mut found);
        root_by_image(sides, host, unit, old, &mut found);
        said_again(sides, host, unit, old, &mut found);
        outside_keys(sides, host, unit, before, &mut found);
        image(unit, old, &mut images);
        untold_port(sides, host, unit, &mut found);
        taken_over(sides, &held, host, unit, &mut found);
    }
    key_prefix(sides, &mut found);
    let mut notes = found.sorted();
    notes.extend(movable(images));
    notes
}

/// The unit as it was, on this host or, where it moved or was renamed, elsewhere.
fn before<'p>(sides: &Sides<'p>, host: &str, unit: &Unit) -> Option<&'p Unit> {
    let elsewhere = || {
        let old = sides.renamed.get(unit.service.as_str()).copied().unwrap_or(&unit.service);
        sides.base.of(old).first().map(|placed| placed.unit)
    };
    sides.before(host, &unit.name).or_else(elsewhere)
}

/// Notes that say the same of several hosts, once.
#[derive(Default)]
pub(crate) struct Notes {
    found: BTreeMap<(NoteKind, String, Sentence), BTreeSet<String>>,
}

impl Notes {
    /// Adds one.
    pub(crate) fn add(&mut self, kind: NoteKind, service: &str, host: &str, message: Sentence) {
        self.found.entry((kind, service.to_string(), message)).or_default().insert(host.to_string());
    }

    /// Returns all risks, by kind and service.
    pub(crate) fn sorted(self) -> Vec<Note> {
        let note = |((kind, service, message), hosts): ((NoteKind, String, Sentence), BTreeSet<String>)| {
            Note { kind, service, hosts: hosts.into_iter().collect(), message }
        };
        self.found.into_iter().map(note).collect()
    }
}

/// The service in front of a message about it.
pub(crate) fn about(service: &str) -> Sentence {
    Sentence::default().value(service).say(": ")
}

fn socket(host: &str, unit: &Unit, old: Option<&Container>, found: &mut Notes) {
    let mounts = |container: &Container| -> BTreeMap<(String, String), String> {
        let volumes =
            container.volumes.iter().map(|volume| (real(&volume.from.value), volume.path.to_string()));
        volumes
            .filter_map(|(from, path)| Some((path_to_root(&from)?, (from, path))))
            .map(|(way, at)| (at, way))
            .collect()
    };
    let before = old.map(mounts).unwrap_or_default();
    for (_, way) in mounts(&unit.container).into_iter().filter(|(at, _)| !before.contains_key(at)) {
        let text = " is mounted: whoever is in this container is root on the host";
        let message = if way.ends_with("/docker.sock") {
            about(&unit.service).say("docker's socket")
        } else {
            about(&unit.service).value(&way)
        };
        found.add(NoteKind::DockerSocket, &unit.service, host, message.say(text));
    }
}

fn docker_args(host: &str, unit: &Unit, old: Option<&Container>, known: &Known, found: &mut Notes) {
    let words = |container: &Container| -> Vec<String> {
        container.docker_args.iter().map(|argument| argument.value.clone()).collect()
    };
    let (before, after) = (old.map(words).unwrap_or_default(), words(&unit.container));
    if before != after {
        let (_, shown) = masked_arguments(&before, &after, known);
        let message = if shown.is_empty() {
            about(&unit.service).say("no `docker-args` any more")
        } else {
            about(&unit.service).say("`docker-args` changed, and nobody checks them: ").value(shown.join(" "))
        };
        found.add(NoteKind::DockerArgs, &unit.service, host, message);
    }
}

fn writable_root(host: &str, unit: &Unit, old: Option<&Container>, found: &mut Notes) {
    let writable = |container: &Container| !container.read_only.value;
    if writable(&unit.container) && !old.is_some_and(writable) {
        let text =
            "its root filesystem can be written: what it writes there is slow, and lost with the container";
        found.add(NoteKind::WritableRoot, &unit.service, host, about(&unit.service).say(text));
    }
}

fn privileges(host: &str, unit: &Unit, old: Option<&Container>, found: &mut Notes) {
    let mut note = |message: Sentence| found.add(NoteKind::Privileges, &unit.service, host, message);
    for (words, values) in rights(&unit.container, old) {
        if !values.is_empty() {
            note(about(&unit.service).say(words).values(values));
        }
    }
    freedoms(&unit.container, old).for_each(|text| note(about(&unit.service).say(text)));
}

/// Another image under a digest, of which the lock says word for word what it said of the one before.
fn said_again(sides: &Sides, host: &str, unit: &Unit, old: Option<&Container>, found: &mut Notes) {
    let Some(old) = old.filter(|old| old.image.digest() != unit.container.image.digest()) else { return };
    let configs = locked::config(sides.base.plan, old).zip(locked::config(sides.head.plan, &unit.container));
    if configs.is_some_and(|(before, after)| before == after) {
        let text = "the lock names another image, and says the same of it as of the one before: `dpc lock --check` tells whether it is so";
        found.add(NoteKind::NoDigest, &unit.service, host, about(&unit.service).say(text));
    }
}

/// An image that works as root now, for a service that says no user.
fn root_by_image(sides: &Sides, host: &str, unit: &Unit, old: Option<&Container>, found: &mut Notes) {
    let says_root = |plan, container: &Container| {
        container.user.is_none() && locked::config(plan, container).is_some_and(locked::is_root)
    };
    let was_root = old
        .is_none_or(|old| is_root(old) && locked::config(sides.base.plan, old).is_none_or(locked::is_root));
    if says_root(sides.head.plan, &unit.container) && !was_root {
        let text = "its image works as root now, and did not before";
        found.add(NoteKind::Privileges, &unit.service, host, about(&unit.service).say(text));
    }
}

/// Returns the rights that have a name, each kind with what is new of it.
fn rights(new: &Container, old: Option<&Container>) -> [(&'static str, Vec<String>); 4] {
    let of = |list: fn(&Container) -> Vec<String>| added(list(new), old.map(list));
    let dropped = |container: &Container| container.cap_drop.iter().map(ToString::to_string).collect();
    [
        ("gains the capability ", of(|it| it.cap_add.iter().map(ToString::to_string).collect())),
        ("gains the device ", added_devices(new, old)),
        ("joins the group ", of(|it| it.group_add.iter().map(ToString::to_string).collect())),
        (
            "no longer gives up the capability ",
            added(old.map(dropped).unwrap_or_default(), Some(dropped(new))),
        ),
    ]
}

fn added<T: PartialEq>(new: Vec<T>, old: Option<Vec<T>>) -> Vec<T> {
    let old = old.unwrap_or_default();
    new.into_iter().filter(|one| !old.contains(one)).collect()
}

/// Returns the names of new devices; one that may be written too is new.
fn added_devices(new: &Container, old: Option<&Container>) -> Vec<String> {
    let devices = |container: &Container| -> Vec<(String, String)> {
        let given = container.devices.iter();
        let given = given.map(|device| (device.path.to_string(), device.permissions.to_string()));
        given.chain(container.gpus.iter().map(|gpu| (gpu.to_string(), String::new()))).collect()
    };
    added(devices(new), old.map(devices)).into_iter().map(|(name, _)| name).collect()
}

/// Whether a container has one, and how it is said.
type Freedom = (fn(&Container) -> bool, &'static str);

/// What is said of a service that is new too.
const GAINED: [Freedom; 5] = [
    (|it| it.privileged, "is privileged: root in it is root on the host"),
    (|it| it.pid == Some(Pid::Host), "sees the processes of the host, and can end those of its own user"),
    (|it| it.ipc.as_ref().is_some_and(|ipc| ipc.value == Ipc::Host), "has the shared memory of the host"),
    (is_unconfined, "is less confined than docker's containers are: `security-opt`"),
    (|it| !it.no_new_privileges, "setuid programs gain rights in it"),
];
/// What is said only of one that was otherwise.
const BECOME: [Freedom; 2] = [
    (is_root, "runs as root, or as whatever its image says"),
    (
        |it| it.network.value == Network::Host,
        "is on the host's network now, with all that listens on its loopback",
    ),
];

fn freedoms(new: &Container, old: Option<&Container>) -> impl Iterator<Item = &'static str> {
    let gained = GAINED.iter().filter(move |(has, _)| has(new) && !old.is_some_and(has));
    let become_so = BECOME.iter().filter(move |(has, _)| has(new) && old.is_some_and(|old| !has(old)));
    // Another profile or type is another confinement, and nobody sees from its name how much of one.
    let is_other =
        is_unconfined(new) && old.is_some_and(|old| is_unconfined(old) && old.confinement != new.confinement);
    let other = is_other.then_some("is confined in another way than before: `security-opt`");
    gained.chain(become_so).map(|(_, text)| *text).chain(other)
}

fn is_unconfined(container: &Container) -> bool {
    let Confinement { seccomp, apparmor, label } = &container.confinement;
    seccomp.is_some() || apparmor.is_some() || !label.is_empty()
}

/// Keys that may be another fleet's, which a registration may put where it says so.
fn outside_keys(sides: &Sides, host: &str, unit: &Unit, before: Option<&Unit>, found: &mut Notes) {
    let Some(etcd) = &sides.head.plan.etcd else { return };
    let fleet = &sides.head.plan.fleet;
    let known: BTreeSet<&str> = before.into_iter().flat_map(Unit::records).map(folder).collect();
    let foreign = unit
        .records()
        .filter(|record| record.format != RecordFormat::Plain && !known.contains(folder(record)))
        .filter(|record| !etcd::is_own(record.format, &record.key, &etcd.prefix, fleet));
    // A router of Traefik's has many keys.
    let mut told = BTreeSet::new();
    for record in
        foreign.filter(|record| record.format != RecordFormat::Traefik || told.insert(record.format))
    {
        let message = about(&unit.service)
            .say("puts what may be another fleet's into etcd: a key below ")
            .value(folder(record));
        found.add(NoteKind::OutsideKey, &unit.service, host, message);
    }
}

/// The keys and the claims of ports of all registrations begin elsewhere: among those of other fleets, or where none looks.
fn key_prefix(sides: &Sides, found: &mut Notes) {
    let prefix = |plan: &Plan| plan.etcd.as_ref().map(|etcd| etcd.prefix.clone());
    let Some(new) = prefix(sides.head.plan) else { return };
    let old = prefix(sides.base.plan).unwrap_or_else(|| PREFIX.default());
    if new == old {
        return;
    }
    let message = Sentence::default()
        .say("keys and claims of ports begin with ")
        .value(new)
        .say(" in etcd, and not with ")
        .value(old)
        .say(": no port is held against those of fleets at another prefix");
    for host in sides.head.hosts.keys() {
        found.add(NoteKind::KeyPrefix, "", host, message.clone());
    }
}

/// The key without the part that is the instance's.
fn folder(record: &Record) -> &str {
    record.key.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_root(container: &Container) -> bool {
    container.user.as_ref().is_none_or(|user| user.is_root() == Some(true))
}

/// Images that are new and can be moved, by what can happen to them.
type MovableImages = BTreeMap<&'static str, BTreeSet<String>>;

fn image(unit: &Unit, old: Option<&Container>, found: &mut MovableImages) {
    let image = &unit.container.image;
    if image.digest().is_some() || old.is_some_and(|old| old.image == *image) {
        return;
    }
    let lost = old.is_some_and(|old| old.image.digest().is_some());
    let text = match (image.is_floating(), lost) {
        (true, _) => "no digest and no fixed tag, so each host runs what it pulled last: ",
        (false, true) => "no digest any more, so whoever can push to the registry decides what runs: ",
        (false, false) => "no digest, so whoever can push to the registry can change what runs: ",
    };
    found.entry(text).or_default().insert(short(image));
}

/// The most images that one note names.
const NAMED_IMAGES: usize = 6;

fn movable(found: MovableImages) -> impl Iterator<Item = Note> {
    found.into_iter().map(|(text, images)| {
        let more = images.len().saturating_sub(NAMED_IMAGES);
        let named = Sentence::default().say(text).values(images.into_iter().take(NAMED_IMAGES));
        let message = if more == 0 { named } else { named.say(format!(" and {more} more")) };
        Note { kind: NoteKind::NoDigest, service: String::new(), hosts: Vec::new(), message }
    })
}

/// Reports a port that changes alone. On the host's network docker is told of no port, so nobody would listen on it.
fn untold_port(sides: &Sides, host: &str, unit: &Unit, found: &mut Notes) {
    let Some(before) = sides.before(host, &unit.name).filter(|before| before.hash == unit.hash) else {
        return;
    };
    let listens =
        |port: &Port| (port.range, port.protocol, port.address.as_ref().map(|address| address.value));
    let known: BTreeSet<_> = before.container.ports.iter().map(listens).collect();
    let new = host_ports(unit).filter(|port| !known.contains(&listens(port)));
    let names: Vec<&str> = new.map(|port| port.name.as_str()).collect();
    if !names.is_empty() {
        let message = about(&unit.service)
            .say("the port ")
            .values(names)
            .say(" changes, but nothing that its container is told: it goes on listening where it did");
        found.add(NoteKind::PortUntold, &unit.service, host, message);
    }
}

/// The ports that the base holds, by host, where anything changes; each list is sorted by first port.
struct HeldPorts<'p>(BTreeMap<&'p str, Vec<HeldPort<'p>>>);

struct HeldPort<'p> {
    port: &'p Port,
    holder: &'p Unit,
    /// The highest port of this one and all before it in the list.
    reaches: PortNumber,
}

impl<'p> HeldPorts<'p> {
    fn new(sides: &Sides<'p>) -> Self {
        let mut hosts: BTreeMap<&str, Vec<HeldPort>> = BTreeMap::new();
        for PlacedUnit { host, unit } in sides.base.placed().filter(|placed| !sides.is_unchanged(placed.host))
        {
            let ports =
                host_ports(unit).map(|port| HeldPort { port, holder: unit, reaches: port.range.last() });
            hosts.entry(host).or_default().extend(ports);
        }
        for ports in hosts.values_mut() {
            ports.sort_by_key(|held| held.port.range.first());
            let mut highest = None;
            for held in ports {
                held.reaches = highest.max(Some(held.reaches)).unwrap_or(held.reaches);
                highest = Some(held.reaches);
            }
        }
        Self(hosts)
    }

    /// Returns the ports of a host that overlap a range.
    fn overlapping(&self, host: &str, port: &Port) -> impl Iterator<Item = &HeldPort<'p>> {
        let (first, last) = (port.range.first(), port.range.last());
        let ports = self.0.get(host).map_or(&[][..], Vec::as_slice);
        let until = ports.partition_point(|held| held.port.range.first() <= last);
        let near = ports[..until].iter().rev().take_while(move |held| first <= held.reaches);
        near.filter(move |held| first <= held.port.range.last())
    }
}

/// A port that was another service's: `activate` stops that one first.
fn taken_over(sides: &Sides, held: &HeldPorts, host: &str, unit: &Unit, found: &mut Notes) {
    if !sides.same_fleet() {
        return;
    }
    let old_name = sides.renamed.get(unit.service.as_str()).copied().unwrap_or(&unit.service);
    for port in host_ports(unit) {
        let others = held.overlapping(host, port).filter(|held| held.holder.service != old_name);
        for HeldPort { holder, .. } in
            others.filter(|held| held.port.protocol == port.protocol && held.port.shares_address(port))
        {
            let message = takes(sides, host, unit, holder, port.range.first());
            found.add(NoteKind::PortTakenOver, &unit.service, host, message);
        }
    }
}

fn takes(sides: &Sides, host: &str, unit: &Unit, holder: &Unit, port: PortNumber) -> Sentence {
    let message = about(&unit.service).say(format!("takes port {port} over from ")).value(&holder.service);
    match sides.after(host, &holder.name) {
        Some(_) => message.say(", which is stopped before ").value(&unit.service).say(" starts"),
        None => message.say(", which leaves"),
    }
}
