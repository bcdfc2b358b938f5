//! A unit of the plan → the request that docker's client must make of the engine for it.
//!
//! This says a second time, without looking at how scripts are written, what each field of a container means in the
//! Docker Engine API (1.41 to 1.44, ContainerCreate).

use crate::artifacts::machine;
use dpc::model::container::{
    ConfigFile, Confinement, Container, Device, Logs, Network, Port, Resources, Secret, Stop, Tmpfs, Volume,
};
use dpc::model::fleet::Kind;
use dpc::model::plan::Unit;
use dpc::value::log_driver::LogDriver;
use dpc::value::mode::Mode;
use dpc::value::security::Seccomp;
use dpc::value::ulimit::Ulimit;
use serde_json::{Map, Value, json};

/// Returns the request for a unit, in the form of [`normal`]. `bare` is the request of the same client without any flag, `raw`
/// with the unit's raw arguments alone: these come last, so their settings win.
pub fn expected(fleet: &str, unit: &Unit, bare: &Value, raw: &Value) -> Value {
    let mut request = Request { bare: bare.clone(), body: raw.clone() };
    request.container(fleet, unit);
    request.labels(fleet, unit);
    normal(request.body)
}

struct Request {
    bare: Value,
    body: Value,
}

impl Request {
    // Taken apart without `..`: a field that is added to `Container` must be given its meaning here.
    fn container(&mut self, fleet: &str, unit: &Unit) {
        #[rustfmt::skip]
        let Container {
            // The client sends the platform in the address of the request.
            image, platform: _, entrypoint, command, user, group_add, hostname, workdir, network, joined, published, ports, env, env_files, secrets,
            files, volumes, tmpfs, writes: _, read_only, no_new_privileges, init, resources, ulimits, cap_add, cap_drop,
            privileged, confinement, pid, ipc, devices, gpus, labels, label_files, extra_hosts, dns, dns_search, sysctls, shm_size,
            stop, logs, docker_args: _,
        } = &*unit.container;
        self.set("/Image", json!(image));
        self.words(entrypoint, command);
        self.maybe("/User", user.as_ref().map(|user| json!(user)));
        self.maybe("/WorkingDir", workdir.as_ref().map(|path| json!(path)));
        self.add("/HostConfig/GroupAdd", group_add.iter().map(|group| json!(group.to_string())));
        self.maybe("/Hostname", hostname.as_ref().map(|name| json!(name)));
        self.maybe("/HostConfig/Privileged", privileged.then(|| json!(true)));
        self.confinement(confinement);
        self.maybe("/HostConfig/PidMode", pid.map(|pid| json!(pid)));
        self.maybe("/HostConfig/IpcMode", ipc.as_ref().map(|ipc| json!(ipc.value)));
        self.add(
            "/HostConfig/DeviceRequests",
            (!gpus.is_empty()).then(|| json!({"Driver": "cdi", "Count": 0, "DeviceIDs": gpus})),
        );
        self.add("/Env", env_files.iter().flat_map(|path| lines(path)));
        self.name("/Labels", label_files.iter().flat_map(|path| lines(path)).map(|line| pair(&line)));
        match joined {
            Some(other) => self.joined(&other.container),
            None => self.network(network.value, ports.iter().chain(published)),
        }
        self.add("/Env", env.iter().map(|(name, value)| json!(format!("{name}={}", value.value))));
        self.add("/Env", secrets.iter().filter_map(variable));
        // Without systemd nobody tells what failed, and the client sends the names alone.
        let told = ["MONITOR_UNIT", "MONITOR_SERVICE_RESULT"].into_iter().filter(|_| unit.kind == Kind::Hook);
        self.add("/Env", told.map(|name| json!(name)));
        self.add("/HostConfig/Mounts", volumes.iter().filter(|volume| volume.selinux.is_none()).map(volume));
        self.add("/HostConfig/Binds", volumes.iter().filter_map(labelled));
        self.add("/HostConfig/Mounts", files.iter().map(|mounted| file(fleet, &unit.name, mounted)));
        self.add("/HostConfig/Mounts", secrets.iter().filter_map(secret_file));
        let owner = user.as_ref().map_or(String::new(), |user| owner(&user.to_string()));
        let mounted = tmpfs.iter().map(|mounted| (mounted.path.to_string(), options(mounted, &owner)));
        self.name("/HostConfig/Tmpfs", mounted);
        self.set("/HostConfig/ReadonlyRootfs", json!(read_only.value));
        self.add("/HostConfig/SecurityOpt", no_new_privileges.then(|| json!("no-new-privileges")));
        self.maybe("/HostConfig/Init", init.then(|| json!(true)));
        self.resources(resources);
        self.add("/HostConfig/Ulimits", ulimits.iter().map(limit));
        self.add("/HostConfig/CapAdd", cap_add.iter().map(|name| json!(name)));
        self.add("/HostConfig/CapDrop", cap_drop.iter().map(|name| json!(name)));
        self.add("/HostConfig/Devices", devices.iter().map(device));
        self.name("/Labels", labels.iter().map(|(name, value)| (name.to_string(), json!(value))));
        self.add(
            "/HostConfig/ExtraHosts",
            extra_hosts.iter().map(|(name, to)| json!(format!("{name}:{to}"))),
        );
        self.add("/HostConfig/Dns", dns.iter().map(|server| json!(server)));
        self.add("/HostConfig/DnsSearch", dns_search.iter().map(|domain| json!(domain)));
        self.name(
            "/HostConfig/Sysctls",
            sysctls.iter().map(|(name, value)| (name.to_string(), json!(value.value))),
        );
        self.maybe("/HostConfig/ShmSize", shm_size.map(|bytes| json!(bytes)));
        self.stop(stop);
        self.logs(&unit.name, logs);
    }

