//! Services that build their image: one build is one image, and a mount of the code that is built is the image's own.

use super::paths::beside;
use crate::tools::import::yaml::{YamlKind, YamlNode};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The builds of a project, each with the service that names its image.
#[derive(Default)]
pub(crate) struct Builds(BTreeMap<String, String>);

impl Builds {
    /// The service that names the image of this build: the first one that builds the same.
    pub(crate) fn first(&mut self, name: &str, build: Option<&YamlNode>) -> String {
        let Some(build) = build else { return name.to_string() };
        let same = self.0.entry(signature(build)).or_insert_with(|| name.to_string());
        same.clone()
    }
}

/// The folder that an image is built from.
pub(crate) fn context(build: &YamlNode) -> String {
    let context = build.text().or_else(|| build.get("context").and_then(YamlNode::text)).unwrap_or(".");
    beside(&build.file, context)
}

/// A text that is the same for builds that make the same image.
fn signature(build: &YamlNode) -> String {
    let mut text = context(build);
    let mut entries: Vec<_> = build.entries().iter().filter(|(key, _)| key != "context").collect();
    entries.sort_by_key(|(key, _)| key);
    for (key, value) in entries {
        text.push('\n');
        text.push_str(key);
        write_node(value, &mut text);
    }
    text
}

fn write_node(node: &YamlNode, out: &mut String) {
    match &node.kind {
        YamlKind::Text(text, _) => {
            let _ = write!(out, " {text:?}");
        }
        YamlKind::Null => out.push_str(" ~"),
        YamlKind::List(items) => items.iter().for_each(|item| write_node(item, out)),
        YamlKind::Map(entries) => entries.iter().for_each(|(key, value)| {
            let _ = write!(out, " {key}:");
            write_node(value, out);
        }),
    }
}
