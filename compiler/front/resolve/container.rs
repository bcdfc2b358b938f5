//! Merged settings → one container at its place.

use super::container_place::ContainerPlace;
use super::merge::{Layered, Merged};
use super::reading::Reading;
use super::{health, life, mounts, registration};
use crate::kdl::Entry;
use crate::language::Single;
use crate::language::service::{disk, life as rows, limits, network, process};
use crate::model::container::{Confinement, Container, Device, JoinedNetwork, Logs, Resources, Stop};
use crate::model::fleet::Placement;
use crate::model::image::Locked;
use crate::text::{Located, Span};
use crate::value::capability::Capability;
use crate::value::cdi::CdiDevice;
use crate::value::dns::Fqdn;
use crate::value::hosts_address::HostsAddress;
use crate::value::label_name::LabelName;
use crate::value::log_driver::LogDriver;
use crate::value::namespace::{Ipc, Pid};
use crate::value::path::{ContainerPath, HostPath};
use crate::value::size::Size;
use crate::value::sysctl::Sysctl;
use crate::value::ulimit::{Limit, Resource, Ulimit};
use crate::value::user::Account;
use crate::value::{Invalid, address::ListenAddress};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

impl ContainerPlace<'_, '_> {
    /// Reads one instance. `None` if a value is wrong that everything else depends on.
    pub(crate) fn placement(
        &self,
        merged: &Merged<'_, '_>,
        image: Entry<'_>,
        reading: &mut Reading<'_>,
    ) -> Option<Placement> {
        let mut container = self.container(merged, image, reading);
        let locked = container.as_deref_mut().and_then(|container| self.locked(container));
        container.iter().for_each(|container| Self::check_ipc(container, merged, reading));
        let health = health::health(self, merged, reading);
        let registrations = registration::registrations(self, merged, reading);
        let run_timeout = single_value(merged, &rows::TASK_TIMEOUT, reading);
        let on_failure = merged.get(rows::ON_FAILURE.name).and_then(Layered::argument);
        Some(Placement {
            host: self.place.host.clone(),
            instance: self.place.instance,
            container: container?,
            locked,
            health: health?,
            health_by_default: merged.get("health").is_none(),
            registrations,
            restart: life::restart(merged, reading),
            schedule: merged.get(rows::SCHEDULE.name).and_then(|setting| life::schedule(setting, reading)),
            run_timeout_seconds: run_timeout.map(|time| time.as_seconds_ceil()),
            after: life::after(merged, reading),
            on_failure: on_failure.and_then(|entry| reading.text(entry)),
        })
    }

    /// Pins the image by the lock, and returns what that says.
    fn locked(&self, container: &mut Container) -> Option<Locked> {
        let image = self.context.images.lock.images.get(&container.image.value)?;
        container.image.value = container.image.with_digest(&image.digest);
        let platform = container.platform_or(&self.host.platform);
        let config = image.platforms.get(platform).map(Arc::clone);
        Some(Locked { span: image.span, platform: platform.clone(), config })
    }

    /// Holds what it says about shared memory to whose that is. runc refuses to set a parameter of the host's.
    fn check_ipc(container: &Container, merged: &Merged<'_, '_>, reading: &mut Reading<'_>) {
        let Some(ipc) = &container.ipc else { return };
        let own = ipc.value == Ipc::None;
        let size = merged.get(limits::SHM_SIZE.node.name).filter(|_| container.shm_size.is_some());
        let size = size.map(|setting| ("`shm-size`".to_string(), setting.node().span()));
        let parameters = container.sysctls.iter().filter(|(name, _)| name.is_ipc() && !own);
        let parameters = parameters.map(|(name, value)| (format!("`{name}`"), value.span));
        for (what, span) in size.into_iter().chain(parameters) {
            let invalid = Invalid::new(format!(
                "{what} goes with shared memory of its own, and `ipc` is `{}`",
                ipc.value
            ))
            .help("remove one of the two; what belongs to the host is set there, in `/etc/sysctl.d/`");
            reading.push(super::reading::refused(invalid, span).at(ipc.span, "because of this"));
        }
    }

