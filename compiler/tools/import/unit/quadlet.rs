//! A Quadlet, `web.container` → the container that podman would run for it. Source: podman-systemd.unit(5) of podman 5.

use super::exec::words;
use super::file::{Assignment, UnitFile};
use super::service::{other_settings, variables};
use crate::tools::import::error::ImportError;
use crate::tools::import::found::{FoundContainer, FoundSecret, Setting};
use crate::tools::import::limits::Lists;
use crate::tools::import::place::At;
use crate::tools::import::run::{self, DockerRun, GivenFlag};
use crate::tools::import::shell::ShellWord;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Keys with the flag that says the same, whose value is one.
const FLAGS: &[(&str, &str)] = &[
    ("AddDevice", "device"),
    ("AddHost", "add-host"),
    ("ContainerName", "name"),
    ("DNS", "dns"),
    ("DNSOption", "dns-option"),
    ("DNSSearch", "dns-search"),
    ("Entrypoint", "entrypoint"),
    ("EnvironmentFile", "env-file"),
    ("ExposeHostPort", "expose"),
    ("GroupAdd", "group-add"),
    ("HealthCmd", "health-cmd"),
    ("HealthInterval", "health-interval"),
    ("HealthRetries", "health-retries"),
    ("HealthStartPeriod", "health-start-period"),
    ("HealthTimeout", "health-timeout"),
    ("HostName", "hostname"),
    ("IP", "ip"),
    ("IP6", "ip6"),
    ("LogDriver", "log-driver"),
    ("LogOpt", "log-opt"),
    ("Memory", "memory"),
    ("Mount", "mount"),
    ("NetworkAlias", "network-alias"),
    ("PidsLimit", "pids-limit"),
    ("PublishPort", "publish"),
    ("Pull", "pull"),
    ("ShmSize", "shm-size"),
    ("StopSignal", "stop-signal"),
    ("StopTimeout", "stop-timeout"),
    ("Tmpfs", "tmpfs"),
    ("Ulimit", "ulimit"),
    ("UserNS", "userns"),
    ("WorkingDir", "workdir"),
];
/// Keys whose value is a list of words, a flag each.
const LISTS: &[(&str, &str)] = &[
    ("AddCapability", "cap-add"),
    ("Annotation", "annotation"),
    ("DropCapability", "cap-drop"),
    ("Environment", "env"),
    ("Label", "label"),
    ("Sysctl", "sysctl"),
];

/// The container of a Quadlet.
pub(crate) fn container(
    unit: &UnitFile,
    all: &[UnitFile],
    lists: &Lists<'_>,
) -> Result<FoundContainer, ImportError> {
    let file: Arc<str> = unit.place(0, "").file;
    let mut split = DockerRun { program: "docker".to_string(), ..DockerRun::default() };
    let mut image = None;
    let mut command = Vec::new();
    let mut settings = Vec::new();
    for line in unit.lines.iter().filter(|line| line.section == "Container") {
        let mut flag = |name: &str, value: String| split.flags.push(given(name, value, line));
        let one = words(&line.value, unit, &BTreeMap::new());
        let place = unit.place(line.number, &line.key);
        if let Some((_, name)) = FLAGS.iter().find(|(key, _)| *key == line.key) {
            flag(name, one.join(" "));
        } else if let Some((_, name)) = LISTS.iter().find(|(key, _)| *key == line.key) {
            one.into_iter().for_each(|word| flag(name, word));
        } else {
            match line.key.as_str() {
                "Image" => image = Some((image_of(&line.value, all), line.number)),
                "Exec" => command = one,
                "Volume" => flag("volume", volume(&one.join(" "), all)),
                "Network" => flag("network", network(&line.value)),
                "PodmanArgs" => {
                    let line = line.number;
                    let words = one.into_iter().map(|text| ShellWord { text, line, quoted: true });
                    split.append_words(words.collect());
                }
                "User" => {
                    let group = unit.all("Group").find(|other| other.section == "Container");
                    let group = group.map(|group| format!(":{}", group.value)).unwrap_or_default();
                    flag("user", format!("{}{group}", line.value));
                }
                "ReadOnly" | "RunInit" => {
                    let name = if line.key == "ReadOnly" { "read-only" } else { "init" };
                    flag(name, super::is_yes(&line.value).to_string());
                }
                "NoNewPrivileges" => {
                    flag("security-opt", format!("no-new-privileges={}", super::is_yes(&line.value)));
                }
                "SeccompProfile" => flag("security-opt", format!("seccomp={}", line.value)),
                "SecurityLabelDisable" => flag("security-opt", "label=disable".to_string()),
                _ => settings.push(At::new(other_key(line), place)),
            }
        }
    }
    let (image, at) = image.unwrap_or_default();
    let before = std::mem::take(&mut split.words);
    split.line = at;
    split.words = vec![ShellWord { text: image, line: at, quoted: true }];
    split.words.extend(before);
    split.words.extend(command.into_iter().map(|text| ShellWord { text, line: at, quoted: true }));
    let mut container = run::container(&file, &split, &variables(unit, lists), lists)?;
    container.aliases.push(unit.stem().to_string());
    if !split.flags.iter().any(|flag| flag.name == "name") {
        container.aliases.push(format!("systemd-{}", unit.stem()));
        container.name = At::new(unit.stem().to_string(), unit.place(0, "Container"));
    }
    container.settings.extend(settings);
    for line in unit.lines.iter().filter(|line| line.section != "Container") {
        for setting in other_settings(unit, line, all, lists) {
            container.settings.push(At::new(setting, unit.place(line.number, &line.key)));
        }
    }
    Ok(container)
}

