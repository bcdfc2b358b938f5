//! The whole way: a project → what is known of it and what is wrong → what each host runs → the files of every host. Each arrow
//! is one function, the next one only where there was no error.

use crate::backend::{BACKEND, Printer, broken_template, own_templates};
use crate::diagnostic::{Diagnostic, Report};
use crate::front::check::check;
use crate::front::graph::graph;
use crate::front::known_images::known_images;
use crate::front::lock::lock;
use crate::front::parse::{documents, parse};
use crate::front::plan;
use crate::front::read::read;
use crate::front::resolve::{Request, resolve};
use crate::kdl::Document;
use crate::model::fleet::Fleet;
use crate::model::graph::Graph;
use crate::model::image::Images;
use crate::model::plan::Plan;
use crate::model::spec::Spec;
use crate::output::artifacts::Artifacts;
use crate::project::{Project, Unreadable};
use crate::template::Templates;
use crate::text::Sources;
use std::collections::HashSet;
use std::sync::Arc;

/// Everything that is known about a project, and everything that is wrong with it. It borrows nothing, so that it can be kept.
#[derive(Debug)]
pub struct Analysis {
    /// The files that were read.
    pub sources: Sources,
    /// The tree of each file, without what is no KDL.
    pub(crate) documents: Vec<Document>,
    /// What is known of the images.
    images: Arc<Images>,
    /// The fleet, as far as it is known.
    pub(crate) fleet: Option<Fleet>,
    /// The graph of its needs.
    pub(crate) graph: Graph,
    /// The templates; none if the project's own are broken.
    pub(crate) templates: Option<Templates>,
    /// The diagnostics, by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Each environment costs what the whole text costs. So many bytes are looked at for all of them.
const MAX_ENVIRONMENT_BYTES: usize = 4 << 20;

/// A step's result, and what is wrong.
#[derive(Debug)]
pub struct Outcome<T> {
    /// The files that were read.
    pub sources: Sources,
    /// The diagnostics, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The result, where nothing was wrong but warnings.
    pub result: Option<T>,
}

/// A fleet that can work.
#[derive(Debug)]
pub struct Checked {
    /// The fleet.
    pub(crate) fleet: Fleet,
    /// The graph of its needs.
    pub(crate) graph: Graph,
    /// The templates that it is printed with.
    pub(crate) templates: Templates,
}

/// A fleet with its plan.
#[derive(Debug)]
pub struct Planned {
    /// The plan of each host.
    pub plan: Arc<Plan>,
    /// The templates that it is printed with.
    pub templates: Templates,
}

/// The files of a project, and the tree of each.
pub(crate) fn trees(
    project: &dyn Project,
    report: &mut Report,
) -> Result<(Sources, Vec<Document>), Unreadable> {
    let sources = read(project, report)?;
    let documents = documents(&sources, report);
    Ok((sources, documents))
}

/// Finds out all about a project. Fails where there is no entry to read.
pub fn analyse(project: &dyn Project, request: &Request) -> Result<Analysis, Unreadable> {
    let mut report = Report::default();
    let (mut sources, documents) = trees(project, &mut report)?;
    let lock = lock(project, &mut sources, &mut report);
    let known = known_images(project, &mut sources, &mut report);
    let images = Arc::new(Images { lock, known });
    let spec = parse(&documents, &mut report);
    // After an error in reading or parsing, errors in the meaning may only follow from it. They are not reported.
    let mut unsaid = Report::default();
    let meaning = if report.has_errors() { &mut unsaid } else { &mut report };
    let fleet = resolve(&spec, &sources, &images, project, request, meaning);
    let graph = fleet.as_ref().map(|fleet| judged(fleet, meaning)).unwrap_or_default();
    let templates = own_templates(project, &mut report);
    Ok(Analysis { sources, documents, images, fleet, graph, templates, diagnostics: report.into_sorted() })
}

/// Builds the graph and checks the fleet. Nobody can judge a fleet that is not whole.
fn judged(fleet: &Fleet, report: &mut Report) -> Graph {
    if report.has_errors() {
        return graph(fleet, &mut Report::default());
    }
    let graph = graph(fleet, report);
    check(fleet, report);
    graph
}

impl Analysis {
    /// Returns the declarations of the files.
    pub(crate) fn spec(&self) -> Spec<'_> {
        parse(&self.documents, &mut Report::default())
    }

