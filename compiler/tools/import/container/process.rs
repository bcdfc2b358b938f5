//! `Config`: the settings of the process, from the image and the command line. A setting of the image alone stays with the
//! image.

use super::ContainerReading;
use crate::tools::import::found::{FoundHealth, FoundNeed, NeedCondition, Setting, Test};
use crate::tools::import::shorthand;
use serde_json::Value;
use std::collections::BTreeSet;

/// Reads it.
pub(super) fn read(reading: &mut ContainerReading<'_>) {
    let image = reading.text("/Config/Image").unwrap_or_default();
    reading.add("Config.Image", Setting::Image(image));
    words(reading, "Entrypoint", Setting::Entrypoint);
    words(reading, "Cmd", Setting::Command);
    text(reading, "User", Setting::User);
    text(reading, "WorkingDir", Setting::Workdir);
    text(reading, "StopSignal", Setting::StopSignal);
    variables(reading);
    labels(reading);
    for (port, _) in reading.map("/Config/ExposedPorts") {
        if let Some(setting) = shorthand::exposed(&port) {
            let key = format!("Config.ExposedPorts.{port}");
            let published = &reading.value["HostConfig"]["PortBindings"][&port];
            if published.as_array().is_some_and(|places| !places.is_empty()) {
                reading.add(&key, Setting::Kept("`HostConfig.PortBindings` has it".into()));
            }
            reading.add(&key, setting);
        }
    }
    if let Some(timeout) = reading.number("/Config/StopTimeout") {
        reading.add("Config.StopTimeout", Setting::StopGrace(timeout.to_string()));
    }
    for key in ["Tty", "OpenStdin"].into_iter().filter(|key| reading.value["Config"][key] == true) {
        reading.add(&format!("Config.{key}"), Setting::Lost("no terminal is there under systemd".into()));
    }
    health(reading);
    hostname(reading);
}

/// Takes a name that somebody gave. The engine's own name is the start of the container's id.
fn hostname(reading: &mut ContainerReading<'_>) {
    let id = reading.text("/Id").unwrap_or_default();
    let is_host = |reading: &ContainerReading<'_>, mode: &str| {
        reading.text(&format!("/HostConfig/{mode}")).as_deref() == Some("host")
    };
    let of_host = is_host(reading, "NetworkMode") || is_host(reading, "UTSMode");
    if let Some(domain) = reading.text("/Config/Domainname") {
        let setting = if is_host(reading, "UTSMode") {
            Setting::Kept("the host's own name".into())
        } else {
            Setting::Raw(format!("--domainname={domain}"))
        };
        reading.add("Config.Domainname", setting);
    }
    let Some(name) = reading.text("/Config/Hostname").filter(|name| !id.starts_with(name.as_str())) else {
        return;
    };
    let setting = if of_host {
        Setting::Kept("the host's own name".into())
    } else {
        Setting::Raw(format!("--hostname={name}"))
    };
    reading.add("Config.Hostname", setting);
}

/// The setting for a key that has the same value in the image.
fn kept_by_image() -> Setting {
    Setting::Kept("the image says so itself".into())
}

fn text(reading: &mut ContainerReading<'_>, key: &str, setting: impl Fn(String) -> Setting) {
    if let Some(text) = reading.text(&format!("/Config/{key}")) {
        let setting = if reading.same_in_image(key) { kept_by_image() } else { setting(text) };
        reading.add(&format!("Config.{key}"), setting);
    }
}

fn words(reading: &mut ContainerReading<'_>, key: &str, setting: impl Fn(Vec<String>) -> Setting) {
    let words = reading.texts(&format!("/Config/{key}"));
    if !words.is_empty() {
        let setting = if reading.same_in_image(key) { kept_by_image() } else { setting(words) };
        reading.add(&format!("Config.{key}"), setting);
    }
}

fn variables(reading: &mut ContainerReading<'_>) {
    let built = reading.image.and_then(|image| image["Config"]["Env"].as_array());
    let built: BTreeSet<&str> = built.into_iter().flatten().filter_map(Value::as_str).collect();
    for text in reading.texts("/Config/Env") {
        let given = built.contains(&*text);
        let (name, value) = shorthand::pair(&text);
        let key = format!("Config.Env.{name}");
        reading.add(&key, if given { kept_by_image() } else { Setting::Env(name, value) });
    }
}

fn labels(reading: &mut ContainerReading<'_>) {
    for (name, value) in reading.map("/Config/Labels") {
        let built = reading.image.is_some_and(|image| image["Config"]["Labels"][&name] == *value);
        let setting = if built {
            kept_by_image()
        } else if name == "com.docker.compose.depends_on" {
            needs(reading, &value);
            continue;
        } else if name.starts_with("com.docker.compose.") {
            Setting::Changed("compose finds it by this, dpc does not".into())
        } else {
            Setting::Label(name.clone(), value)
        };
        reading.add(&format!("Config.Labels.{name}"), setting);
    }
}

/// `db:service_healthy:false,cache:service_started:true`, as compose writes it.
fn needs(reading: &mut ContainerReading<'_>, text: &str) {
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let mut words = part.split(':');
        let name = words.next().unwrap_or_default().to_string();
        let until = match words.next() {
            Some("service_healthy") => NeedCondition::Healthy,
            Some("service_completed_successfully") => NeedCondition::Completed,
            _ => NeedCondition::Started,
        };
        let need = Setting::Need(FoundNeed { name, until, alias: None, required: true });
        reading.add("Config.Labels.com.docker.compose.depends_on", need);
    }
}

fn health(reading: &mut ContainerReading<'_>) {
    let Some(health) = reading.value.pointer("/Config/Healthcheck").filter(|health| health.is_object())
    else {
        return;
    };
    let words = reading.texts("/Config/Healthcheck/Test");
    let test = match words.first().map(String::as_str) {
        Some("CMD") => Some(Test::Words(words[1..].to_vec())),
        Some("CMD-SHELL") => Some(Test::Shell(words[1..].join(" "))),
        Some("NONE") => Some(Test::Disabled),
        _ => None,
    };
    // In nanoseconds; 0 is docker's default.
    let duration = |key: &str| {
        let nanoseconds = health[key].as_i64().filter(|nanoseconds| *nanoseconds > 0)?;
        Some(format!("{}ms", nanoseconds / 1_000_000))
    };
    let retries =
        health["Retries"].as_i64().filter(|retries| *retries > 0).map(|retries| retries.to_string());
    let setting = FoundHealth {
        test,
        interval: duration("Interval"),
        timeout: duration("Timeout"),
        retries,
        start_period: duration("StartPeriod"),
    };
    reading.add("Config.Healthcheck", Setting::Health(setting));
    if duration("StartInterval").is_some() {
        let words = "dpc asks every second until it is ready";
        reading.add("Config.Healthcheck.StartInterval", Setting::Changed(words.into()));
    }
}

/// Returns the value of a key that is there and true.
pub(crate) fn is_true(value: &Value, key: &str) -> bool {
    value["HostConfig"][key] == true
}
