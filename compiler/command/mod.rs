//! The command line: the outermost layer. It alone touches files, the environment and the terminal.

// Commands read the terminal, the disk, the environment and other programs, and pass the results on to the core.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod arguments;
mod build;
mod check;
mod completions;
mod diff;
mod document;
mod explain;
mod file;
mod fmt;
mod graph;
mod import;
mod init;
mod input;
#[cfg(feature = "registry")]
mod lock;
mod no_project;
mod pages;
mod show;
mod terminal;

use arguments::{CommandLine, Invocation};
use clap::Parser;
use std::process::ExitCode;
use terminal::Terminal;

/// The end of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    /// Done.
    Done,
    /// The input is wrong, or what is committed is stale.
    Wrong,
    /// The command line is wrong, or a file cannot be read or written.
    Failed,
    /// There is a difference, and the exit code is to say so.
    Differs,
}

impl From<Exit> for ExitCode {
    fn from(end: Exit) -> Self {
        match end {
            Exit::Done => ExitCode::SUCCESS,
            Exit::Wrong => ExitCode::from(1),
            Exit::Failed | Exit::Differs => ExitCode::from(2),
        }
    }
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    // Before anything is parsed: help and errors have colors too.
    terminal::apply_color_flag(std::env::args_os().skip(1));
    let arguments = match CommandLine::try_parse() {
        Ok(arguments) => arguments,
        // `diff --exit-code` ends with 2 where something changes. A wrong command line must not look like that.
        Err(answer) => return diff::code(diff::is_asked_for(), clap_answer(&answer)),
    };
    let mut terminal = Terminal::new(arguments.quiet);
    let end = match &arguments.command {
        Invocation::Build(arguments) => build::run(arguments, &mut terminal),
        Invocation::Check(arguments) => check::run(arguments, &mut terminal),
        Invocation::Show(arguments) => show::run(arguments, &mut terminal),
        Invocation::Explain(arguments) => explain::run(arguments, &mut terminal),
        Invocation::Init(arguments) => init::run(arguments, &mut terminal),
        Invocation::Fmt(arguments) => fmt::run(arguments, &mut terminal),
        Invocation::Graph(arguments) => graph::run(arguments, &mut terminal),
        Invocation::Import(arguments) => import::run(arguments, &mut terminal),
        #[cfg(feature = "registry")]
        Invocation::Lock(arguments) => lock::run(arguments, &mut terminal),
        Invocation::Diff(arguments) => diff::run(arguments, &mut terminal),
        Invocation::Completions(arguments) => completions::run(arguments, &mut terminal),
    };
    diff::code(matches!(arguments.command, Invocation::Diff(_)), terminal.finish(end))
}

/// Prints clap's own answer: help, a version, or what is wrong with the command line.
fn clap_answer(answer: &clap::Error) -> Exit {
    let mut terminal = Terminal::new(false);
    if answer.use_stderr() {
        terminal.say(&terminal.styled(&answer.render()));
        return Exit::Failed;
    }
    terminal.print(&terminal.styled_result(&answer.render()));
    terminal.finish(Exit::Done)
}
