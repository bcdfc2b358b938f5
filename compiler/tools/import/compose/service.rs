//! One service → a container as found: each key goes to the family that knows it.

use super::interpolate::ComposeVariables;
use super::top::place;
use super::{deploy, limits, network, process, storage, variables};
use crate::tools::import::found::{FoundContainer, Setting};
use crate::tools::import::limits::Lists;
use crate::tools::import::place::{At, Place};
use crate::tools::import::yaml::{YamlKind, YamlNode};

/// What services refer to.
pub(crate) struct Whole<'w> {
    /// The whole tree.
    pub(crate) root: &'w YamlNode,
    /// The variables.
    pub(crate) variables: &'w ComposeVariables,
    /// The files beside it.
    pub(crate) lists: &'w Lists<'w>,
}

/// The settings of one service while they are read.
pub(crate) struct ServiceReading<'r> {
    /// What it refers to.
    pub(crate) whole: &'r Whole<'r>,
    /// The service's name.
    pub(crate) name: &'r str,
    /// The settings so far.
    pub(crate) settings: Vec<At<Setting>>,
}

impl ServiceReading<'_> {
    /// A setting from a node below `services.<name>`.
    pub(crate) fn add(&mut self, setting: Setting, node: &YamlNode, key: &str) {
        let place = self.place(node, key);
        self.settings.push(At::new(setting, place));
    }

    /// A node's place.
    pub(crate) fn place(&self, node: &YamlNode, key: &str) -> Place {
        place(node, &format!("services.{}.{key}", self.name))
    }

    /// A setting of a text, where there is one.
    pub(super) fn text(&mut self, node: &YamlNode, key: &str, setting: impl Fn(String) -> Setting) {
        match node.text() {
            Some(text) => self.add(setting(text.to_string()), node, key),
            None => self.add(Setting::Decide("this should be one value".into()), node, key),
        }
    }

    /// A setting for each text of a list, or of one text.
    pub(crate) fn each(&mut self, node: &YamlNode, key: &str, setting: impl Fn(&str) -> Setting) {
        match &node.kind {
            YamlKind::List(items) => items.iter().for_each(|item| match item.text() {
                Some(text) => self.add(setting(text), item, key),
                None => self.add(Setting::Decide("this should be one value".into()), item, key),
            }),
            _ => self.text(node, key, |text| setting(&text)),
        }
    }

    /// Names the keys of a map that nothing here reads.
    pub(crate) fn others(&mut self, node: &YamlNode, key: &str, known: &[&str]) {
        for (name, value) in node.entries().iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let words = if name.starts_with("x-") {
                Setting::Kept("an extension: what refers to it has it".into())
            } else {
                Setting::Lost("dpc has nothing like it".into())
            };
            self.add(words, value, &format!("{key}.{name}"));
        }
    }

    /// Whether anything was said about a key.
    fn told(&self, key: &str) -> bool {
        let whole = format!("services.{}.{key}", self.name);
        self.settings.iter().any(|setting| setting.place.key.starts_with(&whole))
    }
}

/// The container of a service.
pub(crate) fn container(whole: &Whole<'_>, name: &str, node: &YamlNode) -> FoundContainer {
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
        } else if !is_empty(value) && !reading.told(key) {
            let words = "it has another form here than compose takes: write what it means";
            reading.add(Setting::Decide(words.into()), value, key);
        }
    }
    if !matches!(node.kind, YamlKind::Map(_)) {
        reading.add(Setting::Decide("this is no service: it has no keys".into()), node, "");
    }
    if node.get("image").is_none() {
        let image = format!("{name}:1.0.0");
        reading.add(Setting::Image(image), node, "image");
        let words = "it has no image: build it, push it, and write its reference".to_string();
        reading.add(Setting::Decide(words), node, "image");
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
