//! `Mounts`, with their sources in `HostConfig`.

use super::ContainerReading;
use super::keys::is_empty_or_default;
use crate::tools::import::found::{FoundMount, FoundTmpfs, MountSource, Setting};
use crate::tools::import::run::tmpfs;
use serde_json::Value;

/// Reads it.
pub(super) fn read(reading: &mut ContainerReading<'_>) {
    for mount in reading.value["Mounts"].as_array().into_iter().flatten() {
        let asked = reading.value["HostConfig"]["Mounts"].as_array().into_iter().flatten();
        let asked = asked.into_iter().find(|asked| asked["Target"] == mount["Destination"]);
        for setting in mount_settings(mount, asked) {
            reading.add("Mounts", setting);
        }
        if let Some(asked) = asked {
            options(reading, asked);
        }
    }
    for (path, options) in reading.map("/HostConfig/Tmpfs") {
        let text = if options.is_empty() { path } else { format!("{path}:{options}") };
        tmpfs(&text).into_iter().for_each(|setting| reading.add("HostConfig.Tmpfs", setting));
    }
}

fn mount_settings(mount: &Value, asked: Option<&Value>) -> Vec<Setting> {
    let text = |key: &str| mount[key].as_str().unwrap_or_default().to_string();
    let target = text("Destination");
    // A volume without a name has one of 64 digits.
    let anonymous = mount["Name"].as_str().is_none_or(|name| name.len() == 64);
    let source = match &*text("Type") {
        "bind" => MountSource::Host(text("Source")),
        "volume" if anonymous => MountSource::Anonymous,
        "volume" => MountSource::Named(text("Name")),
        "tmpfs" => return vec![in_memory(target, asked)],
        kind => return vec![Setting::Lost(format!("`{target}`: dpc mounts nothing of the kind `{kind}`"))],
    };
    let mode = text("Mode");
    let plain = ["", "ro", "rw", "rprivate"];
    let mut options: Vec<String> =
        mode.split(',').chain([&*text("Propagation")]).map(str::to_string).collect();
    options.retain(|option| !plain.contains(&&**option));
    options.dedup();
    let driver = mount["Driver"].as_str().filter(|driver| !matches!(*driver, "" | "local"));
    let driver = driver.map(|driver| {
        Setting::Decide(format!(
            "`{target}` is in volume driver `{driver}`: mount it on the host, and name it with `from=`"
        ))
    });
    let mount = FoundMount { source, target, read_only: mount["RW"] == false, options };
    std::iter::once(Setting::Mount(mount)).chain(driver).collect()
}

fn in_memory(target: String, asked: Option<&Value>) -> Setting {
    let option =
        |key: &str| asked.and_then(|asked| asked["TmpfsOptions"][key].as_i64()).filter(|value| *value > 0);
    let mode = option("Mode").map(|mode| format!("{:04o}", mode & 0o7777));
    let size = option("SizeBytes").map(|size| size.to_string());
    Setting::Tmpfs(FoundTmpfs { path: target, size, mode, ..FoundTmpfs::default() })
}

/// Options of `--mount` that stand nowhere else.
fn options(reading: &mut ContainerReading<'_>, asked: &Value) {
    let target = asked["Target"].as_str().unwrap_or_default().to_string();
    let own = |group: &str, key: &str| match group {
        "TmpfsOptions" => matches!(key, "SizeBytes" | "Mode"),
        "BindOptions" => matches!(key, "Propagation" | "CreateMountpoint"),
        _ => false,
    };
    for (group, value) in asked.as_object().into_iter().flatten() {
        let key = format!("HostConfig.Mounts.{group}");
        for (option, value) in value.as_object().into_iter().flatten() {
            if !is_empty_or_default("", value) && !own(group, option) && value["Name"] != "local" {
                let words = format!("`{target}`: dpc has no word for `{option}`");
                reading.add(&format!("{key}.{option}"), Setting::Lost(words));
            }
        }
    }
}
