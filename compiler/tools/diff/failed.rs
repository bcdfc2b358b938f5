//! Sides that do not compile → the same report as a difference would be, saying why: in a comment and for machines.

use std::fmt::Write;

use super::markdown::LONGEST;
use super::report::VERSION;
use crate::diagnostic::{Color, Diagnostic, Renderer, Severity};
use crate::encode::markdown as encode;
use crate::text::Sources;
use schemars::JsonSchema;
use serde::Serialize;

/// Why there is no difference to report.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Failed {
    /// The version of this shape, which is that of the difference.
    pub(crate) version: u32,
    /// Both sides; the one that compiles has no errors.
    pub(crate) failed: Vec<FailedSide>,
}

/// What is wrong with one side.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FailedSide {
    /// `base` or `head`.
    pub(crate) side: String,
    /// What it was made from.
    pub(crate) name: String,
    /// What is wrong, by place.
    pub(crate) problems: Vec<Problem>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Problem {
    /// The rule's code, for `dpc explain`.
    pub(crate) code: String,
    /// Whether it is only a warning.
    pub(crate) warning: bool,
    /// What is wrong.
    pub(crate) message: String,
    /// `file:line:column`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<String>,
    /// As a terminal shows it.
    pub(crate) shown: String,
}

impl Failed {
    /// The report about one side or both.
    pub fn new(failed: Vec<FailedSide>) -> Self {
        Self { version: VERSION, failed }
    }

    /// A comment: one line, then what is wrong, folded.
    pub fn markdown(&self) -> String {
        let wrong = self.failed.iter().filter(|side| !side.problems.is_empty());
        let names: Vec<String> = wrong.clone().map(|side| format!("the {}", side.side)).collect();
        let verb = if names.len() == 1 { "does" } else { "do" };
        let mut page = format!("**dpc**: nothing to compare: {} {verb} not compile\n", names.join(" and "));
        for side in wrong {
            let title = format!("\nIn the {}, {}:\n\n", side.side, encode::code(&side.name));
            let mut shown = String::new();
            for (index, problem) in side.problems.iter().enumerate() {
                if page.len() + title.len() + shown.len() + 2 * problem.shown.len() > LONGEST - 200 {
                    let _ = writeln!(shown, "and {} more", side.problems.len() - index);
                    break;
                }
                shown.push_str(&problem.shown);
                shown.push('\n');
            }
            page.push_str(&title);
            page.push_str(&encode::block("", &shown));
        }
        page
    }
}

impl FailedSide {
    /// Collects what is wrong with a side.
    pub fn new(side: &str, name: &str, found: &[Diagnostic], sources: &Sources) -> Self {
        let renderer = Renderer::new(Color::No, sources);
        let problems = found.iter().map(|diagnostic| problem(diagnostic, sources, &renderer)).collect();
        Self { side: side.to_string(), name: name.to_string(), problems }
    }
}

fn problem(diagnostic: &Diagnostic, sources: &Sources, renderer: &Renderer<'_>) -> Problem {
    let place = diagnostic.span().map(|span| {
        let (line, column) = sources.position(span);
        format!("{}:{line}:{column}", sources.path(span))
    });
    Problem {
        code: diagnostic.fault.code.to_string(),
        warning: diagnostic.fault.severity == Severity::Warning,
        message: renderer.message(diagnostic),
        place,
        shown: renderer.render(diagnostic),
    }
}
