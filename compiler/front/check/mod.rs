//! A fleet → whether it can work on its hosts. One file a family of rules.
//!
//! From then on later stages cannot fail.

mod directories;
mod disk;
mod docker_args;
mod files;
mod hooks;
mod host_paths;
mod images;
mod known;
mod literal;
mod locked;
mod memory;
mod mount_points;
mod names;
mod needs;
mod network;
mod ports;
mod registrations;
mod starts;

pub(crate) use directories::{NESTED_VOLUME, PRIVATE_LABEL, SECRET_IN_VOLUME, SHARED_VOLUME};
pub(crate) use disk::{
    DOCKER_SOCKET, MOUNT_CONFLICT, SYSTEM_MOUNT, UNCOVERED_WRITE, VOLUME_CONFLICT, VOLUME_OWNER,
    WRITABLE_ROOT,
};
pub(crate) use docker_args::DOCKER_ARGS;
pub(crate) use files::{CASE_CONFLICT, FILE_GROUP, UNREADABLE_FILE};
pub(crate) use hooks::{HOOK_CYCLE, IDLE_HOOK, UNKNOWN_HOOK};
pub(crate) use images::{FLOATING_TAG, PLATFORM_CONFLICT, STALE_LOCK, UNLOCKED_IMAGE, UNPINNED_IMAGE};
pub(crate) use known::IMAGE_PATH;
pub(crate) use literal::{COMMAND_IN_ONE_WORD, LITERAL_VARIABLE, PLAIN_SECRET};
pub(crate) use locked::{
    HIDDEN_HEALTH, IMAGE_VOLUME, OTHER_SIGNAL, OTHER_WORKDIR, ROOT_ON_HOST, SHELL_WORD, SIMILAR_VARIABLE,
    UNDECLARED_PORT, UNEXPOSED_PORT,
};
pub(crate) use memory::{MEMORY_OVERCOMMIT, TOO_MANY_CPUS};
pub(crate) use mount_points::SHARED_MOUNT_POINT;
pub(crate) use names::NAME_CONFLICT;
pub(crate) use needs::{NEED_SCHEDULED, NEED_UNREACHABLE};
pub(crate) use network::{
    ASYMMETRIC_ROUTE, CONTAINER_PORT, LOOPBACK_ADVERTISED, LOOPBACK_DNS, NETWORK_SYSCTL, PORT_WITHOUT_NETWORK,
};
pub(crate) use ports::{EPHEMERAL_PORT, FOREIGN_ADDRESS, PORT_CONFLICT, PRIVILEGED_PORT};
pub(crate) use registrations::{ADVERTISED_TWICE, REGISTRATION_CONFLICT};
pub(crate) use starts::{OWN_UNIT, RESTART_WINDOW};

use crate::backend::BACKEND;
use crate::diagnostic::Report;
use crate::model::fleet::{Fleet, Placement, Workload};
use std::collections::BTreeMap;

/// Runs every check.
pub(crate) fn check(fleet: &Fleet, report: &mut Report) {
    check_hosts(fleet, report);
    check_workloads(fleet, report);
    registrations::check(fleet, report);
    hooks::check_together(fleet, report);
}

/// Checks what each host runs.
fn check_hosts(fleet: &Fleet, report: &mut Report) {
    let by_host = by_host(fleet);
    // The first host by name wins an address that several have.
    let addresses = fleet.hosts.values().rev().map(|host| (host.address.ip(), host)).collect();
    for (host, placed) in &by_host {
        let Some(host) = fleet.hosts.get(*host) else { continue };
        ports::check(host, placed, report);
        ports::check_addresses(&addresses, host, placed, report);
        directories::check(fleet, host, placed, report);
        mount_points::check(placed, report);
        memory::check(host, placed, report);
        images::check_platforms(host, placed, report);
        memory::check_cpus(host, placed, report);
        names::check(fleet, placed, report);
    }
}

/// Checks each service and task by itself.
fn check_workloads(fleet: &Fleet, report: &mut Report) {
    for workload in fleet.workloads.values() {
        for placement in &workload.placements {
            ports::check_privileged(fleet.hosts.get(&placement.host), workload, placement, report);
            disk::check(fleet, workload, placement, report);
            files::check(workload, placement, report);
            network::check(workload, placement, report);
            images::check(fleet, placement, report);
            locked::check(fleet, workload, placement, report);
            known::check(fleet, workload, placement, report);
            literal::check(workload, placement, report);
            docker_args::check(placement, report);
            BACKEND.check(fleet, workload, placement, report);
        }
        needs::check(fleet, workload, report);
        hooks::check(fleet, workload, report);
        starts::check(fleet, workload, report);
        network::check_routes(fleet, workload, report);
    }
}

/// The workloads of one host.
type PlacedOnHost<'f> = Vec<(&'f Workload, &'f Placement)>;

fn by_host(fleet: &Fleet) -> BTreeMap<&str, PlacedOnHost<'_>> {
    let mut hosts: BTreeMap<&str, PlacedOnHost<'_>> = BTreeMap::new();
    for workload in fleet.workloads.values() {
        for placement in &workload.placements {
            hosts.entry(&placement.host).or_default().push((workload, placement));
        }
    }
    hosts
}
