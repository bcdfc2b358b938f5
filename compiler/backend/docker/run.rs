//! A container → the words of `docker run`, a flag a line. Sources: docker-run(1), and facts about its CLI in the encoders.

use crate::encode::docker;
use crate::model::container::{
    ConfigFile, Confinement, Container, Device, Logs, Network, Port, Resources, Secret, Stop, Tmpfs, Volume,
};
use crate::model::fleet::Kind;
use crate::model::plan::Unit;
use crate::text::Located;
use crate::value::log_driver::LogDriver;
use crate::value::mode::Mode;
use crate::value::mounting::Propagation;
use crate::value::namespace::Pid;
use crate::value::user::User;
use std::borrow::Cow;

/// The folder of the config files of a fleet's current release, before the unit's name and the path.
pub(crate) const CONTAINER_FILES: &str = "current/files";

/// Returns the place of a config file in the bundle, by the unit and the path in the container.
pub(crate) fn config_file(unit: &str, path: &str) -> String {
    format!("files/{unit}{path}")
}

/// A flag of `docker run`, with its value if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFlag<'c> {
    name: Cow<'c, str>,
    value: Option<Cow<'c, str>>,
    /// Further words, as somebody wrote them.
    more: Vec<Cow<'c, str>>,
}

impl<'c> RunFlag<'c> {
    fn new(name: impl Into<Cow<'c, str>>, value: Option<Cow<'c, str>>) -> Self {
        Self { name: name.into(), value, more: Vec::new() }
    }

    /// Its words, which it gives away.
    pub fn into_words(self) -> impl Iterator<Item = Cow<'c, str>> {
        std::iter::once(self.name).chain(self.value).chain(self.more)
    }
}

/// Passes to `word` everything that makes a container what it is: the words for docker, and the content of the files that it
/// mounts. The rest of a service (who waits for it, how its health is asked) can change while the container stays.
pub(crate) fn identity(fleet: &str, name: &str, container: &Container, word: &mut dyn FnMut(&str)) {
    flags(fleet, name, container).into_iter().flat_map(RunFlag::into_words).for_each(|flag| word(&flag));
    image_and_command(container).for_each(&mut *word);
    for file in &container.files {
        word(&file.sha256);
        word(&file.mode.to_string());
    }
    container.secrets.iter().for_each(|secret| word(&secret.from));
    // docker takes the network of the container that has the name at the start, and keeps it.
    container.joined.iter().for_each(|other| word(&other.hash));
}

