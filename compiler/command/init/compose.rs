//! A compose file in place of a Dockerfile: all its services → a fleet, with the lines that a person must finish.

use super::super::Exit;
use super::super::arguments::InitArguments;
use super::super::terminal::Terminal;
use super::answers::began;
use super::place::Destination;
use super::questions::Questions;
use super::{ci, write_pages};
use crate::front::read::ENTRY;
use crate::front::resolve::Request;
use crate::pipeline;
use crate::project::Disk;
use crate::project::Overlay;
use crate::tools::import::{self, Handling, ImportReport, Options};
use crate::tools::init::found::RepositoryFacts;
use std::collections::BTreeMap;

/// Returns the compose files to import: those that are named, or those that are here, if the user agrees.
pub(crate) fn wanted(
    arguments: &InitArguments,
    found: &RepositoryFacts,
    place: &Destination,
    questions: &mut Questions,
    terminal: &mut Terminal,
) -> Result<Vec<String>, Exit> {
    if !arguments.from_compose.is_empty() {
        return match &place.joined {
            None => Ok(arguments.from_compose.clone()),
            Some(joined) => Err(terminal.error(
                &format!("a compose file begins a fleet, and one is in `{}` already", joined.above),
                &["`dpc import compose FILE` prints its services: take them from there".to_string()],
            )),
        };
    }
    let files = found.compose.join(" ");
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let one = [&arguments.name, &arguments.image, &arguments.port, &arguments.user, &arguments.health];
    let begins = place.joined.is_none() && !arguments.fleet && one.iter().all(|answer| answer.is_none());
    if begins && questions.agrees(&format!("`{files}` is here: begin with all its services?"), terminal)? {
        return Ok(found.compose.clone());
    }
    if !terminal.is_quiet() {
        let options: String = found.compose.iter().map(|file| format!(" --from-compose {file}")).collect();
        let begin = if place.joined.is_none() {
            format!("`dpc init{options}` begins with all its services, ")
        } else {
            String::new()
        };
        terminal.say(&format!(
            "`{files}` is here: {begin}`dpc import compose {files}` makes KDL of all its services\n"
        ));
    }
    Ok(Vec::new())
}

/// Imports the files, shows the result, and writes it.
pub(super) fn begin(
    files: &[String],
    arguments: &InitArguments,
    found: &RepositoryFacts,
    here: &Disk,
    place: &Destination,
    questions: &mut Questions,
    terminal: &mut Terminal,
) -> Result<(), Exit> {
    let read = import::compose::files(files, &BTreeMap::new(), here).map_err(|error| {
        let end = terminal.error(&error.to_string(), &["nothing was written".to_string()]);
        if error.unreadable { end } else { Exit::Wrong }
    })?;
    let (fleet, hosts) = began(arguments, found, place, read.project.as_deref(), questions, terminal)?;
    let options = Options { fleet: Some(fleet), hosts, ..Options::default() };
    let (text, report) = import::convert(&read, &options, here);
    let mut pages = BTreeMap::from([(ENTRY.to_string(), text)]);
    pages.extend(ci(arguments).map(|(path, text)| (path.to_string(), text)));
    write_pages(&pages, arguments, place, questions, terminal)?;
    tell(&report, terminal);
    check(&pages, here, &report, terminal)
}

fn tell(report: &ImportReport, terminal: &Terminal) {
    if !terminal.is_quiet() || report.of(Handling::Decide).next().is_some() {
        terminal.say(&report.text(false));
    }
}

/// Compiles the new files, and prints what to do next.
fn check(
    pages: &BTreeMap<String, String>,
    here: &Disk,
    report: &ImportReport,
    terminal: &mut Terminal,
) -> Result<(), Exit> {
    let overlay = Overlay::new(here, pages.clone());
    let Ok(analysis) = pipeline::analyse(&overlay, &Request::default()) else { return Ok(()) };
    let outcome = analysis.checked();
    terminal.say_all(&outcome.diagnostics, &outcome.sources, false);
    let decisions = report.of(Handling::Decide).count();
    if decisions > 0 {
        let things = if decisions == 1 { "thing" } else { "things" };
        terminal.remark(&format!("next: decide {decisions} {things}, each with its line above\n"));
    }
    let command = if outcome.result.is_some() { "dpc build" } else { "dpc check" };
    terminal.remark(&format!("next: {command}\n"));
    Ok(())
}
