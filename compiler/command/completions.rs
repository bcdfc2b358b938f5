//! `dpc completions`: a completion script, generated from the command line's own declaration.

use super::Exit;
use super::arguments::{CommandLine, CompletionsArguments};
use super::terminal::Terminal;
use clap::CommandFactory;

/// Runs it.
pub(crate) fn run(arguments: &CompletionsArguments, terminal: &mut Terminal) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut CommandLine::command(), "dpc", &mut script);
    terminal.print(&String::from_utf8_lossy(&script));
    Exit::Done
}
