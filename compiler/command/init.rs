//! `dpc init`: looks at a repository, asks questions on a terminal, and writes the first KDL once it compiles.

mod answers;
mod compose;
mod place;
mod questions;
mod values;
mod write;

use super::Exit;
use super::arguments::InitArguments;
use super::terminal::Terminal;
use crate::diagnostic::Diagnostic;
use crate::project::{Disk, Memory, Project};
use crate::tools::init::ci::{Ci, IGNORED};
use crate::tools::init::draft::{self, Draft};
use crate::tools::init::found::found;
use crate::tools::init::page::Page;
use crate::tools::init::prove::{CompilingFiles, prove};
use crate::tools::init::source::GUESS;
use answers::answered;
use place::{Destination, place};
use questions::Questions;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Runs it.
pub(crate) fn run(arguments: &InitArguments, terminal: &mut Terminal) -> Exit {
    match initialized(arguments, terminal) {
        Ok(()) => Exit::Done,
        Err(end) => end,
    }
}

fn initialized(arguments: &InitArguments, terminal: &mut Terminal) -> Result<(), Exit> {
    let here = Disk::open(Path::new("."), false)
        .map_err(|error| terminal.error(&format!("the current directory cannot be read: {error}"), &[]))?;
    let found = found(&here);
    for path in &found.too_large {
        terminal.say(&format!(
            "`{path}` is not read: it has more than 64 KiB (256 with its variables), 200 stages, ports or volumes\n"
        ));
    }
    let place = place(arguments, terminal)?;
    let mut questions = Questions::new(arguments.yes);
    let wanted = compose::wanted(arguments, &found, &place, &mut questions, terminal)?;
    if !wanted.is_empty() {
        return compose::begin(&wanted, arguments, &found, &here, &place, &mut questions, terminal);
    }
    let draft = answered(arguments, &found, &place, &mut questions, terminal)?;
    let pages = pages(arguments, &draft, &place);
    let proven = proven(pages, &place, terminal)?;
    let mut files = proven.files.clone();
    files.extend(ci(arguments).map(|(path, text)| (place.path(path), text)));
    tell_left_out(&proven, terminal);
    write_pages(&files, arguments, &place, &mut questions, terminal)?;
    terminal.remark(&next(arguments, &draft, &proven, &place));
    Ok(())
}

/// Shows the files, and writes them if the user agrees.
fn write_pages(
    files: &BTreeMap<String, String>,
    arguments: &InitArguments,
    place: &Destination,
    questions: &mut Questions,
    terminal: &mut Terminal,
) -> Result<(), Exit> {
    let shown: Vec<(String, &str)> =
        files.iter().map(|(path, text)| (place.shown(path), text.as_str())).collect();
    questions.confirm(&shown, terminal)?;
    write::write(&place.root, files, terminal)?;
    let ignored = arguments.gitignore && write::ignore(Path::new(".gitignore"), IGNORED, terminal)?;
    let mut told: String = shown.iter().map(|(path, _)| format!("wrote {path}\n")).collect();
    told.push_str(if ignored { "wrote .gitignore\n" } else { "" });
    terminal.remark(&told);
    Ok(())
}

/// Returns the pages to write, by their path in the project.
fn pages(arguments: &InitArguments, draft: &Draft, place: &Destination) -> BTreeMap<String, Page> {
    if arguments.fleet {
        return draft::fleet(draft);
    }
    let page = if place.joined.is_none() {
        draft::alone(draft)
    } else {
        let mut page = Page::default();
        let names: Vec<String> =
            draft.hosts.value.iter().map(|(name, _)| crate::kdl::write::literal(name)).collect();
        draft::service(draft, &names.join(" "), &mut page);
        page
    };
    BTreeMap::from([(place.target(&draft.service.value), page)])
}

fn proven(
    pages: BTreeMap<String, Page>,
    place: &Destination,
    terminal: &mut Terminal,
) -> Result<CompilingFiles, Exit> {
    let nothing = Memory::default();
    let (project, known): (&dyn Project, &[Diagnostic]) = match &place.joined {
        Some(joined) => (&joined.project, &joined.known),
        None => (&nothing, &[]),
    };
    let staging = pages.contains_key("environments/staging.kdl");
    let environments: &[Option<&str>] = if staging { &[Some("staging"), None] } else { &[None] };
    match prove(project, pages, environments, known) {
        Ok(Ok(proven)) => Ok(proven),
        Ok(Err(outcome)) => {
            terminal.say_all(&outcome.diagnostics, &outcome.sources, true);
            Err(Exit::Wrong)
        }
        Err(why) => Err(terminal.error(&format!("`dpc.kdl` {}", why.words()), &[])),
    }
}

fn tell_left_out(proven: &CompilingFiles, terminal: &mut Terminal) {
    for (line, why) in &proven.left_out {
        let from = line.from.as_deref().unwrap_or_default();
        terminal.say(&format!("left out `{}` of {from}: {why}\n", line.code));
    }
}

fn ci(arguments: &InitArguments) -> Option<(&'static str, String)> {
    let ci = arguments.ci.map(Ci::from)?;
    Some(ci.file(!arguments.gitignore))
}

/// Words what was made, and what to do next.
fn next(arguments: &InitArguments, draft: &Draft, proven: &CompilingFiles, place: &Destination) -> String {
    let mut text = String::new();
    let units =
        proven.planned.plan.hosts.iter().flat_map(|host| host.units.iter().map(move |unit| (host, unit)));
    let workers = draft::worker_names(draft);
    let is_own = |name: &str| *name == draft.service.value || workers.iter().any(|(own, _)| own == name);
    for (host, unit) in units.filter(|(_, unit)| is_own(&unit.service)) {
        let ports: Vec<String> =
            unit.container.ports.iter().map(|port| port.range.first().to_string()).collect();
        let port = if ports.is_empty() { String::new() } else { format!(", port {}", ports.join(", ")) };
        let _ = writeln!(text, "{} runs on {} ({}){port}", unit.name, host.name, host.address);
    }
    if draft.image.source.starts_with(GUESS) {
        text.push_str("next: write the name of your image in place of registry.example.com/…\n");
    }
    if let Some(ci) = arguments.ci.map(Ci::from) {
        let _ = writeln!(text, "next: {}", ci.hint());
    }
    if draft.hosts.value.iter().any(|(_, address)| address.starts_with("192.0.2.")) {
        let staging = if arguments.fleet { " and 203.0.113.…" } else { "" };
        let _ = writeln!(text, "next: write the addresses of your hosts in place of 192.0.2.…{staging}");
    }
    let build = match &place.joined {
        Some(joined) if joined.above != "." => format!("dpc build {}", joined.above),
        _ => "dpc build".to_string(),
    };
    if let (Some(include), Some(joined)) = (&proven.include, &place.joined) {
        let entry = Path::new(&joined.above).join("dpc.kdl");
        let entry = entry.strip_prefix(".").unwrap_or(&entry);
        let _ = writeln!(text, "next: add `{include}` to {}", entry.display());
    }
    let _ = writeln!(text, "next: {build}");
    text
}
