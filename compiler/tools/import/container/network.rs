//! Networks, names and addresses: `HostConfig` and `NetworkSettings`.

use super::ContainerReading;
use crate::tools::import::found::Setting;
use crate::tools::import::run::{extra_host, link};
use serde_json::Value;

/// Reads it.
pub(super) fn read(reading: &mut ContainerReading<'_>) {
    let mode = reading.text("/HostConfig/NetworkMode").unwrap_or_default();
    reading.add("HostConfig.NetworkMode", Setting::Network(mode.clone()));
    network_settings(reading, &mode);
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
    if reading.value["Config"]["NetworkDisabled"] == true && mode != "none" {
        reading.add("Config.NetworkDisabled", Setting::Network("none".into()));
    }
    if reading.text("/Config/MacAddress").is_some() {
        reading.add("Config.MacAddress", Setting::Lost(ADDRESS.into()));
    }
}

const ADDRESS: &str = "with host networking the address is the host's";

/// Reads what was asked for in each network, without the addresses that the engine chose.
fn network_settings(reading: &mut ContainerReading<'_>, mode: &str) {
    let networks = reading.value.pointer("/NetworkSettings/Networks").and_then(Value::as_object);
    for (name, network) in networks.into_iter().flatten() {
        let key = format!("NetworkSettings.Networks.{name}");
        let is_first = name == mode || (name == "bridge" && matches!(mode, "default" | ""));
        if !is_first {
            reading
                .add(&key, Setting::Changed(format!("it was in `{name}` too: the host's network instead")));
        }
        let said = |option: &str| !super::keys::is_empty_or_default("", &network[option]);
        let mut tell = |option: &str, setting: Setting| {
            if said(option) {
                reading.add(&format!("{key}.{option}"), setting);
            }
        };
        tell("IPAMConfig", Setting::Lost(ADDRESS.into()));
        tell("DriverOpts", Setting::Lost("no network of docker's is there to have options".into()));
        tell("GwPriority", Setting::Lost("the host's routes decide".into()));
        let named = "services are reached by `{{ needs.….address }}`, not by a name";
        tell("Links", Setting::Changed(named.into()));
        tell("Aliases", Setting::Changed(named.into()));
    }
}
