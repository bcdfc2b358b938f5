//! `dpc build`: compiles, and writes what changed.

use super::Exit;
use super::arguments::BuildArguments;
use super::file;
use super::input::counted;
use super::terminal::Terminal;
use crate::backend::{Printer, broken_template};
use crate::large::{self, LastBuild};
use crate::model::fleet::Kind;
use crate::model::plan::{HostPlan, Plan};
use crate::output::{Changes, Failure, FileChange, Incomplete, OutputRoot, TreeWriter};
use crate::pipeline::{self, Analysis};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Runs it.
pub(crate) fn run(arguments: &BuildArguments, terminal: &mut Terminal) -> Exit {
    match built(arguments, terminal) {
        Ok(end) | Err(end) => end,
    }
}

fn built(arguments: &BuildArguments, terminal: &mut Terminal) -> Result<Exit, Exit> {
    let (project, request) = terminal.open(&arguments.project)?;
    let analysis = pipeline::analyse(&project, &request).map(Analysis::checked);
    let (checked, sources) = terminal.take(analysis, &arguments.project)?;
    let planned = pipeline::plan(checked);
    let out = OutputRoot::new(&arguments.project.directory, &arguments.out)
        .map_err(|failure| blocked(&[failure], terminal))?;
    let plan = &planned.plan;
    let print = |last: &LastBuild, writing: &TreeWriter<'_>, terminal: &mut Terminal| {
        large::write(&Printer::new(plan, &planned.templates), last, writing)
            .map_err(|broken| terminal.refuse(broken_template(broken), &sources, &arguments.project))
    };
    let name = out.path().display().to_string();
    let built = file::environment_of(&out.path().join("plan.json"));
    let other = built.filter(|built| *built != plan.environment);
    if let Some(other) = &other {
        return Err(refused(arguments, &name, other.as_deref(), plan.environment.as_deref(), terminal));
    }
    if arguments.check {
        let comparing = TreeWriter::compare(&out);
        print(&LastBuild::default(), &comparing, terminal)?;
        return stale(&out, comparing, &command(plan.environment.as_deref(), &arguments.out), terminal);
    }
    let mut waiting = || terminal.say(&format!("waiting for another dpc that writes to `{name}`\n"));
    let writing = TreeWriter::begin(&out, &mut waiting).map_err(|why| stopped(why, terminal))?;
    let last = if plan.containers() < large::REMEMBERED {
        LastBuild::default()
    } else {
        LastBuild::read(out.path())
    };
    print(&last, &writing, terminal)?;
    let changes = writing.finish().map_err(|why| stopped(why, terminal))?;
    last.keep();
    terminal.result("changes", || changes_json(&changes));
    if !terminal.is_quiet() {
        terminal.remark(&summary(plan, &changes, &name));
    }
    for path in paths(&changes, FileChange::Kept) {
        terminal.remark(&format!(
            "kept   {name}/{path}: nothing makes it any more, but it was changed by hand\n"
        ));
    }
    Ok(Exit::Done)
}

/// The files of one environment do not take the place of another's, and are not compared with them.
fn refused(
    arguments: &BuildArguments,
    out: &str,
    there: Option<&str>,
    asked: Option<&str>,
    terminal: &mut Terminal,
) -> Exit {
    let words = |name: Option<&str>| {
        name.map_or("no environment".to_string(), |name| format!("the environment `{name}`"))
    };
    let message = format!("`{out}` was built for {}, and this build is for {}", words(there), words(asked));
    let help = if arguments.check {
        format!("ask for what it was built for: `{} --check`", command(there, &arguments.out))
    } else {
        let folder = Path::new("out").join(asked.unwrap_or("production"));
        let own = command(asked, &folder);
        format!("write each to a directory of its own: `{own}`; or remove `{out}` first")
    };
    terminal.error(&message, &[help])
}

/// The command that builds for an environment into a directory.
fn command(environment: Option<&str>, out: &Path) -> String {
    let environment = environment.map(|name| format!(" --env {name}")).unwrap_or_default();
    let out = if out == Path::new("out") { String::new() } else { format!(" -o {}", out.display()) };
    format!("dpc build{environment}{out}")
}

fn stale(
    out: &OutputRoot,
    comparing: TreeWriter<'_>,
    command: &str,
    terminal: &mut Terminal,
) -> Result<Exit, Exit> {
    let files = comparing.count();
    let mut changes = comparing.finish().map_err(|why| stopped(why, terminal))?;
    changes.retain(|(_, change)| *change != FileChange::Kept);
    terminal.result("changes", || changes_json(&changes));
    let name = out.path().display();
    for (path, change) in &changes {
        let word = match change {
            FileChange::New => "missing",
            FileChange::Changed => "stale",
            FileChange::Removed | FileChange::Kept => "left over",
        };
        terminal.print(&format!("{word}: {name}/{path}\n"));
    }
    if changes.is_empty() {
        terminal.remark(&format!("{name} is up to date: {}\n", counted(files, "file")));
        return Ok(Exit::Done);
    }
    let count = counted(changes.len(), "file");
    let verb = if changes.len() == 1 { "is" } else { "are" };
    terminal.say(&format!(
        "{count} in {name} {verb} not what dpc makes now: run `{command}`, and commit the result\n"
    ));
    Ok(Exit::Wrong)
}

