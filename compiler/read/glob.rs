//! Patterns of paths: joining, and finding what matches.

use crate::project::{Project, Unreadable};
use globset::{GlobBuilder, GlobMatcher};

/// The folder of a file; empty for the root.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `path` seen from `folder`, without `.` and inner `..`. An absolute path stays one. `None` for an empty path.
pub fn join(folder: &str, path: &str) -> Option<String> {
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

/// Whether a joined path leaves the project.
pub fn leads_outside(path: &str) -> bool {
    path.starts_with('/') || path == ".." || path.starts_with("../")
}

/// Whether a path holds wildcards.
pub fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

/// The files that match, sorted. `*` and `?` stay within a folder, `**` crosses folders; hidden files match only a
/// pattern that spells their dot.
pub fn expand(project: &dyn Project, pattern: &str) -> Result<Vec<String>, Failure> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let glob = glob.map_err(|error| Failure::Pattern(error.kind().to_string()))?;
    let matcher = glob.compile_matcher();
    let fixed = pattern.split('/').take_while(|part| !is_pattern(part)).collect::<Vec<_>>().join("/");
    let deepest = if pattern.contains("**") { usize::MAX } else { pattern.matches('/').count() };
    let mut found = Vec::new();
    walk(project, fixed, deepest, &matcher, pattern, &mut found).map_err(Failure::Folder)?;
    found.sort();
    Ok(found)
}

/// Why nothing can match.
#[derive(Debug)]
pub enum Failure {
    /// The pattern is broken.
    Pattern(String),
    /// A folder cannot be read.
    Folder(Unreadable),
}

fn walk(
    project: &dyn Project,
    start: String,
    deepest: usize,
    matcher: &GlobMatcher,
    pattern: &str,
    found: &mut Vec<String>,
) -> Result<(), Unreadable> {
    let mut folders = vec![start];
    while let Some(folder) = folders.pop() {
        for (name, is_folder) in project.list(&folder)? {
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            if name.starts_with('.') && !pattern.contains(&format!("/{name}")) && pattern != name {
                continue;
            }
            if is_folder && path.matches('/').count() < deepest {
                folders.push(path);
            } else if !is_folder && matcher.is_match(&path) {
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
            assert_eq!(expand(&project, pattern).unwrap(), found, "{pattern}");
        }
    }
}
