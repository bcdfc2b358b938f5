//! A plan → the files of every host. Decisions were made by the plan; here they are printed.

mod activate;
mod manifest;
mod plan_text;
mod registration;
mod script;
mod systemd;

use crate::artifacts::{Artifacts, DATA, SCRIPT};
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::fleet::Kind;
use crate::jinja::{Broken, Templates, Value, map};
use crate::parallel::shares;
use crate::plan::{HostPlan, Plan, Unit, register_name};

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
pub fn render(plan: &Plan, templates: &Templates, report: &mut Report) -> Artifacts {
    match rendered(plan, templates) {
        Ok(artifacts) => artifacts,
        Err(broken) => {
            report.push(broken_template(broken));
            Artifacts::default()
        }
    }
}

fn rendered(plan: &Plan, templates: &Templates) -> Result<Artifacts, Broken> {
    let printer = Printer { plan, templates };
    let mut artifacts = Artifacts::default();
    for share in shares(&plan.hosts, WORTH_A_THREAD, |hosts| printer.hosts(hosts)) {
        artifacts.files.append(&mut share?.files);
    }
    printer.fleet(&mut artifacts)?;
    Ok(artifacts)
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
    plan: &'p Plan,
    templates: &'p Templates,
}

impl Printer<'_> {
    /// What belongs to the whole fleet, beside the files of its hosts.
    fn fleet(&self, artifacts: &mut Artifacts) -> Result<(), Broken> {
        let mut json = serde_json::to_string_pretty(self.plan).unwrap_or_default();
        json.push('\n');
        artifacts.insert("plan.json".into(), json, DATA);
        self.print(artifacts, "plan.txt".into(), "plan.txt.j2", &plan_text::context(self.plan), DATA)?;
        let root = manifest::root(artifacts, &self.origin());
        artifacts.insert("MANIFEST".into(), root, DATA);
        Ok(())
    }

    fn hosts(&self, hosts: &[HostPlan]) -> Result<Artifacts, Broken> {
        let mut artifacts = Artifacts::default();
        for host in hosts {
            let files = self.host(host)?;
            let listed = manifest::host(&files, &self.origin());
            for (path, artifact) in files.files {
                artifacts.files.insert(format!("{}/{path}", host.name), artifact);
            }
            artifacts.insert(format!("{}/MANIFEST", host.name), listed, DATA);
        }
        Ok(artifacts)
    }

    /// The files of one host, by path in its bundle.
    fn host(&self, host: &HostPlan) -> Result<Artifacts, Broken> {
        let mut files = Artifacts::default();
        for unit in &host.units {
            self.unit(&mut files, host, unit)?;
        }
        let origin = self.origin();
        let activate = activate::context(self.plan, host, &origin);
        self.print(&mut files, "activate".into(), "activate.j2", &activate, SCRIPT)?;
        let target = systemd::target(self.plan, host, &origin);
        let path = format!("systemd/{}.target", self.plan.fleet);
        self.print(&mut files, path, "fleet.target.j2", &target, DATA)?;
        if !host.reserved_ports.is_empty() {
            let path = format!("sysctl.d/60-dpc-{}.conf", self.plan.fleet);
            let ports = Value::from(host.reserved_ports.join(","));
            let context = map([("origin", Value::from(origin)), ("ports", ports)]);
            self.print(&mut files, path, "reserved-ports.conf.j2", &context, DATA)?;
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

    fn print(
        &self,
        files: &mut Artifacts,
        path: String,
        template: &str,
        context: &Value,
        mode: u32,
    ) -> Result<(), Broken> {
        let text = self.templates.render(template, context)?;
        files.insert(path, text, mode);
        Ok(())
    }

    /// Where what belongs to no service comes from.
    fn origin(&self) -> String {
        format!("dpc.kdl, fleet \"{}\"", self.plan.fleet)
    }
}
