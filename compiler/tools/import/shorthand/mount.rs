//! Mounts: `data:/var/lib/data:ro`, `type=bind,source=/a,target=/b`, tmpfs, devices. Source: docker-run(1).

use super::list::pair;
use crate::tools::import::found::{FoundMount, FoundTmpfs, MountSource, Setting};
use crate::value::docker_flags::fields;

/// `[SOURCE:]TARGET[:OPTIONS]`.
pub(crate) fn volume(text: &str) -> Option<Setting> {
    let parts: Vec<&str> = text.split(':').collect();
    let (source, target, options) = match parts[..] {
        [target] => (None, target, ""),
        [source, target] if target.starts_with('/') => (Some(source), target, ""),
        // `/data:ro` has no source.
        [target, options] => (None, target, options),
        [source, target, options] => (Some(source), target, options),
        _ => return None,
    };
    let mut mount = FoundMount {
        source: source.map_or(MountSource::Anonymous, from),
        target: normal(target),
        ..FoundMount::default()
    };
    for option in options.split(',').filter(|option| !option.is_empty()) {
        match option {
            "ro" => mount.read_only = true,
            "rw" => {}
            other => mount.options.push(other.to_string()),
        }
    }
    target.starts_with('/').then_some(Setting::Mount(mount))
}

/// Reads a source: a path of the host, a relative path, or the name of a volume.
pub(crate) fn from(text: &str) -> MountSource {
    let relative = text == "." || text == ".." || text.starts_with("./") || text.starts_with("../");
    match text {
        "" => MountSource::Anonymous,
        _ if relative => MountSource::Relative(text.to_string()),
        _ if text.starts_with(['/', '~', '\u{e000}', '\\']) || text.contains('/') => {
            MountSource::Host(host(text))
        }
        name => MountSource::Named(name.to_string()),
    }
}

fn host(text: &str) -> String {
    if text.starts_with('/') { normal(text) } else { text.to_string() }
}

/// Removes empty parts, `.` and a slash at the end.
fn normal(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    format!("/{}", parts.join("/"))
}

/// `--mount`.
pub(crate) fn long_mount(text: &str) -> Option<Setting> {
    let mut mount = FoundMount::default();
    let (mut kind, mut source, mut size, mut mode) = ("volume".to_string(), None, None, None);
    for field in fields(text) {
        let (name, value) = pair(&field);
        let given = value.clone().unwrap_or_default();
        match &*name.to_ascii_lowercase() {
            "type" => kind = given,
            "source" | "src" => source = Some(given),
            "target" | "dst" | "destination" => mount.target = normal(&given),
            "readonly" | "ro" => mount.read_only = value.is_none_or(|value| value == "true" || value == "1"),
            "tmpfs-size" => size = Some(given),
            "tmpfs-mode" => mode = Some(given),
            _ => mount.options.push(field),
        }
    }
    if mount.target.is_empty() {
        return None;
    }
    mount.source = match (&*kind, source) {
        ("tmpfs", _) => {
            return Some(Setting::Tmpfs(FoundTmpfs {
                path: mount.target,
                size,
                mode,
                ..FoundTmpfs::default()
            }));
        }
        ("bind", Some(source)) => match from(&source) {
            MountSource::Named(name) => MountSource::Relative(format!("./{name}")),
            other => other,
        },
        ("volume", Some(source)) => MountSource::Named(source),
        ("volume", None) => MountSource::Anonymous,
        _ => return None,
    };
    Some(Setting::Mount(mount))
}

/// `PATH[:OPTIONS]`, and the options that dpc has no word for.
pub(crate) fn tmpfs(text: &str) -> (Setting, Vec<String>) {
    let (path, options) = text.split_once(':').unwrap_or((text, ""));
    let mut found = FoundTmpfs { path: normal(path), ..FoundTmpfs::default() };
    let mut rest = Vec::new();
    for option in options.split(',').filter(|option| !option.is_empty()) {
        match option.split_once('=') {
            Some(("size", value)) => found.size = Some(value.to_string()),
            Some(("mode", value)) => found.mode = Some(value.to_string()),
            Some(("uid", value)) => found.uid = Some(value.to_string()),
            Some(("gid", value)) => found.gid = Some(value.to_string()),
            _ if option == "exec" => found.exec = true,
            // docker mounts with these options anyway.
            _ if matches!(option, "rw" | "noexec" | "nosuid" | "nodev") => {}
            _ => rest.push(option.to_string()),
        }
    }
    (Setting::Tmpfs(found), rest)
}

/// `HOST[:CONTAINER][:PERMISSIONS]`.
pub(crate) fn device(text: &str) -> Setting {
    let owned = |text: &str| Some(text.to_string());
    match text.splitn(3, ':').collect::<Vec<_>>()[..] {
        [host, container, permissions] => Setting::Device(host.into(), owned(container), owned(permissions)),
        [host, second] if second.starts_with('/') => Setting::Device(host.into(), owned(second), None),
        [host, permissions] => Setting::Device(host.into(), None, owned(permissions)),
        _ => Setting::Device(text.into(), None, None),
    }
}
