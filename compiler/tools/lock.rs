//! `dpc.lock`: which images a project names, and the text of what is known of them. Who asks a registry is not known here.

mod found;
mod newer;
mod page;

pub(crate) use found::locked;
pub(crate) use newer::newer;
pub(crate) use page::text;

use crate::diagnostic::Diagnostic;
use crate::front::lock::LOCK;
use crate::front::resolve::Request;
use crate::model::fleet::{Fleet, Workload};
use crate::pipeline::{Analysis, analyse};
use crate::project::{Project, Unreadable};
use crate::text::Sources;
use crate::value::image::Image;
use crate::value::platform::Platform;
use std::collections::{BTreeMap, BTreeSet};

/// The images of a project, with the platforms that its hosts need of each.
pub(crate) type Wanted = BTreeMap<Image, BTreeSet<Platform>>;

/// The images of some services, or of all, in every environment.
#[derive(Debug)]
pub(crate) struct Named {
    /// The files that were read.
    pub(crate) sources: Sources,
    /// What is wrong with the project.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The images of the whole project.
    pub(crate) all: Wanted,
    /// Those of the services that were named.
    pub(crate) chosen: Wanted,
    /// Names that no service or task has.
    pub(crate) unknown: Vec<String>,
    /// The names of all services and tasks.
    pub(crate) known: BTreeSet<String>,
}

/// Looks through every environment; no services are all of them. Fails where there is no entry to read.
pub(crate) fn named(
    project: &dyn Project,
    request: &Request,
    services: &[String],
) -> Result<Named, Unreadable> {
    let unlocked = WithoutLock(project);
    let analysis = analyse(&unlocked, request)?;
    let (mut all, mut chosen, mut known) = (Wanted::new(), Wanted::new(), BTreeSet::new());
    let mut add = |fleet: &Fleet| {
        for workload in fleet.workloads.values() {
            add_images(fleet, workload, &mut all);
            if services.is_empty() || services.contains(&workload.name) {
                add_images(fleet, workload, &mut chosen);
            }
            known.insert(workload.name.clone());
        }
    };
    analysis.fleet.iter().for_each(&mut add);
    analysis.fleets_of_environments(&unlocked, request).iter().for_each(&mut add);
    let Analysis { sources, diagnostics, .. } = analysis;
    let unknown = services.iter().filter(|name| !known.contains(*name)).cloned().collect();
    Ok(Named { sources, diagnostics, all, chosen, unknown, known })
}

fn add_images(fleet: &Fleet, workload: &Workload, wanted: &mut Wanted) {
    for placement in &workload.placements {
        let container = &placement.container;
        let host = fleet.hosts.get(&placement.host);
        let platform = host.map(|host| container.platform_or(&host.platform));
        wanted.entry(container.image.value.clone()).or_default().extend(platform.cloned());
    }
}

/// A project as it is without its lock.
struct WithoutLock<'p>(&'p dyn Project);

impl Project for WithoutLock<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        if path == LOCK { Err(Unreadable::Missing) } else { self.0.read(path) }
    }

    fn read_up_to(&self, path: &str, most: u64) -> Result<Vec<u8>, Unreadable> {
        if path == LOCK { Err(Unreadable::Missing) } else { self.0.read_up_to(path, most) }
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        self.0.list(directory)
    }

    fn place(&self, path: &str) -> Result<String, Unreadable> {
        self.0.place(path)
    }

    fn allows_outside(&self) -> bool {
        self.0.allows_outside()
    }
}
