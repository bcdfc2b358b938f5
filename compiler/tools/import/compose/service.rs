//! One service → a container as found: each key goes to the family that knows it.

use super::built::Builds;
use super::reading::{ComposeFile, ServiceReading};
use super::top::place;
use super::{deploy, limits, network, process, storage, variables};
use crate::tools::import::found::{FoundContainer, Setting};
use crate::tools::import::place::At;
use crate::tools::import::yaml::{YamlKind, YamlNode};

/// The container of a service.
pub(crate) fn container(
    whole: &ComposeFile<'_>,
    name: &str,
    node: &YamlNode,
    builds: &mut Builds,
) -> FoundContainer {
    let mut reading = ServiceReading { whole, name, settings: Vec::new() };
    for (key, value) in node.entries() {
        if value.kind == YamlKind::Null && !matches!(key.as_str(), "build" | "networks") {
            continue;
        }
        let taken = process::read(&mut reading, key, value)
            || variables::read(&mut reading, key, value)
            || network::read(&mut reading, key, value)
            || storage::read(&mut reading, key, value)
            || limits::read(&mut reading, key, value)
            || deploy::read(&mut reading, key, value);
        if !taken {
            let words = if key.starts_with("x-") {
                Setting::Kept("an extension: what refers to it has it".into())
            } else {
                Setting::Lost("dpc has nothing like it".into())
            };
            reading.add(words, value, key);
        } else if !is_empty(value) && !reading.has_note_about(key) {
            let words = "it has another form here than compose takes: write what it means";
            reading.add(Setting::Decide(words.into()), value, key);
        }
    }
    if !matches!(node.kind, YamlKind::Map(_)) {
        reading.add(Setting::Decide("this is no service: it has no keys".into()), node, "");
    }
    if node.get("image").is_none() {
        let build = node.get("build");
        reading.add(Setting::Built(builds.first(name, build)), node, "image");
    }
    let profiles =
        node.get("profiles").map(YamlNode::texts).unwrap_or_default().into_iter().map(str::to_string);
    FoundContainer {
        name: At::new(name.to_string(), place(node, &format!("services.{name}"))),
        aliases: network::aliases(node),
        profiles: profiles.collect(),
        settings: reading.settings,
    }
}

fn is_empty(node: &YamlNode) -> bool {
    node.text().is_none() && node.items().is_empty() && node.entries().is_empty()
}