    fn container(
        &self,
        merged: &Merged<'_, '_>,
        image: Entry<'_>,
        reading: &mut Reading<'_>,
    ) -> Option<Box<Container>> {
        let image = reading.parsed(image, |text| process::IMAGE.parse(text));
        let user = single_value(merged, &process::USER, reading);
        let volumes = mounts::volumes(self, merged, user.as_deref(), reading);
        let capabilities = merged.get("capabilities");
        let (env, env_files) = super::environment::env(self, merged, reading);
        let dns = merged.get("dns");
        Some(Box::new(Container {
            entrypoint: words(merged.get("entrypoint"), reading),
            command: words(merged.get("command"), reading),
            user,
            platform: single_value(merged, &process::PLATFORM, reading),
            group_add: values(each(merged.get("group-add"), reading, Account::parse_group)),
            hostname: single_value(merged, &process::HOSTNAME, reading),
            workdir: single_value(merged, &process::WORKDIR, reading),
            network: single_value(merged, &network::NETWORK, reading)
                .unwrap_or_else(|| Located::new(network::NETWORK.default(), Span::default())),
            joined: joined(merged, reading),
            published: Vec::new(),
            ports: self.place.ports.clone(),
            secrets: super::environment::secrets(merged, &env, reading),
            env,
            env_files,
            files: mounts::files(self, merged, reading),
            volumes,
            tmpfs: mounts::tmpfs(merged, reading),
            writes: mounts::writes(merged, reading),
            read_only: flag(merged, &disk::READ_ONLY, reading),
            no_new_privileges: flag(merged, &limits::NO_NEW_PRIVILEGES, reading).value,
            init: flag(merged, &limits::INIT, reading).value,
            resources: resources(merged.get("resources"), reading),
            ulimits: merged.gather("ulimit", |setting| limit(setting, reading)),
            cap_add: capability_names(capabilities, "add", reading),
            cap_drop: capability_names(capabilities, "drop", reading),
            privileged: flag(merged, &limits::PRIVILEGED, reading).value,
            confinement: confinement(merged.get("security-opt"), reading),
            pid: single_value(merged, &limits::PID, reading)
                .map(|pid| pid.value)
                .filter(|pid| *pid != Pid::Private),
            ipc: single_value(merged, &limits::IPC, reading).filter(|ipc| ipc.value != Ipc::Private),
            gpus: gpus(merged.get("gpu"), reading),
            devices: merged.gather("device", |setting| device(setting, reading)),
            labels: pairs(merged, "label", reading, LabelName::parse, |value| Ok(value.to_string()))
                .into_iter()
                .map(|(name, value)| (name, value.value))
                .collect(),
            label_files: merged
                .gather("label-file", |setting| reading.parsed(setting.argument()?, HostPath::parse)),
            extra_hosts: extra_hosts(merged, reading),
            dns: each(dns, reading, ListenAddress::parse),
            dns_search: reading.field(&network::SEARCH, |name| dns?.property(name)).map(|name| name.value),
            sysctls: sysctls(merged, reading),
            shm_size: single_value(merged, &limits::SHM_SIZE, reading).map(|size| size.value),
            stop: stop(merged.get("stop"), reading),
            logs: logs(merged.get("logs"), reading),
            docker_args: words(merged.get("docker-args"), reading),
            image: image?,
        }))
    }
}

/// Returns the first argument of a setting that may stand once.
fn single_value<T>(
    merged: &Merged<'_, '_>,
    row: &Single<T>,
    reading: &mut Reading<'_>,
) -> Option<Located<T>> {
    reading.parsed(merged.get(row.node.name)?.argument()?, |text| row.parse(text))
}

/// Returns the service whose network it has; the rest of it is known when all are placed.
fn joined(merged: &Merged<'_, '_>, reading: &mut Reading<'_>) -> Option<JoinedNetwork> {
    let setting = merged.get(network::NETWORK.node.name)?;
    let service = setting.property(network::SERVICE);
    let wrong = match (setting.argument(), service) {
        (None, None) => "`network` does not say which",
        (Some(_), Some(_)) => "a container has one network",
        _ => {
            return Some(JoinedNetwork {
                service: reading.text(service?)?,
                container: String::new(),
                hash: String::new(),
            });
        }
    };
    let invalid =
        Invalid::new(wrong).help("write one of the two: `network \"bridge\"` or `network service=\"vpn\"`");
    reading.push(super::reading::refused(invalid, setting.node().span()));
    None
}

