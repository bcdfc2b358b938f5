//! Real hosts run what dpc writes: `cargo test --features hosts --test hosts [-- WORD…]`.
//!
//! In: the bundles of a fleet. Out: a line for each scenario and a table of figures. Three containers boot systemd with
//! a docker engine and etcd each, and stay for all scenarios; every scenario begins with the same release on all of
//! them. With words, only the scenarios whose name holds one of them run. `DPC_HOSTS_SUITE=trixie` boots hosts of Debian 13; the word
//! `qemu` boots a machine in their place.
#![allow(
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::format_push_string
)]
#![allow(clippy::print_stdout, reason = "the lines are what this test is for")]

mod booted;
mod bundle;
mod client;
mod cluster;
mod command;
mod compiled;
mod engine;
mod host;
mod image;
mod machine;
mod patience;
mod qemu;
mod reach;
mod registry;
mod release;
mod report;
mod scenarios;
mod watch;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use report::Report;
use scenarios::{SCENARIOS, Scenario};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if let Err(reason) = machine::can_run_hosts() {
        println!("hosts: SKIPPED, NOTHING WAS TESTED: {reason}");
        return ExitCode::SUCCESS;
    }
    if words == ["qemu"] {
        return qemu();
    }
    match run_scenarios(&words) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(failed) => {
            println!("hosts: {failed} scenarios failed");
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("hosts: cannot run: {error}");
            ExitCode::FAILURE
        }
    }
}

/// No scenario among others: a machine takes longer than all of them.
fn qemu() -> ExitCode {
    let ran = std::fs::create_dir_all(cache()).map_err(|error| error.to_string());
    match ran.and_then(|()| qemu::run_machine(&cache())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("qemu: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the folder that is kept from one run to the next.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/hosts")
}

fn run_scenarios(words: &[String]) -> Result<usize, String> {
    let start = Instant::now();
    let cache = cache();
    std::fs::create_dir_all(&cache).map_err(|error| format!("cannot make `{}`: {error}", cache.display()))?;
    let _alone = machine::alone()?;
    // Dropped in the other order: the hosts go before the engine that runs them.
    let _engine = engine::Engine::find_or_start(&cache)?;
    let application = Path::new(env!("CARGO_MANIFEST_DIR")).join("compiler/tests/hosts/images");
    let images = image::service_images(&cache, &application)?;
    let suite = std::env::var("DPC_HOSTS_SUITE").unwrap_or_else(|_| image::SUITE.to_owned());
    let _hosts = host::Hosts::boot(&image::host_image(&cache, &suite)?, &images)?;
    println!("hosts: three are up after {:.0} s", start.elapsed().as_secs_f64());

    let mut report = Report::default();
    let asked = |scenario: &&Scenario| {
        words.is_empty() || words.iter().any(|word| scenario.name.contains(word.as_str()))
    };
    let chosen = SCENARIOS.iter().filter(asked);
    let failed = chosen.filter(|scenario| !passes(scenario, &mut report)).count();
    println!("\n{}\nhosts: {:.0} s in all", report.table(), start.elapsed().as_secs_f64());
    Ok(failed)
}

fn passes(scenario: &Scenario, report: &mut Report) -> bool {
    let start = Instant::now();
    let outcome = (scenario.run)(report);
    let seconds = start.elapsed().as_secs_f64();
    match &outcome {
        Ok(figures) => println!("ok    {:28} {seconds:4.0} s  {figures}", scenario.name),
        Err(error) => println!("FAIL  {:28} {seconds:4.0} s  {error}", scenario.name),
    }
    outcome.is_ok()
}
