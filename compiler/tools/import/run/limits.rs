//! Flags about mounts, limits and devices.

use crate::tools::import::found::Setting;
use crate::tools::import::shorthand;

/// Returns the settings of a flag; none if it is of another family.
pub(crate) fn settings(flag: &str, value: &str) -> Option<Vec<Setting>> {
    let own = || value.to_string();
    let unread = || Setting::Decide(format!("`{value}` cannot be read"));
    let setting = match flag {
        "volume" => shorthand::volume(value).unwrap_or_else(unread),
        "mount" => shorthand::long_mount(value).unwrap_or_else(|| Setting::Raw(format!("--mount={value}"))),
        "tmpfs" => return Some(tmpfs(value)),
        "device" => shorthand::device(value),
        "ulimit" => ulimit(value),
        "memory" => Setting::Memory(own()),
        "memory-swap" => Setting::MemorySwap(own()),
        "cpus" => Setting::Cpus(own()),
        "pids-limit" => Setting::Pids(own()),
        "shm-size" => Setting::ShmSize(own()),
        _ => return None,
    };
    Some(vec![setting])
}

/// A tmpfs. If it has options that dpc has no word for, docker gets it unchanged.
pub(crate) fn tmpfs(text: &str) -> Vec<Setting> {
    match shorthand::tmpfs(text) {
        (setting, rest) if rest.is_empty() => vec![setting],
        _ => vec![Setting::Raw(format!("--tmpfs={text}"))],
    }
}

/// `name=soft[:hard]`.
pub(crate) fn ulimit(text: &str) -> Setting {
    let (name, limits) = text.split_once('=').unwrap_or((text, ""));
    let (soft, hard) = limits.split_once(':').map_or((limits, None), |(soft, hard)| (soft, Some(hard)));
    Setting::Ulimit(name.to_string(), soft.to_string(), hard.map(str::to_string))
}
