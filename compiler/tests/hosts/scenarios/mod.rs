//! The scenarios: each starts from the base release, makes something happen to the hosts, and reports its figures.

mod activation;
mod engine;
mod faults;
mod killed;
mod names;
mod network;
mod order;
mod power;
mod pull;
mod refusals;
mod releases;
mod rollback;
mod update;
mod words;

use crate::report::Report;

/// An event on the hosts, and the condition that must hold then.
pub struct Scenario {
    /// The name: its line begins with it.
    pub name: &'static str,
    /// Its figures in one line, or the fault.
    pub run: fn(&mut Report) -> Result<String, String>,
}

/// All scenarios, in the order in which they run.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "first-activation", run: activation::first },
    Scenario { name: "again", run: activation::again },
    Scenario { name: "dry-run", run: words::dry_run },
    Scenario { name: "status", run: words::status },
    Scenario { name: "image-changed", run: update::image_changed },
    Scenario { name: "record-changed", run: update::record_changed },
    Scenario { name: "config-changed", run: update::config_changed },
    Scenario { name: "ports-swapped", run: update::ports_swapped },
    Scenario { name: "never-healthy", run: rollback::never_healthy },
    Scenario { name: "rollback", run: rollback::by_hand },
    Scenario { name: "five-releases", run: releases::five_stay },
    Scenario { name: "nothing-to-go-back-to", run: rollback::nothing_to_go_back_to },
    Scenario { name: "image-pulled", run: pull::from_a_registry },
    Scenario { name: "service-removed", run: rollback::service_removed },
    Scenario { name: "container-killed", run: faults::container_killed },
    Scenario { name: "script-killed", run: faults::script_killed },
    Scenario { name: "out-of-memory", run: faults::out_of_memory },
    Scenario { name: "exits-at-once", run: faults::exits_at_once },
    Scenario { name: "unhealthy", run: faults::unhealthy },
    Scenario { name: "registrar-ends", run: faults::registrar_ends },
    Scenario { name: "power-cut", run: power::cut },
    Scenario { name: "etcd-down", run: network::etcd_down },
    Scenario { name: "partition", run: network::partition },
    Scenario { name: "engine-live-restore", run: engine::with_live_restore },
    Scenario { name: "engine-without-live-restore", run: engine::without_live_restore },
    Scenario { name: "engine-hangs", run: engine::hangs },
    Scenario { name: "activate-killed", run: killed::at_ten_points },
    Scenario { name: "refusals", run: refusals::each },
    Scenario { name: "no-etcd-warning", run: refusals::without_etcd },
    Scenario { name: "two-at-once", run: refusals::two_at_once },
    Scenario { name: "other-fleet", run: refusals::other_fleet },
    Scenario { name: "names-taken", run: names::taken },
    Scenario { name: "wrong-order", run: order::wrong_order },
];
