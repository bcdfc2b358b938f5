//! Keys in etcd: each is one record's, and none lies above another.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::fleet::{Fleet, Record, Workload};
use std::collections::HashMap;

/// Two registrations in each other's way.
pub const REGISTRATION_CONFLICT: Fault = Fault::error(
    "registration-conflict",
    "every key in etcd is one registration's, and no key is a path prefix of another",
    "Of two services with one key the later overwrites the earlier, and the one that stops takes the other's registration \
     away. Readers scan by prefix: a record at `…/a/b` also answers for `…/a`, so that a name would resolve to another \
     service's instances.",
);

type Owner<'f> = (&'f Workload, &'f Record);

/// Holds all records against each other.
pub fn check(fleet: &Fleet, report: &mut Report) {
    let mut owners: HashMap<&str, Owner<'_>> = HashMap::new();
    for owner in records(fleet) {
        let first = *owners.entry(&owner.1.key).or_insert(owner);
        if std::ptr::eq(first.1, owner.1) || same(first, owner) {
            continue;
        }
        report.push(conflict(first, owner, format!("two registrations put the key `{}`", owner.1.key)));
    }
    for owner in records(fleet) {
        for (end, _) in owner.1.key.match_indices('/').filter(|(end, _)| *end > 0) {
            if let Some(above) = owners.get(&owner.1.key[..end]) {
                let message = format!("the key `{}` lies above the key `{}`", above.1.key, owner.1.key);
                report.push(conflict(*above, owner, message));
            }
        }
    }
}

fn records(fleet: &Fleet) -> impl Iterator<Item = Owner<'_>> {
    fleet.workloads.values().flat_map(|workload| {
        let registrations = workload.placements.iter().flat_map(|placement| &placement.registrations);
        registrations
            .flat_map(move |registration| registration.records.iter().map(move |record| (workload, record)))
    })
}

/// What instances of one service share, such as a router, each of them puts.
fn same(one: Owner<'_>, other: Owner<'_>) -> bool {
    one.0.name == other.0.name && !one.1.leased && !other.1.leased && one.1.value == other.1.value
}

fn conflict(one: Owner<'_>, other: Owner<'_>, message: String) -> Diagnostic {
    let (first, second) = if one.1.span <= other.1.span { (one, other) } else { (other, one) };
    let diagnostic = Diagnostic::new(&REGISTRATION_CONFLICT, message)
        .at(second.1.span, format!("put by `{}`", second.0.name));
    let diagnostic = match first.1.span == second.1.span {
        true => diagnostic,
        false => diagnostic.at(first.1.span, format!("put by `{}`", first.0.name)),
    };
    diagnostic.help("give one of them another name or prefix")
}