    /// The engine runs entrypoint and command in one; the first word alone can be an entrypoint to the client.
    fn words<T: serde::Serialize>(&mut self, entrypoint: &[T], command: &[T]) {
        let (first, rest) = (entrypoint.first(), entrypoint.iter().skip(1).chain(command));
        self.maybe("/Entrypoint", first.map(|word| json!([word])));
        self.add("/Cmd", rest.map(|word| json!(word)));
    }

    fn joined(&mut self, other: &str) {
        self.set("/HostConfig/NetworkMode", json!(format!("container:{other}")));
        self.set("/NetworkingConfig", json!({"EndpointsConfig": {}}));
    }

    fn network<'p>(&mut self, network: Network, ports: impl Iterator<Item = &'p Port>) {
        let name = match network {
            Network::Host => "host",
            Network::Bridge => "bridge",
            Network::None => "none",
        };
        self.set("/HostConfig/NetworkMode", json!(name));
        // Only a container without a network of its choice is attached by the client to the default one.
        self.set("/NetworkingConfig", json!({"EndpointsConfig": {}}));
        if network == Network::Bridge {
            let bindings: Vec<(String, Value)> = ports.flat_map(bindings).collect();
            self.name("/ExposedPorts", bindings.iter().map(|(inside, _)| (inside.clone(), json!({}))));
            self.name("/HostConfig/PortBindings", bindings);
        }
    }

    /// The client sends the content of a profile.
    fn confinement(&mut self, confinement: &Confinement) {
        let Confinement { seccomp, apparmor, label } = confinement;
        let seccomp = seccomp.iter().map(|profile| match &profile.value {
            Seccomp::Unconfined => "seccomp=unconfined".to_owned(),
            Seccomp::Profile(_) => format!("seccomp={}", machine::PROFILE),
        });
        let apparmor = apparmor.iter().map(|profile| format!("apparmor={profile}"));
        let labels = label.iter().map(|label| format!("label={label}"));
        self.add(
            "/HostConfig/SecurityOpt",
            seccomp.chain(apparmor).chain(labels).map(|option| json!(option)),
        );
    }

    fn resources(&mut self, resources: &Resources) {
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
        self.maybe("/HostConfig/MemoryReservation", memory_reservation.map(|bytes| json!(bytes)));
        self.maybe("/HostConfig/MemorySwappiness", memory_swappiness.map(|percent| json!(percent)));
        self.maybe("/HostConfig/CpusetCpus", cpuset.as_ref().map(|set| json!(set)));
        self.maybe("/HostConfig/CpuShares", cpu_shares.map(|weight| json!(weight)));
        self.maybe("/HostConfig/OomScoreAdj", oom_score_adj.map(|score| json!(score)));
        self.maybe("/HostConfig/Memory", memory.as_ref().map(|bytes| json!(bytes.value)));
        self.maybe("/HostConfig/MemorySwap", memory_swap.map(|bytes| json!(bytes)));
        self.maybe("/HostConfig/NanoCpus", cpus.as_ref().map(|cpus| json!(nano(&cpus.to_string()))));
        self.maybe("/HostConfig/PidsLimit", pids.map(|count| json!(count)));
    }

    fn stop(&mut self, stop: &Stop) {
        let Stop { signal, grace_seconds } = stop;
        self.maybe("/StopSignal", signal.as_ref().map(|name| json!(name)));
        self.set("/StopTimeout", json!(grace_seconds));
    }

    /// journald's entries are found by the unit's name.
    fn logs(&mut self, name: &str, logs: &Logs) {
        let Logs { driver, max_size, max_file, options } = logs;
        self.set("/HostConfig/LogConfig/Type", json!(driver));
        let tag = (*driver == LogDriver::Journald).then(|| ("tag".to_owned(), json!(name)));
        let size = max_size.map(|size| ("max-size".to_owned(), json!(size.bytes().to_string())));
        let files = max_file.map(|count| ("max-file".to_owned(), json!(count.to_string())));
        let others = options.iter().map(|(name, value)| (name.clone(), json!(value.value)));
        self.name("/HostConfig/LogConfig/Config", [tag, size, files].into_iter().flatten().chain(others));
    }

    fn labels(&mut self, fleet: &str, unit: &Unit) {
        let labels = [
            ("dpc.fleet", fleet.to_owned()),
            ("dpc.service", unit.service.clone()),
            ("dpc.instance", unit.instance.to_string()),
            ("dpc.hash", unit.hash.clone()),
        ];
        self.name("/Labels", labels.map(|(name, value)| (name.to_owned(), json!(value))));
    }

    fn maybe(&mut self, path: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.set(path, value);
        }
    }

    fn set(&mut self, path: &str, value: Value) {
        let bare = self.bare.pointer(path).cloned().unwrap_or(Value::Null);
        let place = place(&mut self.body, path);
        if *place == bare {
            *place = value;
        }
    }

    fn add(&mut self, path: &str, values: impl IntoIterator<Item = Value>) {
        let place = place(&mut self.body, path);
        let mut all = place.as_array().cloned().unwrap_or_default();
        all.extend(values);
        *place = Value::Array(all);
    }

    fn name(&mut self, path: &str, values: impl IntoIterator<Item = (String, Value)>) {
        let place = place(&mut self.body, path);
        let mut all = place.as_object().cloned().unwrap_or_default();
        for (name, value) in values {
            all.entry(name).or_insert(value);
        }
        *place = Value::Object(all);
    }
}

