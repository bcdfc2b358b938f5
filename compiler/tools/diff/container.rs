//! Two containers → why one is not the other. Each takes the container apart whole, so that a field which is added to it
//! does not compile before it has its reason here.

use super::image::images;
use super::reason::Reasons;
use super::report::{Change, Reason};
use crate::encode::json::host_port;
use crate::model::container::{
    ConfigFile, Confinement, Container, Device, Logs, Port, Resources, Secret, Stop, Tmpfs, Volume,
};
use crate::value::path::{ContainerPath, HostPath, ProjectPath};
use crate::value::ulimit::{Resource, Ulimit};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Everything that differs.
pub(crate) fn container(before: &Container, after: &Container, found: &mut Reasons) {
    let Container {
        image,
        platform,
        entrypoint,
        command,
        user,
        group_add,
        hostname,
        workdir,
        network,
        joined,
        published,
        ports,
        env,
        env_files,
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
    } = before;
    if image != &after.image {
        let (old, new) = images(image, &after.image);
        found.one("image", old, new);
    }
    found.maybe("platform", platform.as_ref(), after.platform.as_ref());
    found.words("entrypoint", entrypoint, &after.entrypoint);
    found.words("command", command, &after.command);
    found.maybe("user", user.as_ref(), after.user.as_ref());
    found.set("group", group_add, &after.group_add);
    found.maybe("hostname", hostname.as_ref(), after.hostname.as_ref());
    found.maybe("workdir", workdir.as_ref(), after.workdir.as_ref());
    found.one("network", network, &after.network);
    let (old, new) = (joined.as_ref(), after.joined.as_ref());
    found.maybe("network of", old.map(|one| &one.service), new.map(|one| &one.service));
    if let (Some(old), Some(new)) = (old, new)
        && old.service == new.service
        && old.hash != new.hash
    {
        found.other(Reason::of("the container whose network it has is another one", Change::Changed));
    }
    found.named("published port", published.iter().map(port), after.published.iter().map(port));
    found.named("port", ports.iter().map(port), after.ports.iter().map(port));
    found.named_values("env", env, &after.env);
    found.set("env file", env_files, &after.env_files);
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
    found.one("privileged", yes(*privileged), yes(after.privileged));
    confined(confinement, &after.confinement, found);
    found.maybe("pid", *pid, after.pid);
    found.maybe("ipc", ipc.as_ref(), after.ipc.as_ref());
    found.list("gpu", gpus, &after.gpus);
    found.named("device", devices.iter().map(device), after.devices.iter().map(device));
    found.named_values("label", labels, &after.labels);
    found.set("label file", label_files, &after.label_files);
    found.named("extra host", extra_hosts, &after.extra_hosts);
    found.list("dns", dns, &after.dns);
    found.maybe("dns search", dns_search.as_ref(), after.dns_search.as_ref());
    found.named("sysctl", sysctls, &after.sysctls);
    found.maybe("shm-size", *shm_size, after.shm_size);
    stopping(stop, &after.stop, found);
    logging(logs, &after.logs, found);
    found.arguments("docker-args", docker_args, &after.docker_args);
}

fn yes(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// A port as it stands on the host: `8080/tcp on 127.0.0.1`.
fn port(port: &Port) -> (&str, String) {
    let Port { name, range, protocol, address, container, span: _ } = port;
    let mut text = format!("{range}/{protocol}");
    if let Some(address) = address {
        let _ = write!(text, " on {address}");
    }
    if let Some(container) = container {
        let _ = write!(text, ", {container} in the container");
    }
    (name, text)
}

/// Only the reference: its value is nowhere here.
fn secret(secret: &Secret) -> (&str, String) {
    let Secret { name, from, path } = secret;
    let mounted = path.as_ref().map(|path| format!(", mounted at {path}")).unwrap_or_default();
    (name, format!("{from}{mounted}"))
}

/// Compares config files by their path in the container, and names them by their source, where their user edits them.
fn config_files(before: &[ConfigFile], after: &[ConfigFile], found: &mut Reasons) {
    let by_path = |files: &'_ [ConfigFile]| -> BTreeMap<ContainerPath, usize> {
        files.iter().enumerate().map(|(index, file)| (file.path.value.clone(), index)).collect()
    };
    let (old_paths, new_paths) = (by_path(before), by_path(after));
    for file in after {
        let ConfigFile { path, source, mode, sha256, content: _ } = file;
        let Some(old) = old_paths.get(&path.value).map(|index| &before[*index]) else {
            found.other(Reason::of("config file", Change::Added).named(called(file)));
            continue;
        };
        if old.sha256 != *sha256 {
            found.other(Reason::of("config file", Change::Changed).named(called(file)));
        } else if old.source != *source {
            let said = |source: &Option<ProjectPath>| Some(source.as_deref().unwrap_or("the KDL").into());
            let reason = Reason::of("source of config file", Change::Changed).named(path.as_str());
            found.other(reason.values(said(&old.source), said(source)));
        }
        if old.mode != *mode {
            let reason = Reason::of("mode of config file", Change::Changed).named(called(file));
            found.other(reason.values(Some(old.mode.to_string()), Some(mode.to_string())));
        }
    }
    for old in before.iter().filter(|old| !new_paths.contains_key(&old.path.value)) {
        found.other(Reason::of("config file", Change::Removed).named(called(old)));
    }
}

