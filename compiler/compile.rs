//! The whole way from a project to its artifacts: each stage in its turn, the next one only where there was no error.

use crate::artifacts::Artifacts;
use crate::check::check;
use crate::diagnostic::{Diagnostic, Report};
use crate::fleet::Fleet;
use crate::graph::{Graph, graph};
use crate::jinja::{Broken, SHIPPED, Templates};
use crate::parse::{documents, parse};
use crate::plan::{Plan, plan};
use crate::project::{Project, Unreadable, utf8_text};
use crate::read::read;
use crate::render::{TEMPLATE, broken_template, render, try_render, unknown_template};
use crate::resolve::{Request, resolve};
use crate::source::Sources;
use crate::value::suggest::nearest;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a build comes to.
#[derive(Debug)]
pub struct Outcome<T> {
    /// The files that were read.
    pub sources: Sources,
    /// What is wrong, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The result, where nothing was wrong but warnings.
    pub result: Option<T>,
}

/// What to run and in what order.
#[derive(Debug)]
pub struct Planned {
    /// What each host runs.
    pub plan: Arc<Plan>,
    /// Who needs whom.
    pub graph: Graph,
}

/// A fleet that can work, and in what order.
#[derive(Debug)]
pub struct Checked {
    /// What runs where.
    pub fleet: Fleet,
    /// Who needs whom.
    pub graph: Graph,
}

/// Reads and checks a project: everything but the plan. Fails where there is no entry to read.
pub fn check_project(project: &dyn Project, request: &Request) -> Result<Outcome<Checked>, Unreadable> {
    let mut report = Report::default();
    let sources = read(project, &mut report)?;
    let result = checked(project, &sources, request, &mut report);
    Ok(outcome(sources, report, result))
}

/// Reads and checks a project, and prints with its own templates, if it has any, without keeping what they print: whatever a
/// build would refuse is said. Fails where there is no entry to read.
pub fn check_as_built(project: &dyn Project, request: &Request) -> Result<Outcome<Checked>, Unreadable> {
    let mut report = Report::default();
    let sources = read(project, &mut report)?;
    let result = checked(project, &sources, request, &mut report)
        .filter(|checked| prints(project, checked, &mut report).is_some());
    Ok(outcome(sources, report, result))
}

/// Whether the project's own templates print; dpc's do.
fn prints(project: &dyn Project, checked: &Checked, report: &mut Report) -> Option<()> {
    let own = overrides(project, report);
    if own.is_empty() {
        return (!report.has_errors()).then_some(());
    }
    let templates = compiled(own, report)?;
    let plan = Arc::new(plan(checked.fleet.clone(), &checked.graph));
    try_render(&plan, &templates).map_err(|broken| report.push(broken_template(broken))).ok()
}

/// A project that compiles, and what its files are printed with.
#[derive(Debug)]
pub struct Compiled {
    /// What to run and in what order.
    pub planned: Planned,
    /// The templates.
    pub templates: Templates,
}

/// Reads and checks a project, to have the files of its hosts printed. Fails where there is no entry to read.
pub fn compile(project: &dyn Project, request: &Request) -> Result<Outcome<Compiled>, Unreadable> {
    let mut report = Report::default();
    let sources = read(project, &mut report)?;
    let result = checked(project, &sources, request, &mut report).and_then(|Checked { fleet, graph }| {
        let templates = templates(project, &mut report)?;
        let plan = Arc::new(plan(fleet, &graph));
        Some(Compiled { planned: Planned { plan, graph }, templates })
    });
    Ok(outcome(sources, report, result))
}

/// Compiles a project to the files of every host, all in memory. Fails where there is no entry to read.
pub fn compile_whole(
    project: &dyn Project,
    request: &Request,
) -> Result<Outcome<(Planned, Artifacts)>, Unreadable> {
    let Outcome { sources, mut diagnostics, result } = compile(project, request)?;
    let result = result.and_then(|Compiled { planned, templates }| {
        let printed = render(&planned.plan, &templates);
        let artifacts = printed.map_err(|broken| diagnostics.push(broken_template(broken))).ok()?;
        Some((planned, artifacts))
    });
    Ok(Outcome { sources, diagnostics, result })
}

fn checked(
    project: &dyn Project,
    sources: &Sources,
    request: &Request,
    report: &mut Report,
) -> Option<Checked> {
    let documents = documents(sources, report);
    let spec = parse(&documents, report);
    if report.has_errors() {
        return None;
    }
    let fleet = resolve(&spec, sources, project, request, report).filter(|_| !report.has_errors())?;
    let graph = graph(&fleet, report);
    check(&fleet, report);
    (!report.has_errors()).then_some(Checked { fleet, graph })
}

fn templates(project: &dyn Project, report: &mut Report) -> Option<Templates> {
    compiled(overrides(project, report), report)
}

fn compiled(own: BTreeMap<String, String>, report: &mut Report) -> Option<Templates> {
    if report.has_errors() {
        return None;
    }
    Templates::new(own).map_err(|broken| report.push(broken_template(broken))).ok()
}

/// The project's own templates, by the name of the one that each replaces. Other files there are the project's business,
/// but for one that is nearly called like a template.
fn overrides(project: &dyn Project, report: &mut Report) -> BTreeMap<String, String> {
    let mut own = BTreeMap::new();
    let names = || SHIPPED.iter().map(|(name, _)| *name);
    let listed = project.list(TEMPLATES).unwrap_or_else(|why| {
        // A file of that name is not for dpc.
        if why != Unreadable::Missing {
            report.push(unlisted_templates(why));
        }
        Vec::new()
    });
    for (name, _) in listed {
        if !names().any(|shipped| shipped == name) {
            if let Some(meant) = nearest(&name, names()).filter(|_| name.ends_with(".j2")) {
                report.push(unknown_template(&name, meant));
            }
            continue;
        }
        let content = project.read(&format!("{TEMPLATES}/{name}"));
        match content.and_then(utf8_text) {
            Ok(text) => {
                own.insert(name, text);
            }
            Err(why) => report.push(broken_template(Broken {
                message: format!("it {}", why.words()),
                template: name,
                line: None,
            })),
        }
    }
    own
}

/// The folder cannot be looked into, so that nobody knows what is replaced.
fn unlisted_templates(why: Unreadable) -> Diagnostic {
    Diagnostic::new(&TEMPLATE, format!("the folder `{TEMPLATES}` {}", why.words()))
        .help("make it a folder of the project that dpc can read, or give it another name")
}

const TEMPLATES: &str = "templates";

fn outcome<T>(sources: Sources, report: Report, result: Option<T>) -> Outcome<T> {
    Outcome { sources, diagnostics: report.into_sorted(), result }
}