/// The place at a path, made where it is not there.
fn place<'v>(body: &'v mut Value, path: &str) -> &'v mut Value {
    path.split('/').skip(1).fold(body, |value, name| &mut value[name])
}

/// A secret without a path: the file's text without the newlines at its end, as `$(cat FILE)` gives it.
fn variable(secret: &Secret) -> Option<Value> {
    let Secret { name, from, path } = secret;
    let content = machine::content(from);
    path.is_none().then(|| json!(format!("{name}={}", content.trim_end_matches('\n'))))
}

fn secret_file(secret: &Secret) -> Option<Value> {
    let path = secret.path.as_ref()?;
    Some(mount(&secret.from, path, true))
}

/// Owner and mode are for activate, which makes the directory; `shared` is for checks.
fn volume(volume: &Volume) -> Value {
    let Volume { path, from, read_only, propagation, .. } = volume;
    let mut mount = mount(from, path, *read_only);
    if let Some(propagation) = propagation {
        mount["BindOptions"] = json!({"Propagation": propagation});
    }
    mount
}

/// What docker labels is in its short form.
fn labelled(volume: &Volume) -> Option<Value> {
    let letter = volume.selinux?.letter();
    let read_only = if volume.read_only { "ro," } else { "" };
    let propagation = volume.propagation.map(|propagation| format!(",{propagation}")).unwrap_or_default();
    Some(json!(format!("{}:{}:{read_only}{letter}{propagation}", volume.from.value, volume.path.value)))
}

/// The lines of a file on the host.
fn lines(path: &str) -> Vec<Value> {
    machine::lines(path).iter().map(|line| json!(line)).collect()
}

fn pair(line: &Value) -> (String, Value) {
    let (name, value) = line.as_str().and_then(|line| line.split_once('=')).unwrap_or_default();
    (name.to_owned(), json!(value))
}

/// The file is in the release; its content is compared where the release is.
fn file(fleet: &str, unit: &str, file: &ConfigFile) -> Value {
    let path = &file.path;
    mount(&format!("/opt/dpc/{fleet}/current/files/{unit}{path}"), path, true)
}

fn mount(source: &str, target: &str, read_only: bool) -> Value {
    let mut mount = json!({"Type": "bind", "Source": source, "Target": target});
    if read_only {
        mount["ReadOnly"] = json!(true);
    }
    mount
}

