//! Scripts that are alike: they differ in names, numbers and in what they create, and not in what they do. What a script
//! does is tried once for each kind; what it creates, for each script.

use crate::apart::Case;
use crate::tree;
use dpc::plan::Unit;
use std::fs;
use std::path::Path;

/// Whether no script of an earlier tree, host or unit is like that of this unit.
pub fn is_first(case: &Case, unit: &Unit) -> bool {
    let host = case.tree.folder.join(&case.host.name);
    let kind = kind(&host, &unit.name);
    let all = tree::all();
    let scripts = all.iter().flat_map(|tree| tree.plan.hosts.iter().map(move |host| (tree, host)));
    let mut scripts = scripts.flat_map(|(tree, other)| {
        other.units.iter().map(|unit| (tree.folder.join(&other.name), unit.name.as_str()))
    });
    scripts.find(|(folder, name)| self::kind(folder, name) == kind) == Some((host, unit.name.as_str()))
}

/// The script without the comments at its top and its function `create`, each number a 0, its name gone.
fn kind(host: &Path, name: &str) -> String {
    let script = fs::read_to_string(host.join(format!("docker/{name}.sh"))).unwrap();
    let lines = script.lines().skip_while(|line| line.starts_with('#'));
    let (mut kind, mut creates) = (String::new(), false);
    for line in lines {
        creates |= line == "create() {";
        if !creates {
            kind.push_str(&line.replace(name, ""));
            kind.push('\n');
        }
        creates &= line != "}";
    }
    let mut kind: Vec<char> =
        kind.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    kind.dedup_by(|one, other| *one == '0' && *other == '0');
    kind.into_iter().collect()
}
