//! Keys about volumes, files and secrets.

use super::paths::beside;
use super::reading::ServiceReading;
use crate::tools::import::found::{FoundFile, FoundMount, FoundSecret, FoundTmpfs, MountSource, Setting};
use crate::tools::import::run::tmpfs;
use crate::tools::import::shorthand;
use crate::tools::import::yaml::{YamlKind, YamlNode};

/// Reads a key of this family; says whether it is one.
pub(super) fn read(reading: &mut ServiceReading<'_>, key: &str, node: &YamlNode) -> bool {
    match key {
        "volumes" => node.items().iter().for_each(|item| volume(reading, item)),
        "tmpfs" => {
            let items = if node.items().is_empty() { std::slice::from_ref(node) } else { node.items() };
            for item in items {
                tmpfs(item.text().unwrap_or_default())
                    .into_iter()
                    .for_each(|setting| reading.add(setting, item, key));
            }
        }
        "volumes_from" => reading.each(node, key, |text| {
            Setting::Decide(format!("mount the volumes of `{text}` here by their paths"))
        }),
        "volume_driver" => reading.text(node, key, |text| Setting::Raw(format!("--volume-driver={text}"))),
        "secrets" => node.items().iter().for_each(|item| secret(reading, item)),
        "configs" => node.items().iter().for_each(|item| config(reading, item)),
        _ => return false,
    }
    true
}

fn volume(reading: &mut ServiceReading<'_>, item: &YamlNode) {
    let setting = match (&item.kind, item.text()) {
        (YamlKind::Map(_), _) => long(item),
        (_, Some(text)) => shorthand::volume(text).map(|setting| from_folder(setting, item)),
        _ => None,
    };
    let known = ["type", "source", "target", "read_only", "bind", "volume", "tmpfs"];
    reading.others(item, "volumes", &known);
    if let Some(tmpfs) = item.get("tmpfs") {
        reading.others(tmpfs, "volumes.tmpfs", &["size", "mode"]);
    }
    let shown = item.text().unwrap_or("this");
    let setting =
        setting.unwrap_or_else(|| Setting::Decide(format!("`{shown}` is not a volume that can be read")));
    reading.add(setting, item, "volumes");
}

/// Relative paths start from the folder of the file that they stand in.
fn from_folder(setting: Setting, item: &YamlNode) -> Setting {
    match setting {
        Setting::Mount(FoundMount { source: MountSource::Relative(path), target, read_only, options }) => {
            let inside = beside(&item.file, &path);
            Setting::Mount(FoundMount {
                source: MountSource::Relative(format!("./{inside}")),
                target,
                read_only,
                options,
            })
        }
        other => other,
    }
}

fn long(item: &YamlNode) -> Option<Setting> {
    let text = |key| item.get(key).and_then(YamlNode::text);
    let target = text("target")?.to_string();
    let source = text("source");
    let kind = text("type").unwrap_or("volume");
    let mut mount = FoundMount {
        target,
        read_only: item.get("read_only").is_some_and(YamlNode::is_true),
        ..FoundMount::default()
    };
    if let Some(tmpfs) = item.get("tmpfs").filter(|_| kind == "tmpfs") {
        let size = tmpfs.get("size").and_then(YamlNode::text).map(str::to_string);
        let mode = tmpfs.get("mode").and_then(mode);
        return Some(Setting::Tmpfs(FoundTmpfs { path: mount.target, size, mode, ..FoundTmpfs::default() }));
    }
    mount.source = match (kind, source) {
        ("tmpfs", _) => {
            return Some(Setting::Tmpfs(FoundTmpfs { path: mount.target, ..FoundTmpfs::default() }));
        }
        ("bind", Some(source)) if source.starts_with(['/', '~']) => MountSource::Host(source.to_string()),
        ("bind", Some(source)) => MountSource::Relative(source.to_string()),
        ("volume", Some(source)) => MountSource::Named(source.to_string()),
        ("volume", None) => MountSource::Anonymous,
        _ => return None,
    };
    for key in ["volume", "bind"] {
        let options = item.get(key).map(YamlNode::entries).unwrap_or_default();
        let option = |(name, value): &(String, YamlNode)| match value.text() {
            Some(value) => format!("{key}.{name}={value}"),
            None => format!("{key}.{name}"),
        };
        mount.options.extend(options.iter().map(option));
    }
    Some(from_folder(Setting::Mount(mount), item))
}

/// The file on the host decides who owns it in the container.
fn ownership(reading: &mut ServiceReading<'_>, item: &YamlNode, key: &str, options: &[&str]) {
    for option in options {
        if let Some(node) = item.get(option) {
            let words = "it is that of the file on the host".to_string();
            reading.add(Setting::Changed(words), node, &format!("{key}.{option}"));
        }
    }
}

/// Returns a mode in octal digits. Without quotes and without a zero before it, it is a decimal number.
fn mode(node: &YamlNode) -> Option<String> {
    match &node.kind {
        YamlKind::Text(text, false) if !text.starts_with('0') => match text.parse::<u32>() {
            Ok(number) => Some(format!("{number:04o}")),
            Err(_) => Some(text.clone()),
        },
        YamlKind::Text(text, _) => Some(text.trim_start_matches("0o").to_string()),
        _ => None,
    }
}

fn named(item: &YamlNode) -> Option<(&str, Option<&str>)> {
    let source = item.text().or_else(|| item.get("source").and_then(YamlNode::text))?;
    Some((source, item.get("target").and_then(YamlNode::text)))
}

/// A secret or config that does not say which.
fn unnamed(reading: &mut ServiceReading<'_>, item: &YamlNode, key: &str) {
    reading.add(Setting::Decide("it does not say which: it has no `source`".into()), item, key);
}

fn secret(reading: &mut ServiceReading<'_>, item: &YamlNode) {
    let Some((source, target)) = named(item) else { return unnamed(reading, item, "secrets") };
    reading.others(item, "secrets", &["source", "target", "uid", "gid", "mode"]);
    let top = reading.whole.root.get("secrets").and_then(|secrets| secrets.get(source));
    let path = match target {
        Some(target) if target.starts_with('/') => target.to_string(),
        target => format!("/run/secrets/{}", target.unwrap_or(source)),
    };
    let from = top.and_then(|top| top.get("file")).and_then(YamlNode::text);
    let from = from.map(|from| reading.whole.variables.spent.copy(from));
    ownership(reading, item, "secrets", &["uid", "gid", "mode"]);
    reading.add(
        Setting::Secret(FoundSecret { name: source.to_string(), path: Some(path), from }),
        item,
        "secrets",
    );
}

fn config(reading: &mut ServiceReading<'_>, item: &YamlNode) {
    let Some((source, target)) = named(item) else { return unnamed(reading, item, "configs") };
    reading.others(item, "configs", &["source", "target", "uid", "gid", "mode"]);
    let top = reading.whole.root.get("configs").and_then(|configs| configs.get(source));
    let text = |key: &str| top.and_then(|top| top.get(key)).and_then(YamlNode::text);
    let path = match target {
        Some(target) if target.starts_with('/') => target.to_string(),
        target => format!("/{}", target.unwrap_or(source)),
    };
    let copied = |key| text(key).map(|text| reading.whole.variables.spent.copy(text));
    let file = copied("file").map(|path| top.map_or(path.clone(), |top| beside(&top.file, &path)));
    let content = copied("content");
    let mode = item.get("mode").and_then(mode);
    ownership(reading, item, "configs", &["uid", "gid"]);
    reading.add(Setting::File(FoundFile { path, source: file, content, mode }), item, "configs");
}
