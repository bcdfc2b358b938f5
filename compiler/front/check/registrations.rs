//! Keys in etcd: each belongs to one record, none lies above another, and a reader of one registration finds no other.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::fleet::{Fleet, Record, Workload};
use crate::text::Span;
use crate::value::record_format::RecordFormat;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Two registrations that disturb each other.
pub(crate) const REGISTRATION_CONFLICT: Fault = Fault::error(
    "registration-conflict",
    "every key in etcd is one registration's, and none lies where the readers of another look",
    "Of two services with one key the later overwrites the earlier, and the one that stops takes the other's registration \
     away. Readers scan by prefix: a record at `…/a/b` also answers for `…/a`, so that a name would resolve to another \
     service's instances. So do `b.a.internal` for `a.internal` in CoreDNS, and two services with one name.",
);

/// Two registered ports that are reached at one address.
pub(crate) const ADVERTISED_TWICE: Fault = Fault::error(
    "advertised-twice",
    "an advertised address and a port lead to one place",
    "Who reads both registrations calls one address: behind a NAT one port leads to one host. The other host gets no call, and its \
     service counts as healthy.",
);

/// A record, and the registration that it is of.
#[derive(Clone, Copy)]
struct OwnedRecord<'f> {
    workload: &'f Workload,
    port: &'f str,
    record: &'f Record,
}

/// Compares all records with each other.
pub(crate) fn check(fleet: &Fleet, report: &mut Report) {
    let mut owners: HashMap<&str, OwnedRecord<'_>> = HashMap::new();
    let mut told = BTreeSet::new();
    for owner in records(fleet) {
        let first = *owners.entry(&owner.record.key).or_insert(owner);
        if std::ptr::eq(first.record, owner.record) || same(first, owner) {
            continue;
        }
        told.insert(places(first, owner));
        report.push_error(|| {
            conflict(first, owner, format!("two registrations put the key `{}`", owner.record.key))
        });
    }
    for owner in records(fleet) {
        for above in folders(&owner.record.key).filter_map(|folder| owners.get(folder)) {
            let message = format!("the key `{}` lies above the key `{}`", above.record.key, owner.record.key);
            told.insert(places(*above, owner));
            report.push_error(|| conflict(*above, owner, message));
        }
    }
    check_readers(fleet, &mut told, report);
    check_advertised(fleet, report);
}

/// Reports ports of several hosts that are registered with one address. Two listeners on one host are reported as such.
fn check_advertised(fleet: &Fleet, report: &mut Report) {
    let mut seen: BTreeMap<_, (&str, &Workload, Span)> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for (workload, placement) in fleet.placements() {
        let Some(host) = fleet.hosts.get(&placement.host) else { continue };
        let registered = placement.registrations.iter().map(|registration| &registration.port);
        for name in registered {
            let ports = placement.container.ports.iter();
            let Some(port) = ports.rev().find(|port| port.name == name.value) else { continue };
            let address = host.reached_at(port.bound());
            if address.is_loopback() {
                continue;
            }
            let place = (address, port.protocol.as_str(), port.range.first());
            let (first_host, first, span) =
                *seen.entry(place).or_insert((&placement.host, workload, name.span));
            if first_host == placement.host || !told.insert((place, workload.name.as_str())) {
                continue;
            }
            let message = format!(
                "`{}` on host `{first_host}` and `{}` on host `{}` are both registered at {address}, port {}",
                first.name, workload.name, placement.host, port.range
            );
            let diagnostic = Diagnostic::new(&ADVERTISED_TWICE, message).at(name.span, "registered here");
            let diagnostic = if span == name.span { diagnostic } else { diagnostic.at(span, "and here") };
            report.push(
                diagnostic.at(host.span, "one `advertise` for several hosts").help(
                    "give one of them another port, or each host an address of its own with `advertise=`",
                ),
            );
        }
    }
}

