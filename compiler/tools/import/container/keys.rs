//! Every key of `docker inspect` (Docker Engine API 1.41 to 1.50): some are taken by a reader, some are flags of docker, and
//! some do not say how the container was started, with the reason. Any other key is reported as unknown.

use super::ContainerReading;
use crate::tools::import::found::Setting;
use serde_json::Value;

/// The meaning of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMeaning {
    /// A reader of this module takes it.
    Read,
    /// docker's flag of this name, for which dpc has no word.
    Flag(&'static str),
    /// The container was not started with it, for this reason.
    Nothing(&'static str),
}
use KeyMeaning::{Flag, Nothing, Read};

const MADE: KeyMeaning = Nothing("the engine's own name, path or time for it");
const STATE: KeyMeaning = Nothing("what the engine does with it at the moment");
const ELSEWHERE: KeyMeaning = Nothing("another key says the same, complete");
const CLIENT: KeyMeaning = Nothing("about the client that started it");
const BUILD: KeyMeaning = Nothing("about builds from the image");

/// Keys by the object that holds them; the empty name is the container itself.
pub const OBJECTS: &[(&str, &[(&str, KeyMeaning)])] =
    &[("", CONTAINER), ("Config", CONFIG), ("HostConfig", HOST), ("NetworkSettings", NETWORK)];

#[rustfmt::skip]
const CONTAINER: &[(&str, KeyMeaning)] = &[
    ("Id", MADE), ("Created", MADE), ("Name", Read), ("Image", MADE), ("ImageManifestDescriptor", MADE),
    ("ResolvConfPath", MADE), ("HostnamePath", MADE), ("HostsPath", MADE), ("LogPath", MADE), ("Driver", MADE),
    ("Platform", MADE), ("GraphDriver", MADE), ("Storage", MADE), ("MountLabel", MADE), ("ProcessLabel", MADE),
    ("AppArmorProfile", MADE), ("State", STATE), ("RestartCount", STATE), ("ExecIDs", STATE), ("SizeRw", STATE),
    ("SizeRootFs", STATE), ("Path", ELSEWHERE), ("Args", ELSEWHERE), ("Config", Read), ("HostConfig", Read),
    ("NetworkSettings", Read), ("Mounts", Read),
];

#[rustfmt::skip]
const CONFIG: &[(&str, KeyMeaning)] = &[
    ("Image", Read), ("Entrypoint", Read), ("Cmd", Read), ("User", Read), ("WorkingDir", Read), ("Env", Read),
    ("Labels", Read), ("ExposedPorts", Read), ("StopSignal", Read), ("StopTimeout", Read), ("Tty", Read),
    ("OpenStdin", Read), ("Healthcheck", Read), ("Hostname", Read), ("Domainname", Read),
    ("NetworkDisabled", Read), ("MacAddress", Read), ("AttachStdin", CLIENT), ("AttachStdout", CLIENT),
    ("AttachStderr", CLIENT), ("StdinOnce", CLIENT), ("Volumes", ELSEWHERE), ("OnBuild", BUILD), ("Shell", BUILD),
    ("ArgsEscaped", BUILD),
];

#[rustfmt::skip]
const HOST: &[(&str, KeyMeaning)] = &[
    ("NetworkMode", Read), ("PortBindings", Read), ("PublishAllPorts", Read), ("Links", Read), ("ExtraHosts", Read),
    ("Dns", Read), ("DnsSearch", Read), ("DnsOptions", Flag("dns-option")), ("Sysctls", Read), ("Tmpfs", Read),
    ("Binds", ELSEWHERE), ("Mounts", Read), ("VolumesFrom", Read), ("VolumeDriver", Nothing("`Mounts` names the driver")),
    ("Memory", Read), ("MemorySwap", Read), ("MemorySwappiness", Read), ("NanoCpus", Read), ("PidsLimit", Read),
    ("ShmSize", Read), ("Ulimits", Read), ("Devices", Read), ("DeviceRequests", Read), ("CapAdd", Read),
    ("CapDrop", Read), ("SecurityOpt", Read), ("GroupAdd", Flag("group-add")), ("Privileged", Read),
    ("ReadonlyRootfs", Read), ("Init", Read), ("IpcMode", Read), ("CgroupnsMode", Read), ("RestartPolicy", Read),
    ("LogConfig", Read), ("AutoRemove", Read), ("MaskedPaths", Read), ("ReadonlyPaths", ELSEWHERE),
    ("CpuShares", Flag("cpu-shares")), ("CpuQuota", Flag("cpu-quota")), ("CpuPeriod", Flag("cpu-period")),
    ("CpuRealtimePeriod", Flag("cpu-rt-period")), ("CpuRealtimeRuntime", Flag("cpu-rt-runtime")),
    ("CpusetCpus", Flag("cpuset-cpus")), ("CpusetMems", Flag("cpuset-mems")), ("KernelMemory", Flag("kernel-memory")),
    ("MemoryReservation", Flag("memory-reservation")), ("OomScoreAdj", Flag("oom-score-adj")),
    ("OomKillDisable", Flag("oom-kill-disable")), ("BlkioWeight", Flag("blkio-weight")),
    ("BlkioWeightDevice", Flag("blkio-weight-device")), ("BlkioDeviceReadBps", Flag("device-read-bps")),
    ("BlkioDeviceWriteBps", Flag("device-write-bps")), ("BlkioDeviceReadIOps", Flag("device-read-iops")),
    ("BlkioDeviceWriteIOps", Flag("device-write-iops")), ("DeviceCgroupRules", Flag("device-cgroup-rule")),
    ("PidMode", Flag("pid")), ("UTSMode", Flag("uts")), ("UsernsMode", Flag("userns")),
    ("CgroupParent", Flag("cgroup-parent")), ("StorageOpt", Flag("storage-opt")), ("Runtime", Flag("runtime")),
    ("Isolation", Flag("isolation")), ("Annotations", Flag("annotation")), ("CpuCount", Flag("cpu-count")),
    ("CpuPercent", Flag("cpu-percent")), ("IOMaximumIOps", Flag("io-maxiops")),
    ("IOMaximumBandwidth", Flag("io-maxbandwidth")), ("ContainerIDFile", CLIENT), ("ConsoleSize", CLIENT),
];

#[rustfmt::skip]
const NETWORK: &[(&str, KeyMeaning)] = &[
    ("Networks", Read), ("Ports", ELSEWHERE), ("Bridge", MADE), ("SandboxID", MADE), ("SandboxKey", MADE),
    ("HairpinMode", MADE), ("LinkLocalIPv6Address", MADE), ("LinkLocalIPv6PrefixLen", MADE),
    ("SecondaryIPAddresses", MADE), ("SecondaryIPv6Addresses", MADE), ("EndpointID", MADE), ("Gateway", MADE),
    ("GlobalIPv6Address", MADE), ("GlobalIPv6PrefixLen", MADE), ("IPAddress", MADE), ("IPPrefixLen", MADE),
    ("IPv6Gateway", MADE), ("MacAddress", MADE),
];

/// Values that the engine fills in by default.
const DEFAULTS: &[(&str, &str)] = &[
    ("HostConfig.IpcMode", "private"),
    ("HostConfig.CgroupnsMode", "private"),
    ("HostConfig.Runtime", "runc"),
    ("HostConfig.Isolation", "default"),
];

/// Reads the keys that are flags, and reports unknown keys.
pub fn read(reading: &mut ContainerReading<'_>) {
    for (object, keys) in OBJECTS {
        let whole = if object.is_empty() { reading.value } else { &reading.value[object] };
        for (key, value) in whole.as_object().into_iter().flatten() {
            let path = path(object, key);
            let known = keys.iter().find(|(name, _)| name == key).map(|(_, says)| says);
            match known {
                _ if is_empty_or_default(&path, value) => {}
                Some(Read | Nothing(_)) => {}
                Some(Flag(flag)) => {
                    flags(flag, value).into_iter().for_each(|setting| reading.add(&path, setting));
                }
                None => reading.add(&path, Setting::Lost("dpc does not know this key of docker's".into())),
            }
        }
    }
}

/// The name of a key in the report.
pub fn path(object: &str, key: &str) -> String {
    if object.is_empty() { key.to_string() } else { format!("{object}.{key}") }
}

/// Returns whether a value is empty or the engine's default.
pub fn is_empty_or_default(path: &str, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(said) => !said,
        Value::Number(number) => number.as_f64() == Some(0.0) && path != "HostConfig.MemorySwappiness",
        Value::String(text) => text.is_empty() || DEFAULTS.contains(&(path, text)),
        Value::Array(list) => list.is_empty() && path != "HostConfig.MaskedPaths",
        Value::Object(map) => map.is_empty(),
    }
}

/// A value as docker's flag takes it.
fn flags(flag: &str, value: &Value) -> Vec<Setting> {
    let one = |text: String| {
        if text.starts_with("container:") {
            Setting::Lost(format!("containers of dpc share no namespace with `{text}`"))
        } else {
            Setting::Raw(format!("--{flag}={text}"))
        }
    };
    match value {
        Value::Bool(_) => vec![Setting::Raw(format!("--{flag}"))],
        Value::Array(list) => list.iter().map(|item| one(item_text(item))).collect(),
        Value::Object(map) => {
            map.iter().map(|(name, value)| one(format!("{name}={}", plain(value)))).collect()
        }
        value => vec![one(plain(value))],
    }
}

/// A text, or a device with its rate or weight.
fn item_text(item: &Value) -> String {
    let measure = [&item["Rate"], &item["Weight"]].into_iter().find(|measure| !measure.is_null());
    match (item["Path"].as_str(), measure) {
        (Some(path), Some(measure)) => format!("{path}:{}", plain(measure)),
        _ => plain(item),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}
