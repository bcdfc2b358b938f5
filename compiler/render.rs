//! A plan → the files of every host. Decisions were made by the plan; here they are printed.

mod activate;
mod hashed;
mod host;
mod hosts;
mod json;
mod manifest;
mod page;
mod plan_text;
mod registration;
mod script;
mod systemd;

use crate::artifacts::{Bundle, DATA, Destination, Kept, Made};
use crate::diagnostic::{Diagnostic, Fault};
use crate::digest::Fingerprint;
use crate::jinja::{Broken, Templates};
use crate::parallel::{self, Pool};
use crate::plan::{HostPlan, Plan};
use hashed::Hashed;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::{Arc, OnceLock, mpsc};

/// A template that does not render.
pub const TEMPLATE: Fault = Fault::error(
    "template",
    "a template of the project renders",
    "A file in the project's `templates/` replaces dpc's own of the same name. It sees the same values, and each value that \
     it prints is quoted for the file it becomes.",
);

/// Prints every artifact. Only a template of the project's own can fail.
pub fn render(plan: &Arc<Plan>, templates: &Templates, to: &dyn Destination) -> Result<(), Broken> {
    let made_of = (plan.containers() >= WORTH_REMEMBERING).then(|| fleet_fingerprint(plan, templates));
    let mut printer = Printer::new(plan, templates, to, made_of);
    printer.head = printer.head()?;
    let digests = printer.plan()?;
    let mut files = Bundle::default();
    let lines = digests.iter().map(|(path, digest)| (path.as_str(), digest.as_str()));
    let listed = manifest::listed(lines, &printer.origin());
    files.insert(format_args!("MANIFEST"), listed.as_bytes(), DATA);
    printer.put("", files);
    Ok(())
}

/// So many containers make a fleet whose hosts are worth to be remembered from one build to the next.
const WORTH_REMEMBERING: usize = 500;

/// Of all but a host's own plan that its files are printed from.
fn fleet_fingerprint(plan: &Plan, templates: &Templates) -> String {
    let fleet = serde_json::to_string(&plan.without_hosts()).unwrap_or_default();
    Fingerprint::default().and(fleet).and("\n").and(templates.texts()).finish()
}

/// Prints the artifacts of some hosts, and nothing of the fleet.
pub fn render_hosts(
    plan: &Arc<Plan>,
    templates: &Templates,
    hosts: &[&HostPlan],
    to: &dyn Destination,
) -> Result<(), Broken> {
    let printer = Printer::new(plan, templates, to, None);
    hosts.iter().try_for_each(|host| printer.host(host).map(drop))
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

struct Printer<'p> {
    plan: &'p Arc<Plan>,
    templates: &'p Templates,
    to: &'p dyn Destination,
    /// The fingerprint of what all hosts have in common, where hosts are remembered.
    made_of: Option<String>,
    /// The variables that etcdctl reads.
    etcd: Vec<String>,
    bundles: Pool<Bundle>,
    /// What `plan.txt` begins with, where it is printed host by host.
    head: Option<Vec<u8>>,
    old_page: OnceLock<Option<(File, u64)>>,
}

/// The plan for programs, which is as long as a fleet is large.
pub const PLAN_JSON: &str = "plan.json";
/// The page of the plan for people.
pub const PLAN_TEXT: &str = "plan.txt";

/// The digests of files, by path.
type Digests = BTreeMap<String, String>;

impl<'p> Printer<'p> {
    fn new(
        plan: &'p Arc<Plan>,
        templates: &'p Templates,
        to: &'p dyn Destination,
        made_of: Option<String>,
    ) -> Self {
        let etcd = script::etcd_variables(plan);
        let (head, old_page) = (None, OnceLock::new());
        Self { plan, templates, to, made_of, etcd, bundles: Pool::default(), head, old_page }
    }

    /// The files of every host, and meanwhile both files of the plan. Out: the digests of these and of the hosts' manifests.
    fn plan(&self) -> Result<Digests, Broken> {
        let (sender, pages) = mpsc::channel();
        let (text, hosts) = match self.made_of {
            Some(_) => {
                parallel::beside(|| self.plan_text(pages.into_iter().flatten()), || self.hosts(sender))
            }
            None => {
                let hosts = self.hosts(sender);
                (self.plan_text(pages.into_iter().flatten()), hosts)
            }
        };
        let mut digests = hosts?;
        digests.insert(PLAN_TEXT.into(), text?);
        Ok(digests)
    }

    /// Says what a folder or file was made of and came to.
    fn made(&self, path: &str, made_of: String, digest: &str, page: Range<u64>, is_new: bool) {
        let kept = Kept { digest: digest.into(), page };
        self.to.made(Made { path: path.into(), made_of, kept, is_new });
    }

    /// Writes a file that may be long. Out: its digest, and whether another one was there or none.
    fn stream(
        &self,
        path: &str,
        fill: &mut dyn FnMut(&mut (dyn Write + Send)) -> io::Result<()>,
    ) -> (String, bool) {
        let streamed = self.to.stream(path, &mut |file| {
            let mut hashed = Hashed::new(file);
            fill(&mut hashed)?;
            Ok(hashed.digest())
        });
        // What cannot be written is said by the destination.
        streamed.unwrap_or_default()
    }

    /// Puts files that are named by their path below a folder.
    fn put(&self, folder: &str, mut files: Bundle) {
        self.to.put(folder, files.sorted());
        files.clear();
        self.bundles.give(files);
    }

    /// Where what belongs to no service comes from.
    fn origin(&self) -> String {
        format!("dpc.kdl, fleet \"{}\"", self.plan.fleet)
    }
}
