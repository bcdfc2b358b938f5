//! A plan → the files of every host. Decisions were made by the plan; here they are printed.

mod activate;
mod hashed;
mod host;
mod json;
mod manifest;
mod plan_text;
mod registration;
mod script;
mod systemd;

use crate::artifacts::{Bundle, DATA, Destination, Fill};
use crate::diagnostic::{Diagnostic, Fault};
use crate::digest::sha256;
use crate::jinja::{Broken, Templates, Value};
use crate::parallel::{self, Pool};
use crate::plan::{HostPlan, Plan};
use hashed::Hashed;
use json::PlanJson;
use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

/// A template that does not render.
pub const TEMPLATE: Fault = Fault::error(
    "template",
    "a template of the project renders",
    "A file in the project's `templates/` replaces dpc's own of the same name. It sees the same values, and each value that \
     it prints is quoted for the file it becomes.",
);

/// Hosts with at least so many containers between them are worth a thread.
const WORTH_A_THREAD: usize = 2;

/// Prints every artifact. Only a template of the project's own can fail.
pub fn render(plan: &Arc<Plan>, templates: &Templates, to: &dyn Destination) -> Result<(), Broken> {
    let made_of = (plan.containers() >= WORTH_REMEMBERING).then(|| fleet_digest(plan, templates));
    let printer = Printer::new(plan, templates, to, made_of);
    let digests = if printer.made_of.is_some() && to.knows() {
        let mut digests = printer.hosts()?;
        let text = printer.plan_text_once(&digests)?;
        digests.insert(PLAN_TEXT.into(), text);
        digests
    } else {
        thread::scope(|scope| {
            let text = scope.spawn(|| printer.plan_text());
            let mut digests = printer.hosts()?;
            let text = text.join().unwrap_or_else(|panic| resume_unwind(panic))?;
            printer.remember_plan_text(&digests, &text);
            digests.insert(PLAN_TEXT.into(), text);
            Ok(digests)
        })?
    };
    let mut files = Bundle::default();
    let listed = manifest::listed(&digests, &printer.origin());
    files.insert(format_args!("MANIFEST"), listed.as_bytes(), DATA);
    printer.put("", files);
    Ok(())
}

/// So many containers make a fleet whose hosts are worth to be remembered from one build to the next.
const WORTH_REMEMBERING: usize = 500;

/// Of all but a host's own plan that its files are printed from.
fn fleet_digest(plan: &Plan, templates: &Templates) -> String {
    let fleet = serde_json::to_string(&plan.without_hosts()).unwrap_or_default();
    sha256(format!("{fleet}\n{}", templates.texts()).as_bytes())
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
    /// The digest of what all hosts have in common, where hosts are remembered.
    made_of: Option<String>,
    /// The variables that etcdctl reads.
    etcd: Value,
    bundles: Pool<Bundle>,
}

/// The plan for programs, and the page of it for people.
const PLAN_JSON: &str = "plan.json";
const PLAN_TEXT: &str = "plan.txt";

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
        Self { plan, templates, to, made_of, etcd, bundles: Pool::default() }
    }

    /// The files of every host, and `plan.json` meanwhile. Out: the digests of that and of the hosts' manifests.
    fn hosts(&self) -> Result<Digests, Broken> {
        let hosts = &self.plan.hosts;
        let (mut digests, mut broken) = (Digests::new(), None);
        let digest = self.stream(PLAN_JSON, &mut |json| {
            let mut json = PlanJson::begin(self.plan, json)?;
            let mut written = Ok(());
            let print = |host: &HostPlan| {
                let json = json::host(host);
                let listed = self.host_once(host, &json)?;
                Ok((json, listed))
            };
            parallel::in_order(hosts, WORTH_A_THREAD, print, |printed| match printed {
                Err(why) => {
                    broken.get_or_insert(why);
                }
                Ok((host, (path, digest))) => {
                    digests.insert(path, digest);
                    if written.is_ok() {
                        written = json.host(&host);
                    }
                }
            });
            written.and_then(|()| json.end())
        });
        digests.insert(PLAN_JSON.into(), digest);
        broken.map_or(Ok(digests), Err)
    }

    /// The same where the host is not there yet as it is to be.
    fn host_once(&self, host: &HostPlan, json: &[u8]) -> Result<(String, String), Broken> {
        let Some(fleet) = &self.made_of else { return self.host(host) };
        let made_of = sha256(&[fleet.as_bytes(), json].concat());
        if let Some(digest) = self.to.same(&host.name, &made_of) {
            return Ok((format!("{}/MANIFEST", host.name), digest));
        }
        let (path, digest) = self.host(host)?;
        self.to.made(&host.name, &made_of, &digest);
        Ok((path, digest))
    }

    /// The same where it is not there yet as it is to be.
    fn plan_text_once(&self, digests: &Digests) -> Result<String, Broken> {
        let same = self.plan_digest(digests).and_then(|made_of| self.to.same(PLAN_TEXT, &made_of));
        if let Some(digest) = same {
            return Ok(digest);
        }
        let digest = self.plan_text()?;
        self.remember_plan_text(digests, &digest);
        Ok(digest)
    }

    fn remember_plan_text(&self, digests: &Digests, digest: &str) {
        if let Some(made_of) = self.plan_digest(digests) {
            self.to.made(PLAN_TEXT, &made_of, digest);
        }
    }

    /// Of all that `plan.txt` is printed from, where that is remembered.
    fn plan_digest(&self, digests: &Digests) -> Option<String> {
        let fleet = self.made_of.as_ref()?;
        Some(sha256(format!("{fleet} {}", digests.get(PLAN_JSON)?).as_bytes()))
    }

    fn plan_text(&self) -> Result<String, Broken> {
        let context = plan_text::context(self.plan);
        let mut rendered = Ok(());
        let digest = self.stream(PLAN_TEXT, &mut |text| {
            rendered = self.templates.render("plan.txt.j2", &context, self.plan.containers(), text);
            Ok(())
        });
        rendered.map(|()| digest)
    }

    fn stream(&self, path: &str, fill: Fill<'_>) -> String {
        let mut digest = String::new();
        // What cannot be written is said by the destination.
        let _ = self.to.stream(path, &mut |file| {
            let mut hashed = Hashed::new(file);
            fill(&mut hashed)?;
            digest = hashed.digest();
            Ok(())
        });
        digest
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
