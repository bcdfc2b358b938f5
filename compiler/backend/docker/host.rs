//! One host of a plan → the files of its bundle.

use super::mount_points::written_directories;
use super::run::config_file;
use super::{activate, registration, script, systemd};
use crate::backend::Print;
use crate::model::fleet::Kind;
use crate::model::plan::{HostPlan, Plan, Unit, register_name};
use crate::output::artifacts::{Artifacts, DATA, SCRIPT};
use crate::template::{TemplateError, Value, context};
use std::collections::BTreeSet;

/// The files of one host.
pub(super) fn files(plan: &Plan, host: &HostPlan, print: &Print<'_>) -> Result<Artifacts, TemplateError> {
    let files = Artifacts::default();
    let (etcd, written) = (script::etcd_variables(plan), written_directories(&host.units));
    let mut printing = HostPrinter { plan, host, print, etcd, written, files };
    host.units.iter().try_for_each(|unit| printing.unit(unit))?;
    printing.about()?;
    Ok(printing.files)
}

struct HostPrinter<'p> {
    plan: &'p Plan,
    host: &'p HostPlan,
    print: &'p Print<'p>,
    /// The variables that etcdctl reads.
    etcd: Vec<String>,
    /// The directories that containers write.
    written: BTreeSet<String>,
    files: Artifacts,
}

impl HostPrinter<'_> {
    fn print(
        &mut self,
        path: String,
        template: &str,
        values: Value,
        mode: u32,
        containers: usize,
    ) -> Result<(), TemplateError> {
        self.files.insert(path, (self.print)(template, values, containers)?, mode);
        Ok(())
    }

    /// Adds the files that a host has once.
    fn about(&mut self) -> Result<(), TemplateError> {
        let Self { plan, host, .. } = *self;
        let (origin, fleet, units) = (plan.origin(), &plan.fleet, host.units.len());
        let values = activate::values(plan, host, &self.etcd, &origin);
        self.print("activate".to_string(), "activate.j2", values, SCRIPT, units)?;
        let values = systemd::target(plan, host, &origin);
        self.print(format!("systemd/{fleet}.target"), "fleet.target.j2", values, DATA, units)?;
        if host.units.iter().any(|unit| !unit.registrations.is_empty()) {
            let values = registration::registrar(plan, host, &self.etcd, &origin);
            let path = format!("systemd/{}.service", register_name(fleet));
            self.print(path, "register.service.j2", values.clone(), DATA, units)?;
            self.print("etcd/register.sh".to_string(), "register.sh.j2", values, SCRIPT, units)?;
        }
        if !host.reserved_ports.is_empty() {
            let ports: Vec<String> = host.reserved_ports.iter().map(ToString::to_string).collect();
            let values = context! { origin, ports => ports.join(",") };
            let path = format!("sysctl.d/60-dpc-{fleet}.conf");
            self.print(path, "reserved-ports.conf.j2", values, DATA, units)?;
        }
        Ok(())
    }

    /// Adds the files of one unit.
    fn unit(&mut self, unit: &Unit) -> Result<(), TemplateError> {
        let Self { plan, host, .. } = *self;
        let name = &unit.name;
        let values = script::values(plan, host, unit, &self.etcd, &self.written);
        self.print(format!("docker/{name}.sh"), "container.sh.j2", values, SCRIPT, 1)?;
        let values = systemd::unit(plan, unit);
        let template = if unit.kind == Kind::Service { "service.service.j2" } else { "task.service.j2" };
        self.print(format!("systemd/{name}.service"), template, values.clone(), DATA, 1)?;
        if unit.kind == Kind::Scheduled {
            self.print(format!("systemd/{name}.timer"), "task.timer.j2", values, DATA, 1)?;
        }
        if !unit.registrations.is_empty() {
            let path = format!("etcd/{name}.registration");
            self.print(path, "registration.j2", registration::values(unit), DATA, 1)?;
        }
        for file in &unit.container.files {
            self.files.insert(config_file(name, &file.path), &*file.content, file.mode.bits().into());
        }
        Ok(())
    }
}
