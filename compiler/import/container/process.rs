//! `Config`: what the image and the command line made of the process. What the image says by itself is left to it.

use super::Reading;
use crate::import::found::{Health, Setting, Test};
use crate::import::short;
use serde_json::Value;

/// Reads it.
pub fn read(reading: &mut Reading<'_>) {
    let image = reading.text("/Config/Image").unwrap_or_default();
    reading.add("Config.Image", Setting::Image(image));
    if !reading.same_in_image("Entrypoint") {
        words(reading, "Entrypoint", Setting::Entrypoint);
    }
    if !reading.same_in_image("Cmd") {
        words(reading, "Cmd", Setting::Command);
    }
    for (key, setting) in [("User", Setting::User as fn(String) -> Setting), ("WorkingDir", Setting::Workdir)]
    {
        if let Some(text) = reading.text(&format!("/Config/{key}")).filter(|_| !reading.same_in_image(key)) {
            reading.add(&format!("Config.{key}"), setting(text));
        }
    }
    variables(reading);
    labels(reading);
    for (port, _) in reading.map("/Config/ExposedPorts") {
        if let Some(setting) = short::exposed(&port) {
            reading.add("Config.ExposedPorts", setting);
        }
    }
    if let Some(signal) = reading.text("/Config/StopSignal").filter(|_| !reading.same_in_image("StopSignal"))
    {
        reading.add("Config.StopSignal", Setting::StopSignal(signal));
    }
    if let Some(timeout) = reading.number("/Config/StopTimeout") {
        reading.add("Config.StopTimeout", Setting::StopGrace(timeout.to_string()));
    }
    if reading.value["Config"]["Tty"] == true || reading.value["Config"]["OpenStdin"] == true {
        reading.add("Config.Tty", Setting::Lost("no terminal is there under systemd".into()));
    }
    health(reading);
    let id = reading.text("/Id").unwrap_or_default();
    let hostname = reading.text("/Config/Hostname").filter(|name| !id.starts_with(name.as_str()));
    if let Some(hostname) =
        hostname.filter(|_| reading.text("/HostConfig/NetworkMode").as_deref() != Some("host"))
    {
        reading.add("Config.Hostname", Setting::Raw(format!("--hostname={hostname}")));
    }
}

fn words(reading: &mut Reading<'_>, key: &str, setting: impl Fn(Vec<String>) -> Setting) {
    let words = reading.texts(&format!("/Config/{key}"));
    if !words.is_empty() {
        reading.add(&format!("Config.{key}"), setting(words));
    }
}

fn variables(reading: &mut Reading<'_>) {
    let own = reading.image.map(|image| image["Config"]["Env"].clone()).unwrap_or_default();
    for text in reading.texts("/Config/Env") {
        let given = own.as_array().is_some_and(|list| list.iter().any(|other| *other == *text));
        let (name, value) = short::pair(&text);
        match given {
            true => {}
            false => reading.add(&format!("Config.Env.{name}"), Setting::Env(name, value)),
        }
    }
}

fn labels(reading: &mut Reading<'_>) {
    for (name, value) in reading.map("/Config/Labels") {
        let own = reading.image.is_some_and(|image| image["Config"]["Labels"][&name] == *value);
        if own || name.starts_with("com.docker.compose.") {
            continue;
        }
        reading.add(&format!("Config.Labels.{name}"), Setting::Label(name, value));
    }
}

fn health(reading: &mut Reading<'_>) {
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
    let setting = Health {
        test,
        interval: duration("Interval"),
        timeout: duration("Timeout"),
        retries,
        start_period: duration("StartPeriod"),
    };
    reading.add("Config.Healthcheck", Setting::Health(setting));
}

/// The value of a key that is there and true.
pub fn is_true(value: &Value, key: &str) -> bool {
    value["HostConfig"][key] == true
}
