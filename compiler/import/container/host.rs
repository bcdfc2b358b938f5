//! `HostConfig` and `Mounts`: what the engine gives to the container.

use super::Reading;
use super::process::is_true;
use crate::import::found::{Mount, Published, Setting, Source};
use crate::import::run::{extra_host, link, security, tmpfs};
use crate::import::short;
use serde_json::Value;

/// Numbers and texts that have a flag of docker's and no word of dpc's.
const RAW: &[(&str, &str)] = &[
    ("CpuShares", "cpu-shares"),
    ("CpuQuota", "cpu-quota"),
    ("CpuPeriod", "cpu-period"),
    ("CpusetCpus", "cpuset-cpus"),
    ("CpusetMems", "cpuset-mems"),
    ("MemoryReservation", "memory-reservation"),
    ("OomScoreAdj", "oom-score-adj"),
    ("BlkioWeight", "blkio-weight"),
    ("PidMode", "pid"),
    ("UTSMode", "uts"),
    ("UsernsMode", "userns"),
    ("CgroupParent", "cgroup-parent"),
];

/// Reads it.
pub fn read(reading: &mut Reading<'_>) {
    network(reading);
    ports(reading);
    mounts(reading);
    limits(reading);
    rights(reading);
    life(reading);
    for (key, flag) in RAW {
        let pointer = format!("/HostConfig/{key}");
        let text =
            reading.text(&pointer).or_else(|| reading.number(&pointer).map(|number| number.to_string()));
        if let Some(text) = text {
            reading.add(&format!("HostConfig.{key}"), Setting::Raw(format!("--{flag}={text}")));
        }
    }
}

fn network(reading: &mut Reading<'_>) {
    let mode = reading.text("/HostConfig/NetworkMode").unwrap_or_default();
    reading.add("HostConfig.NetworkMode", Setting::Network(mode));
    for text in reading.texts("/HostConfig/Links") {
        let text = text.replace('/', ":");
        let parts: Vec<&str> = text.split(':').filter(|part| !part.is_empty()).collect();
        let (name, alias) =
            (parts.first().copied().unwrap_or_default(), parts.last().copied().unwrap_or_default());
        reading.add("HostConfig.Links", link(&format!("{name}:{alias}")));
    }
    for text in reading.texts("/HostConfig/ExtraHosts") {
        reading.add("HostConfig.ExtraHosts", extra_host(&text));
    }
    for text in reading.texts("/HostConfig/Dns") {
        reading.add("HostConfig.Dns", Setting::Dns(text));
    }
    for text in reading.texts("/HostConfig/DnsSearch") {
        reading.add("HostConfig.DnsSearch", Setting::DnsSearch(text));
    }
    for (name, value) in reading.map("/HostConfig/Sysctls") {
        reading.add("HostConfig.Sysctls", Setting::Sysctl(name, value));
    }
}

fn ports(reading: &mut Reading<'_>) {
    let bindings = reading.value.pointer("/HostConfig/PortBindings").and_then(Value::as_object).cloned();
    for (port, places) in bindings.into_iter().flatten() {
        let Some(Setting::Exposed(first, last, protocol)) = short::exposed(&port) else { continue };
        for place in places.as_array().into_iter().flatten() {
            let text = |key: &str| place[key].as_str().filter(|text| !text.is_empty());
            let published = Published {
                address: text("HostIp").map(str::to_string),
                host: text("HostPort").and_then(short::range),
                container: (first, last),
                protocol: protocol.clone(),
                name: None,
            };
            reading.add("HostConfig.PortBindings", Setting::Published(published));
        }
    }
}

fn mounts(reading: &mut Reading<'_>) {
    for mount in reading.value["Mounts"].as_array().cloned().into_iter().flatten() {
        let text = |key: &str| mount[key].as_str().unwrap_or_default().to_string();
        // A volume without a name has one of 64 digits.
        let anonymous = mount["Name"].as_str().is_none_or(|name| name.len() == 64);
        let source = match &*text("Type") {
            "bind" => Source::Host(text("Source")),
            "volume" if anonymous => Source::Anonymous,
            "volume" => Source::Named(text("Name")),
            _ => continue,
        };
        let mount = Mount {
            source,
            target: text("Destination"),
            read_only: mount["RW"] == false,
            options: Vec::new(),
        };
        reading.add("Mounts", Setting::Mount(mount));
    }
    for (path, options) in reading.map("/HostConfig/Tmpfs") {
        let text = if options.is_empty() { path } else { format!("{path}:{options}") };
        tmpfs(&text).into_iter().for_each(|setting| reading.add("HostConfig.Tmpfs", setting));
    }
}

