//! The files of two sides, as far as they may differ: of a host that is planned alike on both and printed with the same
//! templates they are the same.

use super::side::{Built, Files};
use crate::artifacts::Artifacts;
use crate::diagnostic::Diagnostic;
use crate::jinja::Templates;
use crate::plan::{HostPlan, Plan};
use crate::render::{broken_template, render_hosts};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The hosts that run the same on both sides and have the same files, where both are compiled here: nobody looks at these
/// files.
pub fn alike(base: &Built, head: &Built) -> BTreeSet<String> {
    match (&base.result, &head.result) {
        (Some((base, before)), Some((head, after)))
            if printed_alike(before, after) && base.without_hosts() == head.without_hosts() =>
        {
            head.same_hosts(base)
        }
        _ => BTreeSet::new(),
    }
}

fn printed_alike(before: &Files, after: &Files) -> bool {
    matches!((before, after), (Files::Printed(before), Files::Printed(after)) if before == after)
}

/// The files of base and head but for the hosts that are `alike`; none where one of them does not know its own. A side whose
/// templates do not print becomes one that does not compile, and has no files.
pub fn print(base: &mut Built, head: &mut Built, alike: &BTreeSet<String>) -> Option<(Artifacts, Artifacts)> {
    let base_files = files(base, alike);
    let head_files = files(head, alike);
    base_files.zip(head_files)
}

/// The hosts that run the same on both sides.
pub fn same_hosts(base: &Built, head: &Built) -> BTreeSet<String> {
    let (Some((base, _)), Some((head, _))) = (&base.result, &head.result) else { return BTreeSet::new() };
    head.same_hosts(base)
}

fn files(built: &mut Built, alike: &BTreeSet<String>) -> Option<Artifacts> {
    let Some((plan, files)) = &mut built.result else { return Some(Artifacts::default()) };
    match files {
        Files::Unknown => None,
        Files::Read(files) => Some(std::mem::take(files)),
        Files::Printed(templates) => match printed(plan, templates, alike) {
            Ok(files) => Some(files),
            Err(diagnostic) => {
                built.diagnostics.push(diagnostic);
                built.result = None;
                Some(Artifacts::default())
            }
        },
    }
}

fn printed(
    plan: &Arc<Plan>,
    templates: &Templates,
    alike: &BTreeSet<String>,
) -> Result<Artifacts, Diagnostic> {
    let differ = |host: &&HostPlan| !alike.contains(&host.name);
    let hosts: Vec<&HostPlan> = plan.hosts.iter().filter(differ).collect();
    render_hosts(plan, templates, &hosts).map_err(broken_template)
}