fn called(file: &ConfigFile) -> &str {
    file.source.as_deref().unwrap_or(&file.path)
}

fn volume(volume: &Volume) -> (&ContainerPath, String) {
    // The two words are for the checks only.
    let Volume {
        path,
        from,
        owner,
        mode,
        read_only,
        shared: _,
        selinux,
        propagation,
        docker_socket: _,
        outside,
        must_be,
    } = volume;
    let mut text = from.to_string();
    if *read_only {
        text.push_str(", read-only");
    }
    if let Some(owner) = owner {
        let _ = write!(text, ", owner {owner}");
    }
    let _ = write!(text, ", mode {mode}");
    if let Some(label) = selinux {
        let _ = write!(text, ", {label} label");
    }
    if let Some(propagation) = propagation {
        let _ = write!(text, ", {propagation}");
    }
    if let Some(kind) = must_be {
        let _ = write!(text, ", which must be a {kind}");
    } else if *outside {
        text.push_str(", not made by activate");
    }
    (path, text)
}

fn tmpfs_text(tmpfs: &Tmpfs) -> (&ContainerPath, String) {
    let Tmpfs { path, size, mode, owner, exec } = tmpfs;
    let size = size.map_or("no limit".to_string(), |size| size.to_string());
    let mut text = format!("{size}, mode {mode}");
    if let Some(owner) = owner {
        let _ = write!(text, ", owner {owner}");
    }
    if *exec {
        text.push_str(", programs run");
    }
    (path, text)
}

fn limits(before: &Resources, after: &Resources, found: &mut Reasons) {
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
    } = before;
    found.maybe("memory", memory.as_ref(), after.memory.as_ref());
    found.maybe("memory and swap", *memory_swap, after.memory_swap);
    found.maybe("memory reservation", *memory_reservation, after.memory_reservation);
    found.maybe("memory swappiness", *memory_swappiness, after.memory_swappiness);
    found.maybe("cpuset", cpuset.as_ref(), after.cpuset.as_ref());
    found.maybe("cpu shares", *cpu_shares, after.cpu_shares);
    found.maybe("oom score", *oom_score_adj, after.oom_score_adj);
    found.maybe("cpus", *cpus, after.cpus);
    found.maybe("pids", *pids, after.pids);
}

fn confined(before: &Confinement, after: &Confinement, found: &mut Reasons) {
    let Confinement { seccomp, apparmor, label } = before;
    found.maybe("seccomp profile", seccomp.as_ref(), after.seccomp.as_ref());
    found.maybe("apparmor profile", apparmor.as_ref(), after.apparmor.as_ref());
    found.list("selinux label", label, &after.label);
}

fn ulimit(limit: &Ulimit) -> (Resource, String) {
    let Ulimit { name, soft, hard } = limit;
    (*name, format!("{soft}:{hard}"))
}

fn device(device: &Device) -> (&HostPath, String) {
    let Device { path, container, permissions } = device;
    (path, format!("{container}, {permissions}"))
}

fn stopping(before: &Stop, after: &Stop, found: &mut Reasons) {
    let Stop { signal, grace_seconds } = before;
    found.maybe("stop signal", signal.as_ref(), after.signal.as_ref());
    found.one("stop grace", format!("{grace_seconds}s"), format!("{}s", after.grace_seconds));
}

fn logging(before: &Logs, after: &Logs, found: &mut Reasons) {
    let Logs { driver, max_size, max_file, options } = before;
    found.one("log driver", driver, &after.driver);
    found.named_values("log option", options, &after.options);
    found.maybe("log size", *max_size, after.max_size);
    found.maybe("log files", *max_file, after.max_file);
}

/// Addresses and ports on one line.
pub(crate) fn targets(targets: &[crate::model::fleet::Target]) -> String {
    targets.iter().map(|target| host_port(&target.host, target.port)).collect::<Vec<_>>().join(", ")
}
