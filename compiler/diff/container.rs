//! Two containers → why one is not the other. Each takes the container apart whole, so that a field which is added to it
//! does not compile before it has its reason here.

use super::image::images;
use super::reason::Reasons;
use super::report::{Change, Reason};
use crate::container::{
    ConfigFile, Container, Device, Logs, Network, Port, Resources, Secret, Stop, Tmpfs, Ulimit, Volume,
};
use crate::encode::json::host_port;
use crate::located::Located;
use crate::value::size::Size;
use std::collections::BTreeMap;

/// Everything that differs.
pub fn container(before: &Container, after: &Container, found: &mut Reasons) {
    let Container {
        image,
        entrypoint,
        command,
        user,
        workdir,
        network,
        ports,
        env,
        secrets,
        files,
        volumes,
        tmpfs,
        // Known to the checks only.
        writes: _,
        read_only,
        no_new_privileges,
        init,
        resources,
        ulimits,
        cap_add,
        cap_drop,
        devices,
        labels,
        extra_hosts,
        dns,
        dns_search,
        sysctls,
        shm_size,
        stop,
        logs,
        docker_args,
    } = before;
    if image != &after.image {
        let (old, new) = images(image, &after.image);
        found.one("image", old, new);
    }
    found.words("entrypoint", entrypoint, &after.entrypoint);
    found.words("command", command, &after.command);
    let plain = |user: &Option<Located<String>>| user.as_ref().map(|user| user.value.clone());
    found.maybe("user", plain(user), plain(&after.user));
    found.maybe("workdir", workdir.clone(), after.workdir.clone());
    found.one("network", network_word(network.value), network_word(after.network.value));
    found.named("port", ports.iter().map(port), after.ports.iter().map(port));
    let variables = |(name, value): (&String, &Located<String>)| (name.clone(), value.value.clone());
    found.telling("env", env.iter().map(variables), after.env.iter().map(variables));
    found.named("secret", secrets.iter().map(secret), after.secrets.iter().map(secret));
    config_files(files, &after.files, found);
    found.named("volume", volumes.iter().map(volume), after.volumes.iter().map(volume));
    found.named("tmpfs", tmpfs.iter().map(tmpfs_text), after.tmpfs.iter().map(tmpfs_text));
    found.one("read-only root filesystem", yes(read_only.value), yes(after.read_only.value));
    found.one("no-new-privileges", yes(*no_new_privileges), yes(after.no_new_privileges));
    found.one("init", yes(*init), yes(after.init));
    limits(resources, &after.resources, found);
    found.named("ulimit", ulimits.iter().map(ulimit), after.ulimits.iter().map(ulimit));
    found.set("capability", cap_add, &after.cap_add);
    found.set("dropped capability", cap_drop, &after.cap_drop);
    found.named("device", devices.iter().map(device), after.devices.iter().map(device));
    found.telling("label", labels.clone(), after.labels.clone());
    found.named("extra host", extra_hosts.clone(), after.extra_hosts.clone());
    found.words("dns", dns, &after.dns);
    found.maybe("dns search", dns_search.clone(), after.dns_search.clone());
    found.named("sysctl", sysctls.iter().map(variables), after.sysctls.iter().map(variables));
    found.maybe("shm-size", shm_size.map(size), after.shm_size.map(size));
    stopping(stop, &after.stop, found);
    logging(logs, &after.logs, found);
    let words = |arguments: &[Located<String>]| -> Vec<String> {
        arguments.iter().map(|argument| argument.value.clone()).collect()
    };
    found.words("docker-args", &words(docker_args), &words(&after.docker_args));
}

fn network_word(network: Network) -> &'static str {
    match network {
        Network::Host => "host",
        Network::Bridge => "bridge",
        Network::None => "none",
    }
}

fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// A port as it stands on the host: `8080/tcp on 127.0.0.1`.
fn port(port: &Port) -> (String, String) {
    let Port { name, first, last, protocol, address, container, span: _ } = port;
    let mut text = format!("{}/{protocol}", range(*first, *last));
    if let Some(address) = address {
        text.push_str(&format!(" on {address}"));
    }
    if let Some(container) = container {
        text.push_str(&format!(", {container} in the container"));
    }
    (name.clone(), text)
}

/// `8080`, or `8080-8090`.
pub fn range(first: u16, last: u16) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

/// Only the reference: its value is nowhere here.
fn secret(secret: &Secret) -> (String, String) {
    let Secret { name, from, path } = secret;
    let mounted = path.as_ref().map(|path| format!(", mounted at {}", path.value)).unwrap_or_default();
    (name.clone(), format!("{}{mounted}", from.value))
}

