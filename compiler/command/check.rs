//! `dpc check`: says what is wrong, and writes nothing.

use super::End;
use super::arguments::{Check, Format};
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
    if !terminal.is_quiet() && arguments.project.format == Format::Text {
        let hosts = planned.plan.hosts.len();
        let units: usize = planned.plan.hosts.iter().map(|host| host.units.len()).sum();
        terminal.print(&format!("{}: {units} containers on {hosts} hosts\n", planned.plan.fleet));
    }
    Ok(())
}
