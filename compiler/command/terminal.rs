//! stdout for results, stderr for messages; colors where they are wanted.

use super::End;
use super::arguments::{Format, Project, When};
use crate::compile::Outcome;
use crate::diagnostic::{Color, Diagnostic, Renderer, Severity, to_json};
use crate::project::{Disk, Unreadable};
use crate::read::ENTRY;
use crate::resolve::Request;
use crate::source::Sources;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// Where a command prints.
pub struct Terminal {
    color: When,
    quiet: bool,
    /// Whether a result could not be printed, such as on a full disk.
    lost: bool,
}

impl Terminal {
    /// Prints as the command line asks.
    pub fn new(color: When, quiet: bool) -> Self {
        Self { color, quiet, lost: false }
    }

    /// Whether everything could be printed.
    pub fn finish(self) -> bool {
        !self.lost
    }

    /// Whether only errors and results are wanted.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// A result.
    pub fn print(&mut self, text: &str) {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Ok(()) => {}
            // Whoever reads has read enough, as in `dpc explain | head`.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            Err(_) => self.lost = true,
        }
    }

    /// A message.
    pub fn say(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// What ends a command: `error: …`, with what to do.
    pub fn error(&self, message: &str, help: Option<&str>) -> End {
        let (bold, red, off) = match self.color_of_messages() {
            Color::Yes => ("\x1b[1m", "\x1b[1;31m", "\x1b[0m"),
            Color::No => ("", "", ""),
        };
        self.say(&format!("{red}error{off}{bold}: {message}{off}\n"));
        if let Some(help) = help {
            self.say(&format!("  help: {help}\n"));
        }
        End::Trouble
    }

    fn color_of_messages(&self) -> Color {
        let plain = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let wanted = match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto if plain("NO_COLOR") => false,
            When::Auto => {
                io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        if wanted { Color::Yes } else { Color::No }
    }

    /// Opens the project of a command line.
    pub fn open(&self, project: &Project) -> Result<(Disk, Request), End> {
        let disk = Disk::open(&project.directory, project.allow_outside).map_err(|error| {
            self.error(&format!("`{}` cannot be entered: {error}", project.directory.display()), None)
        })?;
        let vars = project.vars.iter().cloned().collect();
        Ok((disk, Request { environment: project.env.clone(), vars }))
    }

    /// Takes the result of a compilation, after saying everything that is wrong.
    pub fn take<T>(
        &mut self,
        compiled: Result<Outcome<T>, Unreadable>,
        project: &Project,
    ) -> Result<(T, Sources), End> {
        let outcome = compiled.map_err(|why| self.no_entry(why, project))?;
        match project.format {
            Format::Json => self.print(&to_json(&outcome.diagnostics, &outcome.sources)),
            Format::Text => self.say_all(&outcome.diagnostics, &outcome.sources, project.strict),
        }
        let refused = project.strict && !outcome.diagnostics.is_empty();
        match outcome.result {
            Some(result) if !refused => Ok((result, outcome.sources)),
            _ => Err(End::Wrong),
        }
    }

    /// One thing that is wrong, as a message.
    pub fn say_diagnostic(&self, diagnostic: &Diagnostic, sources: &Sources) {
        self.say(&Renderer::new(self.color_of_messages()).render(diagnostic, sources));
        self.say("\n");
    }

    fn no_entry(&self, why: Unreadable, project: &Project) -> End {
        let place = project.directory.join(ENTRY);
        self.error(
            &format!("`{}` {}", place.display(), why.words()),
            Some("run dpc in the directory that holds `dpc.kdl`, or name it"),
        )
    }

    fn say_all(&self, diagnostics: &[Diagnostic], sources: &Sources, strict: bool) {
        let renderer = Renderer::new(self.color_of_messages());
        let is_error = |diagnostic: &&Diagnostic| diagnostic.fault.severity == Severity::Error;
        let errors = diagnostics.iter().filter(is_error).count();
        let warnings = diagnostics.len() - errors;
        for diagnostic in diagnostics {
            if !self.quiet || strict || diagnostic.fault.severity == Severity::Error {
                self.say(&renderer.render(diagnostic, sources));
                self.say("\n");
            }
        }
        if let Some(summary) =
            summary(errors, warnings, strict).filter(|_| !self.quiet || errors > 0 || strict)
        {
            self.say(&summary);
        }
    }
}

fn summary(errors: usize, warnings: usize, strict: bool) -> Option<String> {
    let count = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    };
    match (errors, warnings) {
        (0, 0) => None,
        (0, warnings) if strict => {
            Some(format!("{}, and `--strict` allows none\n", count(warnings, "warning")))
        }
        (0, warnings) => Some(format!("{}\n", count(warnings, "warning"))),
        (errors, 0) => Some(format!("{}: nothing was written\n", count(errors, "error"))),
        (errors, warnings) => {
            Some(format!("{}, {}: nothing was written\n", count(errors, "error"), count(warnings, "warning")))
        }
    }
}
