//! systemd units that wrap `docker run`, their timers, and sidekicks that register them in etcd → containers as found.
//! Source: systemd.syntax(7), systemd.service(5), systemd.unit(5), systemd.timer(5).

mod around;
mod exec;
mod file;
mod needs;
mod service;
mod sidekick;
mod span;

use super::error::ImportError;
use super::found::{Found, FoundContainer, Setting};
use super::limits::{Lists, within};
use super::place::{At, Place};
use super::report::{Handling, ReportEntry};
use crate::project::Project;
use file::UnitFile;

/// Reads units, by their names and texts.
pub fn units(files: &[(String, String)], project: &dyn Project) -> Result<Found, ImportError> {
    let mut units = Vec::new();
    for (name, text) in files {
        units.push(UnitFile::read(name, text)?);
    }
    let lists = Lists::new(project);
    let mut found = Found::default();
    let mut stems = Vec::new();
    for unit in &units {
        if let Some(container) = service::container(unit, &units, &lists)? {
            stems.push(unit.stem().to_string());
            found.containers.push(container);
        }
    }
    lists.within()?;
    for unit in units.iter().filter(|unit| !stems.contains(&unit.stem().to_string()) || unit.is_timer()) {
        attach(unit, &stems, &mut found);
    }
    if found.containers.is_empty() { Err(nothing(&units)) } else { within(found) }
}

/// Says why there is nothing to import. Services that compose runs are in compose's own files.
fn nothing(units: &[UnitFile]) -> ImportError {
    let compose = units.iter().flat_map(|unit| unit.all("ExecStart").map(move |line| (unit, line)));
    let compose = compose
        .into_iter()
        .find(|(_, line)| line.value.contains("docker compose") || line.value.contains("docker-compose"));
    match compose {
        Some((unit, line)) => ImportError::new(
            &unit.place(line.number, &line.key),
            "docker compose runs the containers: `dpc import compose FILE` reads its file",
        ),
        None => ImportError::new(&Place::default(), "none of the units runs `docker run` or `docker create`"),
    }
}

/// A unit without a container belongs to a unit that has one, or to nothing that dpc knows.
fn attach(unit: &UnitFile, stems: &[String], found: &mut Found) {
    let here = unit.place(0, "");
    let named = unit.all("Unit").find(|line| line.section == "Timer").map(|line| stem(&line.value));
    let timed = named.unwrap_or(unit.stem());
    let timed = unit.is_timer().then(|| stems.iter().position(|stem| stem == timed)).flatten();
    if let Some(index) = timed {
        return timer(unit, &mut found.containers[index]);
    }
    let main = sidekick::main(unit, stems);
    match (main, sidekick::registration(unit, "ExecStart")) {
        (Some(index), Some((setting, place))) => {
            let settings = &mut found.containers[index].settings;
            for line in unit.lines.iter().filter(|line| line.number != place.line) {
                let words = Setting::Changed("dpc writes a registration unit of its own".into());
                settings.push(At::new(words, unit.place(line.number, &line.key)));
            }
            settings.push(At::new(setting, place));
        }
        _ => found.entries.push(ReportEntry::new(
            Handling::Lost,
            &here.key(unit.name.clone()),
            "it runs no container",
        )),
    }
}

/// A unit's name without its kind and its instance.
fn stem(name: &str) -> &str {
    let whole = name.rsplit_once('.').map_or(name, |(whole, _)| whole);
    whole.split('@').next().unwrap_or(whole)
}

fn timer(unit: &UnitFile, container: &mut FoundContainer) {
    for line in &unit.lines {
        let setting = match line.key.as_str() {
            "OnCalendar" => Setting::Schedule(line.value.clone()),
            "Description" | "WantedBy" | "Unit" => Setting::Kept("dpc writes a timer of its own".into()),
            "Persistent" => Setting::Changed("dpc's timer says so by itself".into()),
            _ => Setting::Lost("a task of dpc runs by a calendar alone".into()),
        };
        container.settings.push(At::new(setting, unit.place(line.number, &line.key)));
    }
}
