//! Keys about limits, devices and namespaces.

use super::reading::ServiceReading;
use crate::tools::import::found::Setting;
use crate::tools::import::shorthand;
use crate::tools::import::yaml::{YamlKind, YamlNode};

/// Keys with a flag in docker and no node in dpc.
const RAW: &[(&str, &str)] = &[
    ("mem_reservation", "memory-reservation"),
    ("mem_swappiness", "memory-swappiness"),
    ("cpu_shares", "cpu-shares"),
    ("cpu_quota", "cpu-quota"),
    ("cpu_period", "cpu-period"),
    ("cpu_rt_runtime", "cpu-rt-runtime"),
    ("cpu_rt_period", "cpu-rt-period"),
    ("cpuset", "cpuset-cpus"),
    ("group_add", "group-add"),
    ("device_cgroup_rules", "device-cgroup-rule"),
    ("userns_mode", "userns"),
    ("uts", "uts"),
    ("cgroup", "cgroupns"),
    ("cgroup_parent", "cgroup-parent"),
    ("oom_score_adj", "oom-score-adj"),
    ("runtime", "runtime"),
    ("platform", "platform"),
    ("isolation", "isolation"),
];

/// Reads a key of this family; says whether it is one.
pub(super) fn read(reading: &mut ServiceReading<'_>, key: &str, node: &YamlNode) -> bool {
    if let Some((_, flag)) = RAW.iter().find(|(name, _)| *name == key) {
        reading.each(node, key, |text| Setting::Raw(format!("--{flag}={text}")));
        return true;
    }
    match key {
        "mem_limit" => reading.text(node, key, Setting::Memory),
        "memswap_limit" => reading.text(node, key, Setting::MemorySwap),
        "cpus" => reading.text(node, key, Setting::Cpus),
        "pids_limit" => reading.text(node, key, Setting::Pids),
        "shm_size" => reading.text(node, key, Setting::ShmSize),
        "ulimits" => ulimits(reading, node),
        "devices" => devices(reading, node),
        "ipc" | "pid" => reading.text(node, key, |text| {
            if text.contains(':') {
                Setting::Lost(format!("containers of dpc share no namespace with `{text}`"))
            } else {
                Setting::Raw(format!("--{key}={text}"))
            }
        }),
        "gpus" if node.items().is_empty() => {
            reading.text(node, key, |text| Setting::Raw(format!("--gpus={text}")));
        }
        "gpus" => node.items().iter().for_each(|item| super::deploy::gpu(reading, item, key)),
        "oom_kill_disable" if node.is_true() => {
            reading.add(Setting::Raw("--oom-kill-disable".into()), node, key);
        }
        "storage_opt" => node.entries().iter().for_each(|(name, value)| {
            let text = value.text().unwrap_or_default();
            reading.add(Setting::Raw(format!("--storage-opt={name}={text}")), value, key);
        }),
        _ => return false,
    }
    true
}

fn ulimits(reading: &mut ServiceReading<'_>, node: &YamlNode) {
    for (name, value) in node.entries() {
        reading.others(value, &format!("ulimits.{name}"), &["soft", "hard"]);
        let part = |key| value.get(key).and_then(YamlNode::text).map(str::to_string);
        let setting = match (value.text(), part("soft")) {
            (Some(text), _) => Setting::Ulimit(name.clone(), text.to_string(), None),
            (None, Some(soft)) => Setting::Ulimit(name.clone(), soft, part("hard")),
            _ => Setting::Decide(format!("`{name}` has no soft limit")),
        };
        reading.add(setting, value, &format!("ulimits.{name}"));
    }
}

fn devices(reading: &mut ServiceReading<'_>, node: &YamlNode) {
    for item in node.items() {
        reading.others(item, "devices", &["source", "target", "permissions"]);
        let part = |key| item.get(key).and_then(YamlNode::text).map(str::to_string);
        let setting = match (&item.kind, part("source")) {
            (YamlKind::Text(text, _), _) if text.starts_with('/') => shorthand::device(text),
            (YamlKind::Text(text, _), _) => Setting::Raw(format!("--device={text}")),
            (_, Some(source)) => Setting::Device(source, part("target"), part("permissions")),
            _ => Setting::Decide("this is not a device that can be read".into()),
        };
        reading.add(setting, item, "devices");
    }
}