    /// Adds what is wrong in the environments alone. Returns how many there are, and how many of them were looked at.
    pub fn with_environments(&mut self, project: &dyn Project, request: &Request) -> (usize, usize) {
        let mut report = Report::default();
        let spec = parse(&self.documents, &mut report);
        if report.has_errors() || self.fleet.is_none() {
            return (spec.environments.len(), 0);
        }
        let mut all = Report::default();
        let known: HashSet<_> = self.diagnostics.iter().map(Diagnostic::identity).collect();
        std::mem::take(&mut self.diagnostics).into_iter().for_each(|one| all.push(one));
        let names = spec.environments.keys().take(MAX_ENVIRONMENT_BYTES / (self.sources.bytes() + 1));
        let mut looked_at = 0;
        for name in names {
            let mut report = Report::default();
            let fleet = self.environment(name, &spec, project, request, &mut report);
            fleet.iter().for_each(|fleet| drop(judged(fleet, &mut report)));
            let new = report.into_sorted().into_iter().filter(|new| !known.contains(&new.identity()));
            new.for_each(|new| all.push(new.help(format!("`--env {name}` shows it"))));
            looked_at += 1;
        }
        self.diagnostics = all.into_sorted();
        (spec.environments.len(), looked_at)
    }

    /// The fleet of each environment, as far as it is known.
    #[cfg(feature = "registry")]
    pub(crate) fn fleets_of_environments(&self, project: &dyn Project, request: &Request) -> Vec<Fleet> {
        let spec = self.spec();
        let names = spec.environments.keys();
        let fleet = |name| self.environment(name, &spec, project, request, &mut Report::default());
        names.copied().filter_map(fleet).collect()
    }

    /// The fleet of one environment.
    fn environment(
        &self,
        name: &str,
        spec: &Spec<'_>,
        project: &dyn Project,
        request: &Request,
        report: &mut Report,
    ) -> Option<Fleet> {
        let request = Request { environment: Some(name.to_string()), ..request.clone() };
        resolve(spec, &self.sources, &self.images, project, &request, report)
    }

    /// The fleet, where nothing is wrong.
    pub fn checked(self) -> Outcome<Checked> {
        let Self { sources, documents: _, images: _, fleet, graph, templates, diagnostics } = self;
        let is_right = !diagnostics.iter().any(Diagnostic::is_error);
        let result = fleet.zip(templates).filter(|_| is_right);
        let result = result.map(|(fleet, templates)| Checked { fleet, graph, templates });
        Outcome { sources, diagnostics, result }
    }
}

/// Lays out what each host runs.
pub fn plan(checked: Checked) -> Planned {
    let Checked { fleet, graph, templates } = checked;
    Planned { plan: Arc::new(plan::plan(fleet, &graph, BACKEND)), templates }
}

/// Prints the files of every host. Fails where a template of the project does not print.
pub(crate) fn print(planned: &Planned) -> Result<Artifacts, Diagnostic> {
    Printer::new(&planned.plan, &planned.templates).all().map_err(broken_template)
}

/// The whole way, all in memory. Fails where there is no entry to read.
pub fn compile(
    project: &dyn Project,
    request: &Request,
) -> Result<Outcome<(Planned, Artifacts)>, Unreadable> {
    let Outcome { sources, mut diagnostics, result } = analyse(project, request)?.checked();
    let planned = result.map(plan);
    let result = planned.and_then(|planned| {
        let artifacts = print(&planned).map_err(|broken| diagnostics.push(broken)).ok()?;
        Some((planned, artifacts))
    });
    Ok(Outcome { sources, diagnostics, result })
}
