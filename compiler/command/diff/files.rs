//! The files of two sides, as far as they may differ: of a host that is planned alike on both and printed with the same
//! templates they are the same.

use super::side::{Built, Files};
use crate::artifacts::{Artifacts, Held};
use crate::diagnostic::Diagnostic;
use crate::jinja::Templates;
use crate::plan::{HostPlan, Plan};
use crate::render::{broken_template, render_hosts};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files of base and head; none where one of them does not know its own. A side whose templates do not print becomes one
/// that does not compile.
pub fn print(base: &mut Built, head: &mut Built) -> Option<(Artifacts, Artifacts)> {
    let alike = alike(base, head);
    let base_files = files(base, &alike);
    let head_files = files(head, &alike);
    base_files.zip(head_files)
}

/// The hosts that need not be printed.
fn alike(base: &Built, head: &Built) -> Vec<String> {
    let (Some((base, Files::Printed(before))), Some((head, Files::Printed(after)))) =
        (&base.result, &head.result)
    else {
        return Vec::new();
    };
    if before != after || base.without_hosts() != head.without_hosts() {
        return Vec::new();
    }
    let known: BTreeMap<&str, &HostPlan> = base.hosts.iter().map(|host| (host.name.as_str(), host)).collect();
    let same = head.hosts.iter().filter(|host| known.get(host.name.as_str()) == Some(host));
    same.map(|host| host.name.clone()).collect()
}

fn files(built: &mut Built, alike: &[String]) -> Option<Artifacts> {
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

fn printed(plan: &Arc<Plan>, templates: &Templates, alike: &[String]) -> Result<Artifacts, Diagnostic> {
    let differ = |host: &&HostPlan| alike.binary_search(&host.name).is_err();
    let hosts: Vec<&HostPlan> = plan.hosts.iter().filter(differ).collect();
    let held = Held::default();
    render_hosts(plan, templates, &hosts, &held).map_err(broken_template)?;
    Ok(held.into_artifacts())
}
