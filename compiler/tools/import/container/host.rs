//! `HostConfig`: ports, limits and rights that the engine gives to the container.

use super::ContainerReading;
use super::process::is_true;
use crate::tools::import::found::{Published, Setting};
use crate::tools::import::run::security;
use crate::tools::import::shorthand;
use serde_json::Value;

/// Reads it.
pub(super) fn read(reading: &mut ContainerReading<'_>) {
    ports(reading);
    limits(reading);
    rights(reading);
    life(reading);
}

fn ports(reading: &mut ContainerReading<'_>) {
    if is_true(reading.value, "PublishAllPorts") {
        reading.add("HostConfig.PublishAllPorts", Setting::PublishAll);
    }
    let bindings = reading.value.pointer("/HostConfig/PortBindings").and_then(Value::as_object).cloned();
    for (port, places) in bindings.into_iter().flatten() {
        let Some(Setting::Exposed(first, last, protocol)) = shorthand::exposed(&port) else { continue };
        for place in places.as_array().into_iter().flatten() {
            let text = |key: &str| place[key].as_str().filter(|text| !text.is_empty());
            let published = Published {
                any_of: None,
                address: text("HostIp").map(str::to_string),
                host: text("HostPort").and_then(shorthand::range),
                container: (first, last),
                protocol: protocol.clone(),
                name: None,
            };
            reading.add("HostConfig.PortBindings", Setting::Published(published));
        }
    }
}

fn limits(reading: &mut ContainerReading<'_>) {
    let memory = reading.number("/HostConfig/Memory");
    if let Some(bytes) = memory {
        reading.add("HostConfig.Memory", Setting::Memory(bytes.to_string()));
    }
    // docker turns a memory limit alone into twice the memory.
    let swap = reading.number("/HostConfig/MemorySwap");
    if let Some(swap) = swap.filter(|swap| memory.is_none_or(|bytes| Some(*swap) != bytes.checked_mul(2))) {
        let setting = match memory {
            Some(_) => Setting::MemorySwap(swap.to_string()),
            None => Setting::Lost("docker takes no limit of swap without one of memory".into()),
        };
        reading.add("HostConfig.MemorySwap", setting);
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
    for request in reading.value["HostConfig"]["DeviceRequests"].as_array().into_iter().flatten() {
        reading.add("HostConfig.DeviceRequests", Setting::Raw(device_request(request)));
    }
    let swappiness =
        reading.value["HostConfig"]["MemorySwappiness"].as_i64().filter(|swappiness| *swappiness >= 0);
    if let Some(swappiness) = swappiness {
        let flag = format!("--memory-swappiness={swappiness}");
        reading.add("HostConfig.MemorySwappiness", Setting::Raw(flag));
    }
}

/// `--gpus`, or a device by its name in the container device interface.
fn device_request(request: &Value) -> String {
    let texts = |list: &Value| -> Vec<String> {
        list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_string).collect()
    };
    let ids = texts(&request["DeviceIDs"]).join(",");
    if request["Driver"] == "cdi" {
        return format!("--device={ids}");
    }
    let mut fields = match request["Count"].as_i64() {
        _ if !ids.is_empty() => vec![format!("\"device={ids}\"")],
        Some(count) if count > 0 => vec![format!("count={count}")],
        _ => vec!["count=all".to_string()],
    };
    fields.extend(
        request["Driver"]
            .as_str()
            .filter(|driver| !driver.is_empty())
            .map(|driver| format!("driver={driver}")),
    );
    let capabilities = texts(&request["Capabilities"][0]).join(",");
    if !matches!(&*capabilities, "" | "gpu") {
        fields.push(format!("\"capabilities={capabilities}\""));
    }
    for (name, value) in request["Options"].as_object().into_iter().flatten() {
        fields.push(format!("\"options={name}={}\"", value.as_str().unwrap_or_default()));
    }
    match &*fields {
        [only] => format!("--gpus={}", only.strip_prefix("count=").unwrap_or(only)),
        _ => format!("--gpus={}", fields.join(",")),
    }
}

fn rights(reading: &mut ContainerReading<'_>) {
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
    if privileged {
        reading.add("HostConfig.Privileged", Setting::Raw("--privileged".into()));
        let words =
            "the container is root on the host: take the capabilities and devices that it needs instead";
        reading.add("HostConfig.Privileged", Setting::Changed(words.into()));
    }
    if is_true(reading.value, "ReadonlyRootfs") {
        reading.add("HostConfig.ReadonlyRootfs", Setting::ReadOnly(true));
    }
    if is_true(reading.value, "Init") {
        reading.add("HostConfig.Init", Setting::Init(true));
    }
    namespaces(reading, privileged);
}

fn namespaces(reading: &mut ContainerReading<'_>, privileged: bool) {
    if let Some(mode) = reading.text("/HostConfig/IpcMode").filter(|mode| mode != "private") {
        let setting = match &*mode {
            "host" | "none" => Setting::Raw(format!("--ipc={mode}")),
            "shareable" => Setting::Changed("`private`: no other container is there to share it".into()),
            _ => Setting::Lost(format!("containers of dpc share no namespace with `{mode}`")),
        };
        reading.add("HostConfig.IpcMode", setting);
    }
    if reading.text("/HostConfig/CgroupnsMode").as_deref() == Some("host") {
        let words =
            "the engine's own choice; where it was asked for, write `docker-args \"--cgroupns=host\"`";
        reading.add("HostConfig.CgroupnsMode", Setting::Changed(words.into()));
    }
    // `null` belongs to a privileged container, and the list of paths is the engine's own. Only an empty list was asked for.
    let masked = reading.value["HostConfig"]["MaskedPaths"].as_array();
    if masked.is_some_and(Vec::is_empty) && !privileged {
        reading.add("HostConfig.MaskedPaths", Setting::Raw("--security-opt=systempaths=unconfined".into()));
    }
}

fn life(reading: &mut ContainerReading<'_>) {
    if let Some(policy) = reading.text("/HostConfig/RestartPolicy/Name") {
        let most = reading.number("/HostConfig/RestartPolicy/MaximumRetryCount");
        let policy = most.map_or(policy.clone(), |most| format!("{policy}:{most}"));
        reading.add("HostConfig.RestartPolicy", Setting::Restart(policy));
    }
    let options = reading.map("/HostConfig/LogConfig/Config");
    // Without options, the engine does the same anyway.
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
