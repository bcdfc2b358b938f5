//! Keys about variables and labels.

use super::dotenv;
use super::interpolate::ComposeVariables;
use super::merge::mapped;
use super::paths::beside;
use super::reading::ServiceReading;
use crate::encode::env_file;
use crate::tools::import::found::{EnvFile, Setting};
use crate::tools::import::yaml::{YamlKind, YamlNode};

/// Reads a key of this family; says whether it is one.
pub(super) fn read(reading: &mut ServiceReading<'_>, key: &str, node: &YamlNode) -> bool {
    match key {
        "environment" => pairs(reading, node, key, Setting::Env),
        "labels" => pairs(reading, node, key, |name, value| Setting::Label(name, value.unwrap_or_default())),
        "annotations" => pairs(reading, node, key, |name, value| {
            Setting::Raw(format!("--annotation={name}={}", value.unwrap_or_default()))
        }),
        "env_file" => env_files(reading, node, key),
        "label_file" => {
            reading.each(node, key, |path| Setting::Decide(format!("write the labels of `{path}` here")));
        }
        _ => return false,
    }
    true
}

fn pairs(
    reading: &mut ServiceReading<'_>,
    node: &YamlNode,
    key: &str,
    setting: impl Fn(String, Option<String>) -> Setting,
) {
    for (name, value) in mapped(node.clone()).entries() {
        let number = value.number_in_other_base();
        if let (Some(number), Some(text)) = (number, value.text()) {
            let words =
                format!("docker reads `{text}` without quotes as the number {number}, and so does this");
            reading.add(Setting::Changed(words), value, &format!("{key}.{name}"));
        }
        let text = match (&value.kind, key) {
            (YamlKind::Text(..), _) if number.is_some() => number.map(|number| number.to_string()),
            (YamlKind::Text(text, _), _) => Some(text.clone()),
            // A variable without a value takes that of the caller of compose, which `.env` may have.
            _ => reading.whole.variables.get(name).map(str::to_string).filter(|_| key == "environment"),
        };
        reading.add(setting(name.clone(), text), value, &format!("{key}.{name}"));
    }
}

fn env_files(reading: &mut ServiceReading<'_>, node: &YamlNode, key: &str) {
    let items = match &node.kind {
        YamlKind::List(items) => items.clone(),
        _ => vec![node.clone()],
    };
    // A file sees the variables of the files before it.
    let mut scope = reading.whole.variables.scope();
    for item in &items {
        let long = matches!(item.kind, YamlKind::Map(_));
        let path = if long { item.get("path").and_then(YamlNode::text) } else { item.text() };
        reading.others(item, key, &["path", "required", "format"]);
        let Some(path) = path else {
            reading.add(Setting::Decide("it names no file".into()), item, key);
            continue;
        };
        let optional = item.get("required").is_some_and(|node| !node.is_true());
        let raw = item.get("format").and_then(YamlNode::text) == Some("raw");
        let found = file(reading, item, path, raw, &mut scope);
        if found.variables.is_none() && optional {
            let words = format!("`{path}` is not there, and is not required");
            reading.add(Setting::Kept(words), item, "env_file");
        } else {
            reading.add(Setting::EnvFile(found), item, "env_file");
        }
    }
}

fn file(
    reading: &ServiceReading<'_>,
    item: &YamlNode,
    path: &str,
    raw: bool,
    scope: &mut ComposeVariables,
) -> EnvFile {
    let inside = if path.starts_with('/') { path.to_string() } else { beside(&item.file, path) };
    let text = reading.whole.lists.text(&inside).filter(|_| !path.starts_with('/'));
    let Some(text) = text else { return EnvFile { path: inside, variables: None, plain: false } };
    let by_docker: Option<Vec<_>> = env_file::parse(text.as_bytes()).ok().map(|variables| {
        let pair =
            |variable: &env_file::Variable<'_>| (variable.name.to_string(), Some(variable.value.to_string()));
        variables.iter().map(pair).collect()
    });
    let variables = match (raw, &by_docker) {
        (true, Some(variables)) => variables.clone(),
        _ => dotenv::parse(&text, scope),
    };
    EnvFile { path: inside, plain: by_docker.as_ref() == Some(&variables), variables: Some(variables) }
}
