//! A plan → the values of its page for people: a line for each thing that a container has beyond its image.

use crate::encode::json::host_port;
use crate::model::container::{ConfigFile, Confinement, Container, Network, Port, Secret, Tmpfs, Volume};
use crate::model::fleet::Kind;
use crate::model::plan::{Plan, Sign, Unit, Wait};
use crate::template::{Value, context, list};
use std::sync::Arc;

/// The values of `plan.txt.j2`. Hosts and units are looked up one by one, since a large fleet has many.
pub(crate) fn values(plan: &Arc<Plan>) -> Value {
    let hosts = Arc::clone(plan);
    context! {
        fleet => plan.fleet.as_str(),
        environment => plan.environment.as_deref().unwrap_or_default(),
        hosts => list(plan.hosts.len(), move |index| host(&hosts, index)),
    }
}

fn host(plan: &Arc<Plan>, index: usize) -> Value {
    let host = &plan.hosts[index];
    let units = Arc::clone(plan);
    context! {
        name => host.name.as_str(),
        address => host.address.to_string(),
        units => list(host.units.len(), move |unit_index| unit(&units.hosts[index].units[unit_index])),
    }
}

fn unit(unit: &Unit) -> Value {
    let mut facts = FactLines::default();
    facts.process(unit);
    facts.mounts(&unit.container);
    facts.freedoms(&unit.container);
    facts.others(unit);
    context! {
        name => unit.name.as_str(),
        kind => if unit.kind == Kind::Service { "service" } else { "task" },
        hash => unit.hash.as_str(),
        origin => unit.origin.as_str(),
        facts => facts.lines,
    }
}

#[derive(Default)]
struct FactLines {
    lines: Vec<Value>,
}

impl FactLines {
    fn add(&mut self, name: &'static str, value: impl ToString) {
        self.lines.push(context! { name, value => value.to_string() });
    }

    fn process(&mut self, unit: &Unit) {
        let container = &unit.container;
        self.add("image", &container.image);
        unit.schedule.iter().for_each(|schedule| self.add("runs", schedule));
        if unit.kind == Kind::Hook {
            self.add("runs", "when something fails");
        }
        unit.on_failure.iter().for_each(|task| self.add("on failure", task));
        match container.network.value {
            _ if container.joined.is_some() => {}
            Network::Host => {}
            Network::Bridge => self.add("network", "docker's bridge"),
            Network::None => self.add("network", "none"),
        }
        let joined = container.joined.iter();
        joined.for_each(|other| self.add("network", format!("that of {}", other.service.value)));
        container.platform.iter().for_each(|platform| self.add("platform", platform));
        container.hostname.iter().for_each(|name| self.add("hostname", name));
        container.user.iter().for_each(|user| self.add("user", user));
        if !container.group_add.is_empty() {
            let groups = container.group_add.iter().map(ToString::to_string).collect::<Vec<_>>();
            self.add("groups", groups.join(" "));
        }
        container.resources.memory.iter().for_each(|memory| self.add("memory", memory));
        container.ports.iter().for_each(|listening| self.add("port", port(listening)));
    }

    fn mounts(&mut self, container: &Container) {
        container.volumes.iter().for_each(|mounted| self.add("volume", volume(mounted)));
        container.tmpfs.iter().for_each(|mounted| self.add("tmpfs", tmpfs(mounted)));
        container.env_files.iter().for_each(|path| self.add("env-file", &path.value));
        container.label_files.iter().for_each(|path| self.add("label-file", &path.value));
        container.files.iter().for_each(|mounted| self.add("file", file(mounted)));
        container.secrets.iter().for_each(|mounted| self.add("secret", secret(mounted)));
    }

    /// The privileges of the container beyond the usual ones.
    fn freedoms(&mut self, container: &Container) {
        if !container.read_only.value {
            self.add("root", "writable");
        }
        if !container.no_new_privileges {
            self.add("privileges", "setuid programs gain theirs");
        }
        if container.privileged {
            self.add("privileged", "root in it is root on the host");
        }
        confinement(&container.confinement).for_each(|text| self.add("security-opt", text));
        container.pid.iter().for_each(|pid| self.add("pid", pid));
        container.ipc.iter().for_each(|ipc| self.add("ipc", ipc));
        container.gpus.iter().for_each(|name| self.add("gpu", name));
        let added = container.cap_add.iter().map(|name| format!("+{name}"));
        let capabilities: Vec<String> =
            container.cap_drop.iter().map(|name| format!("-{name}")).chain(added).collect();
        if !capabilities.is_empty() {
            self.add("capabilities", capabilities.join(" "));
        }
        for device in &container.devices {
            self.add("device", format!("{} → {} ({})", device.path, device.container, device.permissions));
        }
        if !container.docker_args.is_empty() {
            let words: Vec<&str> =
                container.docker_args.iter().map(|argument| argument.value.as_str()).collect();
            self.add("docker-args", format!("{} (unchecked)", words.join(" ")));
        }
    }

    fn others(&mut self, unit: &Unit) {
        unit.waits.iter().for_each(|wait| self.add("after", waited(wait)));
        for record in unit.records() {
            self.add("registers", record.key.clone());
        }
    }
}

fn port(port: &Port) -> String {
    let bound = port.bound().map(|address| format!(" on {address}")).unwrap_or_default();
    let inside = port.container.as_ref().map(|first| format!(", {first} inside")).unwrap_or_default();
    format!("{} {}/{}{bound}{inside}", port.name, port.range, port.protocol)
}

fn volume(volume: &Volume) -> String {
    let note = match (volume.docker_socket, volume.read_only, volume.shared) {
        (true, ..) => " (docker's socket: root on the host)",
        (_, true, _) => " (read-only)",
        (_, _, true) => " (shared)",
        _ => "",
    };
    format!("{} → {}{note}", volume.from.value, volume.path.value)
}

fn tmpfs(tmpfs: &Tmpfs) -> String {
    let limit = tmpfs.size.map(|size| format!(" ({size})")).unwrap_or_default();
    let exec = if tmpfs.exec { ", programs run" } else { "" };
    format!("{}{limit}{exec}", tmpfs.path.value)
}

fn confinement(confinement: &Confinement) -> impl Iterator<Item = String> {
    let Confinement { seccomp, apparmor, label } = confinement;
    let seccomp = seccomp.iter().map(|profile| format!("seccomp={}", profile.value));
    let apparmor = apparmor.iter().map(|profile| format!("apparmor={profile}"));
    seccomp.chain(apparmor).chain(label.iter().map(|label| format!("label={label}")))
}

fn file(file: &ConfigFile) -> String {
    format!("{} ({})", file.path.value, file.source.as_deref().unwrap_or("written in the KDL"))
}

fn secret(secret: &Secret) -> String {
    let name = secret.path.as_deref().map_or(secret.name.as_str(), |path| path);
    format!("{name} from {}", secret.from.value)
}

fn waited(wait: &Wait) -> String {
    let limit = wait.timeout_seconds;
    match &wait.sign {
        Sign::Unit { unit } => format!("{unit} is ready (at most {limit}s)"),
        Sign::Started { unit } => format!("{unit} is started (at most {limit}s)"),
        Sign::Registration { .. } => format!("{} is registered (at most {limit}s)", wait.service),
        Sign::Connection { targets } => {
            let targets: Vec<String> =
                targets.iter().map(|target| host_port(&target.host, target.port)).collect();
            format!("{} accepts connections at {} (at most {limit}s)", wait.service, targets.join(" or "))
        }
    }
}