/// By its path in the container; called by its source, where its user edits it.
fn config_files(before: &[ConfigFile], after: &[ConfigFile], found: &mut Reasons) {
    let by_path = |files: &'_ [ConfigFile]| -> BTreeMap<String, usize> {
        files.iter().enumerate().map(|(index, file)| (file.path.value.clone(), index)).collect()
    };
    let (old_paths, new_paths) = (by_path(before), by_path(after));
    for file in after {
        let ConfigFile { path, source, mode, sha256, content: _ } = file;
        let name = source.as_ref().unwrap_or(&path.value);
        let Some(old) = old_paths.get(&path.value).map(|index| &before[*index]) else {
            found.other(Reason::of("config file", Change::Added).named(name));
            continue;
        };
        if old.sha256 != *sha256 {
            found.other(Reason::of("config file", Change::Changed).named(name));
        } else if old.source != *source {
            let said = |source: &Option<String>| Some(source.clone().unwrap_or_else(|| "the KDL".into()));
            let reason = Reason::of("source of config file", Change::Changed).named(&path.value);
            found.other(reason.values(said(&old.source), said(source)));
        }
        if old.mode != *mode {
            let reason = Reason::of("mode of config file", Change::Changed).named(name);
            found.other(reason.values(Some(old.mode.clone()), Some(mode.clone())));
        }
    }
    for old in before.iter().filter(|old| !new_paths.contains_key(&old.path.value)) {
        let name = old.source.as_ref().unwrap_or(&old.path.value);
        found.other(Reason::of("config file", Change::Removed).named(name));
    }
}

fn volume(volume: &Volume) -> (String, String) {
    // The two words are for the checks only.
    let Volume { path, from, owner, mode, read_only, shared: _, docker_socket: _ } = volume;
    let mut text = from.value.clone();
    if *read_only {
        text.push_str(", read-only");
    }
    if let Some(owner) = owner {
        text.push_str(&format!(", owner {owner}"));
    }
    text.push_str(&format!(", mode {mode}"));
    (path.value.clone(), text)
}

fn tmpfs_text(tmpfs: &Tmpfs) -> (String, String) {
    let Tmpfs { path, size: bytes, mode } = tmpfs;
    let size = bytes.map(size).unwrap_or_else(|| "no limit".into());
    (path.value.clone(), format!("{size}, mode {mode}"))
}

fn limits(before: &Resources, after: &Resources, found: &mut Reasons) {
    let Resources { memory, memory_swap, cpus, pids } = before;
    let bytes = |memory: &Option<Located<u64>>| memory.as_ref().map(|memory| size(memory.value));
    found.maybe("memory", bytes(memory), bytes(&after.memory));
    found.maybe("memory and swap", memory_swap.map(size), after.memory_swap.map(size));
    found.maybe("cpus", cpus.clone(), after.cpus.clone());
    let count = |pids: &Option<u64>| pids.map(|pids| pids.to_string());
    found.maybe("pids", count(pids), count(&after.pids));
}

fn ulimit(limit: &Ulimit) -> (String, String) {
    let Ulimit { name, soft, hard } = limit;
    (name.clone(), format!("{soft}:{hard}"))
}

fn device(device: &Device) -> (String, String) {
    let Device { path, container, permissions } = device;
    (path.value.clone(), format!("{container}, {permissions}"))
}

fn stopping(before: &Stop, after: &Stop, found: &mut Reasons) {
    let Stop { signal, grace_seconds } = before;
    found.maybe("stop signal", signal.clone(), after.signal.clone());
    found.one("stop grace", format!("{grace_seconds}s"), format!("{}s", after.grace_seconds));
}

fn logging(before: &Logs, after: &Logs, found: &mut Reasons) {
    let Logs { driver, max_size, max_file } = before;
    found.one("log driver", driver, &after.driver);
    found.maybe("log size", max_size.map(size), after.max_size.map(size));
    let count = |files: &Option<u64>| files.map(|files| files.to_string());
    found.maybe("log files", count(max_file), count(&after.max_file));
}

/// Addresses and ports on one line.
pub fn targets(targets: &[crate::fleet::Target]) -> String {
    targets.iter().map(|target| host_port(&target.host, target.port)).collect::<Vec<_>>().join(", ")
}

/// Bytes in the largest unit that divides them.
fn size(bytes: u64) -> String {
    Size::parse(&format!("{bytes}b")).map_or_else(|_| bytes.to_string(), |size| size.to_string())
}
