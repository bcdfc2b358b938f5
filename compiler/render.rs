//! A plan → the files of every host. Decisions were made by the plan; here they are printed.

mod activate;
mod manifest;
mod registration;
mod script;
mod systemd;

use crate::artifacts::{Artifacts, DATA, SCRIPT};
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::fleet::Kind;
use crate::jinja::{Broken, Templates, Value, map};
use crate::plan::{HostPlan, Plan, Unit, register_name};

/// A template that does not render.
pub const TEMPLATE: Fault = Fault::error(
    "template",
    "a template of the project renders",
    "A file in the project's `templates/` replaces dpc's own of the same name. It sees the same values, and each value that \
     it prints is quoted for the file it becomes.",
);

/// Prints every artifact. Only a template of the project's own can fail.
pub fn render(plan: &Plan, templates: &Templates, report: &mut Report) -> Artifacts {
    let mut artifacts = Artifacts::default();
    let mut printer = Printer { plan, templates, artifacts: &mut artifacts };
    if let Err(broken) = printer.all() {
        report.push(template_error(broken));
        return Artifacts::default();
    }
    artifacts
}

fn template_error(broken: Broken) -> Diagnostic {
    let line = broken.line.map(|line| format!(", line {line}")).unwrap_or_default();
    Diagnostic::new(&TEMPLATE, format!("the template `{}`{line}: {}", broken.template, broken.message))
        .help(format!("correct `templates/{}`, or remove it to use dpc's own", broken.template))
}

/// A template that does not even compile, as a diagnostic.
pub fn broken_template(broken: Broken) -> Diagnostic {
    template_error(broken)
}

struct Printer<'p> {
    plan: &'p Plan,
    templates: &'p Templates,
    artifacts: &'p mut Artifacts,
}

impl Printer<'_> {
    fn all(&mut self) -> Result<(), Broken> {
        for host in &self.plan.hosts {
            self.host(host)?;
        }
        let mut json = serde_json::to_string_pretty(self.plan).unwrap_or_default();
        json.push('\n');
        self.artifacts.insert("plan.json".into(), json, DATA);
        let text = self.templates.render("plan.txt.j2", &script::plan_text(self.plan))?;
        self.artifacts.insert("plan.txt".into(), text, DATA);
        let root = manifest::root(self.artifacts, &self.origin());
        self.artifacts.insert("MANIFEST".into(), root, DATA);
        Ok(())
    }

    fn host(&mut self, host: &HostPlan) -> Result<(), Broken> {
        let before = Artifacts::default();
        let outer = std::mem::replace(self.artifacts, before);
        let printed = self.host_files(host);
        let files = std::mem::replace(self.artifacts, outer);
        printed?;
        let listed = manifest::host(&files, &self.origin());
        for (path, artifact) in files.files {
            self.artifacts.files.insert(format!("{}/{path}", host.name), artifact);
        }
        self.artifacts.insert(format!("{}/MANIFEST", host.name), listed, DATA);
        Ok(())
    }

    fn host_files(&mut self, host: &HostPlan) -> Result<(), Broken> {
        for unit in &host.units {
            self.unit(host, unit)?;
        }
        let origin = self.origin();
        let activate = activate::context(self.plan, host, &origin);
        self.print("activate", "activate.j2", &activate, SCRIPT)?;
        let target = systemd::target(self.plan, host, &origin);
        self.print(&format!("systemd/{}.target", self.plan.fleet), "fleet.target.j2", &target, DATA)?;
        if !host.reserved_ports.is_empty() {
            let path = format!("sysctl.d/60-dpc-{}.conf", self.plan.fleet);
            let ports = Value::from(host.reserved_ports.join(","));
            let context = map([("origin", Value::from(origin)), ("ports", ports)]);
            self.print(&path, "reserved-ports.conf.j2", &context, DATA)?;
        }
        Ok(())
    }

    fn unit(&mut self, host: &HostPlan, unit: &Unit) -> Result<(), Broken> {
        let name = &unit.name;
        let context = script::context(self.plan, host, unit);
        self.print(&format!("docker/{name}.sh"), "container.sh.j2", &context, SCRIPT)?;
        let context = systemd::unit(self.plan, unit);
        let template = if unit.kind == Kind::Service { "service.service.j2" } else { "task.service.j2" };
        self.print(&format!("systemd/{name}.service"), template, &context, DATA)?;
        if unit.kind == Kind::Scheduled {
            self.print(&format!("systemd/{name}.timer"), "task.timer.j2", &context, DATA)?;
        }
        if !unit.registrations.is_empty() {
            let path = format!("systemd/{}.service", register_name(name));
            self.print(&path, "register.service.j2", &context, DATA)?;
            let context = registration::context(self.plan, host, unit);
            self.print(&format!("etcd/{name}.sh"), "register.sh.j2", &context, SCRIPT)?;
            self.artifacts.insert(format!("etcd/{name}.json"), registration::json(unit), DATA);
        }
        for file in &unit.container.files {
            let mode = u32::from_str_radix(&file.mode, 8).unwrap_or(DATA);
            self.artifacts.insert(format!("files/{name}{}", file.path.value), file.content.to_vec(), mode);
        }
        Ok(())
    }

    fn print(&mut self, path: &str, template: &str, context: &Value, mode: u32) -> Result<(), Broken> {
        let text = self.templates.render(template, context)?;
        self.artifacts.insert(path.to_string(), text, mode);
        Ok(())
    }

    /// Where what belongs to no service comes from.
    fn origin(&self) -> String {
        format!("dpc.kdl, fleet \"{}\"", self.plan.fleet)
    }
}
