//! A plan → the files of every host. Decisions were made by the plan; here they are printed.

mod activate;
mod host;
mod manifest;
mod plan_text;
mod registration;
mod script;
mod systemd;

use crate::artifacts::{Artifacts, DATA, MANIFEST};
use crate::diagnostic::{Diagnostic, Fault};
use crate::jinja::{Broken, Templates, Value};
use crate::limits::Room;
use crate::plan::{HostPlan, Plan};
use std::sync::Arc;

/// A template that does not render.
pub const TEMPLATE: Fault = Fault::error(
    "template",
    "a template of the project renders",
    "A file in the project's `templates/` replaces dpc's own of the same name. It sees the same values, and each value that \
     it prints is quoted for the file it becomes.",
);

/// Prints every artifact. Only a template of the project's own can fail.
pub fn render(plan: &Arc<Plan>, templates: &Templates) -> Result<Artifacts, Broken> {
    let printer = Printer::new(plan, templates);
    let (mut all, manifests) = printer.hosts(&plan.hosts)?;
    let pages = printer.pages()?;
    all.insert_folder("", printer.manifest(&manifests, pages.digests()));
    all.insert_folder("", pages);
    Ok(all)
}

/// Prints the artifacts of some hosts, and nothing of the fleet.
pub fn render_hosts<'h>(
    plan: &Arc<Plan>,
    templates: &Templates,
    hosts: impl IntoIterator<Item = &'h HostPlan>,
) -> Result<Artifacts, Broken> {
    Printer::new(plan, templates).hosts(hosts).map(|(files, _)| files)
}

/// Whether every template prints. What they print is not kept.
pub fn try_render(plan: &Arc<Plan>, templates: &Templates) -> Result<(), Broken> {
    let printer = Printer::new(plan, templates);
    plan.hosts.iter().try_for_each(|host| printer.host(host).map(drop))?;
    printer.pages().map(drop)
}

/// Prints the files of a plan, host by host.
#[derive(Debug)]
pub struct Printer<'p> {
    plan: &'p Arc<Plan>,
    templates: &'p Templates,
    /// The variables that etcdctl reads.
    etcd: Vec<String>,
    /// What is left for the project's own templates.
    room: Room,
}

/// The files of one host.
#[derive(Debug)]
pub struct Bundle {
    /// By path below the host's folder.
    pub files: Artifacts,
    /// The digest of its manifest.
    pub digest: String,
}

impl<'p> Printer<'p> {
    /// The plan for programs and for people, which are as long as a fleet is large.
    pub const PAGES: [&'static str; 2] = ["plan.json", "plan.txt"];

    /// Prints nothing yet.
    pub fn new(plan: &'p Arc<Plan>, templates: &'p Templates) -> Self {
        let room = Room::of_templates(plan.containers());
        Self { plan, templates, etcd: script::etcd_variables(plan), room }
    }

    /// The text of one artifact, which prints this many containers.
    fn print(&self, template: &str, values: Value, containers: usize) -> Result<String, Broken> {
        self.templates.render(template, values, containers, |bytes| self.room.take(bytes))
    }

    /// The plan that it prints.
    pub fn plan(&self) -> &'p Plan {
        self.plan
    }

    /// The text of every template that it prints with.
    pub fn templates(&self) -> String {
        self.templates.texts()
    }

    /// The files of hosts, below a folder for each, and the digests of their manifests.
    fn hosts<'h>(
        &self,
        hosts: impl IntoIterator<Item = &'h HostPlan>,
    ) -> Result<(Artifacts, Vec<String>), Broken> {
        let (mut all, mut manifests) = (Artifacts::default(), Vec::new());
        for host in hosts {
            let Bundle { files, digest } = self.host(host)?;
            all.insert_folder(&host.name, files);
            manifests.push(digest);
        }
        Ok((all, manifests))
    }

    /// The pages.
    pub fn pages(&self) -> Result<Artifacts, Broken> {
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
    pub fn manifest(&self, manifests: &[String], pages: Vec<(String, String)>) -> Artifacts {
        let hosts = self.plan.hosts.iter().zip(manifests);
        let hosts = hosts.map(|(host, digest)| (format!("{}/{MANIFEST}", host.name), digest.clone()));
        let mut files = Artifacts::default();
        files.insert(MANIFEST, manifest::listed(hosts.chain(pages).collect(), &self.origin()), DATA);
        files
    }

    /// Where what belongs to no service comes from.
    fn origin(&self) -> String {
        format!("dpc.kdl, fleet \"{}\"", self.plan.fleet)
    }
}

/// A template that does not compile, or does not render.
pub fn broken_template(broken: Broken) -> Diagnostic {
    let line = broken.line.map(|line| format!(", line {line}")).unwrap_or_default();
    Diagnostic::new(&TEMPLATE, format!("the template `{}`{line}: {}", broken.template, broken.message))
        .help(format!("correct `templates/{}`, or remove it to use dpc's own", broken.template))
}

/// A file in the project's `templates/` that replaces nothing, but nearly has a template's name.
pub fn unknown_template(name: &str, meant: &str) -> Diagnostic {
    Diagnostic::new(&TEMPLATE, format!("`templates/{name}` replaces none of dpc's templates"))
        .help(format!("did you mean `templates/{meant}`?"))
}