fn limits(reading: &mut Reading<'_>) {
    if let Some(bytes) = reading.number("/HostConfig/Memory") {
        reading.add("HostConfig.Memory", Setting::Memory(bytes.to_string()));
        // Twice the memory is what docker makes of a memory limit alone.
        let swap = reading.number("/HostConfig/MemorySwap").filter(|swap| *swap != bytes * 2);
        if let Some(swap) = swap {
            reading.add("HostConfig.MemorySwap", Setting::MemorySwap(swap.to_string()));
        }
    }
    if let Some(nano) = reading.number("/HostConfig/NanoCpus") {
        reading.add("HostConfig.NanoCpus", Setting::Cpus((nano as f64 / 1e9).to_string()));
    }
    if let Some(pids) = reading.number("/HostConfig/PidsLimit") {
        reading.add("HostConfig.PidsLimit", Setting::Pids(pids.to_string()));
    }
    if let Some(bytes) = reading.number("/HostConfig/ShmSize").filter(|bytes| *bytes != 64 << 20) {
        reading.add("HostConfig.ShmSize", Setting::ShmSize(bytes.to_string()));
    }
    for limit in reading.value["HostConfig"]["Ulimits"].as_array().cloned().into_iter().flatten() {
        let number = |key: &str| limit[key].as_i64().unwrap_or_default().to_string();
        let name = limit["Name"].as_str().unwrap_or_default().to_string();
        reading.add("HostConfig.Ulimits", Setting::Ulimit(name, number("Soft"), Some(number("Hard"))));
    }
    for device in reading.value["HostConfig"]["Devices"].as_array().cloned().into_iter().flatten() {
        let text = |key: &str| device[key].as_str().map(str::to_string);
        let setting = Setting::Device(
            text("PathOnHost").unwrap_or_default(),
            text("PathInContainer"),
            text("CgroupPermissions"),
        );
        reading.add("HostConfig.Devices", setting);
    }
    for request in reading.value["HostConfig"]["DeviceRequests"].as_array().cloned().into_iter().flatten() {
        let count = match request["Count"].as_i64() {
            Some(count) if count > 0 => count.to_string(),
            _ => "all".to_string(),
        };
        reading.add("HostConfig.DeviceRequests", Setting::Raw(format!("--gpus={count}")));
    }
}

fn rights(reading: &mut Reading<'_>) {
    for name in reading.texts("/HostConfig/CapAdd") {
        reading.add("HostConfig.CapAdd", Setting::CapAdd(name));
    }
    for name in reading.texts("/HostConfig/CapDrop") {
        reading.add("HostConfig.CapDrop", Setting::CapDrop(name));
    }
    let privileged = is_true(reading.value, "Privileged");
    for text in reading
        .texts("/HostConfig/SecurityOpt")
        .into_iter()
        .filter(|text| !privileged || text != "label=disable")
    {
        reading.add("HostConfig.SecurityOpt", security(&text));
    }
    for group in reading.texts("/HostConfig/GroupAdd") {
        reading.add("HostConfig.GroupAdd", Setting::Raw(format!("--group-add={group}")));
    }
    if privileged {
        reading.add("HostConfig.Privileged", Setting::Raw("--privileged".into()));
        let words =
            "the container is root on the host: take the capabilities and devices that it needs instead";
        reading.add("HostConfig.Privileged", Setting::Decide(words.into()));
    }
    if is_true(reading.value, "ReadonlyRootfs") {
        reading.add("HostConfig.ReadonlyRootfs", Setting::ReadOnly(true));
    }
    if is_true(reading.value, "Init") {
        reading.add("HostConfig.Init", Setting::Init(true));
    }
    if let Some(mode) = reading.text("/HostConfig/IpcMode").filter(|mode| mode == "host") {
        reading.add("HostConfig.IpcMode", Setting::Raw(format!("--ipc={mode}")));
    }
}

fn life(reading: &mut Reading<'_>) {
    if let Some(policy) = reading.text("/HostConfig/RestartPolicy/Name") {
        reading.add("HostConfig.RestartPolicy", Setting::Restart(policy));
    }
    let options = reading.map("/HostConfig/LogConfig/Config");
    // Without options it is what the engine does anyway.
    let driver = reading.text("/HostConfig/LogConfig/Type");
    if let Some(driver) = driver.filter(|driver| driver != "json-file" || !options.is_empty()) {
        reading.add("HostConfig.LogConfig", Setting::LogDriver(driver));
    }
    for (name, value) in options {
        reading.add("HostConfig.LogConfig", Setting::LogOption(name, value));
    }
    if is_true(reading.value, "AutoRemove") {
        reading.add("HostConfig.AutoRemove", Setting::Kept("the unit's script removes it".into()));
    }
    for other in reading.texts("/HostConfig/VolumesFrom") {
        reading.add(
            "HostConfig.VolumesFrom",
            Setting::Kept(format!("the volumes of `{other}` are among its mounts")),
        );
    }
}