fn given(name: &str, value: String, line: &Assignment) -> GivenFlag {
    GivenFlag { name: name.to_string(), value, line: line.number, key: line.key.clone(), known: true }
}

fn other_key(line: &Assignment) -> Setting {
    match line.key.as_str() {
        "Secret" => secret(&line.value),
        "Group" => Setting::Kept("it stands in `user`".into()),
        "Notify" => Setting::Changed("a unit of dpc is ready when its health check passes".into()),
        "AutoUpdate" => Setting::Lost("an image of dpc changes with the KDL alone".into()),
        "Timezone" => Setting::Lost("write `env { TZ \"…\" }`, or mount /etc/localtime".into()),
        "ReadOnlyTmpfs" => Setting::Changed("write a `tmpfs` for each path that is written".into()),
        "Pod" | "StartWithPod" => {
            Setting::Lost("docker has no pods: the host's network takes its place".into())
        }
        _ => Setting::Lost("docker has no such key".into()),
    }
}

/// `name[,type=env|mount][,target=…]`.
fn secret(text: &str) -> Setting {
    let mut parts = text.split(',');
    let name = parts.next().unwrap_or_default();
    let options: BTreeMap<&str, &str> = parts.filter_map(|part| part.split_once('=')).collect();
    let target = options.get("target").copied().unwrap_or(name);
    let variable = options.get("type") == Some(&"env");
    let path = if target.starts_with('/') { target.to_string() } else { format!("/run/secrets/{target}") };
    Setting::Secret(FoundSecret {
        name: if variable { target.to_string() } else { name.to_string() },
        path: (!variable).then_some(path),
        from: None,
    })
}

/// The value of a key in another Quadlet.
fn value_in<'u>(all: &'u [UnitFile], name: &str, keys: &[&str]) -> Option<&'u str> {
    let other = all.iter().find(|unit| unit.name == name)?;
    keys.iter().find_map(|key| other.all(key).next()).map(|line| line.value.as_str())
}

fn image_of(text: &str, all: &[UnitFile]) -> String {
    let other = text.ends_with(".image") || text.ends_with(".build");
    let found = value_in(all, text, &["Image", "ImageTag"]).filter(|_| other);
    let stem = text.trim_end_matches(".build").trim_end_matches(".image");
    match found {
        Some(image) => image.to_string(),
        None if other => format!("{stem}:1.0.0"),
        None => text.to_string(),
    }
}

/// `data.volume:/data` is the volume of another Quadlet.
fn volume(text: &str, all: &[UnitFile]) -> String {
    let Some((source, rest)) = text.split_once(':') else { return text.to_string() };
    let Some(stem) = source.strip_suffix(".volume") else { return text.to_string() };
    let name = value_in(all, source, &["VolumeName"]).unwrap_or(stem);
    format!("{name}:{rest}")
}

/// `app.network:ip=…` is the network of another Quadlet; options mean nothing on the host's network.
fn network(text: &str) -> String {
    let name = text.split(':').next().unwrap_or_default();
    match name.strip_suffix(".network") {
        Some(stem) => stem.to_string(),
        None if matches!(name, "container" | "ns") => text.to_string(),
        None => name.to_string(),
    }
}
