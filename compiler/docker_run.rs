//! A container → the words of `docker run`, a flag a line. Sources: docker-run(1), and facts about what its CLI takes
//! in the encoders.

use crate::container::{ConfigFile, Container, Network, Port, Secret, Tmpfs, Volume};
use crate::encode::mount;
use crate::plan::Unit;
use crate::value::size::Size;
use crate::value::user::Owner;
use std::borrow::Cow;

/// Where the config files of a fleet's current release are on its hosts, before the unit's name and the path.
pub const CONTAINER_FILES: &str = "current/files";

/// A flag of `docker run`, with its value if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag<'c> {
    name: Cow<'c, str>,
    value: Option<Cow<'c, str>>,
    /// Further words, where somebody wrote them as they are.
    more: Vec<Cow<'c, str>>,
}

impl<'c> Flag<'c> {
    fn new(name: impl Into<Cow<'c, str>>, value: Option<Cow<'c, str>>) -> Self {
        Self { name: name.into(), value, more: Vec::new() }
    }

    /// Its words, which it gives away.
    pub fn into_words(self) -> impl Iterator<Item = Cow<'c, str>> {
        std::iter::once(self.name).chain(self.value).chain(self.more)
    }
}

/// Gives `word` all that makes a container what it is: what docker is told, and the content of what it is told to mount. What
/// else the KDL says about a service (who waits for it, how its health is asked) can change while the container stays.
pub fn identity(fleet: &str, name: &str, container: &Container, mut word: impl FnMut(&str)) {
    flags(fleet, name, container).into_iter().flat_map(Flag::into_words).for_each(|flag| word(&flag));
    image_and_command(container).for_each(&mut word);
    container.files.iter().flat_map(|file| [&*file.sha256, &*file.mode]).for_each(&mut word);
    container.secrets.iter().for_each(|secret| word(&secret.from.value));
}

/// The flags, each with its value, but for the labels that dpc marks its containers with.
pub fn flags<'c>(fleet: &'c str, name: &'c str, container: &'c Container) -> Vec<Flag<'c>> {
    let mut flags = Flags { all: Vec::with_capacity(MANY) };
    flags.add("--name", name);
    flags.network(container);
    flags.process(container);
    flags.limits(container);
    flags.logs(name, container);
    flags.environment(container);
    flags.mounts(fleet, name, container);
    for (label, value) in &container.labels {
        flags.add("--label", format!("{label}={value}"));
    }
    flags.raw(container);
    flags.all
}

/// The labels by which `activate` knows its containers, and whether they are as this build makes them.
pub fn marks(fleet: &str, unit: &Unit) -> [Flag<'static>; 4] {
    let label = |name: &str, value: &dyn std::fmt::Display| {
        Flag::new("--label", Some(format!("dpc.{name}={value}").into()))
    };
    [
        label("fleet", &fleet),
        label("service", &unit.service),
        label("instance", &unit.instance),
        label("hash", &unit.hash),
    ]
}

/// What follows the flags: the image, and the words that the container runs.
pub fn image_and_command(container: &Container) -> impl Iterator<Item = &str> {
    let words = container.entrypoint.iter().skip(1).chain(&container.command);
    std::iter::once(&container.image.value).chain(words).map(String::as_str)
}

/// Most containers have no more flags.
const MANY: usize = 32;

struct Flags<'c> {
    all: Vec<Flag<'c>>,
}

impl<'c> Flags<'c> {
    fn add(&mut self, name: &'static str, value: impl Into<Cow<'c, str>>) {
        self.all.push(Flag::new(name, Some(value.into())));
    }

    fn when(&mut self, condition: bool, name: &'static str) {
        if condition {
            self.all.push(Flag::new(name, None));
        }
    }