/// Returns the flags with their values, without the labels by which dpc marks its containers. It takes the container apart
/// whole, so that a new setting does not compile before it has a flag here.
pub fn flags<'c>(fleet: &'c str, name: &'c str, container: &'c Container) -> Vec<RunFlag<'c>> {
    let Container {
        // `image_and_command` has them.
        image: _,
        command: _,
        // Only the checks use it.
        writes: _,
        platform,
        entrypoint,
        user,
        group_add,
        hostname,
        workdir,
        network,
        joined,
        published: of_others,
        ports,
        env,
        env_files,
        secrets,
        files,
        volumes,
        tmpfs,
        read_only,
        no_new_privileges,
        init,
        resources,
        ulimits,
        cap_add,
        cap_drop,
        privileged,
        confinement,
        pid,
        ipc,
        devices,
        gpus,
        labels,
        label_files,
        extra_hosts,
        dns,
        dns_search,
        sysctls,
        shm_size,
        stop,
        logs,
        docker_args,
    } = container;
    let folder = format!("/opt/dpc/{fleet}/{CONTAINER_FILES}/{name}");
    let mut flags = RunFlags { all: Vec::with_capacity(MANY) };
    flags.add("--name", name);
    flags.maybe("--hostname", hostname.as_ref().map(|name| name.as_str()));
    match joined {
        Some(other) => flags.add("--network", format!("container:{}", other.container)),
        None => flags.add("--network", network.as_str()),
    }
    if network.value == Network::Bridge && joined.is_none() {
        ports.iter().chain(of_others).for_each(|port| flags.add("--publish", published(port)));
    }
    extra_hosts.iter().for_each(|(name, address)| flags.add("--add-host", format!("{name}:{address}")));
    dns.iter().for_each(|server| flags.add("--dns", server.to_string()));
    flags.maybe("--dns-search", dns_search.as_deref());
    sysctls.iter().for_each(|(name, value)| flags.add("--sysctl", docker::sysctl(name, value)));
    flags.maybe("--pid", pid.map(Pid::as_str));
    flags.maybe("--ipc", ipc.as_ref().map(|ipc| ipc.as_str()));
    flags.add("--pull", "never");
    flags.maybe("--platform", platform.as_ref().map(|platform| platform.as_str()));
    flags.when(read_only.value, "--read-only");
    flags.when(*init, "--init");
    flags.when(*privileged, "--privileged");
    flags.maybe("--security-opt", no_new_privileges.then_some("no-new-privileges"));
    flags.confinement(confinement);
    cap_drop.iter().for_each(|name| flags.add("--cap-drop", name.as_str()));
    cap_add.iter().for_each(|name| flags.add("--cap-add", name.as_str()));
    flags.maybe("--user", user.as_ref().map(Located::to_string));
    group_add.iter().for_each(|group| flags.add("--group-add", group.to_string()));
    flags.maybe("--workdir", workdir.as_ref().map(|path| path.as_str()));
    flags.maybe("--entrypoint", entrypoint.first().map(|word| word.as_str()));
    flags.stop(stop);
    flags.limits(resources);
    flags.maybe("--shm-size", shm_size.map(|size| size.to_string()));
    ulimits.iter().for_each(|limit| flags.add("--ulimit", limit.to_string()));
    devices.iter().for_each(|given| flags.add("--device", device(given)));
    gpus.iter().for_each(|name| flags.add("--device", name.as_str()));
    flags.logs(name, logs);
    env_files.iter().for_each(|path| flags.add("--env-file", path.as_str()));
    env.iter().for_each(|(name, value)| flags.add("--env", docker::env(name, value)));
    // The flag has the name alone: the value comes from the script's environment, never from an argument.
    variables(secrets).for_each(|secret| flags.add("--env", &secret.name));
    for mounted in volumes {
        let (flag, value) = volume(mounted);
        flags.add(flag, value);
    }
    files.iter().for_each(|mounted| flags.add("--mount", file(&folder, mounted)));
    secrets.iter().for_each(|secret| flags.maybe("--mount", secret_file(secret)));
    tmpfs.iter().for_each(|mounted| flags.add("--tmpfs", self::tmpfs(mounted, user.as_deref())));
    label_files.iter().for_each(|path| flags.add("--label-file", path.as_str()));
    labels.iter().for_each(|(label, value)| flags.add("--label", docker::label(label, value)));
    flags.raw(docker_args);
    flags.all
}

/// Returns the labels by which `activate` knows its containers, and knows whether they are those of this build.
/// What runs after a failure is told of it too, as systemd tells its unit.
pub fn marks(fleet: &str, unit: &Unit) -> Vec<RunFlag<'static>> {
    let label = |name: &str, value: &dyn std::fmt::Display| {
        RunFlag::new("--label", Some(format!("dpc.{name}={value}").into()))
    };
    let labels = [
        label("fleet", &fleet),
        label("service", &unit.service),
        label("instance", &unit.instance),
        label("hash", &unit.hash),
    ];
    let told =
        ["MONITOR_UNIT", "MONITOR_SERVICE_RESULT"].map(|name| RunFlag::new("--env", Some(name.into())));
    labels.into_iter().chain(told.into_iter().filter(|_| unit.kind == Kind::Hook)).collect()
}

/// The words after the flags: the image, and the command of the container.
pub fn image_and_command(container: &Container) -> impl Iterator<Item = &str> {
    let words = container.entrypoint.iter().skip(1).chain(&container.command);
    std::iter::once(container.image.as_str()).chain(words.map(|word| word.as_str()))
}

/// Most containers have no more flags.
const MANY: usize = 32;

struct RunFlags<'c> {
    all: Vec<RunFlag<'c>>,
}

impl<'c> RunFlags<'c> {
    fn add(&mut self, name: &'static str, value: impl Into<Cow<'c, str>>) {
        self.all.push(RunFlag::new(name, Some(value.into())));
    }

    fn when(&mut self, condition: bool, name: &'static str) {
        if condition {
            self.all.push(RunFlag::new(name, None));
        }
    }

