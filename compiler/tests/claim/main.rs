//! Measures host networking and volumes: `cargo test --features hosts --test claim [-- ROUNDS [PATIENCE]]`. PATIENCE is the
//! number of seconds to wait for a machine that is busy.
//!
//! In: a fleet, compiled; one host that runs it, the same programs as bare processes, and the same images as
//! `docker run -p`. Out: a table of medians and ratios. Each round measures every form, in another order each time.
#![allow(
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::format_push_string
)]
#![allow(clippy::print_stdout, reason = "the table is what this is for")]

mod bench;
#[path = "../hosts/booted.rs"]
mod booted;
#[path = "../hosts/command.rs"]
mod command;
#[path = "../hosts/compiled.rs"]
mod compiled;
#[path = "../hosts/engine.rs"]
#[expect(dead_code, reason = "the scenarios watch")]
mod engine;
mod forms;
#[path = "../hosts/image.rs"]
#[expect(dead_code, reason = "the scenarios boot another image")]
mod image;
mod images;
mod load;
#[path = "../hosts/machine.rs"]
mod machine;
#[path = "../hosts/patience.rs"]
#[expect(dead_code, reason = "the scenarios ask more")]
mod patience;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bench::Bench;
use dpc::front::resolve::Request;
use forms::FORMS;
use load::FIGURES;
use table::Round;

/// Odd, so that a median is a figure that was measured.
const ROUNDS: usize = 7;
const PATIENCE: u64 = 600;

fn main() -> ExitCode {
    if let Err(reason) = machine::can_run_hosts() {
        println!("claim: SKIPPED, NOTHING WAS MEASURED: {reason}");
        return ExitCode::SUCCESS;
    }
    let mut numbers = std::env::args().filter_map(|argument| argument.parse::<u64>().ok());
    let rounds = numbers.next().map_or(ROUNDS, |rounds| rounds as usize);
    match run(rounds, numbers.next().unwrap_or(PATIENCE)) {
        Ok(table) => {
            println!("\n{table}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("claim: cannot measure: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the folder that is kept from one run to the next, and shared with the test of the hosts.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/hosts")
}

fn run(rounds: usize, patience: u64) -> Result<String, String> {
    let (cache, here) = (cache(), Path::new(env!("CARGO_MANIFEST_DIR")).join("compiler/tests"));
    std::fs::create_dir_all(&cache).map_err(|error| format!("cannot make `{}`: {error}", cache.display()))?;
    let bundles = cache.join(format!("bundles/claim-{}", std::process::id()));
    compiled::compile_into(&bundles, include_str!("claim.kdl").to_owned(), &Request::default())?;
    let _alone = machine::alone()?;
    // Dropped in the other order: the host goes before the engine that runs it.
    let _engine = engine::Engine::find_or_start(&cache)?;
    let application = here.join("hosts/images");
    let services = image::service_images(&cache, &application)?;
    let (host, tools) = images::images(&cache)?;
    let folders = [
        (application.as_path(), "/application"),
        (&services, "/images"),
        (&tools, "/tools"),
        (&bundles.join("bench"), "/bundle"),
        (&here.join("claim"), "/claim"),
    ];
    let bench = Bench::boot(&host, folders)?;
    forms::start(&bench)?;
    println!("{}", bench.sh("docker info --format 'docker {{.ServerVersion}}, {{.Driver}}'")?);
    measure_all(&bench, rounds, patience)
}

fn measure_all(bench: &Bench, rounds: usize, patience: u64) -> Result<String, String> {
    // Code that a just-in-time compiler has not seen yet is slow in any form.
    FORMS.iter().try_for_each(|form| load::requests(bench, form).map(drop))?;
    let waited = patience::within(patience, "a load below 1.5", || load_average() < 1.5);
    let waited = waited.map_or_else(|error| error, |seconds| format!("waited {seconds:.0} s"));
    println!("load {:.2} before the first round ({waited})", load_average());
    let mut counted = Vec::new();
    for round in 0..rounds {
        let load = load_average();
        let figures = one_round(bench, round)?;
        println!("round {} at load {load:.1}: {figures:.1?}", round + 1);
        counted.push(figures);
    }
    Ok(table::table(&counted))
}

/// Measures one load after the other on all forms, so that compared figures are only seconds apart.
fn one_round(bench: &Bench, round: usize) -> Result<Round, String> {
    let mut figures = [[0.0; FIGURES.len()]; FORMS.len()];
    let order = || (0..FORMS.len()).map(|turn| (round + turn) % FORMS.len());
    for form in order() {
        [figures[form][0], figures[form][1]] = load::requests(bench, &FORMS[form])?;
    }
    for form in order() {
        [figures[form][2], figures[form][3]] = load::stream(bench, &FORMS[form])?;
    }
    for form in order() {
        figures[form][4] = load::writes(bench, &FORMS[form])?;
    }
    for form in order() {
        figures[form][5] = load::first_write(bench, &FORMS[form])?;
    }
    load::layer_forgets(bench, &FORMS[2])?;
    Ok(figures)
}

/// Returns the load of the last minute; more than any limit if it cannot be read.
fn load_average() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(f64::INFINITY)
}