/// docker mounts with mode 1777 by default, for root.
fn options(tmpfs: &Tmpfs, owner: &str) -> Value {
    let Tmpfs { path: _, size, mode, owner: own, exec } = tmpfs;
    let exec = exec.then(|| "exec".to_owned());
    let size = size.map(|bytes| format!("size={}", bytes.bytes()));
    let mode = (*mode != Mode::STICKY).then(|| format!("mode={mode}"));
    let own = own.map(|own| own.to_string()).map(|own| match own.split_once(':') {
        Some((uid, gid)) => format!("uid={uid},gid={gid}"),
        None => format!("uid={own}"),
    });
    let owner = own.or_else(|| (!owner.is_empty()).then(|| owner.to_owned()));
    json!([exec, size, mode, owner].into_iter().flatten().collect::<Vec<_>>().join(","))
}

/// A tmpfs belongs to the user that the container runs as, if that is a number and not root's.
fn owner(user: &str) -> String {
    let mut ids = user.split(':').map(str::parse::<u32>);
    match (ids.next(), ids.next()) {
        (Some(Ok(uid @ 1..)), None) => format!("uid={uid}"),
        (Some(Ok(uid @ 1..)), Some(Ok(gid))) => format!("uid={uid},gid={gid}"),
        _ => String::new(),
    }
}

fn limit(limit: &Ulimit) -> Value {
    let Ulimit { name, soft, hard } = limit;
    json!({"Name": name, "Soft": soft, "Hard": hard})
}

fn device(device: &Device) -> Value {
    let Device { path, container, permissions } = device;
    json!({"PathOnHost": path, "PathInContainer": container, "CgroupPermissions": permissions})
}

/// Each port of a range: the one inside, and where it is published.
fn bindings(port: &Port) -> Vec<(String, Value)> {
    let Port { name: _, range, protocol, address, container, span: _ } = port;
    let (first, last) = (range.first().get(), range.last().get());
    let address = address.as_ref().filter(|address| !address.is_wildcard());
    let address = address.map(|address| address.to_string()).unwrap_or_default();
    let inside = container.as_ref().map_or(first, |inside| inside.get());
    let binding = |outside: u16| {
        let key = format!("{}/{protocol}", inside + (outside - first));
        (key, json!([{"HostIp": address, "HostPort": outside.to_string()}]))
    };
    (first..=last).map(binding).collect()
}

/// Billionths of a processor, without a detour by binary fractions.
fn nano(cpus: &str) -> u64 {
    let (whole, part) = cpus.split_once('.').unwrap_or((cpus, ""));
    format!("{whole}{part:0<9}").parse().unwrap()
}

/// Returns a request in a normal form, so that requests with one meaning are equal: without empty values, lists without an
/// order sorted, sizes in bytes.
pub fn normal(mut body: Value) -> Value {
    let host = &mut body["HostConfig"];
    let tmpfs = host["Tmpfs"].as_object_mut().into_iter().flatten().map(|(_, options)| options);
    tmpfs.for_each(|options| *options = json!(in_bytes(options.as_str().unwrap_or_default())));
    if let Some(size) = host["LogConfig"]["Config"].get_mut("max-size") {
        *size = json!(bytes(size.as_str().unwrap_or_default()));
    }
    for list in ["CapAdd", "CapDrop"] {
        host[list].as_array_mut().into_iter().flatten().for_each(|name| *name = json!(capability(name)));
    }
    without_empty(body)
}

/// The engine takes a capability with and without its prefix, and clients of some versions add it.
fn capability(name: &Value) -> &str {
    let name = name.as_str().unwrap_or_default();
    name.strip_prefix("CAP_").unwrap_or(name)
}

fn in_bytes(options: &str) -> String {
    let option = |option: &str| match option.split_once('=') {
        Some(("size", size)) => format!("size={}", bytes(size)),
        _ => option.to_owned(),
    };
    options.split(',').map(option).collect::<Vec<_>>().join(",")
}

/// A size as docker reads it: powers of 1024.
fn bytes(size: &str) -> String {
    let digits = size.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = size[digits.len()..].to_ascii_lowercase();
    let power = unit.chars().next().and_then(|first| "bkmgt".find(first)).unwrap_or(0);
    digits.parse::<u64>().map_or(size.to_owned(), |count| (count << (10 * power)).to_string())
}

fn without_empty(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members =
                members.into_iter().map(|(name, value)| (is_ordered(&name), name, without_empty(value)));
            let kept = members.filter(|(_, _, value)| !is_empty(value));
            let sorted =
                kept.map(|(ordered, name, value)| (name, if ordered { value } else { sorted(value) }));
            Value::Object(sorted.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_empty).collect()),
        other => other,
    }
}

fn is_ordered(name: &str) -> bool {
    matches!(name, "Cmd" | "Entrypoint" | "Dns" | "DnsSearch" | "ConsoleSize")
}

fn sorted(mut value: Value) -> Value {
    if let Value::Array(items) = &mut value {
        items.sort_by_key(Value::to_string);
    }
    value
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}
