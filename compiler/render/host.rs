//! One host of a plan → the files of its bundle.

use super::{Bundle, Printer, activate, manifest, registration, script, systemd};
use crate::artifacts::{Artifacts, DATA, MANIFEST, SCRIPT};
use crate::digest::sha256;
use crate::fleet::Kind;
use crate::jinja::{Broken, Value, context};
use crate::plan::{HostPlan, Unit, register_name};

/// Where the config file at a path of a unit's container is in the bundle.
pub(super) fn config_file(unit: &str, path: &str) -> String {
    format!("files/{unit}{path}")
}

impl Printer<'_> {
    /// The files of one host.
    pub fn host(&self, host: &HostPlan) -> Result<Bundle, Broken> {
        let mut files = Artifacts::default();
        host.units.iter().try_for_each(|unit| self.unit(&mut files, host, unit))?;
        self.about(&mut files, host)?;
        let listed = manifest::listed(files.digests(), &self.origin());
        let digest = sha256(listed.as_bytes());
        files.insert(MANIFEST, listed, DATA);
        Ok(Bundle { files, digest })
    }

    /// Adds the files that a host has once.
    fn about(&self, files: &mut Artifacts, host: &HostPlan) -> Result<(), Broken> {
        let (origin, fleet, units) = (self.origin(), &self.plan.fleet, host.units.len());
        let mut print = |path: String, template: &str, values: Value, mode: u32| {
            files.insert(path, self.print(template, values, units)?, mode);
            Ok(())
        };
        let values = activate::values(self.plan, host, &self.etcd, &origin);
        print("activate".to_string(), "activate.j2", values, SCRIPT)?;
        let values = systemd::target(self.plan, host, &origin);
        print(format!("systemd/{fleet}.target"), "fleet.target.j2", values, DATA)?;
        if !host.reserved_ports.is_empty() {
            let values = context! { origin, ports => host.reserved_ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(",") };
            print(format!("sysctl.d/60-dpc-{fleet}.conf"), "reserved-ports.conf.j2", values, DATA)?;
        }
        Ok(())
    }

    /// Adds the files of one unit.
    fn unit(&self, files: &mut Artifacts, host: &HostPlan, unit: &Unit) -> Result<(), Broken> {
        let name = &unit.name;
        let mut print = |path: String, template: &str, values: Value, mode: u32| {
            files.insert(path, self.print(template, values, 1)?, mode);
            Ok(())
        };
        let values = script::values(self.plan, host, unit, &self.etcd);
        print(format!("docker/{name}.sh"), "container.sh.j2", values, SCRIPT)?;
        let values = systemd::unit(self.plan, unit);
        let template = if unit.kind == Kind::Service { "service.service.j2" } else { "task.service.j2" };
        print(format!("systemd/{name}.service"), template, values.clone(), DATA)?;
        if unit.kind == Kind::Scheduled {
            print(format!("systemd/{name}.timer"), "task.timer.j2", values.clone(), DATA)?;
        }
        if !unit.registrations.is_empty() {
            print(format!("systemd/{}.service", register_name(name)), "register.service.j2", values, DATA)?;
            let values = registration::values(self.plan, host, unit, &self.etcd);
            print(format!("etcd/{name}.sh"), "register.sh.j2", values, SCRIPT)?;
            files.insert(format!("etcd/{name}.json"), registration::json(unit), DATA);
        }
        for file in &unit.container.files {
            files.insert(config_file(name, &file.path), &*file.content, file.mode.bits().into());
        }
        Ok(())
    }
}
