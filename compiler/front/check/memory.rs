//! Memory: the limits on a host fit into it.

use super::PlacedOnHost;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::fleet::Host;
use crate::text::Located;
use crate::text::Span;
use crate::value::size::Size;
use std::collections::{BTreeMap, BTreeSet};

/// Limits beyond the memory of their host.
pub(crate) const MEMORY_OVERCOMMIT: Fault = Fault::error(
    "memory-overcommit",
    "the memory limits on a host that states its memory fit into it",
    "When all services use what they may, the kernel kills one of them, and not the one that grew. A host that states its \
     memory asks for this to be checked.",
);

/// A limit to more processors than its host has.
pub(crate) const TOO_MANY_CPUS: Fault = Fault::error(
    "too-many-cpus",
    "no service is limited to more processors than its host has",
    "docker refuses to start such a container. A host that states its processors asks for this to be checked; `activate` checks it on \
     each host.",
);

/// Compares limits with the processors of a host.
pub(crate) fn check_cpus(host: &Host, placed: &PlacedOnHost<'_>, report: &mut Report) {
    let Some(cpus) = &host.cpus else { return };
    for (workload, placement) in placed {
        let Some(limit) = placement.container.resources.cpus.filter(|limit| *limit > cpus.value) else {
            continue;
        };
        let message =
            format!("`{}` may use {limit} processors, and host `{}` has {cpus}", workload.name, host.name);
        report.push_error(|| {
            Diagnostic::new(&TOO_MANY_CPUS, message)
                .at(workload.span, format!("`cpus={limit}`"))
                .at(cpus.span, "the host's processors")
                .help("lower `resources cpus=`, or move it to another host")
        });
    }
}

/// Number of the largest limits that a message shows.
const SHOWN: usize = 5;

/// A limit at one place in the KDL, with the containers and services that have it.
struct SharedLimit<'f> {
    place: &'f Located<Size>,
    containers: u64,
    names: BTreeSet<&'f str>,
}

/// Adds up the limits on a host.
pub(crate) fn check(host: &Host, placed: &PlacedOnHost<'_>, report: &mut Report) {
    let Some(memory) = &host.memory else { return };
    let limits = limits(placed);
    let sum = limits.iter().map(SharedLimit::sum).fold(0, u64::saturating_add);
    if sum <= memory.bytes() {
        return;
    }
    let message = format!(
        "the memory limits on host `{}` add up to {}, and it has {memory}",
        host.name,
        Size::of(sum).map_or_else(|| sum.to_string(), |sum| sum.to_string()),
    );
    let diagnostic = Diagnostic::new(&MEMORY_OVERCOMMIT, message).at(memory.span, "the host's memory");
    let diagnostic = limits
        .iter()
        .take(SHOWN)
        .fold(diagnostic, |diagnostic, limit| diagnostic.at(limit.place.span, limit.words()));
    report.push(diagnostic.help("lower the limits, or move a service to another host"));
}

/// The limits by place, the largest sum first.
fn limits<'f>(placed: &PlacedOnHost<'f>) -> Vec<SharedLimit<'f>> {
    let mut found: BTreeMap<Span, SharedLimit<'f>> = BTreeMap::new();
    for (workload, placement) in placed {
        let Some(place) = &placement.container.resources.memory else { continue };
        let limit =
            found.entry(place.span).or_insert(SharedLimit { place, containers: 0, names: BTreeSet::new() });
        limit.containers += 1;
        limit.names.insert(&workload.name);
    }
    let mut found: Vec<SharedLimit<'f>> = found.into_values().collect();
    found.sort_by_key(|limit| (std::cmp::Reverse(limit.sum()), limit.place.span));
    found
}

impl SharedLimit<'_> {
    fn sum(&self) -> u64 {
        self.place.bytes().saturating_mul(self.containers)
    }

    fn words(&self) -> String {
        let size = self.place.value;
        let mut names = self.names.iter().map(|name| format!("`{name}`"));
        match (self.names.len(), self.containers) {
            (1, 1) => format!("{} may use {size}", names.next().unwrap_or_default()),
            (1, count) => {
                format!("{count} instances of {} may use {size} each", names.next().unwrap_or_default())
            }
            (2..=SHOWN, _) => format!("{} may use {size} each", names.collect::<Vec<_>>().join(", ")),
            (_, count) => format!("{count} containers may use {size} each"),
        }
    }
}
