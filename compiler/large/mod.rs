//! Makes large fleets fast: all processors, and a cache of the last build.
//! Without this room dpc writes the same bytes.

// This room starts threads and looks at the files of the last build.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod last_build;
pub mod parallel;
mod state;

use crate::backend::{Bundle, Printer};
use crate::encode::digest::Fingerprint;
use crate::model::plan::HostPlan;
use crate::output::TreeWriter;
use crate::output::artifacts::MANIFEST;
use crate::template::TemplateError;
pub use last_build::LastBuild;

/// Minimum number of containers of a fleet that is cached.
pub(crate) const REMEMBERED: usize = 500;

/// Prints a plan and gives its files to `writing`. Skips files that are unchanged according to `last`.
pub fn write(printer: &Printer<'_>, last: &LastBuild, writing: &TreeWriter<'_>) -> Result<(), TemplateError> {
    let fleet = last.is_used().then(|| fingerprint_of_fleet(printer));
    let hosts: Vec<&HostPlan> = printer.plan().hosts.iter().collect();
    let fingerprints: Vec<Option<String>> =
        parallel::map(hosts.clone(), |host| fleet.as_ref().map(|fleet| fingerprint(fleet, host)));
    let all = fleet.map(|fleet| fingerprints.iter().flatten().fold(fleet, Fingerprint::and).finish());
    let print = |(host, fingerprint): (&HostPlan, &Option<String>)| {
        let unchanged = fingerprint.as_ref().and_then(|made_of| last.unchanged(&host.name, made_of));
        if let Some(digest) = unchanged {
            writing.keep(&format!("{}/{MANIFEST}", host.name));
            return Ok(digest);
        }
        let Bundle { files, digest } = printer.host(host)?;
        writing.put(&host.name, &files);
        if let Some(made_of) = fingerprint {
            last.add_entry(&host.name, made_of, &digest);
        }
        Ok(digest)
    };
    let (pages, manifests) = parallel::run_both(
        || pages(printer, last, writing, all.as_deref()),
        || parallel::map(hosts.into_iter().zip(&fingerprints).collect(), print),
    );
    let manifests: Vec<String> = manifests.into_iter().collect::<Result<_, _>>()?;
    writing.put("", &printer.manifest(&manifests, pages?));
    Ok(())
}

/// Prints the plan for programs and for people. Returns their paths and digests.
fn pages(
    printer: &Printer<'_>,
    last: &LastBuild,
    writing: &TreeWriter<'_>,
    made_of: Option<&str>,
) -> Result<Vec<(String, String)>, TemplateError> {
    let unchanged = |path: &&str| Some((path.to_string(), last.unchanged(path, made_of?)?));
    let known: Vec<_> = Printer::PAGES.iter().filter_map(unchanged).collect();
    if known.len() == Printer::PAGES.len() {
        known.iter().for_each(|(path, _)| writing.keep(path));
        return Ok(known);
    }
    let pages = printer.pages()?;
    writing.put("", &pages);
    let digests = pages.digests();
    if let Some(made_of) = made_of {
        digests.iter().for_each(|(path, digest)| last.add_entry(path, made_of, digest));
    }
    Ok(digests)
}

/// The inputs of a host's files other than the host's own plan.
fn fingerprint_of_fleet(printer: &Printer<'_>) -> Fingerprint {
    let fleet = serde_json::to_string(&printer.plan().without_hosts()).unwrap_or_default();
    Fingerprint::default().and(fleet).and("\n").and(printer.templates())
}

fn fingerprint(fleet: &Fingerprint, host: &HostPlan) -> String {
    let mut fingerprint = fleet.clone();
    // A fingerprint takes everything, and every key of a plan is text.
    let _ = serde_json::to_writer(&mut fingerprint, host);
    fingerprint.finish()
}
