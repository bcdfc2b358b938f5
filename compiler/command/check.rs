//! `dpc check`: says what is wrong, and writes nothing.

use super::Exit;
use super::arguments::CheckArguments;
use super::build::workloads;
use super::input::counted;
use super::terminal::Terminal;
use crate::backend::{Printer, broken_template};
use crate::pipeline;

/// Runs it.
pub(crate) fn run(arguments: &CheckArguments, terminal: &mut Terminal) -> Exit {
    match checked(arguments, terminal) {
        Ok(()) => Exit::Done,
        Err(end) => end,
    }
}

fn checked(arguments: &CheckArguments, terminal: &mut Terminal) -> Result<(), Exit> {
    let (project, request) = terminal.open(&arguments.project)?;
    let mut environments = (0, 0);
    let analysis = pipeline::analyse(&project, &request).map(|mut analysis| {
        if request.environment.is_none() {
            environments = analysis.with_environments(&project, &request);
        }
        analysis.checked()
    });
    let (checked, sources) = terminal.take(analysis, &arguments.project)?;
    let fleet = &checked.fleet;
    let placed = || fleet.workloads.values().filter(|workload| !workload.placements.is_empty());
    let summary = format!(
        "{}: {} on {}{}\n",
        fleet.name,
        workloads(placed().map(|workload| (workload.name.as_str(), &workload.kind))),
        counted(fleet.hosts.len(), "host"),
        match environments {
            (0, _) => String::new(),
            (all, looked_at) if looked_at < all =>
                format!(", and {looked_at} of {all} environments: name others with `--env`"),
            (all, _) => format!(", and {}", counted(all, "environment")),
        }
    );
    // dpc's own templates always print. Templates of the project are reported here if a build would refuse them.
    if checked.templates.has_own() {
        let planned = pipeline::plan(checked);
        let printed = Printer::new(&planned.plan, &planned.templates).try_all();
        printed.map_err(|broken| terminal.refuse(broken_template(broken), &sources, &arguments.project))?;
    }
    terminal.remark(&summary);
    Ok(())
}
