//! systemd units that wrap `docker run`, their timers, and sidekicks that register them in etcd → containers as found.
//! Source: systemd.syntax(7), systemd.service(5), systemd.unit(5), systemd.timer(5).

mod around;
mod exec;
mod file;
mod needs;
mod quadlet;
mod service;
mod sidekick;
mod span;

use super::error::ImportError;
use super::found::{Found, Setting};
use super::limits::{Lists, within};
use super::place::{At, Place};
use super::report::{Handling, ReportEntry};
use crate::project::Project;
use file::UnitFile;
use span::span;

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
        if unit.is_quadlet() {
            stems.push(unit.stem().to_string());
            found.containers.push(quadlet::container(unit, &units, &lists)?);
        } else if let Some(container) = service::container(unit, &units, &lists)? {
            stems.push(unit.stem().to_string());
            found.containers.push(container);
        }
    }
    lists.within()?;
    let attached = |unit: &&UnitFile| {
        !stems.contains(&unit.stem().to_string()) || unit.is_timer() || unit.is_part_of_quadlets()
    };
    for unit in units.iter().filter(|unit| !unit.is_quadlet()).filter(attached) {
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
        None => ImportError::new(
            &Place::default(),
            "none of the units runs `docker run` or `docker create`, or is a `.container`",
        ),
    }
}

/// A unit without a container belongs to a unit that has one, or to nothing that dpc knows.
fn attach(unit: &UnitFile, stems: &[String], found: &mut Found) {
    let here = unit.place(0, "");
    let named = unit.all("Unit").find(|line| line.section == "Timer").map(|line| stem(&line.value));
    let timed = named.unwrap_or(unit.stem());
    let timed = unit.is_timer().then(|| stems.iter().position(|stem| stem == timed)).flatten();
    if let Some(index) = timed {
        return timer(unit, index, found);
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
        _ if unit.is_part_of_quadlets() => found.entries.push(ReportEntry::new(
            Handling::Changed,
            &here.key(unit.name.clone()),
            "containers that name it have what it says",
        )),
        _ => found.entries.push(ReportEntry::new(
            Handling::Lost,
            &here.key(unit.name.clone()),
            "it runs no container",
        )),
    }
}

/// Returns whether a value is one of systemd's words for yes.
fn is_yes(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "1" | "yes" | "y" | "true" | "t" | "on")
}

/// A unit's name without its kind and its instance.
fn stem(name: &str) -> &str {
    let whole = name.rsplit_once('.').map_or(name, |(whole, _)| whole);
    whole.split('@').next().unwrap_or(whole)
}

/// Gives a container its calendars, and what else says when it runs.
fn timer(unit: &UnitFile, index: usize, found: &mut Found) {
    let container = &mut found.containers[index];
    let has = |key: &str| unit.all(key).next().is_some();
    let by_calendar = has("OnCalendar");
    let missed = unit.all("Persistent").any(|line| is_yes(&line.value));
    if by_calendar && !missed {
        let place = unit.place(0, "Persistent");
        container.settings.push(At::new(Setting::Timer("persistent", "false".into()), place));
    }
    for line in &unit.lines {
        let setting = match line.key.as_str() {
            "OnCalendar" => Setting::Schedule(line.value.clone()),
            "Description" | "WantedBy" | "Unit" => Setting::Kept("dpc writes a timer of its own".into()),
            "Persistent" if missed => Setting::Kept("dpc's timer says so by itself".into()),
            "Persistent" => Setting::Kept("it is the schedule's".into()),
            "RandomizedDelaySec" => Setting::Timer("random-delay", span(&line.value)),
            "OnUnitInactiveSec" | "OnUnitActiveSec" if !by_calendar => {
                Setting::Timer("every", span(&line.value))
            }
            "OnBootSec" | "OnStartupSec" | "OnActiveSec"
                if !by_calendar && (has("OnUnitInactiveSec") || has("OnUnitActiveSec")) =>
            {
                Setting::Changed(
                    "the first run is as long after the boot as the others are after each other".into(),
                )
            }
            "AccuracySec" => Setting::Changed("dpc leaves systemd its minute".into()),
            _ => Setting::Lost("a task of dpc runs by a calendar, or some time after its last run".into()),
        };
        container.settings.push(At::new(setting, unit.place(line.number, &line.key)));
    }
}