    fn maybe(&mut self, name: &'static str, value: Option<impl Into<Cow<'c, str>>>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn network(&mut self, container: &'c Container) {
        self.add("--network", network(container.network.value));
        if container.network.value == Network::Bridge {
            container.ports.iter().for_each(|port| self.add("--publish", published(port)));
        }
        for (name, address) in &container.extra_hosts {
            self.add("--add-host", format!("{name}:{address}"));
        }
        container.dns.iter().for_each(|server| self.add("--dns", server));
        self.maybe("--dns-search", container.dns_search.as_ref());
        for (name, value) in &container.sysctls {
            self.add("--sysctl", format!("{name}={}", value.value));
        }
    }

    fn process(&mut self, container: &'c Container) {
        self.add("--pull", "never");
        self.when(container.read_only.value, "--read-only");
        self.when(container.init, "--init");
        if container.no_new_privileges {
            self.add("--security-opt", "no-new-privileges");
        }
        container.cap_drop.iter().for_each(|name| self.add("--cap-drop", name));
        container.cap_add.iter().for_each(|name| self.add("--cap-add", name));
        self.maybe("--user", container.user.as_ref().map(|user| &user.value));
        self.maybe("--workdir", container.workdir.as_ref());
        self.maybe("--entrypoint", container.entrypoint.first());
        self.maybe("--stop-signal", container.stop.signal.as_ref());
        self.add("--stop-timeout", container.stop.grace_seconds.to_string());
    }

    fn limits(&mut self, container: &'c Container) {
        let resources = &container.resources;
        self.maybe("--memory", resources.memory.as_ref().map(|memory| size(memory.value)));
        self.maybe("--memory-swap", resources.memory_swap.map(size));
        self.maybe("--cpus", resources.cpus.as_ref());
        self.maybe("--pids-limit", resources.pids.map(|most| most.to_string()));
        self.maybe("--shm-size", container.shm_size.map(size));
        for limit in &container.ulimits {
            self.add("--ulimit", format!("{}={}:{}", limit.name, limit.soft, limit.hard));
        }
        for device in &container.devices {
            self.add("--device", format!("{}:{}:{}", device.path, device.container, device.permissions));
        }
    }

    fn logs(&mut self, name: &str, container: &'c Container) {
        let logs = &container.logs;
        self.add("--log-driver", &logs.driver);
        if logs.driver == "journald" {
            self.add("--log-opt", format!("tag={name}"));
        }
        self.maybe("--log-opt", logs.max_size.map(|bytes| format!("max-size={}", size(bytes))));
        self.maybe("--log-opt", logs.max_file.map(|count| format!("max-file={count}")));
    }

    fn environment(&mut self, container: &'c Container) {
        for (name, value) in container.env.iter() {
            self.add("--env", format!("{name}={}", value.value));
        }
        // By name alone: the value comes from the script's environment, never from an argument.
        variables(&container.secrets).for_each(|secret| self.add("--env", &secret.name));
    }

    fn mounts(&mut self, fleet: &str, unit: &str, container: &'c Container) {
        container.volumes.iter().for_each(|mounted| self.mount(volume(mounted)));
        container.files.iter().for_each(|mounted| self.mount(file(fleet, unit, mounted)));
        container.secrets.iter().filter_map(secret_file).for_each(|mounted| self.mount(mounted));
        let user = container.user.as_ref().map(|user| user.value.as_str());
        container.tmpfs.iter().for_each(|mounted| self.add("--tmpfs", tmpfs(mounted, user)));
    }

    fn mount(&mut self, value: Option<String>) {
        self.maybe("--mount", value);
    }

    /// As they are written; a word that is no flag belongs to the flag before it, and stands on its line.
    fn raw(&mut self, container: &'c Container) {
        let first = self.all.len();
        for argument in &container.docker_args {
            let word = Cow::from(&argument.value);
            match self.all[first..].last_mut() {
                Some(flag) if !argument.starts_with('-') => flag.more.push(word),
                _ => self.all.push(Flag::new(word, None)),
            }
        }
    }
}

fn network(network: Network) -> &'static str {
    match network {
        Network::Host => "host",
        Network::Bridge => "bridge",
        Network::None => "none",
    }
}

fn published(port: &Port) -> String {
    let range =
        |first: u16, last: u16| if first == last { first.to_string() } else { format!("{first}-{last}") };
    let outside = range(port.first, port.last);
    let inside = port
        .container
        .as_ref()
        .map_or(outside.clone(), |first| range(first.value, first.value + (port.last - port.first)));
    let address = match port.bound() {
        Some(address) if address.is_ipv6() => format!("[{address}]:"),
        Some(address) => format!("{address}:"),
        None => String::new(),
    };
    format!("{address}{outside}:{inside}/{}", port.protocol)
}

/// Bytes in the largest unit that divides them, as docker reads them.
pub fn size(bytes: u64) -> String {
    Size::of(bytes).map_or_else(|| bytes.to_string(), |size| size.to_string())
}

/// The secrets that become variables.
pub fn variables(secrets: &[Secret]) -> impl Iterator<Item = &Secret> {
    secrets.iter().filter(|secret| secret.path.is_none())
}

fn bind(source: &str, target: &str, read_only: bool) -> Option<String> {
    let mut fields = vec![("type", Some("bind")), ("source", Some(source)), ("target", Some(target))];
    if read_only {
        fields.push(("readonly", None));
    }
    mount::mount(&fields).ok()
}

fn volume(volume: &Volume) -> Option<String> {
    bind(&volume.from, &volume.path, volume.read_only)
}

fn file(fleet: &str, unit: &str, file: &ConfigFile) -> Option<String> {
    let source = format!("/opt/dpc/{fleet}/{CONTAINER_FILES}/{unit}{}", file.path.value);
    bind(&source, &file.path, true)
}

fn secret_file(secret: &Secret) -> Option<Option<String>> {
    let path = secret.path.as_ref()?;
    Some(bind(&secret.from, path, true))
}

/// Over a directory that the image has, docker keeps that directory's owner and mode whatever `mode` says, so that a user
/// other than root could not write: the owner is said too. The kernel takes a size in bytes without a unit.
fn tmpfs(tmpfs: &Tmpfs, user: Option<&str>) -> String {
    let mut options = Vec::new();
    options.extend(tmpfs.size.map(|bytes| format!("size={}", size(bytes).trim_end_matches('b'))));
    options.extend((tmpfs.mode != "1777").then(|| format!("mode={}", tmpfs.mode)));
    if let Some(owner) = user.and_then(|user| Owner::parse(user).ok()).filter(|owner| owner.uid != 0) {
        options.push(format!("uid={}", owner.uid));
        options.extend(owner.gid.map(|gid| format!("gid={gid}")));
    }
    match options.is_empty() {
        true => tmpfs.path.value.clone(),
        false => format!("{}:{}", tmpfs.path.value, options.join(",")),
    }
}
