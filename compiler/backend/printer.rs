//! A plan → the files of every host, and the pages about all of them. The plan has decided everything; this prints it.

use super::{BACKEND, manifest, plan_text};
use crate::encode::digest::sha256;
use crate::front::limits::Budget;
use crate::model::plan::{HostPlan, Plan};
use crate::output::artifacts::{Artifacts, DATA, MANIFEST};
use crate::template::{TemplateError, Templates, Value};
use std::sync::Arc;

/// Prints the files of a plan, host by host. Only a project's own template can fail.
#[derive(Debug)]
pub struct Printer<'p> {
    plan: &'p Arc<Plan>,
    templates: &'p Templates,
    /// The rest of the budget for the project's own templates.
    room: Budget,
}

/// The files of one host.
#[derive(Debug)]
pub struct Bundle {
    /// The files by path below the host's folder.
    pub(crate) files: Artifacts,
    /// The digest of its manifest.
    pub(crate) digest: String,
}

impl<'p> Printer<'p> {
    /// The plan for programs and for people, which are as long as a fleet is large.
    pub(crate) const PAGES: [&'static str; 2] = ["plan.json", "plan.txt"];

    /// Prints nothing yet.
    pub fn new(plan: &'p Arc<Plan>, templates: &'p Templates) -> Self {
        Self { plan, templates, room: Budget::of_templates(plan.containers()) }
    }

    /// The text of one artifact, which prints this many containers.
    fn print(&self, template: &str, values: Value, containers: usize) -> Result<String, TemplateError> {
        self.templates.render(template, values, containers, |bytes| self.room.take(bytes))
    }

    /// The plan that it prints.
    pub fn plan(&self) -> &'p Plan {
        self.plan
    }

    /// The text of every template that it prints with.
    pub(crate) fn templates(&self) -> String {
        self.templates.texts()
    }

    /// Every artifact.
    pub fn all(&self) -> Result<Artifacts, TemplateError> {
        let (mut all, manifests) = self.hosts(&self.plan.hosts)?;
        let pages = self.pages()?;
        all.insert_folder("", self.manifest(&manifests, pages.digests()));
        all.insert_folder("", pages);
        Ok(all)
    }

    /// Prints everything and keeps nothing of it.
    pub(crate) fn try_all(&self) -> Result<(), TemplateError> {
        self.plan.hosts.iter().try_for_each(|host| self.host(host).map(drop))?;
        self.pages().map(drop)
    }

    /// The files of hosts, below a folder for each, and the digests of their manifests.
    pub(crate) fn hosts<'h>(
        &self,
        hosts: impl IntoIterator<Item = &'h HostPlan>,
    ) -> Result<(Artifacts, Vec<String>), TemplateError> {
        let (mut all, mut manifests) = (Artifacts::default(), Vec::new());
        for host in hosts {
            let Bundle { files, digest } = self.host(host)?;
            all.insert_folder(&host.name, files);
            manifests.push(digest);
        }
        Ok((all, manifests))
    }

    /// The files of one host.
    pub(crate) fn host(&self, host: &HostPlan) -> Result<Bundle, TemplateError> {
        let mut files = BACKEND
            .host(self.plan, host, &|name, values, containers| self.print(name, values, containers))?;
        let listed = manifest::listed(files.digests(), &self.plan.origin());
        let digest = sha256(listed.as_bytes());
        files.insert(MANIFEST, listed, DATA);
        Ok(Bundle { files, digest })
    }

    /// The pages.
    pub(crate) fn pages(&self) -> Result<Artifacts, TemplateError> {
        let [json, text] = Self::PAGES;
        let mut pages = Artifacts::default();
        // Every key of a plan is text, and memory takes everything.
        let mut plan = serde_json::to_vec_pretty(&**self.plan).unwrap_or_default();
        plan.push(b'\n');
        pages.insert(json, plan, DATA);
        let plan = plan_text::values(self.plan);
        pages.insert(text, self.print("plan.txt.j2", plan, self.plan.containers())?, DATA);
        Ok(pages)
    }

    /// The outermost manifest, of the digests of the hosts' manifests, in order, and of the pages.
    pub(crate) fn manifest(&self, manifests: &[String], pages: Vec<(String, String)>) -> Artifacts {
        let hosts = self.plan.hosts.iter().zip(manifests);
        let hosts = hosts.map(|(host, digest)| (format!("{}/{MANIFEST}", host.name), digest.clone()));
        let mut files = Artifacts::default();
        files.insert(MANIFEST, manifest::listed(hosts.chain(pages).collect(), &self.plan.origin()), DATA);
        files
    }
}