fn flag(merged: &Merged<'_, '_>, row: &Single<bool>, reading: &mut Reading<'_>) -> Located<bool> {
    merged
        .get(row.node.name)
        .and_then(|setting| reading.boolean(setting.argument()?))
        .unwrap_or_else(|| Located::new(row.default(), Span::default()))
}

fn words(setting: Option<&Layered<'_, '_>>, reading: &mut Reading<'_>) -> Vec<Located<String>> {
    let entries = setting.into_iter().flat_map(|setting| setting.node().arguments());
    let mut words = Vec::new();
    for entry in entries {
        words.extend(reading.text(entry).filter(|word| reading.fits(word, 0)));
    }
    words
}

fn resources(setting: Option<&Layered<'_, '_>>, reading: &mut Reading<'_>) -> Resources {
    let Some(setting) = setting else { return Resources::default() };
    let property = |name: &str| setting.property(name);
    let memory = reading.field(&limits::MEMORY, property);
    let memory_swap = reading.field(&limits::MEMORY_SWAP, property);
    let reservation = reading.field(&limits::MEMORY_RESERVATION, property);
    check_swap(setting, memory.as_ref(), memory_swap.as_ref(), reading);
    check_reservation(memory.as_ref(), reservation.as_ref(), reading);
    let amount = |number: Located<i64>| number.value.unsigned_abs();
    Resources {
        memory,
        memory_reservation: reservation.map(|size| size.value),
        memory_swappiness: reading.field(&limits::MEMORY_SWAPPINESS, property).map(amount),
        cpuset: reading.field(&limits::CPUSET, property).map(|set| set.value),
        cpu_shares: reading.field(&limits::CPU_SHARES, property).map(amount),
        oom_score_adj: reading.field(&limits::OOM_SCORE_ADJ, property).map(|score| score.value),
        memory_swap: memory_swap.map(|size| size.value),
        cpus: reading.field(&limits::CPUS, property).map(|cpus| cpus.value),
        pids: reading.field(&limits::PIDS, property).map(amount),
    }
}

/// docker run(1), `--memory-swap`: memory and swap together, so there is a memory limit, and it is no larger.
fn check_swap(
    setting: &Layered<'_, '_>,
    memory: Option<&Located<Size>>,
    swap: Option<&Located<Size>>,
    reading: &mut Reading<'_>,
) {
    let Some(swap) = swap else { return };
    let (message, help) = match memory {
        Some(memory) if swap.value < memory.value => (
            "`memory-swap` is memory and swap together, and less than `memory`",
            "write at least what `memory` says",
        ),
        None if setting.property("memory").is_none() => {
            ("`memory-swap` goes with `memory`", "add `memory=`; docker refuses the one without the other")
        }
        _ => return,
    };
    reading.push(super::reading::refused(Invalid::new(message).help(help), swap.span));
}

/// docker: "Minimum memory limit can not be less than memory reservation limit".
fn check_reservation(
    memory: Option<&Located<Size>>,
    reservation: Option<&Located<Size>>,
    reading: &mut Reading<'_>,
) {
    if let (Some(memory), Some(reservation)) = (memory, reservation)
        && reservation.value > memory.value
    {
        let invalid = Invalid::new("`memory-reservation` is more than `memory`, which docker refuses")
            .help("write less than what `memory` says: it is what remains when the host runs short");
        reading.push(super::reading::refused(invalid, reservation.span));
    }
}

fn confinement(setting: Option<&Layered<'_, '_>>, reading: &mut Reading<'_>) -> Confinement {
    let property = |name: &str| setting?.property(name);
    Confinement {
        seccomp: reading.field(&limits::SECCOMP, property),
        apparmor: reading.field(&limits::APPARMOR, property).map(|name| name.value),
        label: reading.field(&limits::SELINUX_LABEL, property).map(|label| label.value).unwrap_or_default(),
    }
}

fn gpus(setting: Option<&Layered<'_, '_>>, reading: &mut Reading<'_>) -> Vec<CdiDevice> {
    let vendor = reading.field_or_default(&limits::GPU_VENDOR, |name| setting?.property(name));
    let gpus = each(setting, reading, |name| CdiDevice::gpu(&vendor, name));
    check_gpus(&gpus, reading);
    values(gpus)
}