/// Maximum number of failures that are shown.
const SHOWN: usize = 10;

fn blocked(failures: &[Failure], terminal: &mut Terminal) -> Exit {
    let shown = failures.len().min(SHOWN);
    for (number, failure) in (1..).zip(&failures[..shown]) {
        let help = match failures.len() - shown {
            _ if number < shown => String::new(),
            0 => "nothing was written".to_string(),
            more => format!("nothing was written; {more} more are in the way"),
        };
        terminal.error(&failure.to_string(), if help.is_empty() { &[] } else { std::slice::from_ref(&help) });
    }
    Exit::Failed
}

fn stopped(why: Incomplete, terminal: &mut Terminal) -> Exit {
    match why {
        Incomplete::Before(failures) => blocked(&failures, terminal),
        Incomplete::Midway(failure) => {
            let help = "files were being replaced: when this is mended, `dpc build` goes on from there";
            terminal.error(&failure.to_string(), &[help.to_string()])
        }
    }
}

fn changes_json(changes: &Changes) -> serde_json::Value {
    let word = |change: &FileChange| match change {
        FileChange::New => "new",
        FileChange::Changed => "changed",
        FileChange::Removed => "removed",
        FileChange::Kept => "kept",
    };
    changes.iter().map(|(path, change)| (path.to_string(), serde_json::Value::from(word(change)))).collect()
}

fn paths(changes: &Changes, which: FileChange) -> Vec<&str> {
    changes.iter().filter(|(_, change)| *change == which).map(|(path, _)| &**path).collect()
}

/// Prints one line for each host, removed ones too, then the total.
fn summary(plan: &Plan, changes: &Changes, out: &str) -> String {
    let mut by_host: BTreeMap<&str, Vec<FileChange>> = BTreeMap::new();
    for (path, change) in changes {
        if let Some((host, _)) = path.split_once('/') {
            by_host.entry(host).or_default().push(*change);
        }
    }
    let mut lines: BTreeMap<&str, String> =
        by_host.keys().map(|name| (*name, "no longer in the plan".into())).collect();
    lines.extend(plan.hosts.iter().map(|host| (host.name.as_str(), on_hosts(std::slice::from_ref(host)))));
    let all: Vec<FileChange> = changes.iter().map(|(_, change)| *change).collect();
    let rows = lines
        .iter()
        .map(|(name, what)| (*name, what.clone(), changed(by_host.get(name).map_or(&[], |all| all))));
    let total = ("total", on_hosts(&plan.hosts), format!("{}, in {out}", changed(&all)));
    table(&rows.chain([total]).collect::<Vec<_>>())
}

fn table(rows: &[(&str, String, String)]) -> String {
    let widest = |width: fn(&(&str, String, String)) -> usize| rows.iter().map(width).max().unwrap_or(0);
    let (names, whats) = (widest(|row| row.0.len()), widest(|row| row.1.len()));
    rows.iter().map(|(name, what, files)| format!("{name:names$}  {what:whats$}  {files}\n")).collect()
}

/// Counts services and tasks by name and kind. A service with two instances is one service.
pub(crate) fn workloads<'w>(all: impl Iterator<Item = (&'w str, &'w Kind)>) -> String {
    let (services, tasks): (BTreeSet<_>, BTreeSet<_>) =
        all.map(|(name, kind)| (name, *kind == Kind::Service)).partition(|(_, service)| *service);
    match (services.len(), tasks.len()) {
        (services, 0) => counted(services, "service"),
        (0, tasks) => counted(tasks, "task"),
        (services, tasks) => format!("{}, {}", counted(services, "service"), counted(tasks, "task")),
    }
}

fn on_hosts(hosts: &[HostPlan]) -> String {
    workloads(hosts.iter().flat_map(|host| &host.units).map(|unit| (unit.service.as_str(), &unit.kind)))
}

fn changed(changes: &[FileChange]) -> String {
    let count = |which: FileChange| changes.iter().filter(|change| **change == which).count();
    let parts =
        [(FileChange::New, "new"), (FileChange::Changed, "changed"), (FileChange::Removed, "removed")];
    let said: Vec<String> = parts
        .iter()
        .filter(|(which, _)| count(*which) > 0)
        .map(|(which, word)| format!("{} {word}", count(*which)))
        .collect();
    if said.is_empty() { "no file changed".to_string() } else { format!("files: {}", said.join(", ")) }
}
