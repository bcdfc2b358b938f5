//! The artifacts of both sides → by host, each file's unified diff with secrets masked. The only module that knows `similar`.
//!
//! A host's MANIFEST is left out: it says in digests what the files say in words. What is above the hosts is the plan.

use super::report::{Action, Change, Diff, FileDiff, HostDiff, Reason, UnitDiff};
use super::sides::Sides;
use crate::model::plan::Unit;
use crate::output::artifacts::{Artifact, Artifacts};
use crate::secret::{Origin, masked_texts};
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Adds the files to a comparison of plans; and, where they say more than the plans, what happens to units for their sake:
/// a template of the project, or of another version of dpc.
pub(crate) fn add_files(diff: &mut Diff, sides: &Sides, base: &Artifacts, head: &Artifacts, bodies: bool) {
    let mut work = MOST_WORK;
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
                let file = changed(sides, path, pair, bodies, &mut work);
                host.files.push(file);
            }
        }
        affected(sides, host);
    }
}

type FilesByPath<'a> = BTreeMap<&'a str, &'a Artifact>;

fn by_host(artifacts: &Artifacts) -> BTreeMap<&str, FilesByPath<'_>> {
    let mut hosts: BTreeMap<&str, FilesByPath> = BTreeMap::new();
    for (path, artifact) in &artifacts.files {
        if let Some((host, path)) = path.split_once('/') {
            hosts.entry(host).or_default().insert(path, artifact);
        }
    }
    hosts
}

fn changed(
    sides: &Sides,
    path: &str,
    (before, after): (Option<&Artifact>, Option<&Artifact>),
    bodies: bool,
    work: &mut usize,
) -> FileDiff {
    let change = match (before, after) {
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
        _ => Change::Changed,
    };
    let content = |file: Option<&Artifact>| file.map_or(&[][..], |file| &file.content).to_vec();
    let diff = if change == Change::Removed && bodies {
        // Its old content does not matter any more.
        format!("{} lines, all gone\n", content(before).split_inclusive(|byte| *byte == b'\n').count())
    } else if bodies {
        body(sides, path, &content(before), &content(after), work)
    } else {
        String::new()
    };
    FileDiff { path: path.to_string(), change, diff }
}

/// The most bytes of a file that is compared line by line.
const LARGEST: usize = 256 * 1024;

fn body(sides: &Sides, path: &str, before: &[u8], after: &[u8], work: &mut usize) -> String {
    let (Ok(old), Ok(new)) = (std::str::from_utf8(before), std::str::from_utf8(after)) else {
        return format!("not text: {} → {} bytes\n", before.len(), after.len());
    };
    if before.len().max(after.len()) > LARGEST {
        return format!("too large to compare here: {} → {} bytes\n", before.len(), after.len());
    }
    let (old, new) = masked_texts(old, new, &sides.known, origin(path));
    let Some(left) = work.checked_sub(effort(&old, &new)) else {
        return format!("too many lines to compare here: {} → {} bytes\n", before.len(), after.len());
    };
    *work = left;
    let diff = TextDiff::from_lines(&old, &new);
    let text = diff.unified_diff().context_radius(2).header("before", "after").to_string();
    // The file's name stands above it.
    let text = text.strip_prefix("--- before\n+++ after\n").unwrap_or(&text).to_string();
    if text.is_empty() { "differs only in what is masked\n".to_string() } else { text }
}

/// Limit of the work for all files of a difference, in pairs of lines: two texts in which every line differs cost the product
/// of their lengths.
const MOST_WORK: usize = 400_000_000;
/// Files with fewer lines that differ cost next to nothing.
const FEW_LINES: usize = 500;

/// The pairs of lines between the first and the last that differ.
fn effort(old: &str, new: &str) -> usize {
    let alike = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    let ends = old.lines().rev().zip(new.lines().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (old.lines().count(), new.lines().count());
    let lines = (old + new).saturating_sub(2 * (alike + ends).min(old.min(new)));
    if lines < FEW_LINES { 0 } else { lines * lines }
}

fn origin(path: &str) -> Origin {
    match path.split('/').next() {
        Some("files") => Origin::User,
        Some("docker") => Origin::Script,
        _ => Origin::Own,
    }
}

/// The unit that a file belongs to: `docker/shop-api-1.sh`, `etcd/shop-api-1.registration`, `files/shop-api-1/…`.
fn unit_of(path: &str) -> &str {
    let Some((folder, rest)) = path.split_once('/') else { return "" };
    let name = rest.split('/').next().unwrap_or(rest);
    if folder == "files" { name } else { name.rsplit_once('.').map_or(name, |(name, _)| name) }
}

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
    let known = sides.head.hosts.get(host.host.as_str()).into_iter().flat_map(|host| &host.units);
    let places: HashMap<&str, usize> =
        known.enumerate().map(|(place, unit)| (unit.name.as_str(), place)).collect();
    // Units that leave come first, then the others in the order in which they start.
    host.units.sort_by_key(|unit| {
        places.get(unit.unit.as_str()).copied().map_or((false, 0), |place| (true, place))
    });
    if host.units.is_empty() && host.resources.is_empty() && host.reasons.is_empty() {
        let own = |path: &&str| host.files.iter().any(|file| file.path == *path);
        let changed = ["activate", "etcd/register.sh"].into_iter().filter(own);
        host.reasons.extend(changed.map(|path| Reason::of(path, Change::Changed)));
    }
}

/// What it registers is put again when it changes; the rest counts from its next start.
fn for_files(unit: &Unit, files: &[&FileDiff]) -> UnitDiff {
    let registers = files.iter().any(|file| file.path.starts_with("etcd/"));
    UnitDiff {
        unit: unit.name.clone(),
        service: unit.service.clone(),
        instance: unit.instance,
        kind: unit.kind.clone(),
        action: if registers && unit.kind.runs_by_itself() { Action::Reregister } else { Action::FileOnly },
        reasons: files.iter().map(|file| Reason::of("file", Change::Changed).named(&file.path)).collect(),
    }
}
