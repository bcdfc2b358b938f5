//! `docker diff` → the directories that the container wrote in. Source: docker-diff(1): `A` added, `C` changed, `D` deleted.

use super::Reading;
use crate::import::found::Setting;
use crate::value::path::{ContainerPath, covers};
use std::collections::BTreeSet;

/// Reads it.
pub fn read(reading: &mut Reading<'_>, text: &str) {
    let lines: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once(' ')).collect();
    let changed: BTreeSet<&str> = lines.iter().map(|(_, path)| *path).collect();
    // A directory is listed because of what is listed below it; what has nothing below it was written itself.
    let has_below = |path: &str| {
        let first = format!("{path}/");
        changed.range(&*first..).next().is_some_and(|next| next.starts_with(&first))
    };
    let added: BTreeSet<&str> =
        lines.iter().filter(|(kind, _)| *kind == "A").map(|(_, path)| *path).collect();
    let mut written: BTreeSet<String> = BTreeSet::new();
    for (kind, path) in &lines {
        match *kind {
            "A" if has_below(path) => {
                written.insert(outermost(path, &added));
            }
            "A" | "C" | "D" if !has_below(path) => {
                let folder = outermost(parent(path), &added);
                written.insert(folder);
            }
            _ => {}
        }
    }
    let outer: Vec<String> = written
        .iter()
        .filter(|path| !written.iter().any(|other| other != *path && covers(other, path)))
        .cloned()
        .collect();
    for folder in outer {
        let direct: Vec<&str> = changed.iter().copied().filter(|path| parent(path) == folder).collect();
        match ContainerPath::parse(&folder).is_ok_and(|path| path.must_not_be_mounted().is_none()) {
            true => reading.add("docker diff", Setting::Wrote(folder)),
            false => direct.into_iter().filter(|path| !has_below(path)).for_each(|path| {
                let words = format!("it wrote `{path}`: nothing is mounted over `{folder}`, so bring the file as `file`, or let it write elsewhere");
                reading.add("docker diff", Setting::Decide(words));
            }),
        }
    }
}

fn parent(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) | None => "/",
        Some((parent, _)) => parent,
    }
}

/// The directory that was made with the path in it: it is the application's own.
fn outermost(path: &str, added: &BTreeSet<&str>) -> String {
    let mut outer = path;
    while added.contains(parent(outer)) {
        outer = parent(outer);
    }
    outer.to_string()
}
