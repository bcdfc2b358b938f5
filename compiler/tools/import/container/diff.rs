//! `docker diff` → the directories that the container wrote in. Source: docker-diff(1): `A` added, `C` changed, `D` deleted.

use super::ContainerReading;
use crate::tools::import::found::Setting;
use crate::value::path::{ContainerPath, must_not_be_mounted};
use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::ops::Bound;

/// Paths written to the layer. The engine makes mount points itself, so they are left out.
struct Layer<'t> {
    /// Every path that changed, and the kind of its change.
    lines: Vec<(&'t str, &'t str)>,
    /// The paths alone.
    changed: BTreeSet<&'t str>,
    /// The paths that were not in the image.
    added: BTreeSet<&'t str>,
}

/// Reads it.
pub(super) fn read(reading: &mut ContainerReading<'_>, text: &str) {
    let mounts = mounts(reading);
    let layer = Layer::new(text, &mounts);
    let (mountable, fixed): (BTreeSet<String>, BTreeSet<String>) =
        layer.written().into_iter().partition(|folder| is_mountable(folder));
    for folder in mountable.iter().filter(|folder| !has_above(&mountable, folder)) {
        let own = layer.added.contains(folder.as_str());
        reading.add("docker diff", Setting::Wrote(folder.clone(), !own));
    }
    for folder in &fixed {
        for path in layer.files_in(folder) {
            let words = format!(
                "it wrote `{path}`: nothing is mounted over `{folder}`, so bring the file as `file`, or let it write elsewhere"
            );
            reading.add("docker diff", Setting::Decide(words));
        }
    }
}

fn is_mountable(folder: &str) -> bool {
    ContainerPath::parse(folder).is_ok_and(|path| must_not_be_mounted(path.as_str()).is_none())
}

/// Returns the mount points.
fn mounts(reading: &ContainerReading<'_>) -> BTreeSet<String> {
    let mounts = reading.value["Mounts"].as_array().into_iter().flatten();
    let places = mounts.filter_map(|mount| mount["Destination"].as_str().map(str::to_string));
    let places = places.chain(reading.map("/HostConfig/Tmpfs").into_iter().map(|(path, _)| path));
    places.map(|path| path.trim_end_matches('/').to_string()).collect()
}

impl<'t> Layer<'t> {
    fn new(text: &'t str, mounts: &BTreeSet<String>) -> Self {
        let mut lines: Vec<(&str, &str)> = text.lines().filter_map(|line| line.split_once(' ')).collect();
        lines.retain(|(_, path)| !mounts.contains(*path) && !has_above(mounts, path));
        let mut changed: BTreeSet<&str> = lines.iter().map(|(_, path)| *path).collect();
        // Returns whether a directory was only made as the way to a mount, and nothing else is in it.
        for (_, path) in lines.iter().rev() {
            if !has_below(&changed, path) && (mounts.contains(*path) || has_below(mounts, path)) {
                changed.remove(path);
            }
        }
        lines.retain(|(_, path)| changed.contains(path));
        let added = lines.iter().filter(|(kind, _)| *kind == "A").map(|(_, path)| *path).collect();
        Self { lines, changed, added }
    }

    /// Returns the directories that were written in. Of new directories only the outermost count.
    fn written(&self) -> BTreeSet<String> {
        // A directory is listed because of an entry below it. A directory without one was written itself.
        let folders =
            self.lines.iter().filter_map(|(kind, path)| match (*kind, has_below(&self.changed, path)) {
                ("A", true) => Some(self.outermost(path)),
                ("A" | "C" | "D", false) => Some(self.outermost(parent(path))),
                _ => None,
            });
        folders.map(str::to_string).collect()
    }

    /// Returns the new directory that holds the path: it is the application's own.
    fn outermost<'p>(&self, path: &'p str) -> &'p str {
        let mut outer = path;
        while self.added.contains(parent(outer)) {
            outer = parent(outer);
        }
        outer
    }

    fn files_in<'l>(&'l self, folder: &'l str) -> impl Iterator<Item = &'t str> + 'l {
        let first = format!("{}/", folder.trim_end_matches('/'));
        let below = self.changed.range::<str, _>((Bound::Included(&*first), Bound::Unbounded));
        let below = below.copied().take_while(move |path| path.starts_with(&first));
        below.filter(move |path| parent(path) == folder).filter(|path| !has_below(&self.changed, path))
    }
}

fn has_above(folders: &BTreeSet<String>, path: &str) -> bool {
    std::iter::successors(Some(path), |path| Some(parent(path)).filter(|above| above != path))
        .skip(1)
        .any(|above| folders.contains(above))
}

fn has_below<T: Borrow<str> + Ord>(paths: &BTreeSet<T>, path: &str) -> bool {
    let first = format!("{}/", path.trim_end_matches('/'));
    let behind = paths.range::<str, _>((Bound::Included(&*first), Bound::Unbounded)).next();
    behind.is_some_and(|next| next.borrow().starts_with(&first))
}

fn parent(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) | None => "/",
        Some((parent, _)) => parent,
    }
}
