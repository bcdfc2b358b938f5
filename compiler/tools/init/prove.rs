//! Pages → files that compile without warnings, or the reasons why they do not.
//!
//! Lines that were taken over from the repository and are not possible (a `VOLUME` over `/etc`, an `EXPOSE` of a port that is
//! taken) are left out and told. Lines that somebody asked for stay: then there are no files, but diagnostics.

use super::page::{Line, Page};
use crate::diagnostic::{Diagnostic, Label};
use crate::front::read::ENTRY;
use crate::front::resolve::Request;
use crate::pipeline::{Outcome, Planned, compile};
use crate::project::Overlay;
use crate::project::{Project, Unreadable};
use crate::text::Sources;
use std::collections::BTreeMap;

/// Files that compile.
#[derive(Debug)]
pub struct CompilingFiles {
    /// The text of each page, by path.
    pub files: BTreeMap<String, String>,
    /// Lines that were left out, each with the reason.
    pub(crate) left_out: Vec<(Line, String)>,
    /// The plan of the last of the environments.
    pub(crate) planned: Planned,
    /// The line to add to the entry of the project, so that it includes the files.
    pub(crate) include: Option<String>,
}

/// Compiles the pages over a project, and again without each line that is not possible. `known` holds the errors that the
/// project has already.
pub fn prove(
    project: &dyn Project,
    mut pages: BTreeMap<String, Page>,
    environments: &[Option<&str>],
    known: &[Diagnostic],
) -> Result<Result<CompilingFiles, Outcome<Planned>>, Unreadable> {
    let mut left_out = Vec::new();
    loop {
        let files: BTreeMap<String, String> =
            pages.iter().map(|(path, page)| (path.clone(), page.text())).collect();
        let (outcome, include) = compiled(project, &files, environments, known)?;
        let found = outcome.diagnostics.iter().find_map(|diagnostic| {
            let culprit =
                diagnostic.labels.iter().find_map(|label| culprit(label, &outcome.sources, &pages))?;
            Some((culprit, diagnostic.message.clone()))
        });
        if let Some(((path, index), why)) = found {
            let line = pages.get_mut(&path).map(|page| page.lines.remove(index)).unwrap_or_default();
            left_out.push((line, why));
            continue;
        }
        return Ok(match outcome {
            Outcome { result: Some(planned), diagnostics, .. } if diagnostics.is_empty() => {
                Ok(CompilingFiles { files, left_out, planned, include })
            }
            outcome => Err(outcome),
        });
    }
}

/// Compiles for each environment, up to the first with an error.
fn compiled(
    project: &dyn Project,
    files: &BTreeMap<String, String>,
    environments: &[Option<&str>],
    known: &[Diagnostic],
) -> Result<(Outcome<Planned>, Option<String>), Unreadable> {
    let mut include = None;
    let mut files = files.clone();
    let mut at = 0;
    loop {
        let environment = environments.get(at).copied().flatten().map(str::to_string);
        let request = Request { environment, ..Request::default() };
        let outcome = compile(&Overlay::new(project, files.clone()), &request)?;
        let missing =
            files.keys().find(|path| outcome.sources.iter().all(|(_, source)| source.path != **path));
        if let (Some(path), None) = (missing, &include) {
            let line = format!("include {}", crate::kdl::write::text(path));
            let entry = String::from_utf8_lossy(&project.read(ENTRY)?).into_owned();
            files.insert(ENTRY.to_string(), format!("{entry}\n{line}\n"));
            include = Some(line);
            continue;
        }
        let mut outcome = outcome_of(outcome);
        outcome.diagnostics.retain(|new| !known.iter().any(|old| same(old, new)));
        at += 1;
        if at >= environments.len() || !outcome.diagnostics.is_empty() {
            return Ok((outcome, include));
        }
    }
}

fn outcome_of<A>(outcome: Outcome<(Planned, A)>) -> Outcome<Planned> {
    let Outcome { sources, diagnostics, result } = outcome;
    Outcome { sources, diagnostics, result: result.map(|(planned, _)| planned) }
}

fn same(old: &Diagnostic, new: &Diagnostic) -> bool {
    old.fault.code == new.fault.code && old.message == new.message
}

/// Returns the line of a page that a label points at, if it was taken over from somewhere.
fn culprit(label: &Label, sources: &Sources, pages: &BTreeMap<String, Page>) -> Option<(String, usize)> {
    let path = sources.path(label.span);
    let (line, _) = sources.position(label.span);
    let page = pages.get(path)?;
    let index = page.index_of(line)?;
    page.lines[index].from.as_ref()?;
    Some((path.to_string(), index))
}
