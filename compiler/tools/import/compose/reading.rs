//! The settings of one service while they are read.

use super::interpolate::ComposeVariables;
use super::top::place;
use crate::tools::import::found::Setting;
use crate::tools::import::limits::Lists;
use crate::tools::import::place::{At, Place};
use crate::tools::import::yaml::{YamlKind, YamlNode};

/// The file that services refer to.
pub(crate) struct ComposeFile<'w> {
    /// The whole tree.
    pub(crate) root: &'w YamlNode,
    /// The variables.
    pub(crate) variables: &'w ComposeVariables,
    /// The files beside it.
    pub(crate) lists: &'w Lists<'w>,
}

/// The settings of one service while they are read.
pub(crate) struct ServiceReading<'r> {
    /// The file that the service refers to.
    pub(crate) whole: &'r ComposeFile<'r>,
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

    /// Returns whether anything was said about a key.
    pub(super) fn has_note_about(&self, key: &str) -> bool {
        let whole = format!("services.{}.{key}", self.name);
        self.settings.iter().any(|setting| setting.place.key.starts_with(&whole))
    }
}
