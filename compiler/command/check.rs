//! `dpc check`: says what is wrong, and writes nothing.

use super::End;
use super::arguments::Check;
use super::build::workloads;
use super::input::counted;
use super::terminal::Terminal;
use crate::compile::check_as_built;

/// Runs it.
pub fn run(arguments: &Check, terminal: &mut Terminal) -> End {
    match checked(arguments, terminal) {
        Ok(()) => End::Done,
        Err(end) => end,
    }
}

fn checked(arguments: &Check, terminal: &mut Terminal) -> Result<(), End> {
    let (project, request) = terminal.open(&arguments.project)?;
    let (checked, _) = terminal.take(check_as_built(&project, &request), &arguments.project)?;
    let fleet = &checked.fleet;
    let placed = || fleet.workloads.values().filter(|workload| !workload.placements.is_empty());
    terminal.remark(&format!(
        "{}: {} on {}\n",
        fleet.name,
        workloads(placed().map(|workload| (workload.name.as_str(), &workload.kind))),
        counted(fleet.hosts.len(), "host")
    ));
    Ok(())
}
