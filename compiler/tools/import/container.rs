//! The output of `docker inspect` and `docker diff` → containers as found. The files that a container wrote to its own layer
//! are measured, not guessed. Source: Docker Engine API 1.44, ContainerInspect, ImageInspect and ContainerChanges.

mod diff;
mod host;
pub mod keys;
mod mounts;
mod network;
mod process;

use super::error::ImportError;
use super::found::{Found, FoundContainer, Setting};
use super::limits::within;
use super::place::{At, Place};
use crate::text::narrow;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The most bytes that a file may have.
pub const LONGEST: usize = 16 * 1024 * 1024;

/// Containers, images and layers that were inspected.
#[derive(Clone, Debug, Default)]
pub struct KnownContainers {
    /// The output of `docker inspect` for images, by their name or id.
    pub images: BTreeMap<String, Value>,
    /// The output of `docker diff` by the name of the container. An only container may have the empty name.
    pub diffs: BTreeMap<String, String>,
}

impl KnownContainers {
    /// Adds the output of `docker image inspect`.
    pub fn add_images(&mut self, file: &str, text: &str) -> Result<(), ImportError> {
        let here = Place::new(&Arc::from(file), 0, "");
        if text.len() > LONGEST {
            return Err(ImportError::new(&here, "the text is larger than 16 MiB"));
        }
        let value: Value = serde_json::from_str(text)
            .map_err(|error| ImportError::new(&here, format!("this is no JSON: {error}")))?;
        for image in value.as_array().into_iter().flatten() {
            let tags = image["RepoTags"].as_array().into_iter().flatten();
            for name in tags.chain([&image["Id"]]).filter_map(Value::as_str) {
                self.images.insert(name.to_string(), image.clone());
            }
        }
        Ok(())
    }
}

/// Reads the output of `docker inspect CONTAINER…`.
pub fn inspected(file: &str, text: &str, known: &KnownContainers) -> Result<Found, ImportError> {
    let file: Arc<str> = Arc::from(file);
    let here = Place::new(&file, 0, "");
    let longest = known.diffs.values().map(String::len).chain([text.len()]).max();
    if longest > Some(LONGEST) {
        return Err(ImportError::new(&here, "the text, or that of `docker diff`, is larger than 16 MiB"));
    }
    let value: Value = serde_json::from_str(text).map_err(|error| {
        ImportError::new(&Place::new(&file, narrow(error.line()), ""), format!("this is no JSON: {error}"))
    })?;
    let all = match value {
        Value::Array(all) => all,
        one => vec![one],
    };
    let all: Vec<&Value> = all.iter().filter(|value| value["HostConfig"].is_object()).collect();
    if all.is_empty() {
        return Err(ImportError::new(&here, "this is not what `docker inspect CONTAINER` prints"));
    }
    let containers = all.iter().map(|value| container(&file, value, known, all.len() == 1)).collect();
    within(Found { containers, ..Found::default() })
}

/// The settings of one container while they are read.
pub struct ContainerReading<'r> {
    /// The output of `docker inspect` for the container.
    pub(crate) value: &'r Value,
    /// The output of `docker inspect` for its image.
    pub(crate) image: Option<&'r Value>,
    file: &'r Arc<str>,
    settings: Vec<At<Setting>>,
}

impl ContainerReading<'_> {
    /// A setting from a key.
    pub(crate) fn add(&mut self, key: &str, setting: Setting) {
        self.settings.push(At::new(setting, Place::new(self.file, 0, key)));
    }

    /// The texts of a list.
    pub(crate) fn texts(&self, pointer: &str) -> Vec<String> {
        let list = self.value.pointer(pointer).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_string).collect()
    }

    /// A text that says something.
    pub fn text(&self, pointer: &str) -> Option<String> {
        self.value
            .pointer(pointer)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
            .map(str::to_string)
    }

    /// A number that says something.
    pub(crate) fn number(&self, pointer: &str) -> Option<i64> {
        self.value.pointer(pointer).and_then(Value::as_i64).filter(|number| *number != 0)
    }

    /// The entries of a map.
    pub(crate) fn map(&self, pointer: &str) -> Vec<(String, String)> {
        let map = self.value.pointer(pointer).and_then(Value::as_object);
        map.into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().into()))
            .collect()
    }

    /// Returns whether the image has the same value.
    pub(crate) fn same_in_image(&self, key: &str) -> bool {
        self.image.is_some_and(|image| image["Config"][key] == self.value["Config"][key])
    }
}

fn container(file: &Arc<str>, value: &Value, known: &KnownContainers, only: bool) -> FoundContainer {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let name = text("/Name").trim_start_matches('/').to_string();
    let image = known.images.get(text("/Image")).or_else(|| known.images.get(text("/Config/Image")));
    let mut reading = ContainerReading { value, image, file, settings: Vec::new() };
    reading.add("Name", Setting::Changed("the container is called after fleet, service and instance".into()));
    process::read(&mut reading);
    network::read(&mut reading);
    host::read(&mut reading);
    mounts::read(&mut reading);
    keys::read(&mut reading);
    let diff = known.diffs.get(&name).or_else(|| known.diffs.get("").filter(|_| only));
    match diff {
        Some(diff) => diff::read(&mut reading, diff),
        None => reading.add("docker diff", Setting::Decide("what it wrote to its layer is not known".into())),
    }
    FoundContainer {
        name: At::new(name, Place::new(file, 0, "Name")),
        aliases: aliases(value),
        profiles: Vec::new(),
        settings: reading.settings,
    }
}

/// Returns further names by which others know it: in its networks, and in the compose file that it was started from.
fn aliases(value: &Value) -> Vec<String> {
    let networks = value.pointer("/NetworkSettings/Networks").and_then(Value::as_object);
    let aliases = networks.into_iter().flatten().flat_map(|(_, network)| {
        network["Aliases"].as_array().into_iter().flatten().filter_map(Value::as_str)
    });
    let service = value["Config"]["Labels"]["com.docker.compose.service"].as_str();
    aliases.chain(service).map(str::to_string).collect()
}
