//! One host of a plan → the files of its bundle.

use super::{Digests, Printer, activate, manifest, registration, script, systemd};
use crate::artifacts::{Artifacts, DATA, SCRIPT};
use crate::digest::sha256;
use crate::fleet::Kind;
use crate::jinja::{Broken, Value, map};
use crate::parallel;
use crate::plan::{HostPlan, Unit, register_name};

/// So many units are printed before their files are put: a host that has more is not in memory as files either.
const MOST_AT_ONCE: usize = 64;

fn add_digests(files: &Artifacts, digests: &mut Digests) {
    digests.extend(files.files.iter().map(|(path, file)| (path.clone(), sha256(&file.content))));
}

impl Printer<'_> {
    /// The files of one host, below its folder. Out: path and digest of its manifest.
    pub(super) fn host(&self, host: &HostPlan) -> Result<(String, String), Broken> {
        let mut digests = Digests::new();
        let mut files = Artifacts::default();
        match host.units.as_slice() {
            units if units.len() > MOST_AT_ONCE => self.crowd(host, &mut digests)?,
            units => units.iter().try_for_each(|unit| self.unit(&mut files, host, unit))?,
        }
        self.about(&mut files, host)?;
        add_digests(&files, &mut digests);
        let listed = manifest::listed(&digests, &self.origin());
        let digest = sha256(listed.as_bytes());
        files.insert("MANIFEST".into(), listed, DATA);
        self.put_below(host, files);
        Ok((format!("{}/MANIFEST", host.name), digest))
    }

    /// The files of a host's units where these are many: some at a time, on all processors. Their digests are added.
    fn crowd(&self, host: &HostPlan, digests: &mut Digests) -> Result<(), Broken> {
        let shares: Vec<&[Unit]> = host.units.chunks(MOST_AT_ONCE).collect();
        let print = |units: &&[Unit]| {
            let (mut files, mut digests) = (Artifacts::default(), Digests::new());
            units.iter().try_for_each(|unit| self.unit(&mut files, host, unit))?;
            add_digests(&files, &mut digests);
            self.put_below(host, files);
            Ok(digests)
        };
        let mut broken = Ok(());
        parallel::in_order(&shares, 1, print, |printed| match printed {
            Ok(found) => digests.extend(found),
            Err(why) if broken.is_ok() => broken = Err(why),
            Err(_) => {}
        });
        broken
    }

    /// Puts files that are named by their path in the bundle of a host.
    fn put_below(&self, host: &HostPlan, files: Artifacts) {
        let mut below = Artifacts::default();
        for (path, artifact) in files.files {
            below.files.insert(format!("{}/{path}", host.name), artifact);
        }
        self.to.put(below);
    }

    /// Adds the files that a host has once.
    fn about(&self, files: &mut Artifacts, host: &HostPlan) -> Result<(), Broken> {
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
        Ok(())
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
}
