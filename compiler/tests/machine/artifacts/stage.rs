//! The surroundings of a unit: its docker engine, its needs, and its health.

use crate::artifacts::apart::Case;
use crate::artifacts::etcd::Etcd;
use crate::artifacts::listeners::{Listeners, Page};
use crate::artifacts::machine::Machine;
use crate::artifacts::script::{Script, Start};
use crate::artifacts::tool;
use crate::recording_docker::RecordingDocker;
use dpc::model::fleet::{Check, Target};
use dpc::model::plan::{Sign, Unit, Wait};
use dpc::value::scheme::Scheme;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The surroundings of the units of one host.
pub struct Stage<'c> {
    /// The tree and host.
    pub case: &'c Case,
    /// The machine.
    pub machine: Machine,
    /// The engine.
    pub engine: RecordingDocker,
    /// The listeners.
    pub listeners: Listeners,
    /// The fleet's etcd, where it has one.
    pub etcd: Option<Etcd>,
}

impl<'c> Stage<'c> {
    /// Surroundings in which nothing is ready.
    pub fn new(case: &'c Case) -> Self {
        let machine = Machine::new(case);
        let etcd = case.tree.plan.etcd.as_ref().map(|etcd| Etcd::new(&machine, etcd));
        Self { case, machine, engine: RecordingDocker::start(), listeners: Listeners::default(), etcd }
    }

    /// Starts a script of the host's release.
    pub fn start(&self, path: &str, arguments: &[&str], notify: bool) -> Script {
        let path = format!("/opt/dpc/{}/current/{path}", self.case.tree.plan.fleet);
        let docker_host = self.engine.host();
        Start { machine: &self.machine, path, arguments, docker_host, notify }.spawn()
    }

    /// Starts the registrar of the host, in the directory that systemd makes for it.
    pub fn registrar(&self) -> Script {
        fs::create_dir_all(self.runtime_directory().join(".register")).unwrap();
        self.start("etcd/register.sh", &[], false)
    }

    /// Where systemd has the directories of the fleet's units.
    pub fn runtime_directory(&self) -> PathBuf {
        Path::new("/run/dpc").join(&self.case.tree.plan.fleet)
    }

    /// Makes the needs of a unit ready. Without `etcd` a registration is seen by its port.
    pub fn satisfy(&mut self, wait: &Wait, etcd: bool) {
        match &wait.sign {
            Sign::Unit { unit } => self.machine.set_active(&format!("{unit}.service"), true),
            Sign::Started { unit } => self.run(unit),
            Sign::Registration { key, .. } if etcd => self.etcd.as_ref().unwrap().put(&format!("{key}x")),
            // One is enough, and the last is tried last.
            Sign::Registration { targets, .. } | Sign::Connection { targets } => {
                self.listeners.open(targets.last().unwrap(), None);
            }
        }
    }

    /// Lets a container run.
    fn run(&self, name: &str) {
        let client = &tool::all("docker")[0];
        let mut command = Command::new(client);
        command.args(["run", "--detach", "--name", name, "image"]).env("DOCKER_HOST", self.engine.host());
        assert!(command.output().unwrap().status.success());
        self.engine.forget_of(name);
    }

    /// Lets the application answer its health check, or not. One without a check is healthy as long as it runs.
    pub fn set_healthy(&mut self, unit: &Unit, healthy: bool) {
        match &unit.health.check {
            Check::Http { address, port, .. } => {
                let target = Target { host: address.to_string(), port: *port };
                self.set_open(&target, page(&unit.health.check), healthy);
            }
            Check::Tcp { targets } => targets.iter().for_each(|target| self.set_open(target, None, healthy)),
            Check::Command { .. } | Check::Exec { .. } => self.engine.answer_exec(i64::from(!healthy)),
            Check::Running => {}
        }
    }

    fn set_open(&mut self, target: &Target, page: Option<Page>, open: bool) {
        if open { self.listeners.open(target, page) } else { self.listeners.close(target) }
    }

    /// Makes the engine new, as after a boot. Nothing is ready.
    pub fn reset(&mut self) {
        self.listeners.close_all();
        drop(fs::remove_file(self.runtime_directory().with_extension("swept")));
        for file in fs::read_dir(&self.machine.active).unwrap() {
            fs::remove_file(file.unwrap().path()).unwrap();
        }
        self.engine = RecordingDocker::start();
        self.engine.answer_exec(1);
    }
}

/// What the plan says that is asked. Of what is sent in its own way the listener sees nothing: it answers anything.
fn page(check: &Check) -> Option<Page> {
    let Check::Http { address, port, path, scheme, host, headers, status: _ } = check else { return None };
    if *scheme == Scheme::Https {
        return Some(Page::Tls);
    }
    let address = if address.is_ipv6() { format!("[{address}]:{port}") } else { format!("{address}:{port}") };
    let host = host.as_ref().map_or(address, ToString::to_string);
    let mut lines = vec![format!("GET {path} HTTP/1.1"), format!("Host: {host}")];
    let own = ["User-Agent: dpc", "Accept: */*", "Connection: close"].map(str::to_owned);
    let given = |line: &String| headers.keys().any(|name| line.starts_with(&format!("{name}:")));
    lines.extend(own.into_iter().filter(|line| !given(line)));
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    Some(Page::Plain { request: format!("{}\r\n\r\n", lines.join("\r\n")) })
}

/// Returns whether a unit can be healthy or not while it runs.
pub fn has_check(unit: &Unit) -> bool {
    unit.health.check != Check::Running
}