/// Reports readers of one registration that would get another.
fn check_readers(fleet: &Fleet, told: &mut BTreeSet<(Span, Span)>, report: &mut Report) {
    let mut readers: HashMap<&str, Readers<'_>> = HashMap::new();
    for owner in records(fleet) {
        for scanned in scanned(owner.record) {
            readers.entry(scanned).or_insert(Readers { first: owner, other: None }).add(owner);
        }
    }
    for owner in records(fleet) {
        for folder in folders(&owner.record.key) {
            let Some(reader) = readers.get(folder).and_then(|readers| readers.of_another(folder, owner))
            else {
                continue;
            };
            if told.insert(places(reader, owner)) {
                let (one, other) = (&reader.workload.name, &owner.workload.name);
                let message = if one == other {
                    format!("who asks for one registration of `{one}` at `{folder}` finds another one too")
                } else {
                    format!("who asks for `{one}` at `{folder}` finds `{other}` too")
                };
                report.push_error(|| conflict(reader, owner, message));
            }
        }
    }
}

/// Readers that look into one folder. Two of them are enough to find a stranger for any record.
struct Readers<'f> {
    first: OwnedRecord<'f>,
    other: Option<OwnedRecord<'f>>,
}

impl<'f> Readers<'f> {
    fn add(&mut self, owner: OwnedRecord<'f>) {
        if self.other.is_none() && !is_one(self.first, owner) {
            self.other = Some(owner);
        }
    }

    /// Returns a reader that the record is not meant for.
    fn of_another(&self, folder: &str, owner: OwnedRecord<'f>) -> Option<OwnedRecord<'f>> {
        // Traefik reads all routers and servers together.
        let meets = |reader: &OwnedRecord<'_>| {
            if root(reader.record) == Some(folder) {
                owner.record.format != reader.record.format
            } else {
                !is_one(*reader, owner)
            }
        };
        Some(self.first).filter(meets).or(self.other.filter(meets))
    }
}

/// Returns whether two records are of one registration in one format; its instances share a name.
fn is_one(one: OwnedRecord<'_>, other: OwnedRecord<'_>) -> bool {
    (&one.workload.name, one.port, one.record.format)
        == (&other.workload.name, other.port, other.record.format)
}

/// Returns the folders that readers of a record look into, with everything below.
fn scanned(record: &Record) -> impl Iterator<Item = &str> {
    let parts = if record.format == RecordFormat::Traefik { 2 } else { 1 };
    let found = record.leased.then(|| above(&record.key, parts)).flatten();
    found.into_iter().chain(root(record))
}

/// Returns the folder of everything that Traefik reads, by a server's key:
/// `<root>/http/services/<name>/loadbalancer/servers/<index>/url`.
fn root(record: &Record) -> Option<&str> {
    above(&record.key, 7).filter(|_| record.format == RecordFormat::Traefik && record.leased)
}

/// A key without its last parts.
fn above(key: &str, parts: usize) -> Option<&str> {
    key.rmatch_indices('/').nth(parts - 1).map(|(end, _)| &key[..end])
}

/// Returns all folders that a key is in.
fn folders(key: &str) -> impl Iterator<Item = &str> {
    key.match_indices('/').filter(|(end, _)| *end > 0).map(|(end, _)| &key[..end])
}

fn records(fleet: &Fleet) -> impl Iterator<Item = OwnedRecord<'_>> {
    fleet.workloads.values().flat_map(|workload| {
        let registrations = workload.placements.iter().flat_map(|placement| &placement.registrations);
        registrations.flat_map(move |registration| {
            let port = registration.port.value.as_str();
            registration.records.iter().map(move |record| OwnedRecord { workload, port, record })
        })
    })
}

/// Returns whether both are the same shared record, such as a router: each instance of a service puts it.
fn same(one: OwnedRecord<'_>, other: OwnedRecord<'_>) -> bool {
    one.workload.name == other.workload.name
        && !one.record.leased
        && !other.record.leased
        && one.record.value == other.record.value
}

/// The places of two records, the first one first.
fn places(one: OwnedRecord<'_>, other: OwnedRecord<'_>) -> (Span, Span) {
    let (one, other) = (one.record.span, other.record.span);
    (one.min(other), one.max(other))
}

fn conflict(one: OwnedRecord<'_>, other: OwnedRecord<'_>, message: String) -> Diagnostic {
    let (first, second) = if one.record.span <= other.record.span { (one, other) } else { (other, one) };
    let diagnostic = Diagnostic::new(&REGISTRATION_CONFLICT, message)
        .at(second.record.span, format!("put by `{}`", second.workload.name));
    let diagnostic = if first.record.span == second.record.span {
        diagnostic
    } else {
        diagnostic.at(first.record.span, format!("put by `{}`", first.workload.name))
    };
    diagnostic.help("give one of them another name or prefix")
}
