//! The folder `templates/` of a project → the templates that its artifacts are printed with.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::project::{LARGEST_TEMPLATE, Project, Unreadable, utf8_text};
use crate::template::{SHIPPED, TemplateError, Templates};
use crate::value::suggest::nearest;
use std::collections::BTreeMap;

/// A template that does not render.
pub(crate) const TEMPLATE: Fault = Fault::error(
    "template",
    "a template of the project renders",
    "A file in the project's `templates/` replaces dpc's own of the same name. It sees the same values, and each value that \
     it prints is quoted for the file it becomes.",
);

/// Returns dpc's templates, with those of the project in their place; none if one of these is broken.
pub(crate) fn own_templates(project: &dyn Project, report: &mut Report) -> Option<Templates> {
    let mut faults = Report::default();
    let own = overrides(project, &mut faults);
    let is_whole = !faults.has_errors();
    report.append(faults);
    let compiled = is_whole.then(|| Templates::new(own))?;
    compiled.map_err(|broken| report.push(broken_template(broken))).ok()
}

/// Returns the project's own templates, by the name of the one that each replaces. Other files there belong to the project, but
/// a name that nearly is a template's gets a warning.
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
        let content = project.read_up_to(&format!("{TEMPLATES}/{name}"), LARGEST_TEMPLATE);
        match content.and_then(utf8_text) {
            Ok(text) => {
                own.insert(name, text);
            }
            Err(why) => report.push(broken_template(TemplateError {
                message: format!("it {}", why.words()),
                template: name,
                line: None,
            })),
        }
    }
    own
}

/// The folder cannot be read, so nobody knows which templates are replaced.
fn unlisted_templates(why: Unreadable) -> Diagnostic {
    Diagnostic::new(&TEMPLATE, format!("the folder `{TEMPLATES}` {}", why.words()))
        .help("make it a folder of the project that dpc can read, or give it another name")
}

const TEMPLATES: &str = "templates";

/// A template that does not compile, or does not render.
pub(crate) fn broken_template(broken: TemplateError) -> Diagnostic {
    let line = broken.line.map(|line| format!(", line {line}")).unwrap_or_default();
    Diagnostic::new(&TEMPLATE, format!("the template `{}`{line}: {}", broken.template, broken.message))
        .help(format!("correct `templates/{}`, or remove it to use dpc's own", broken.template))
}

/// A file in the project's `templates/` that replaces nothing, but nearly has a template's name.
fn unknown_template(name: &str, meant: &str) -> Diagnostic {
    Diagnostic::new(&TEMPLATE, format!("`templates/{name}` replaces none of dpc's templates"))
        .help(format!("did you mean `templates/{meant}`?"))
}
