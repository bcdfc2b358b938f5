//! The command line: the outermost layer, which alone touches files, the environment and the terminal.

mod arguments;
mod build;
mod check;
mod completions;
mod explain;
mod graph;
mod import;
mod show;
mod terminal;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;
use terminal::Terminal;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Done.
    Done,
    /// The input is wrong, or what is committed is stale.
    Wrong,
    /// The command line is wrong, or a file cannot be read or written.
    Trouble,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Done => ExitCode::SUCCESS,
            End::Wrong => ExitCode::from(1),
            End::Trouble => ExitCode::from(2),
        }
    }
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let mut terminal = Terminal::new(arguments.color, arguments.quiet);
    let end = match &arguments.command {
        Command::Build(arguments) => build::run(arguments, &mut terminal),
        Command::Check(arguments) => check::run(arguments, &mut terminal),
        Command::Show(arguments) => show::run(arguments, &mut terminal),
        Command::Explain(arguments) => explain::run(arguments, &mut terminal),
        Command::Graph(arguments) => graph::run(arguments, &mut terminal),
        Command::Import(arguments) => import::run(arguments, &mut terminal),
        Command::Completions(arguments) => completions::run(arguments, &mut terminal),
    };
    match terminal.finish() {
        true => end.into(),
        false => End::Trouble.into(),
    }
}