/// A GPU is given once: `all` has each of them.
fn check_gpus(gpus: &[Located<CdiDevice>], reading: &mut Reading<'_>) {
    let all = gpus.iter().find(|gpu| gpu.is_all());
    for (at, gpu) in gpus.iter().enumerate() {
        let other = gpus[..at].iter().find(|other| other.value == gpu.value);
        let Some(first) = other.or(all.filter(|all| all.value != gpu.value)) else { continue };
        let (message, why) = if first.value == gpu.value {
            ("this GPU is named twice", "and here")
        } else {
            ("this GPU is one of `all`", "has each of them")
        };
        let invalid = Invalid::new(message).help("keep one of the two");
        reading.push(super::reading::refused(invalid, gpu.span).at(first.span, why));
    }
}

fn limit(setting: &Layered<'_, '_>, reading: &mut Reading<'_>) -> Option<Ulimit> {
    let node = setting.node();
    let name = reading.text(node.arguments().next()?)?;
    let soft = reading.parsed(node.arguments().nth(1)?, |text| limits::HARD.parse(text))?;
    let hard = match node.property(limits::HARD.row.name) {
        Some(_) => reading.field(&limits::HARD, |name| node.property(name))?,
        None => soft.clone(),
    };
    if amount(hard.value) < amount(soft.value) {
        let message = format!(
            "the hard limit `{}` of `{}` is below the soft limit `{}`",
            hard.value, name.value, soft.value
        );
        let invalid = Invalid::new(message)
            .help("a process may raise its soft limit up to the hard one: write the larger as `hard=`");
        reading.push(super::reading::refused(invalid, hard.span));
    }
    let name = reading.valid(Resource::parse(&name.value), name.span)?.value;
    Some(Ulimit { name, soft: amount(soft.value), hard: amount(hard.value) })
}

fn amount(number: i64) -> Limit {
    u64::try_from(number).map_or(Limit::Unlimited, Limit::Amount)
}

fn capability_names(
    setting: Option<&Layered<'_, '_>>,
    list: &str,
    reading: &mut Reading<'_>,
) -> Vec<Capability> {
    let nodes = setting.into_iter().flat_map(|setting| setting.node().children().into_iter().flatten());
    let entries = nodes.filter(|node| node.name() == list).flat_map(|node| node.arguments());
    let mut names: Vec<Capability> = entries
        .filter_map(|entry| reading.parsed(entry, Capability::parse))
        .map(|capability| capability.value)
        .collect();
    names.sort();
    names.dedup();
    names
}

fn device(setting: &Layered<'_, '_>, reading: &mut Reading<'_>) -> Option<Device> {
    let path = reading.parsed(setting.argument()?, undivided(HostPath::parse));
    let container = setting
        .property("container")
        .and_then(|entry| reading.parsed(entry, undivided(ContainerPath::parse)));
    let permissions = reading.field_or_default(&limits::PERMISSIONS, |name| setting.property(name));
    let path = path?;
    let container = container.map_or(path.in_container(), |container| container.value);
    Some(Device { path, container, permissions })
}

/// `--device` has colons between its parts.
fn undivided<T>(parse: impl Fn(&str) -> Result<T, Invalid>) -> impl Fn(&str) -> Result<T, Invalid> {
    move |text| {
        if text.contains(':') {
            Err(Invalid::new(format!("the path `{text}` holds `:`, where docker would cut it"))
                .help("name the device by another path, such as a link in `/dev`"))
        } else {
            parse(text)
        }
    }
}

/// Reads settings of a name and a value, each by its grammar.
fn pairs<N: Ord + Deref<Target = str>, V>(
    merged: &Merged<'_, '_>,
    name: &str,
    reading: &mut Reading<'_>,
    parse_name: impl Fn(&str) -> Result<N, Invalid>,
    parse_value: impl Fn(&str) -> Result<V, Invalid>,
) -> BTreeMap<N, Located<V>> {
    let mut found = BTreeMap::new();
    for setting in merged.all(name) {
        let mut arguments = setting.node().arguments();
        let (Some(name), Some(value)) = (arguments.next(), arguments.next()) else { continue };
        let (name, text) = (reading.parsed(name, &parse_name), reading.text(value));
        let value = text.as_ref().and_then(|text| reading.valid(parse_value(text), text.span));
        if let (Some(name), Some(text), Some(value)) = (name, text, value)
            && reading.fits(&text, name.len() + 1)
        {
            found.insert(name.value, value);
        }
    }
    found
}

