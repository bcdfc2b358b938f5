//! Keys about the process, its rights and its life.

use super::reading::ServiceReading;
use super::words::words;
use crate::tools::import::found::{FoundHealth, Setting, Test};
use crate::tools::import::run::security;
use crate::tools::import::yaml::{YamlKind, YamlNode};

/// Reads a key of this family; says whether it is one.
pub(super) fn read(reading: &mut ServiceReading<'_>, key: &str, node: &YamlNode) -> bool {
    match key {
        "image" => reading.text(node, key, Setting::Image),
        "build" => build(reading, node),
        "command" => reading.add(Setting::Command(split(node)), node, key),
        "entrypoint" => reading.add(Setting::Entrypoint(split(node)), node, key),
        "user" => reading.text(node, key, Setting::User),
        "working_dir" => reading.text(node, key, Setting::Workdir),
        "restart" => reading.text(node, key, Setting::Restart),
        "init" => reading.add(Setting::Init(node.is_true()), node, key),
        "read_only" => reading.add(Setting::ReadOnly(node.is_true()), node, key),
        "stop_signal" => reading.text(node, key, Setting::StopSignal),
        "stop_grace_period" => reading.text(node, key, Setting::StopGrace),
        "cap_add" => reading.each(node, key, |text| Setting::CapAdd(text.into())),
        "cap_drop" => reading.each(node, key, |text| Setting::CapDrop(text.into())),
        "security_opt" => reading.each(node, key, security),
        "privileged" if node.is_true() => {
            reading.add(Setting::Raw("--privileged".into()), node, key);
            let words =
                "the container is root on the host: take the capabilities and devices that it needs instead";
            reading.add(Setting::Changed(words.into()), node, key);
        }
        "privileged" => reading.add(Setting::Kept("it is not anyway".into()), node, key),
        "healthcheck" => health(reading, node),
        "stdin_open" | "tty" => {
            let lost = Setting::Lost("no terminal is there under systemd".into());
            reading.add(
                if node.is_true() { lost } else { Setting::Kept("it is not anyway".into()) },
                node,
                key,
            );
        }
        "container_name" => {
            let words = "the container is called after fleet, service and instance";
            reading.add(Setting::Changed(words.into()), node, key);
        }
        "profiles" => {
            reading.add(
                Setting::Kept("an environment of the same name: `dpc build --env`".into()),
                node,
                key,
            );
        }
        "pull_policy" => {
            reading.add(Setting::Changed("`activate` pulls images, the unit never does".into()), node, key);
        }
        "attach" | "develop" => {
            reading.add(Setting::Lost("it is for working with compose itself".into()), node, key);
        }
        "post_start" | "pre_stop" => {
            reading.add(
                Setting::Lost("dpc runs nothing in a container but its own process".into()),
                node,
                key,
            );
        }
        _ => return false,
    }
    true
}

fn split(node: &YamlNode) -> Vec<String> {
    match &node.kind {
        YamlKind::Text(text, _) => words(text),
        _ => node.texts().into_iter().map(str::to_string).collect(),
    }
}

fn build(reading: &mut ServiceReading<'_>, node: &YamlNode) {
    let words = "dpc builds no images: build and push it before";
    reading.add(Setting::Changed(words.into()), node, "build");
    reading.add(Setting::BuiltFrom(super::built::context(node)), node, "build");
}

fn health(reading: &mut ServiceReading<'_>, node: &YamlNode) {
    if node.get("disable").is_some_and(YamlNode::is_true) {
        let health = FoundHealth { test: Some(Test::Disabled), ..FoundHealth::default() };
        return reading.add(Setting::Health(health), node, "healthcheck.disable");
    }
    for (key, value) in node.entries() {
        let text = || value.text().map(str::to_string);
        let health = match key.as_str() {
            "test" => FoundHealth { test: Some(test(value)), ..FoundHealth::default() },
            "interval" => FoundHealth { interval: text(), ..FoundHealth::default() },
            "timeout" => FoundHealth { timeout: text(), ..FoundHealth::default() },
            "retries" => FoundHealth { retries: text(), ..FoundHealth::default() },
            "start_period" => FoundHealth { start_period: text(), ..FoundHealth::default() },
            "start_interval" => {
                let words = Setting::Changed("dpc asks every second until it is ready".into());
                reading.add(words, value, "healthcheck.start_interval");
                continue;
            }
            _ => {
                let words = Setting::Lost("dpc has nothing like it".into());
                reading.add(words, value, &format!("healthcheck.{key}"));
                continue;
            }
        };
        reading.add(Setting::Health(health), value, &format!("healthcheck.{key}"));
    }
}

fn test(node: &YamlNode) -> Test {
    let texts: Vec<String> = node.texts().into_iter().map(str::to_string).collect();
    match (&node.kind, texts.first().map(String::as_str)) {
        (YamlKind::Text(text, _), _) if text != "NONE" => Test::Shell(text.clone()),
        (YamlKind::List(_), Some("CMD")) => Test::Words(texts[1..].to_vec()),
        (YamlKind::List(_), Some("CMD-SHELL")) => Test::Shell(texts[1..].join(" ")),
        _ => Test::Disabled,
    }
}
