//! A command, taken apart → a container as found.

use super::split::{DockerRun, GivenFlag};
use super::{limits, network, other, process};
use crate::front::known_images::last_part;
use crate::tools::import::env_file;
use crate::tools::import::error::ImportError;
use crate::tools::import::found::{FoundContainer, Setting};
use crate::tools::import::limits::Lists;
use crate::tools::import::place::{At, Place};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The container that a command starts.
pub(crate) fn container(
    file: &Arc<str>,
    split: &DockerRun,
    variables: &BTreeMap<String, String>,
    lists: &Lists<'_>,
) -> Result<FoundContainer, ImportError> {
    let here = Place::new(file, split.line, "IMAGE");
    let Some(image) = split.words.first() else {
        return Err(ImportError::new(&here, "the command names no image"));
    };
    let mut settings = Vec::new();
    let mut aliases = Vec::new();
    let mut name = None;
    let at = |line, key: &str| Place::new(file, line, key);
    settings.push(At::new(Setting::Image(image.text.clone()), at(image.line, "IMAGE")));
    for flag in &split.flags {
        let place = at(flag.line, &flag.key);
        match &*flag.name {
            "name" => name = Some(At::new(flag.value.clone(), place.clone())),
            "network-alias" => aliases.push(flag.value.clone()),
            "hostname" => aliases.push(flag.value.clone()),
            _ => {}
        }
        for setting in flag_settings(flag, split, variables, lists) {
            settings.push(At::new(setting, place.clone()));
        }
    }
    if let Some(first) = split.words.get(1) {
        let words = split.words[1..].iter().map(|word| word.text.clone()).collect();
        settings.push(At::new(Setting::Command(words), at(first.line, "COMMAND")));
    }
    for word in &split.plumbing {
        let why = "the output goes to the journal, and no shell is there".to_string();
        settings.push(At::new(Setting::Lost(why), at(word.line, &word.text)));
    }
    if split.program != "docker" {
        let why = format!("`{}` is docker on the hosts of dpc", split.program);
        settings.push(At::new(Setting::Changed(why), at(split.line, &split.program)));
    }
    let name = name.unwrap_or_else(|| At::new(from_image(&image.text), here));
    Ok(FoundContainer { name, aliases, profiles: Vec::new(), settings })
}

/// Returns the settings of one flag.
fn flag_settings(
    flag: &GivenFlag,
    split: &DockerRun,
    variables: &BTreeMap<String, String>,
    lists: &Lists<'_>,
) -> Vec<Setting> {
    let (name, value) = (&*flag.name, &*flag.value);
    if !flag.known {
        return vec![Setting::Lost("docker has no such flag".to_string())];
    }
    match name {
        "env" => return vec![env(value, split, variables)],
        "env-file" => return vec![env_file::docker(value, lists)],
        "label-file" => return labels(value, lists),
        _ => {}
    }
    process::settings(name, value)
        .or_else(|| network::settings(name, value))
        .or_else(|| limits::settings(name, value))
        .unwrap_or_else(|| other::settings(name, value))
}

/// A variable without a value takes that of the shell, which the pasted text may have set.
fn env(text: &str, split: &DockerRun, variables: &BTreeMap<String, String>) -> Setting {
    let (name, value) = crate::tools::import::shorthand::pair(text);
    let value = value.or_else(|| split.assignments.get(&name).or_else(|| variables.get(&name)).cloned());
    Setting::Env(name, value)
}

fn labels(path: &str, lists: &Lists<'_>) -> Vec<Setting> {
    let relative = path.trim_start_matches("./");
    let Some(text) = lists.text(relative) else {
        return vec![Setting::Raw(format!("--label-file={path}"))];
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = crate::tools::import::shorthand::pair(line);
            Setting::Label(name, value.unwrap_or_default())
        })
        .collect()
}

/// `registry.example.com/shop/api:1.4.2` → `api`.
pub(crate) fn from_image(image: &str) -> String {
    last_part(image).to_string()
}
