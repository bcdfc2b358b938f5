//! `dpc build`: compiles, and writes what changed.

use super::End;
use super::arguments::Build;
use super::terminal::Terminal;
use crate::artifacts::Artifacts;
use crate::compile::compile;
use crate::fleet::Kind;
use crate::output::{Change, Changes, Failure, compare, write};
use crate::plan::{HostPlan, Plan};
use std::path::PathBuf;

/// Runs it.
pub fn run(arguments: &Build, terminal: &mut Terminal) -> End {
    match built(arguments, terminal) {
        Ok(end) | Err(end) => end,
    }
}

fn built(arguments: &Build, terminal: &mut Terminal) -> Result<End, End> {
    let (project, request) = terminal.open(&arguments.project)?;
    let compiled = compile(&project, &request);
    let ((planned, artifacts), _) = terminal.take(compiled, &arguments.project)?;
    let out = arguments.project.directory.join(&arguments.out);
    if arguments.check {
        return stale(&out, &artifacts, terminal);
    }
    let changes = write(&out, &artifacts).map_err(|failure| blocked(failure, terminal))?;
    if !terminal.is_quiet() && arguments.project.format == super::arguments::Format::Text {
        terminal.print(&summary(&planned.plan, &changes));
    }
    Ok(End::Done)
}

fn stale(out: &PathBuf, artifacts: &Artifacts, terminal: &mut Terminal) -> Result<End, End> {
    let changes = compare(out, artifacts).map_err(|failure| blocked(failure, terminal))?;
    for (path, change) in &changes {
        let word = match change {
            Change::New => "missing",
            Change::Changed => "stale",
            Change::Removed => "left over",
        };
        terminal.print(&format!("{word}: {}\n", out.join(path).display()));
    }
    match changes.is_empty() {
        true => Ok(End::Done),
        false => {
            terminal.say(&format!(
                "{}: run `dpc build` and commit the result\n",
                files(changes.len(), "not what it should be")
            ));
            Ok(End::Wrong)
        }
    }
}

fn blocked(failure: Failure, terminal: &Terminal) -> End {
    terminal.error(&failure.to_string(), Some("nothing was written"))
}

fn files(count: usize, what: &str) -> String {
    let noun = if count == 1 { "file" } else { "files" };
    format!("{count} {noun} {what}")
}

/// One line a host, then the total.
fn summary(plan: &Plan, changes: &Changes) -> String {
    let mut text = String::new();
    let width = plan.hosts.iter().map(|host| host.name.len()).max().unwrap_or(0).max("total".len());
    for host in &plan.hosts {
        let prefix = format!("{}/", host.name);
        let mine = changes.iter().filter(|(path, _)| path.starts_with(&prefix)).map(|(_, change)| *change);
        text.push_str(&format!(
            "{:width$}  {}, {}\n",
            host.name,
            workloads(std::slice::from_ref(host)),
            changed(mine)
        ));
    }
    let all = changed(changes.values().copied());
    text.push_str(&format!("{:width$}  {}, {all}\n", "total", workloads(&plan.hosts)));
    text
}

fn workloads(hosts: &[HostPlan]) -> String {
    let units = || hosts.iter().flat_map(|host| &host.units);
    let services = units().filter(|unit| unit.kind == Kind::Service).count();
    let tasks = units().count() - services;
    let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    match tasks {
        0 => count(services, "service"),
        _ => format!("{} and {}", count(services, "service"), count(tasks, "task")),
    }
}

fn changed(changes: impl Iterator<Item = Change>) -> String {
    let mut counts = [0; 3];
    changes.for_each(|change| counts[change as usize] += 1);
    let [new, changed, removed] = counts;
    if new + changed + removed == 0 {
        return "no file changed".to_string();
    }
    let parts = [(new, "new"), (changed, "changed"), (removed, "removed")];
    let said = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    format!("files: {}", said.collect::<Vec<_>>().join(", "))
}
