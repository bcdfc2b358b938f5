//! A project on the command line → its compilation; and diagnostics → the terminal.

use super::Exit;
use super::arguments::{Format, ProjectArguments};
use super::no_project;
use super::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Renderer, Report, Severity, to_items};
use crate::front::resolve::Request;
use crate::pipeline::Outcome;
use crate::project::{Disk, Unreadable};
use crate::text::Sources;
use std::collections::BTreeMap;
use std::io;

/// The most diagnostics that are said to people.
const MOST_SAID: usize = 100;

impl Terminal {
    /// Opens the project of a command line, and prints in its format from now on.
    pub(super) fn open(&mut self, project: &ProjectArguments) -> Result<(Disk, Request), Exit> {
        self.speak(project.format);
        let vars = self.vars(project)?;
        let disk = Disk::open(&project.directory, project.allow_outside)
            .map_err(|error| self.no_directory(project, &error))?;
        Ok((disk, Request { environment: project.env.clone(), vars }))
    }

    /// Returns the result of a compilation. First it prints the diagnostics.
    pub(crate) fn take<T>(
        &mut self,
        compiled: Result<Outcome<T>, Unreadable>,
        project: &ProjectArguments,
    ) -> Result<(T, Sources), Exit> {
        let outcome = compiled.map_err(|why| no_project::no_entry(self, why, &project.directory))?;
        match project.format {
            Format::Json => self.document().diagnose(to_items(&outcome.diagnostics, &outcome.sources)),
            Format::Text => self.say_all(&outcome.diagnostics, &outcome.sources, project.strict),
        }
        let refused = project.strict && !outcome.diagnostics.is_empty();
        match outcome.result {
            Some(result) if !refused => Ok((result, outcome.sources)),
            _ => Err(Exit::Wrong),
        }
    }

    /// Prints diagnostics that were found after the result was taken.
    pub(crate) fn refuse(
        &mut self,
        diagnostic: Diagnostic,
        sources: &Sources,
        project: &ProjectArguments,
    ) -> Exit {
        let diagnostics = [diagnostic];
        match project.format {
            Format::Json => self.document().diagnose(to_items(&diagnostics, sources)),
            Format::Text => self.say_all(&diagnostics, sources, project.strict),
        }
        Exit::Wrong
    }

    fn vars(&mut self, project: &ProjectArguments) -> Result<BTreeMap<String, String>, Exit> {
        let mut vars = BTreeMap::new();
        for (name, value) in &project.vars {
            if vars.insert(name.clone(), value.clone()).is_some() {
                return Err(self.error(
                    &format!("the variable `{name}` is given twice"),
                    &[format!("give `--var {name}=…` once; nobody can see which of the two was meant")],
                ));
            }
        }
        Ok(vars)
    }

    fn no_directory(&mut self, project: &ProjectArguments, error: &io::Error) -> Exit {
        let place = project.directory.display();
        let name = "name the directory that holds `dpc.kdl`".to_string();
        match error.kind() {
            io::ErrorKind::NotFound => self.error(&format!("there is no directory `{place}`"), &[name]),
            io::ErrorKind::NotADirectory => self.error(&format!("`{place}` is not a directory"), &[name]),
            _ => self.error(&format!("the directory `{place}` cannot be read: {error}"), &[]),
        }
    }

    /// Prints the diagnostics and their number.
    pub(crate) fn say_all(&self, diagnostics: &[Diagnostic], sources: &Sources, strict: bool) {
        let renderer = Renderer::new(self.color(), sources);
        let is_error = |diagnostic: &&Diagnostic| diagnostic.fault.severity == Severity::Error;
        let errors = diagnostics.iter().filter(is_error).count();
        let warnings = diagnostics.len() - errors;
        let counts = |diagnostic: &&Diagnostic| !self.is_quiet() || strict || is_error(diagnostic);
        for diagnostic in diagnostics.iter().filter(counts).take(MOST_SAID) {
            self.say(&format!("{}\n", renderer.render(diagnostic)));
        }
        let more = diagnostics.iter().filter(counts).count().saturating_sub(MOST_SAID);
        if more > 0 {
            self.say(&format!("and {more} more that `--format json` tells\n"));
        }
        let said = !self.is_quiet() || errors > 0 || strict;
        if let Some(summary) = summary(errors, warnings, strict).filter(|_| said) {
            self.say(&summary);
        }
    }
}

fn summary(errors: usize, warnings: usize, strict: bool) -> Option<String> {
    let many = if errors + warnings < Report::MOST { "" } else { "at least " };
    let errors_said = format!("{many}{}", counted(errors, "error"));
    let warnings_said = format!("{}{}", if errors == 0 { many } else { "" }, counted(warnings, "warning"));
    match (errors, warnings) {
        (0, 0) => None,
        (0, _) if strict => Some(format!("{warnings_said}, and `--strict` allows none\n")),
        (0, _) => Some(format!("{warnings_said}\n")),
        (_, 0) => Some(format!("{errors_said}; `dpc explain CODE` tells why a rule exists\n")),
        _ => Some(format!("{errors_said}, {warnings_said}; `dpc explain CODE` tells why a rule exists\n")),
    }
}

/// `1 error`, `2 errors`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