fn extra_hosts(merged: &Merged<'_, '_>, reading: &mut Reading<'_>) -> BTreeMap<Fqdn, Located<HostsAddress>> {
    pairs(merged, "extra-host", reading, Fqdn::parse, HostsAddress::parse)
}

fn values<T>(read: Vec<Located<T>>) -> Vec<T> {
    read.into_iter().map(|value| value.value).collect()
}

/// Reads each argument of a setting.
fn each<T>(
    setting: Option<&Layered<'_, '_>>,
    reading: &mut Reading<'_>,
    parse: impl Fn(&str) -> Result<T, Invalid>,
) -> Vec<Located<T>> {
    let entries = setting.into_iter().flat_map(|setting| setting.node().arguments());
    entries.filter_map(|entry| reading.parsed(entry, &parse)).collect()
}

fn sysctls(merged: &Merged<'_, '_>, reading: &mut Reading<'_>) -> BTreeMap<Sysctl, Located<String>> {
    let value = |text: &str| {
        if text.is_empty() || text.chars().any(char::is_control) {
            Err(Invalid::new("a kernel parameter needs a value without control characters")
                .help("write what `sysctl` prints on a host, such as `4096`"))
        } else {
            Ok(text.to_string())
        }
    };
    let mut found = pairs(merged, "sysctl", reading, Sysctl::parse, value);
    // The checks speak about the parameter, not its value.
    for setting in merged.all("sysctl") {
        if let Some(value) = found.get_mut(setting.key()) {
            value.span = setting.node().span();
        }
    }
    found
}

fn stop(setting: Option<&Layered<'_, '_>>, reading: &mut Reading<'_>) -> Stop {
    let property = |name: &str| setting?.property(name);
    Stop {
        signal: reading.field(&rows::SIGNAL, property),
        grace_seconds: reading.field_or_default(&rows::GRACE, property).as_seconds_ceil(),
    }
}

/// Returns the options of the driver: those beside it, and those of later layers.
fn log_options(
    setting: &Layered<'_, '_>,
    driver: &LogDriver,
    reading: &mut Reading<'_>,
) -> BTreeMap<String, Located<String>> {
    let mut nodes: Vec<_> = setting.nodes().collect();
    let names_driver = nodes.iter().position(|node| node.property(rows::DRIVER.row.name).is_some());
    nodes.truncate(names_driver.map_or(nodes.len(), |at| at + 1));
    let mut found = BTreeMap::new();
    for option in nodes.iter().rev().flat_map(|node| node.children().into_iter().flatten()) {
        let (name, value) = (option.arguments().next(), option.arguments().nth(1));
        let name = name.and_then(|entry| reading.parsed(entry, |text| driver.option(text)));
        let value = value.and_then(|entry| reading.text(entry));
        if let (Some(name), Some(value)) = (name, value)
            && reading.fits(&value, name.value.len() + 1)
        {
            found.insert(name.value, value);
        }
    }
    found
}

fn logs(setting: Option<&Layered<'_, '_>>, reading: &mut Reading<'_>) -> Logs {
    let property = |name: &str| setting?.property(name);
    let driver = reading.field_or_default(&rows::DRIVER, property);
    for name in [rows::MAX_SIZE.row.name, rows::MAX_FILE.row.name] {
        if let Some(entry) = property(name).filter(|_| !driver.writes_files()) {
            let invalid = Invalid::new(format!("`{name}` means nothing with the log driver `{driver}`"))
                .help("the journal has its own limits (`SystemMaxUse=` in journald.conf); or set `driver=\"local\"`");
            reading.push(super::reading::refused(invalid, entry.span()));
        }
    }
    let options = setting.map(|setting| log_options(setting, &driver, reading)).unwrap_or_default();
    Logs {
        driver,
        options,
        max_size: reading.field(&rows::MAX_SIZE, property).map(|size| size.value),
        max_file: reading.field(&rows::MAX_FILE, property).map(|count| count.value.unsigned_abs()),
    }
}
