//! Patterns of paths: joining, and finding what matches.

use super::folders::Listings;
use crate::project::Unreadable;
use globset::{GlobBuilder, GlobSet};

/// The folder of a file; empty for the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `path` seen from `folder`, without `.` and inner `..`. An absolute path stays one. `None` for an empty path.
pub(crate) fn join(folder: &str, path: &str) -> Option<String> {
    if path.is_empty() {
        return None;
    }
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    let base = if absolute { "" } else { folder };
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    Some(if absolute { format!("/{joined}") } else { joined })
}

/// Returns whether a joined path leaves the project.
pub(crate) fn leads_outside(path: &str) -> bool {
    path.starts_with('/') || path == ".." || path.starts_with("../")
}

/// Returns whether a path holds wildcards.
pub(crate) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

/// Returns the files that match, sorted. `*` and `?` stay within a folder, `**` crosses folders; hidden files match only a
/// pattern that spells their dot.
///
/// `looks` is the number of files and folders that all patterns of a project may still look at.
pub(crate) fn expand(
    folders: &Listings<'_>,
    pattern: &str,
    looks: &mut usize,
) -> Result<Vec<String>, GlobError> {
    let matcher = matcher(pattern)?;
    let fixed = pattern.split('/').take_while(|part| !is_pattern(part)).collect::<Vec<_>>().join("/");
    let deepest = if pattern.contains("**") { usize::MAX } else { pattern.matches('/').count() };
    let mut found = Vec::new();
    walk(folders, fixed, deepest, &matcher, pattern, looks, &mut found)?;
    found.sort();
    Ok(found)
}

/// Maximum bytes of a pattern: no path is longer (PATH_MAX, limits.h).
const LONGEST: usize = 4096;

/// A set of one pattern: only for sets does globset return an error for a pattern that is too large; a single one would panic.
fn matcher(pattern: &str) -> Result<GlobSet, GlobError> {
    if pattern.len() > LONGEST {
        return Err(GlobError::Pattern(format!("it has {} bytes, and {LONGEST} is the most", pattern.len())));
    }
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let glob = glob.map_err(|error| GlobError::Pattern(error.kind().to_string()))?;
    let too_large = |_| GlobError::Pattern("it is too large".to_owned());
    GlobSet::builder().add(glob).build().map_err(too_large)
}

/// The reason why nothing can match.
#[derive(Debug)]
pub(crate) enum GlobError {
    /// The pattern is broken.
    Pattern(String),
    /// A folder cannot be read.
    Folder(Unreadable),
    /// Folders are nested deeper than [`DEEPEST`].
    Deep,
    /// All patterns together look at more than [`MOST_LOOKS`](crate::front::limits::MOST_LOOKS) files and folders.
    Looks,
}

/// Maximum depth of `**`. The system resolves the whole path for each folder in it.
pub(crate) const DEEPEST: usize = 40;

fn walk(
    all: &Listings<'_>,
    start: String,
    deepest: usize,
    matcher: &GlobSet,
    pattern: &str,
    looks: &mut usize,
    found: &mut Vec<String>,
) -> Result<(), GlobError> {
    let mut folders = vec![start];
    while let Some(folder) = folders.pop() {
        let listing = all.list(&folder).map_err(GlobError::Folder)?;
        *looks = looks.checked_sub(listing.len() + 1).ok_or(GlobError::Looks)?;
        for (name, is_folder) in listing.iter() {
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            if name.starts_with('.') && !pattern.contains(&format!("/{name}")) && pattern != *name {
                continue;
            }
            let depth = path.matches('/').count();
            if *is_folder && depth < deepest {
                if depth > DEEPEST {
                    return Err(GlobError::Deep);
                }
                folders.push(path);
            } else if !*is_folder && matcher.is_match(&path) {
                found.push(path);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Memory;

    #[test]
    fn paths_are_joined_and_tidied() {
        for (folder, path, joined) in [
            ("", "a.kdl", "a.kdl"),
            ("services", "../hosts.kdl", "hosts.kdl"),
            ("services", "./a/../b.kdl", "services/b.kdl"),
            ("", "../x.kdl", "../x.kdl"),
            ("a", "../../../x.kdl", "../../x.kdl"),
            ("a", "/etc/x.kdl", "/etc/x.kdl"),
        ] {
            assert_eq!(join(folder, path).as_deref(), Some(joined), "{folder} {path}");
        }
        assert_eq!(join("a", ""), None);
        assert!(leads_outside("../x.kdl") && leads_outside("/x") && !leads_outside("a/..x"));
    }

    #[test]
    fn patterns_find_what_people_expect() {
        let mut project = Memory::default();
        for path in [
            "dpc.kdl",
            "services/a.kdl",
            "services/b.kdl",
            "services/deep/c.kdl",
            "services/.hidden.kdl",
            "x.txt",
        ] {
            project.insert(path, "");
        }
        for (pattern, found) in [
            ("services/*.kdl", vec!["services/a.kdl", "services/b.kdl"]),
            ("services/**/*.kdl", vec!["services/a.kdl", "services/b.kdl", "services/deep/c.kdl"]),
            ("**/c.kdl", vec!["services/deep/c.kdl"]),
            ("services/[ab].kdl", vec!["services/a.kdl", "services/b.kdl"]),
            ("services/{a,deep/c}.kdl", vec!["services/a.kdl", "services/deep/c.kdl"]),
            ("nowhere/*.kdl", vec![]),
        ] {
            assert_eq!(expand(&Listings::new(&project), pattern, &mut 100).unwrap(), found, "{pattern}");
        }
    }

    #[test]
    fn patterns_that_are_too_large_are_refused() {
        let nested = |count: usize| format!("{}{}", "{a,".repeat(count), "}".repeat(count));
        for pattern in [nested(10_000), "**/".repeat(2_000)] {
            let refused = expand(&Listings::new(&Memory::default()), &pattern, &mut 100);
            assert!(
                matches!(&refused, Err(GlobError::Pattern(why)) if why.starts_with("it has ")),
                "{refused:?}"
            );
        }
        // The library may accept or refuse these; it must not panic.
        for pattern in [nested(1_000), "{a,b}".repeat(800), "**/".repeat(1_300)] {
            let refused = expand(&Listings::new(&Memory::default()), &pattern, &mut 100).err();
            let said =
                |failure: &GlobError| matches!(failure, GlobError::Pattern(why) if why == "it is too large");
            assert!(refused.as_ref().is_none_or(said), "{refused:?}");
        }
        assert!(expand(&Listings::new(&Memory::default()), &nested(20), &mut 100).is_ok());
    }
}
