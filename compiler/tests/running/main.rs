//! Measures what running costs: `cargo test --features hosts --test running [-- NUMBER... RELEASE...]`, with the numbers of
//! services on a host, and the releases of Debian that hosts have (`bookworm`, `trixie`).
//!
//! In: fleets, compiled; one host at a time that runs them, and the same services in other forms. Out: a table for each host.
#![allow(
    clippy::cast_possible_truncation,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::format_push_string
)]
#![allow(clippy::print_stdout, reason = "the table is what this is for")]

#[path = "../hosts/booted.rs"]
mod booted;
#[path = "../hosts/command.rs"]
mod command;
#[path = "../hosts/compiled.rs"]
mod compiled;
#[path = "../hosts/engine.rs"]
#[expect(dead_code, reason = "the scenarios watch")]
mod engine;
mod figures;
mod fleet;
mod forms;
mod host;
#[path = "../hosts/image.rs"]
#[expect(dead_code, reason = "the scenarios run other images")]
mod image;
#[path = "../hosts/machine.rs"]
mod machine;
#[path = "../hosts/patience.rs"]
#[expect(dead_code, reason = "the scenarios ask more")]
mod patience;
mod processes;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use dpc::front::resolve::Request;
use forms::{COMPOSE, DOCKER, DPC, Form, QUADLET};
use host::Host;
use table::Column;

/// Of services on the host.
const NUMBERS: [usize; 3] = [1, 20, 60];
/// The application is a web server of a few pages of memory.
const APPLICATION: &str = "running/app:1";
const DEBIAN_13: &str = "systemd,systemd-sysv,dbus,docker.io,docker-cli,docker-compose,podman,crun,conmon,etcd-client,etcd-server,\
                         iproute2,iptables,curl,procps";

fn main() -> ExitCode {
    if let Err(reason) = machine::can_run_hosts() {
        println!("running: SKIPPED, NOTHING WAS MEASURED: {reason}");
        return ExitCode::SUCCESS;
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut numbers: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
    if numbers.is_empty() {
        numbers = NUMBERS.to_vec();
    }
    let releases: Vec<&String> = words.iter().filter(|word| word.parse::<usize>().is_err()).collect();
    match run(&numbers, &|release| releases.is_empty() || releases.iter().any(|asked| *asked == release)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("running: cannot measure: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the folder that is kept from one run to the next, and shared with the test of the hosts.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/hosts")
}

fn run(numbers: &[usize], asked: &dyn Fn(&str) -> bool) -> Result<(), String> {
    let cache = cache();
    std::fs::create_dir_all(&cache).map_err(|error| format!("cannot make `{}`: {error}", cache.display()))?;
    let bundles = cache.join(format!("bundles/running-{}", std::process::id()));
    for &number in numbers {
        compiled::compile_into(
            &bundles.join(number.to_string()),
            fleet::services(number),
            &Request::default(),
        )?;
    }
    compiled::compile_into(&bundles.join("crash"), fleet::crash(), &Request::default())?;
    let _alone = machine::alone()?;
    // Dropped in the other order: the host goes before the engine that runs it.
    let _engine = engine::Engine::find_or_start(&cache)?;
    let images = application(&cache)?;
    let folders = [(bundles.as_path(), "/bundles"), (&images, "/images")];
    if asked("bookworm") {
        on_host("Debian 12", &image::host_image(&cache, image::SUITE)?, &folders, numbers, &[DPC, DOCKER])?;
    }
    if asked("trixie") {
        let root = image::debian_of(&cache, "trixie", DEBIAN_13, image::HOST_SETUP)?;
        on_host("Debian 13", &image::bootable(&cache, &root)?, &folders, numbers, &[DPC, QUADLET, COMPOSE])?;
    }
    Ok(())
}

/// Measures all forms on one host, and prints their table.
fn on_host(
    name: &str,
    image: &str,
    folders: &[(&Path, &str)],
    numbers: &[usize],
    forms: &[Form],
) -> Result<(), String> {
    let host = Host::boot(image, folders)?;
    let base = figures::base(&host)?;
    println!("{name}: {base:.2} s of CPU a minute without services, at load {}", load());
    let mut columns: Vec<Column> = forms.iter().map(|form| (form.name.to_owned(), Vec::new())).collect();
    for &number in numbers {
        for (form, (_, column)) in forms.iter().zip(&mut columns) {
            let found = figures::measure(&host, form, number, base)
                .map_err(|error| format!("{number} services by {}: {error}", form.name))?;
            println!("{name}, {number} services by {}, at load {}: {found:.2?}", form.name, load());
            column.push(found);
        }
    }
    for (form, (_, column)) in forms.iter().zip(&mut columns) {
        if let Some(found) = column.last_mut() {
            figures::crash_loop(&host, form, found)?;
        }
    }
    println!("\n{name}, {numbers:?} services:\n\n{}", table::table(&columns));
    Ok(())
}

/// A folder that holds `app.tar`.
fn application(cache: &Path) -> Result<PathBuf, String> {
    let folder = cache.join("images-running");
    image::import_program(cache, &image::service_packages(cache)?, "/bin/busybox", APPLICATION)?;
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("cannot make `{}`: {error}", folder.display()))?;
    let archive = folder.join("app.tar");
    engine::docker(&["save", "--output", &archive.to_string_lossy(), APPLICATION])?;
    Ok(folder)
}

fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}
