//! The files of two sides, as far as they may differ: of a host that is planned alike on both and printed with the same
//! templates they are the same.

use super::side::{Built, Files, Laid};
use crate::artifacts::{Artifacts, Held};
use crate::diagnostic::Diagnostic;
use crate::jinja::Templates;
use crate::plan::{HostPlan, Plan};
use crate::render::{broken_template, render_hosts};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The files of base and head; none where one of them does not know its own. A side whose templates do not print becomes one
/// that does not compile.
pub fn print(base: &mut Built, head: &mut Built, same: &BTreeSet<String>) -> Option<(Artifacts, Artifacts)> {
    let nothing = BTreeSet::new();
    let alike = if printed_alike(base, head) { same } else { &nothing };
    let base_files = files(base, alike);
    let head_files = files(head, alike);
    base_files.zip(head_files)
}

/// Both sides with their plans, and the hosts that run the same on both. Those whose files are the same too have no hashes.
pub fn planned(base: Built<Laid>, head: Built<Laid>) -> (Built, Built, BTreeSet<String>) {
    let drafts = base.draft().zip(head.draft()).filter(|_| same_templates(&base, &head));
    let mut same = drafts.map_or_else(BTreeSet::new, |(base, head)| head.same_hosts(base));
    let (base, head) = (base.finish_but(&same), head.finish_but(&same));
    if same.is_empty() {
        same = same_hosts(&base, &head);
    }
    (base, head, same)
}

fn same_hosts(base: &Built, head: &Built) -> BTreeSet<String> {
    let (Some((base, _)), Some((head, _))) = (&base.result, &head.result) else { return BTreeSet::new() };
    head.same_hosts(base)
}

/// Whether a host that runs the same has the same files.
fn printed_alike(base: &Built, head: &Built) -> bool {
    match (&base.result, &head.result) {
        (Some((before, _)), Some((after, _))) => {
            same_templates(base, head) && before.without_hosts() == after.without_hosts()
        }
        _ => false,
    }
}

/// Whether the files of both sides are printed here, with the same templates.
fn same_templates<P>(base: &Built<P>, head: &Built<P>) -> bool {
    match (&base.result, &head.result) {
        (Some((_, Files::Printed(before))), Some((_, Files::Printed(after)))) => before == after,
        _ => false,
    }
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
                None
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
    let held = Held::default();
    render_hosts(plan, templates, &hosts, &held).map_err(broken_template)?;
    Ok(held.into_artifacts())
}
