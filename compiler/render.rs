//! A plan → the files of every host. Decisions were made by the plan; here they are printed.

mod activate;
mod hashed;
mod json;
mod manifest;
mod plan_text;
mod registration;
mod script;
mod systemd;

use crate::artifacts::{Artifacts, DATA, Destination, Fill, SCRIPT};
use crate::diagnostic::{Diagnostic, Fault};
use crate::digest::sha256;
use crate::fleet::Kind;
use crate::jinja::{Broken, Templates, Value, map};
use crate::parallel;
use crate::plan::{HostPlan, Plan, Unit, register_name};
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
    let printer = Printer { plan, templates, to, made_of };
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
    printer.put("MANIFEST", manifest::listed(&digests, &printer.origin()));
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
    let printer = Printer { plan, templates, to, made_of: None };
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
}

/// The plan for programs, and the page of it for people.
const PLAN_JSON: &str = "plan.json";
const PLAN_TEXT: &str = "plan.txt";

/// The digests of files, by path.
type Digests = BTreeMap<String, String>;

impl Printer<'_> {
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
            rendered = self.templates.render_to("plan.txt.j2", &context, self.plan.containers(), text);
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

    fn put(&self, path: &str, content: String) {
        let mut files = Artifacts::default();
        files.insert(path.to_string(), content, DATA);
        self.to.put(files);
    }

    /// The files of one host, below its folder. Out: path and digest of its manifest.
    fn host(&self, host: &HostPlan) -> Result<(String, String), Broken> {
        let files = self.files(host)?;
        let digests = files.files.iter().map(|(path, file)| (path.clone(), sha256(&file.content))).collect();
        let listed = manifest::listed(&digests, &self.origin());
        let (path, digest) = (format!("{}/MANIFEST", host.name), sha256(listed.as_bytes()));
        let mut below = Artifacts::default();
        for (path, artifact) in files.files {
            below.files.insert(format!("{}/{path}", host.name), artifact);
        }
        below.insert(path.clone(), listed, DATA);
        self.to.put(below);
        Ok((path, digest))
    }

    /// The files of one host, by path in its bundle.
    fn files(&self, host: &HostPlan) -> Result<Artifacts, Broken> {
        let mut files = Artifacts::default();
        for unit in &host.units {
            self.unit(&mut files, host, unit)?;
        }
        let origin = self.origin();
        let print = |template, context: Value| self.templates.render(template, &context, host.units.len());
        let activate = print("activate.j2", activate::context(self.plan, host, &origin))?;
        files.insert("activate".into(), activate, SCRIPT);
        let target = print("fleet.target.j2", systemd::target(self.plan, host, &origin))?;
        files.insert(format!("systemd/{}.target", self.plan.fleet), target, DATA);
        if !host.reserved_ports.is_empty() {
            let path = format!("sysctl.d/60-dpc-{}.conf", self.plan.fleet);
            let ports = Value::from(host.reserved_ports.join(","));
            let context = map([("origin", Value::from(origin)), ("ports", ports)]);
            files.insert(path, print("reserved-ports.conf.j2", context)?, DATA);
        }
        Ok(files)
    }

    fn unit(&self, files: &mut Artifacts, host: &HostPlan, unit: &Unit) -> Result<(), Broken> {
        let name = &unit.name;
        let context = script::context(self.plan, host, unit);
        self.print(files, format!("docker/{name}.sh"), "container.sh.j2", &context, SCRIPT)?;
        let context = systemd::unit(self.plan, unit);
        let template = if unit.kind == Kind::Service { "service.service.j2" } else { "task.service.j2" };
        self.print(files, format!("systemd/{name}.service"), template, &context, DATA)?;
        if unit.kind == Kind::Scheduled {
            self.print(files, format!("systemd/{name}.timer"), "task.timer.j2", &context, DATA)?;
        }
        if !unit.registrations.is_empty() {
            let path = format!("systemd/{}.service", register_name(name));
            self.print(files, path, "register.service.j2", &context, DATA)?;
            let context = registration::context(self.plan, host, unit);
            self.print(files, format!("etcd/{name}.sh"), "register.sh.j2", &context, SCRIPT)?;
            files.insert(format!("etcd/{name}.json"), registration::json(unit), DATA);
        }
        for file in &unit.container.files {
            let mode = u32::from_str_radix(&file.mode, 8).unwrap_or(DATA);
            files.insert(format!("files/{name}{}", file.path.value), file.content.to_vec(), mode);
        }
        Ok(())
    }

    /// Adds a file about one container.
    fn print(
        &self,
        files: &mut Artifacts,
        path: String,
        template: &str,
        context: &Value,
        mode: u32,
    ) -> Result<(), Broken> {
        let text = self.templates.render(template, context, 1)?;
        files.insert(path, text, mode);
        Ok(())
    }

    /// Where what belongs to no service comes from.
    fn origin(&self) -> String {
        format!("dpc.kdl, fleet \"{}\"", self.plan.fleet)
    }
}
