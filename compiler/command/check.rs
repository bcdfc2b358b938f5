//! `dpc check`: says what is wrong, and writes nothing.

use super::End;
use super::arguments::Check;
use super::build::workloads;
use super::input::counted;
use super::terminal::Terminal;
use crate::compile::check_project;

/// Runs it.
pub fn run(arguments: &Check, terminal: &mut Terminal) -> End {
    match checked(arguments, terminal) {
        Ok(()) => End::Done,
        Err(end) => end,
    }
}

fn checked(arguments: &Check, terminal: &mut Terminal) -> Result<(), End> {
    let (project, request) = terminal.open(&arguments.project)?;
    let (planned, _) = terminal.take(check_project(&project, &request), &arguments.project)?;
    let plan = planned.plan;
    terminal.remark(&format!(
        "{}: {} on {}\n",
        plan.fleet,
        workloads(&plan.hosts),
        counted(plan.hosts.len(), "host")
    ));
    Ok(())
}