    fn maybe(&mut self, name: &'static str, value: Option<impl Into<Cow<'c, str>>>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn stop(&mut self, Stop { signal, grace_seconds }: &Stop) {
        self.maybe("--stop-signal", signal.as_ref().map(|signal| signal.to_string()));
        self.add("--stop-timeout", grace_seconds.to_string());
    }

    fn confinement(&mut self, Confinement { seccomp, apparmor, label }: &Confinement) {
        self.maybe("--security-opt", seccomp.as_ref().map(|profile| format!("seccomp={}", profile.value)));
        self.maybe("--security-opt", apparmor.as_ref().map(|profile| format!("apparmor={profile}")));
        label.iter().for_each(|label| self.add("--security-opt", format!("label={label}")));
    }

    fn limits(&mut self, resources: &Resources) {
        let Resources {
            memory,
            memory_swap,
            memory_reservation,
            memory_swappiness,
            cpus,
            cpuset,
            cpu_shares,
            pids,
            oom_score_adj,
        } = resources;
        self.maybe("--memory", memory.as_ref().map(Located::to_string));
        self.maybe("--memory-swap", memory_swap.map(|size| size.to_string()));
        self.maybe("--memory-reservation", memory_reservation.map(|size| size.to_string()));
        self.maybe("--memory-swappiness", memory_swappiness.map(|percent| percent.to_string()));
        self.maybe("--cpuset-cpus", cpuset.as_ref().map(ToString::to_string));
        self.maybe("--cpu-shares", cpu_shares.map(|weight| weight.to_string()));
        self.maybe("--oom-score-adj", oom_score_adj.map(|score| score.to_string()));
        self.maybe("--cpus", cpus.map(|cpus| cpus.to_string()));
        self.maybe("--pids-limit", pids.map(|most| most.to_string()));
    }

    fn logs(&mut self, name: &str, Logs { driver, max_size, max_file, options }: &Logs) {
        self.add("--log-driver", driver.to_string());
        if *driver == LogDriver::Journald {
            self.add("--log-opt", format!("tag={name}"));
        }
        self.maybe("--log-opt", max_size.map(|size| format!("max-size={size}")));
        self.maybe("--log-opt", max_file.map(|count| format!("max-file={count}")));
        options.iter().for_each(|(name, value)| self.add("--log-opt", format!("{name}={}", value.value)));
    }

    /// Adds arguments as they are written. A word that is no flag belongs to the flag before it, and stands on its line.
    fn raw(&mut self, arguments: &'c [Located<String>]) {
        let first = self.all.len();
        for argument in arguments {
            let word = Cow::from(&argument.value);
            match self.all[first..].last_mut() {
                Some(flag) if !argument.starts_with('-') => flag.more.push(word),
                _ => self.all.push(RunFlag::new(word, None)),
            }
        }
    }
}

fn published(port: &Port) -> String {
    let address = match port.bound() {
        Some(address) if address.is_ipv6() => format!("[{address}]:"),
        Some(address) => format!("{address}:"),
        None => String::new(),
    };
    format!("{address}{}:{}/{}", port.range, port.inside(), port.protocol)
}

fn device(Device { path, container, permissions }: &Device) -> String {
    format!("{path}:{container}:{permissions}")
}

/// The secrets that become variables.
pub(crate) fn variables(secrets: &[Secret]) -> impl Iterator<Item = &Secret> {
    secrets.iter().filter(|secret| secret.path.is_none())
}

/// docker labels a directory by `--volume` alone.
fn volume(volume: &Volume) -> (&'static str, String) {
    let propagation = volume.propagation.map(Propagation::as_str);
    let Some(label) = volume.selinux else {
        let mount = docker::bind(&volume.from, &volume.path, volume.read_only);
        return (
            "--mount",
            propagation.map_or(mount.clone(), |how| format!("{mount},bind-propagation={how}")),
        );
    };
    let letter = label.letter().to_string();
    let options = [volume.read_only.then_some("ro"), Some(&*letter), propagation];
    let options: Vec<&str> = options.into_iter().flatten().collect();
    ("--volume", format!("{}:{}:{}", volume.from.value, volume.path.value, options.join(",")))
}

fn file(folder: &str, file: &ConfigFile) -> String {
    docker::bind(&format!("{folder}{}", file.path), &file.path, true)
}

fn secret_file(secret: &Secret) -> Option<String> {
    Some(docker::bind(&secret.from, secret.path.as_ref()?, true))
}

/// If the image has a directory there, docker keeps the directory's owner and mode whatever `mode` says, and a user other than
/// root could not write. So the owner is set too. The kernel takes a size in bytes without a unit.
fn tmpfs(tmpfs: &Tmpfs, user: Option<&User>) -> String {
    let mut options = Vec::new();
    options.extend(tmpfs.exec.then(|| "exec".to_string()));
    options.extend(tmpfs.size.map(|size| format!("size={}", size.to_string().trim_end_matches('b'))));
    options.extend((tmpfs.mode != Mode::STICKY).then(|| format!("mode={}", tmpfs.mode)));
    let user = user.and_then(User::owner).filter(|owner| owner.uid != 0);
    if let Some(owner) = tmpfs.owner.or(user) {
        options.push(format!("uid={}", owner.uid));
        options.extend(owner.gid.map(|gid| format!("gid={gid}")));
    }
    docker::tmpfs(&tmpfs.path, &options)
}
