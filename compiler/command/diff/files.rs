//! The files of two sides that may differ. A host has the same files on both if it has the same plan and the same templates.

use super::side::{CompiledSide, SideFiles};
use crate::backend::{Printer, broken_template};
use crate::diagnostic::Diagnostic;
use crate::model::plan::Plan;
use crate::output::artifacts::Artifacts;
use crate::template::Templates;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Returns the hosts with the same plan and the same files, if both sides are compiled here. Their files are not read.
pub(crate) fn identical_hosts(base: &CompiledSide, head: &CompiledSide) -> BTreeSet<String> {
    match (&base.result, &head.result) {
        (Some((base, before)), Some((head, after)))
            if printed_alike(before, after) && base.without_hosts() == head.without_hosts() =>
        {
            head.same_hosts(base)
        }
        _ => BTreeSet::new(),
    }
}

fn printed_alike(before: &SideFiles, after: &SideFiles) -> bool {
    matches!((before, after), (SideFiles::Printed(before), SideFiles::Printed(after)) if before == after)
}

/// The files of both sides that are compared.
pub(crate) struct ComparedFiles {
    /// The files that run now.
    pub(crate) base: Artifacts,
    /// The files that will run.
    pub(crate) head: Artifacts,
    /// The number of hosts whose files are left out, since there are too many.
    pub(crate) left_out: usize,
}

/// Maximum number of containers and hosts of a side whose files are compared. For larger changes the plans must do.
const MOST: usize = 1_000;

/// Prints the files of base and head, except those of the hosts in `alike`; none if a side does not know its files. A side
/// whose templates do not print becomes one that does not compile, and has no files.
pub(crate) fn print(
    base: &mut CompiledSide,
    head: &mut CompiledSide,
    alike: &BTreeSet<String>,
) -> Option<ComparedFiles> {
    let (shown, left_out) = compared_hosts([&*base, &*head], alike);
    let base_files = files(base, &shown);
    let head_files = files(head, &shown);
    base_files.zip(head_files).map(|(base, head)| ComparedFiles { base, head, left_out })
}

/// Returns the hosts whose files are compared, the first by name, and the number of those left out.
fn compared_hosts(sides: [&CompiledSide; 2], alike: &BTreeSet<String>) -> (BTreeSet<String>, usize) {
    let hosts = sides.into_iter().filter_map(|side| side.result.as_ref()).flat_map(|(plan, _)| &plan.hosts);
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for host in hosts.filter(|host| !alike.contains(&host.name)) {
        let size = sizes.entry(&host.name).or_default();
        *size = (*size).max(host.units.len() + 1);
    }
    let (all, mut room) = (sizes.len(), MOST);
    let mut fits = |size: usize| room.checked_sub(size).inspect(|left| room = *left).is_some();
    let shown: BTreeSet<String> =
        sizes.into_iter().filter(|(_, size)| fits(*size)).map(|(name, _)| name.to_string()).collect();
    let left_out = all - shown.len();
    (shown, left_out)
}

/// The hosts that run the same on both sides.
pub(super) fn same_hosts(base: &CompiledSide, head: &CompiledSide) -> BTreeSet<String> {
    let (Some((base, _)), Some((head, _))) = (&base.result, &head.result) else { return BTreeSet::new() };
    head.same_hosts(base)
}

fn files(built: &mut CompiledSide, shown: &BTreeSet<String>) -> Option<Artifacts> {
    let Some((plan, files)) = &mut built.result else { return Some(Artifacts::default()) };
    match files {
        SideFiles::Unknown => None,
        SideFiles::Read(files) => {
            let is_shown = |path: &str| path.split_once('/').is_some_and(|(host, _)| shown.contains(host));
            files.files.retain(|path, _| is_shown(path));
            Some(std::mem::take(files))
        }
        SideFiles::Printed(templates) => match print_files(plan, templates, shown) {
            Ok(files) => Some(files),
            Err(diagnostic) => {
                built.diagnostics.push(diagnostic);
                built.result = None;
                Some(Artifacts::default())
            }
        },
    }
}

fn print_files(
    plan: &Arc<Plan>,
    templates: &Templates,
    shown: &BTreeSet<String>,
) -> Result<Artifacts, Diagnostic> {
    let hosts = plan.hosts.iter().filter(|host| shown.contains(&host.name));
    Printer::new(plan, templates).hosts(hosts).map(|(files, _)| files).map_err(broken_template)
}
