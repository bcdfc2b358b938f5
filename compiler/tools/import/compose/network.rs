//! Keys about the network and about other services.

use super::merge::mapped;
use super::reading::ServiceReading;
use crate::tools::import::found::{FoundNeed, NeedCondition, Published, Setting};
use crate::tools::import::run::{extra_host, link};
use crate::tools::import::shorthand;
use crate::tools::import::yaml::{YamlKind, YamlNode};

/// Reads a key of this family; says whether it is one.
pub(super) fn read(reading: &mut ServiceReading<'_>, key: &str, node: &YamlNode) -> bool {
    match key {
        "ports" => node.items().iter().for_each(|item| port(reading, item)),
        "expose" => reading.each(node, key, |text| {
            shorthand::exposed(text).unwrap_or_else(|| Setting::Decide(format!("`{text}` is not a port")))
        }),
        "depends_on" => depends_on(reading, node),
        "links" => reading.each(node, key, link),
        "external_links" => reading.each(node, key, link),
        "networks" => networks(reading, node),
        "network_mode" => reading.text(node, key, Setting::Network),
        "hostname" => reading.text(node, key, |text| Setting::Raw(format!("--hostname={text}"))),
        "domainname" => reading.text(node, key, |text| Setting::Raw(format!("--domainname={text}"))),
        "dns" => reading.each(node, key, |text| Setting::Dns(text.into())),
        "dns_search" => reading.each(node, key, |text| Setting::DnsSearch(text.into())),
        "dns_opt" => reading.each(node, key, |text| Setting::Raw(format!("--dns-option={text}"))),
        "extra_hosts" => match &node.kind {
            YamlKind::Map(entries) => entries.iter().for_each(|(name, value)| {
                for address in value.texts() {
                    reading.add(extra_host(&format!("{name}={address}")), value, key);
                }
            }),
            _ => reading.each(node, key, extra_host),
        },
        "sysctls" => mapped(node.clone()).entries().iter().for_each(|(name, value)| {
            let text = value.text().unwrap_or_default().to_string();
            reading.add(Setting::Sysctl(name.clone(), text), value, key);
        }),
        "mac_address" => {
            reading.add(Setting::Lost("with host networking the address is the host's".into()), node, key);
        }
        _ => return false,
    }
    true
}

fn port(reading: &mut ServiceReading<'_>, item: &YamlNode) {
    let setting = match (&item.kind, item.text()) {
        (YamlKind::Map(_), _) => long_port(item),
        (_, Some(text)) => shorthand::published(text),
        _ => None,
    };
    reading.others(
        item,
        "ports",
        &["target", "published", "host_ip", "protocol", "name", "mode", "app_protocol"],
    );
    for option in ["mode", "app_protocol"] {
        if let Some(node) = item.get(option) {
            let words = "a port of the host has no such option".to_string();
            reading.add(Setting::Changed(words), node, &format!("ports.{option}"));
        }
    }
    let shown = item.text().unwrap_or("this");
    let setting =
        setting.unwrap_or_else(|| Setting::Decide(format!("`{shown}` is not a port that can be read")));
    reading.add(setting, item, "ports");
}

fn long_port(item: &YamlNode) -> Option<Setting> {
    let text = |key| item.get(key).and_then(YamlNode::text);
    let container = shorthand::range(text("target")?)?;
    let host = text("published").and_then(shorthand::range);
    let any_of = host.filter(|host| !shorthand::as_long(*host, container));
    let host = host.filter(|host| shorthand::as_long(*host, container));
    Some(Setting::Published(Published {
        address: text("host_ip").map(str::to_string),
        host,
        any_of,
        container,
        protocol: text("protocol").unwrap_or("tcp").to_ascii_lowercase(),
        name: text("name").map(str::to_string),
    }))
}

fn depends_on(reading: &mut ServiceReading<'_>, node: &YamlNode) {
    for (name, value) in mapped(node.clone()).entries() {
        let until = match value.get("condition").and_then(YamlNode::text) {
            Some("service_healthy") => NeedCondition::Healthy,
            Some("service_completed_successfully") => NeedCondition::Completed,
            _ => NeedCondition::Started,
        };
        reading.others(value, &format!("depends_on.{name}"), &["condition", "required", "restart"]);
        let required = value.get("required").is_none_or(|node| node.is_true());
        for (option, words) in [
            ("required", "where it is there, it is waited for"),
            ("restart", "a restart of it is not followed"),
        ] {
            if let Some(node) = value.get(option) {
                reading.add(Setting::Changed(words.into()), node, &format!("depends_on.{name}.{option}"));
            }
        }
        let need = FoundNeed { name: name.clone(), until, alias: None, required };
        reading.add(Setting::Need(need), value, "depends_on");
    }
}

fn networks(reading: &mut ServiceReading<'_>, node: &YamlNode) {
    for (name, value) in mapped(node.clone()).entries() {
        let key = format!("networks.{name}");
        reading.add(Setting::Network(name.clone()), value, &key);
        for (option, value) in value.entries().iter().filter(|(option, _)| option != "aliases") {
            let words = Setting::Lost("with host networking the address is the host's".into());
            reading.add(words, value, &format!("{key}.{option}"));
        }
    }
}

/// Every further name of a service.
pub(crate) fn aliases(node: &YamlNode) -> Vec<String> {
    let named =
        ["container_name", "hostname"].into_iter().filter_map(|key| node.get(key)).flat_map(YamlNode::texts);
    let networks = node.get("networks").map(YamlNode::entries).unwrap_or_default();
    let aliases = networks.iter().filter_map(|(_, value)| value.get("aliases")).flat_map(YamlNode::texts);
    named.chain(aliases).map(str::to_string).collect()
}
