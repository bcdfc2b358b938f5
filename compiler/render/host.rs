//! One host of a plan → the files of its bundle.

use super::{Printer, activate, manifest, registration, script, systemd};
use crate::artifacts::{Bundle, DATA, SCRIPT};
use crate::digest::sha256;
use crate::fleet::Kind;
use crate::jinja::{Broken, Item};
use crate::parallel;
use crate::plan::{HostPlan, Unit, register_name};
use std::borrow::Cow;
use std::fmt::Arguments;

/// So many units are printed before their files are put: a host that has more is not in memory as files either.
const MOST_AT_ONCE: usize = 64;

/// Whether a host's units are many.
pub fn is_crowd(host: &HostPlan) -> bool {
    host.units.len() > MOST_AT_ONCE
}

/// The path of each file with its digest.
fn digests(files: &Bundle) -> impl Iterator<Item = (&str, String)> {
    files.files().map(|file| (file.path, sha256(file.content)))
}

/// Where the config file at a path of a unit's container is in the bundle.
pub(super) fn config_file(unit: &str, path: &str) -> String {
    format!("files/{unit}{path}")
}

impl Printer<'_> {
    /// The files of one host, below its folder. Out: the digest of its manifest.
    pub(super) fn host(&self, host: &HostPlan) -> Result<String, Broken> {
        let mut files = self.bundles.take();
        let put = match is_crowd(host) {
            true => {
                let (about, put) = parallel::beside(|| self.about(&mut files, host), || self.crowd(host));
                let put = put?;
                about.map(|()| put)?
            }
            false => {
                host.units.iter().try_for_each(|unit| self.unit(&mut files, host, unit))?;
                self.about(&mut files, host)?;
                Vec::new()
            }
        };
        let put = put.iter().map(|(path, digest)| (path.as_str(), Cow::Borrowed(digest.as_str())));
        let kept = digests(files.sorted()).map(|(path, digest)| (path, Cow::Owned(digest)));
        let mut all: Vec<(&str, Cow<'_, str>)> = put.chain(kept).collect();
        all.sort();
        let listed = manifest::listed(all.iter().map(|(path, digest)| (*path, &**digest)), &self.origin());
        let digest = sha256(listed.as_bytes());
        files.insert(format_args!("MANIFEST"), listed.as_bytes(), DATA);
        self.put(&host.name, files);
        Ok(digest)
    }

    /// The files of a host's units where these are many: some at a time, on all processors. Out: their digests.
    fn crowd(&self, host: &HostPlan) -> Result<Vec<(String, String)>, Broken> {
        let shares: Vec<&[Unit]> = host.units.chunks(MOST_AT_ONCE).collect();
        let print = |units: &&[Unit]| -> Result<Vec<_>, Broken> {
            let mut files = self.bundles.take();
            units.iter().try_for_each(|unit| self.unit(&mut files, host, unit))?;
            let digests = digests(&files).map(|(path, digest)| (path.to_string(), digest)).collect();
            self.put(&host.name, files);
            Ok(digests)
        };
        let mut all = Ok(Vec::new());
        parallel::in_order(&shares, 1, print, |printed| match (&mut all, printed) {
            (Ok(all), Ok(digests)) => all.extend(digests),
            (Ok(_), Err(why)) => all = Err(why),
            (Err(_), _) => {}
        });
        all
    }

    /// Adds the files that a host has once.
    fn about(&self, files: &mut Bundle, host: &HostPlan) -> Result<(), Broken> {
        let (origin, fleet) = (self.origin(), &self.plan.fleet);
        let mut print = |path: Arguments<'_>, template, context: Item<'_>, mode| {
            let units = host.units.len();
            files.fill(path, mode, |file| self.templates.render(template, &context, units, file))
        };
        let context = activate::context(self.plan, host, &self.etcd, &origin);
        print(format_args!("activate"), "activate.j2", context, SCRIPT)?;
        let context = systemd::target(self.plan, host, &origin);
        print(format_args!("systemd/{fleet}.target"), "fleet.target.j2", context, DATA)?;
        if !host.reserved_ports.is_empty() {
            let path = format_args!("sysctl.d/60-dpc-{fleet}.conf");
            let ports = Item::from(host.reserved_ports.join(","));
            let context = Item::from([("origin", Item::from(&*origin)), ("ports", ports)]);
            print(path, "reserved-ports.conf.j2", context, DATA)?;
        }
        Ok(())
    }

    /// Adds the files of one unit.
    fn unit(&self, files: &mut Bundle, host: &HostPlan, unit: &Unit) -> Result<(), Broken> {
        let name = &unit.name;
        let mut print = |path: Arguments<'_>, template, context: &Item<'_>, mode| {
            files.fill(path, mode, |file| self.templates.render(template, context, 1, file))
        };
        let context = script::context(self.plan, host, unit, &self.etcd);
        print(format_args!("docker/{name}.sh"), "container.sh.j2", &context, SCRIPT)?;
        let context = systemd::unit(self.plan, unit);
        let template = if unit.kind == Kind::Service { "service.service.j2" } else { "task.service.j2" };
        print(format_args!("systemd/{name}.service"), template, &context, DATA)?;
        if unit.kind == Kind::Scheduled {
            print(format_args!("systemd/{name}.timer"), "task.timer.j2", &context, DATA)?;
        }
        if !unit.registrations.is_empty() {
            let path = format_args!("systemd/{}.service", register_name(name));
            print(path, "register.service.j2", &context, DATA)?;
            let context = registration::context(self.plan, host, unit, &self.etcd);
            print(format_args!("etcd/{name}.sh"), "register.sh.j2", &context, SCRIPT)?;
            files.insert(format_args!("etcd/{name}.json"), registration::json(unit).as_bytes(), DATA);
        }
        for file in &unit.container.files {
            let mode = u32::from_str_radix(&file.mode, 8).unwrap_or(DATA);
            files.insert(format_args!("{}", config_file(name, &file.path.value)), &file.content, mode);
        }
        Ok(())
    }
}
