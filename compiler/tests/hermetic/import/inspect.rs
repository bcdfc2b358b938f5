//! Every key of `docker inspect` is in the report, or is known not to say how the container was started.

use crate::import::corpus::container;
use crate::import::examples::examples;
use dpc::tools::import::container::keys::{KeyMeaning, OBJECTS, is_empty_or_default, path};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Lists the keys of each container in an example with their values, without empty ones.
fn said(example: &Path) -> Vec<(String, Option<KeyMeaning>)> {
    let text = fs::read_to_string(example).unwrap();
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut said = Vec::new();
    for container in &all {
        for (object, known) in OBJECTS {
            let whole = if object.is_empty() { container } else { &container[object] };
            for (key, value) in whole.as_object().into_iter().flatten() {
                let path = path(object, key);
                let says = known.iter().find(|(name, _)| name == key).map(|(_, says)| *says);
                if !is_empty_or_default(&path, value) && !is_default(container, &path, value) {
                    said.push((path, says));
                }
            }
        }
    }
    said
}

/// Returns whether the engine derives a value from others.
fn is_default(container: &Value, path: &str, value: &Value) -> bool {
    let host = &container["HostConfig"];
    match path {
        "Config" | "HostConfig" | "NetworkSettings" => true,
        "Config.Hostname" => container["Id"].as_str().unwrap().starts_with(value.as_str().unwrap()),
        "Config.NetworkDisabled" => host["NetworkMode"] == "none",
        "HostConfig.MemorySwap" => value.as_i64() == host["Memory"].as_i64().map(|memory| memory * 2),
        "HostConfig.LogConfig" => value["Type"] == "json-file" && is_empty_or_default("", &value["Config"]),
        "HostConfig.ShmSize" => *value == 64 << 20,
        "HostConfig.MaskedPaths" => value.as_array().is_some_and(|paths| !paths.is_empty()),
        "HostConfig.RestartPolicy" => value["Name"] == "",
        "HostConfig.SecurityOpt" => host["Privileged"] == true,
        // Only the options that `Mounts` does not have.
        "HostConfig.Mounts" => true,
        "NetworkSettings.Networks" => value.as_object().unwrap().len() == 1,
        _ => false,
    }
}

#[test]
fn no_key_is_dropped_silently() {
    let mut silent = Vec::new();
    for example in examples("container", &[".json"]) {
        let Ok((_, report)) = container(&example) else { continue };
        for (key, _) in
            said(&example).iter().filter(|(_, says)| !matches!(says, Some(KeyMeaning::Nothing(_))))
        {
            let told = report.entries.iter().any(|entry| {
                let rest = entry.place.key.strip_prefix(key.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            });
            if !told {
                silent.push(format!("{}: {key}", example.display()));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

/// A key that the table has for a reader or as a flag stands in an example, so that the test above holds it.
#[test]
fn every_key_has_an_example() {
    let seen: BTreeSet<String> = examples("container", &[".json"])
        .iter()
        .flat_map(|example| said(example))
        .map(|(key, _)| key)
        .collect();
    let known = OBJECTS.iter().flat_map(|(object, keys)| keys.iter().map(move |key| (*object, key)));
    let missing: Vec<String> = known
        .filter(|(_, (_, says))| !matches!(says, KeyMeaning::Nothing(_)))
        .map(|(object, (key, _))| path(object, key))
        .filter(|key| {
            !seen.contains(key)
                && !matches!(&**key, "Config" | "HostConfig" | "NetworkSettings" | "HostConfig.Mounts")
        })
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// An unknown key is reported.
#[test]
fn a_key_that_nobody_knows_is_lost_aloud() {
    let example = examples("container", &["every-key.json"]).remove(0);
    let (_, report) = container(&example).unwrap();
    for key in ["Invented", "HostConfig.InventedToo", "HostConfig.KernelMemoryTCP"] {
        let entry = report.entries.iter().find(|entry| entry.place.key == key).unwrap();
        assert_eq!(entry.words, "dpc does not know this key of docker's");
    }
}

/// Every path of `docker diff` is below a mount, below what is proposed, or named for a person.
#[test]
fn every_written_path_has_a_place() {
    for example in examples("container", &[".diff"]) {
        let (kdl, report) = container(&example).unwrap();
        let diff = fs::read_to_string(&example).unwrap();
        let paths: Vec<&str> = diff.lines().map(|line| &line[2..]).collect();
        let is_folder = |path: &str| paths.iter().any(|other| other.starts_with(&format!("{path}/")));
        let places: Vec<&str> = kdl
            .lines()
            .filter_map(|line| {
                line.trim().strip_prefix("volume \"").or_else(|| line.trim().strip_prefix("tmpfs \""))
            })
            .filter_map(|rest| rest.split('"').next())
            .collect();
        for path in paths.iter().filter(|path| !is_folder(path)) {
            let kept = places.iter().any(|place| path == place || path.starts_with(&format!("{place}/")));
            let told = report.entries.iter().any(|entry| entry.words.contains(&format!("`{path}`")));
            assert!(kept || told, "{}: {path} has no place in\n{kdl}", example.display());
            assert!(!(kept && told), "{}: {path} is told although it has a place", example.display());
        }
    }
}
