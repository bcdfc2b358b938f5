//! The artifacts of both sides → by host, each file's unified diff with secrets masked. The only module that knows `similar`.
//!
//! A host's MANIFEST is left out: it says in digests what the files say in words. What is above the hosts is the plan.

use super::report::{Action, Change, Diff, FileDiff, HostDiff, Reason, UnitDiff};
use super::secret::{Origin, masked_texts, secret_values, secret_words};
use super::sides::Sides;
use crate::artifacts::{Artifact, Artifacts};
use crate::container::Container;
use crate::fleet::Kind;
use crate::plan::Unit;
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet};

/// Adds the files to a comparison of plans; and, where they say more than the plans, what happens to units for their sake:
/// a template of the project, or of another version of dpc.
pub fn add_files(diff: &mut Diff, sides: &Sides, base: &Artifacts, head: &Artifacts, bodies: bool) {
    let before = by_host(base);
    let after = by_host(head);
    let none = BTreeMap::new();
    for host in &mut diff.hosts {
        let (before, after) =
            (before.get(host.host.as_str()).unwrap_or(&none), after.get(host.host.as_str()).unwrap_or(&none));
        // No bundle is made, so no file is removed either.
        if host.change == Change::Removed {
            continue;
        }
        for path in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
            let pair = (before.get(path).copied(), after.get(path).copied());
            if *path != "MANIFEST" && pair.0.map(|file| &file.content) != pair.1.map(|file| &file.content) {
                let file = changed(sides, host, path, pair, bodies);
                host.files.push(file);
            }
        }
        affected(sides, host);
    }
}

type Files<'a> = BTreeMap<&'a str, &'a Artifact>;

fn by_host(artifacts: &Artifacts) -> BTreeMap<&str, Files<'_>> {
    let mut hosts: BTreeMap<&str, Files> = BTreeMap::new();
    for (path, artifact) in &artifacts.files {
        if let Some((host, path)) = path.split_once('/') {
            hosts.entry(host).or_default().insert(path, artifact);
        }
    }
    hosts
}

fn changed(
    sides: &Sides,
    host: &HostDiff,
    path: &str,
    (before, after): (Option<&Artifact>, Option<&Artifact>),
    bodies: bool,
) -> FileDiff {
    let change = match (before, after) {
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
        _ => Change::Changed,
    };
    let content = |file: Option<&Artifact>| file.map_or(&[][..], |file| &file.content).to_vec();
    let diff = if change == Change::Removed && bodies {
        // Nothing that was in it counts any more.
        format!("{} lines, all gone\n", content(before).split_inclusive(|byte| *byte == b'\n').count())
    } else if bodies {
        body(sides, &host.host, path, &content(before), &content(after))
    } else {
        String::new()
    };
    FileDiff { path: path.to_string(), change, diff }
}

/// The most bytes of a file that is compared line by line.
const LARGEST: usize = 256 * 1024;

fn body(sides: &Sides, host: &str, path: &str, before: &[u8], after: &[u8]) -> String {
    let (Ok(old), Ok(new)) = (std::str::from_utf8(before), std::str::from_utf8(after)) else {
        return format!("not text: {} → {} bytes\n", before.len(), after.len());
    };
    if before.len().max(after.len()) > LARGEST {
        return format!("too large to compare here: {} → {} bytes\n", before.len(), after.len());
    }
    let units = [sides.before(host, unit_of(path)), sides.after(host, unit_of(path))];
    let known = units.into_iter().flatten().flat_map(|unit| known(&unit.container)).collect();
    let (old, new) = masked_texts(old, new, &known, origin(path));
    let diff = TextDiff::from_lines(&old, &new);
    let text = diff.unified_diff().context_radius(2).header("before", "after").to_string();
    // The file's name stands above it.
    let text = text.strip_prefix("--- before\n+++ after\n").unwrap_or(&text).to_string();
    match text.is_empty() {
        true => "differs only in what is masked\n".to_string(),
        false => text,
    }
}

fn origin(path: &str) -> Origin {
    match path.split('/').next() {
        Some("files") => Origin::User,
        Some("docker") => Origin::Script,
        _ => Origin::Own,
    }
}

/// The unit that a file belongs to: `docker/shop-api-1.sh`, `systemd/shop-api-1-register.service`, `files/shop-api-1/…`.
fn unit_of(path: &str) -> &str {
    let Some((folder, rest)) = path.split_once('/') else { return "" };
    let name = rest.split('/').next().unwrap_or(rest);
    if folder == "files" {
        return name;
    }
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    if folder == "systemd" { name.strip_suffix("-register").unwrap_or(name) } else { name }
}

/// Secrets that the plan holds, as they stand in a script too: between single quotes a quote is `'\''`.
fn known(container: &Container) -> BTreeSet<String> {
    let variables = container.env.iter().flat_map(|(name, value)| secret_values(name, value));
    let labels = container.labels.iter().flat_map(|(name, value)| secret_values(name, value));
    let arguments: Vec<String> =
        container.docker_args.iter().map(|argument| argument.value.clone()).collect();
    let lists: [&[String]; 3] = [&container.command, &container.entrypoint, &arguments];
    let words = lists.into_iter().flat_map(secret_words);
    let found: BTreeSet<String> =
        variables.chain(labels).chain(words).filter(|secret| secret.len() >= SHORTEST).collect();
    found.into_iter().flat_map(|secret| [secret.replace('\'', r"'\''"), secret]).collect()
}

/// A secret shorter than this is found by its name alone: wherever else its letters stand, they are mostly others.
const SHORTEST: usize = 5;

/// Files that no reason explains.
fn affected(sides: &Sides, host: &mut HostDiff) {
    let explained: BTreeSet<&str> = host.units.iter().map(|unit| unit.unit.as_str()).collect();
    let mut found: BTreeMap<&str, Vec<&FileDiff>> = BTreeMap::new();
    for file in &host.files {
        let unit = unit_of(&file.path);
        if !explained.contains(unit) && sides.after(&host.host, unit).is_some() {
            found.entry(unit).or_default().push(file);
        }
    }
    let more: Vec<UnitDiff> = found
        .into_iter()
        .filter_map(|(name, files)| Some(for_files(sides.after(&host.host, name)?, &files)))
        .collect();
    host.unchanged -= more.len();
    host.units.extend(more);
    host.units.sort_by_key(|unit| position(sides, &host.host, unit));
    let own = host.files.iter().any(|file| file.path == "activate");
    if host.units.is_empty() && host.resources.is_empty() && host.reasons.is_empty() && own {
        host.reasons.push(Reason::of("activate", Change::Changed));
    }
}

/// Its registration is put anew when its script changes; the rest counts from its next start.
fn for_files(unit: &Unit, files: &[&FileDiff]) -> UnitDiff {
    let script = files.iter().any(|file| file.path.starts_with("etcd/") && file.path.ends_with(".sh"));
    UnitDiff {
        unit: unit.name.clone(),
        service: unit.service.clone(),
        instance: unit.instance,
        kind: unit.kind.clone(),
        action: if script && unit.kind != Kind::Scheduled { Action::Reregister } else { Action::FileOnly },
        reasons: files.iter().map(|file| Reason::of("file", Change::Changed).named(&file.path)).collect(),
    }
}

/// What leaves first, then the order in which things start.
fn position(sides: &Sides, host: &str, unit: &UnitDiff) -> (bool, Option<usize>) {
    let host = sides.head.hosts.get(host);
    let place = host.and_then(|host| host.units.iter().position(|other| other.name == unit.unit));
    (place.is_some(), place)
}
