//! Files: compared as sets of paths, bytes and modes, or rewritten.

use crate::golden::case::updates;
use crate::tree::Tree;
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Content and whether it can be run, by path. git keeps no other bit of a mode.
pub type Files = BTreeMap<String, (Vec<u8>, bool)>;

/// Reads every file below a folder.
pub fn read(folder: &Path) -> Files {
    let tree = Tree::read(folder);
    tree.files().map(|(path, bytes, runs)| (path.to_owned(), (bytes.to_owned(), runs))).collect()
}

/// Compares the files that were made with the stored ones, and returns the differences, a line each.
pub fn compare(made: &Files, folder: &Path) -> Vec<String> {
    if updates() {
        rewrite(made, folder);
        return Vec::new();
    }
    let kept = read(folder);
    let mut differences = Vec::new();
    for (path, (content, runs)) in made {
        match kept.get(path) {
            None => differences.push(format!("{}: not in golden/", folder.join(path).display())),
            Some((old, old_runs)) if old != content || old_runs != runs => {
                differences.push(format!(
                    "{}: differs{}",
                    folder.join(path).display(),
                    first_line(old, content)
                ));
            }
            Some(_) => {}
        }
    }
    for path in kept.keys().filter(|path| !made.contains_key(*path)) {
        differences.push(format!("{}: an orphan, nothing makes it", folder.join(path).display()));
    }
    differences
}

fn first_line(old: &[u8], new: &[u8]) -> String {
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let differing = old.lines().zip(new.lines()).enumerate().find(|(_, (old, new))| old != new);
    match differing {
        Some((index, (old, new))) => format!(" at line {}\n  - {old}\n  + {new}", index + 1),
        None => " in its length or mode".to_string(),
    }
}

fn rewrite(made: &Files, folder: &Path) {
    for path in read(folder).keys().filter(|path| !made.contains_key(*path)) {
        fs::remove_file(folder.join(path)).unwrap();
    }
    for (path, (content, runs)) in made {
        let place = folder.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, content).unwrap();
        fs::set_permissions(&place, Permissions::from_mode(if *runs { 0o755 } else { 0o644 })).unwrap();
    }
}

/// Fails with all differences.
pub fn assert_same(differences: Vec<String>) {
    assert!(
        differences.is_empty(),
        "{} differences (UPDATE_GOLDEN=1 cargo test rewrites golden/):\n{}",
        differences.len(),
        differences.join("\n")
    );
}
