//! A path that leads nowhere → the file beside it that was probably meant.

use super::folders::Listings;
use super::glob::folder;
use crate::value::suggest::nearest;

/// The file of the project that `path` misspells: in the same folder, with a name so near that it was probably meant.
pub(crate) fn near(folders: &Listings<'_>, path: &str) -> Option<String> {
    let folder = folder(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let there = folders.list(folder).ok()?;
    let files = there.iter().filter(|(_, is_folder)| !is_folder).map(|(name, _)| name.as_str());
    let meant = nearest(name, files)?;
    Some(if folder.is_empty() { meant.to_string() } else { format!("{folder}/{meant}") })
}
