//! Memory: the limits on a host fit into it.

use super::Placed;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::docker_run::size;
use crate::fleet::Host;
use crate::located::Located;

/// Limits beyond the memory of their host.
pub const MEMORY_OVERCOMMIT: Fault = Fault::error(
    "memory-overcommit",
    "the memory limits on a host that states its memory fit into it",
    "When all services use what they may, the kernel kills one of them, and not the one that grew. A host that states its \
     memory asks for this to be checked.",
);

/// How many of the largest limits a message shows.
const SHOWN: usize = 5;

/// Adds up the limits on a host.
pub fn check(host: &Host, placed: &Placed<'_>, report: &mut Report) {
    let Some(memory) = &host.memory else { return };
    let limits: Vec<(&str, &Located<u64>)> = placed
        .iter()
        .filter_map(|(workload, placement)| {
            Some((&*workload.name, placement.container.resources.memory.as_ref()?))
        })
        .collect();
    let sum: u64 = limits.iter().map(|(_, limit)| limit.value).fold(0, u64::saturating_add);
    if sum <= memory.value {
        return;
    }
    let message = format!(
        "the memory limits on host `{}` add up to {}, and it has {}",
        host.name,
        size(sum),
        size(memory.value)
    );
    let mut diagnostic = Diagnostic::new(&MEMORY_OVERCOMMIT, message).at(memory.span, "the host's memory");
    for (name, limit) in largest(limits) {
        diagnostic = diagnostic.at(limit.span, format!("`{name}` may use {}", size(limit.value)));
    }
    report.push(diagnostic.help("lower the limits, or move a service to another host"));
}

fn largest<'l>(mut limits: Vec<(&'l str, &'l Located<u64>)>) -> Vec<(&'l str, &'l Located<u64>)> {
    limits.sort_by_key(|(name, limit)| (std::cmp::Reverse(limit.value), *name));
    limits.dedup_by_key(|(_, limit)| limit.span);
    limits.truncate(SHOWN);
    limits
}
