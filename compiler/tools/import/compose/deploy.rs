//! Keys about where and how many, resources under `deploy`, and logs.

use super::reading::ServiceReading;
use crate::tools::import::found::Setting;
use crate::tools::import::yaml::YamlNode;

/// Reads a key of this family; says whether it is one.
pub(super) fn read(reading: &mut ServiceReading<'_>, key: &str, node: &YamlNode) -> bool {
    match key {
        "deploy" => node.entries().iter().for_each(|(key, value)| deploy(reading, key, value)),
        "scale" => reading.text(node, key, Setting::Instances),
        "logging" => logging(reading, node),
        _ => return false,
    }
    true
}

fn deploy(reading: &mut ServiceReading<'_>, key: &str, node: &YamlNode) {
    let path = format!("deploy.{key}");
    let lost = |words: &str| Setting::Lost(words.to_string());
    match key {
        "replicas" => reading.text(node, &path, Setting::Instances),
        "resources" => {
            reading.others(node, &path, &["limits", "reservations"]);
            node.get("limits").into_iter().for_each(|limits| self::limits(reading, limits));
            node.get("reservations")
                .into_iter()
                .for_each(|reservations| self::reservations(reading, reservations));
        }
        "restart_policy" => restart(reading, node),
        "update_config" | "rollback_config" => reading.add(
            Setting::Changed(
                "`activate` restarts one instance after the other, and goes back by itself".into(),
            ),
            node,
            &path,
        ),
        "placement" => reading.add(
            Setting::Changed("it runs on the one host: write others with `on`".into()),
            node,
            &path,
        ),
        "mode" => reading.add(
            Setting::Changed("it runs on the one host: `on \"*\"` is every host".into()),
            node,
            &path,
        ),
        "labels" => reading.add(lost("labels of a swarm's service have no reader here"), node, &path),
        _ => reading.add(lost("it is about a swarm"), node, &path),
    }
}

fn limits(reading: &mut ServiceReading<'_>, node: &YamlNode) {
    for (key, value) in node.entries() {
        let path = format!("deploy.resources.limits.{key}");
        match key.as_str() {
            "memory" => reading.text(value, &path, Setting::Memory),
            "cpus" => reading.text(value, &path, Setting::Cpus),
            "pids" => reading.text(value, &path, Setting::Pids),
            _ => reading.add(Setting::Lost("docker has no such limit".into()), value, &path),
        }
    }
}

fn reservations(reading: &mut ServiceReading<'_>, node: &YamlNode) {
    for (key, value) in node.entries() {
        let path = format!("deploy.resources.reservations.{key}");
        match key.as_str() {
            "memory" => {
                reading.text(value, &path, |text| Setting::Raw(format!("--memory-reservation={text}")));
            }
            "devices" => value.items().iter().for_each(|item| devices(reading, item, &path)),
            _ => reading.add(Setting::Lost("no scheduler is there to reserve for".into()), value, &path),
        }
    }
}

/// compose asks for GPUs as devices with the capability `gpu`.
fn devices(reading: &mut ServiceReading<'_>, item: &YamlNode, path: &str) {
    if item.get("capabilities").map(YamlNode::texts).unwrap_or_default().contains(&"gpu") {
        return gpu(reading, item, path);
    }
    reading.add(Setting::Lost("dpc reserves no device of this kind".to_string()), item, path);
}

/// A request for GPUs.
pub(crate) fn gpu(reading: &mut ServiceReading<'_>, item: &YamlNode, path: &str) {
    let known = ["capabilities", "count", "device_ids", "driver"];
    // `--gpus` asks for the driver of this name.
    let nvidia = item.get("driver").and_then(YamlNode::text).is_none_or(|driver| driver == "nvidia");
    reading.others(item, path, if nvidia { &known } else { &known[..3] });
    let count = item.get("count").and_then(YamlNode::text).unwrap_or("all");
    let ids = item.get("device_ids").map(YamlNode::texts).unwrap_or_default().join(",");
    let which = if ids.is_empty() { count.to_string() } else { format!("\"device={ids}\"") };
    let more: Vec<&str> = item.get("capabilities").map(YamlNode::texts).unwrap_or_default();
    let more: Vec<&str> = more.into_iter().filter(|name| *name != "gpu").collect();
    let flag = if more.is_empty() {
        format!("--gpus={which}")
    } else {
        format!("--gpus={which},\"capabilities={}\"", more.join(","))
    };
    reading.add(Setting::Raw(flag), item, path);
}

fn restart(reading: &mut ServiceReading<'_>, node: &YamlNode) {
    for (key, value) in node.entries() {
        let path = format!("deploy.restart_policy.{key}");
        match key.as_str() {
            "condition" => reading.text(value, &path, Setting::Restart),
            "delay" => reading.text(value, &path, Setting::RestartDelay),
            "max_attempts" => reading.text(value, &path, Setting::Retries),
            _ => reading.add(Setting::Changed("a service never gives up".into()), value, &path),
        }
    }
}

fn logging(reading: &mut ServiceReading<'_>, node: &YamlNode) {
    reading.others(node, "logging", &["driver", "options"]);
    if let Some(driver) = node.get("driver") {
        reading.text(driver, "logging.driver", Setting::LogDriver);
    }
    for (name, value) in node.get("options").map(YamlNode::entries).unwrap_or_default() {
        let text = value.text().unwrap_or_default().to_string();
        reading.add(Setting::LogOption(name.clone(), text), value, &format!("logging.options.{name}"));
    }
}
