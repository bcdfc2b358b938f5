//! systemd units that wrap `docker run`, their timers, and sidekicks that register them in etcd → containers as found.
//! Source: systemd.syntax(7), systemd.service(5), systemd.unit(5), systemd.timer(5).

mod exec;
mod file;
mod service;
mod sidekick;

use super::found::{Container, Found, Setting};
use super::place::{At, Place};
use super::report::{Entry, Fate};
use super::trouble::Trouble;
use crate::project::Project;
use file::Unit;

/// Reads units, by their names and texts.
pub fn units(files: &[(String, String)], project: &dyn Project) -> Result<Found, Trouble> {
    let mut units = Vec::new();
    for (name, text) in files {
        units.push(Unit::read(name, text)?);
    }
    let mut found = Found::default();
    let mut stems = Vec::new();
    for unit in &units {
        if let Some(container) = service::container(unit, &units, project)? {
            stems.push(unit.stem().to_string());
            found.containers.push(container);
        }
    }
    for unit in units.iter().filter(|unit| !stems.contains(&unit.stem().to_string()) || unit.is_timer()) {
        attach(unit, &stems, &mut found);
    }
    match found.containers.is_empty() {
        true => {
            Err(Trouble::new(&Place::default(), "none of the units runs `docker run` or `docker create`"))
        }
        false => Ok(found),
    }
}

/// A unit that runs no container belongs to one that does, or to nothing that dpc knows.
fn attach(unit: &Unit, stems: &[String], found: &mut Found) {
    let here = unit.place(0, "");
    let timed = unit.is_timer().then(|| stems.iter().position(|stem| stem == unit.stem())).flatten();
    if let Some(index) = timed {
        return timer(unit, &mut found.containers[index]);
    }
    let main = sidekick::main(unit, stems);
    match (main, sidekick::registration(unit)) {
        (Some(index), Some((setting, place))) => {
            let settings = &mut found.containers[index].settings;
            for line in unit.lines.iter().filter(|line| line.number != place.line) {
                let words = Setting::Changed("dpc writes a registration unit of its own".into());
                settings.push(At::new(words, unit.place(line.number, &line.key)));
            }
            settings.push(At::new(setting, place));
        }
        _ => found.entries.push(Entry::new(Fate::Lost, &here.key(unit.name.clone()), "it runs no container")),
    }
}

fn timer(unit: &Unit, container: &mut Container) {
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
