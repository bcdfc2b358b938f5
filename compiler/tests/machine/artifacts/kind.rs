//! Similar scripts: they differ in names, numbers and one function with the plan of the unit, but do the same. The behaviour is
//! tested once for each kind, the content for each script.

use crate::artifacts::apart::Case;
use crate::artifacts::golden::{self, GoldenTree};
use dpc::model::plan::{HostPlan, Unit};
use std::fs;

/// A sort of files, one for each unit.
#[derive(Clone, Copy)]
pub struct Scripts {
    /// The folder on a host.
    pub folder: &'static str,
    /// What their names end in.
    pub suffix: &'static str,
    /// Starts of lines that belong to the plan: the line of its function's name, or a line by itself.
    pub planned: &'static [&'static str],
}

/// Scripts that run containers.
pub const CONTAINERS: Scripts = Scripts { folder: "docker", suffix: "sh", planned: &["create() {"] };
/// What is registered.
pub const REGISTRATIONS: Scripts =
    Scripts { folder: "etcd", suffix: "registration", planned: &["leased ", "lasting "] };

impl Scripts {
    /// Returns whether no script of an earlier tree, host or unit is similar to that of this unit.
    pub fn is_first(self, case: &Case, unit: &Unit) -> bool {
        let kind = self.kind(&case.tree, &case.host, unit);
        let trees = golden::all();
        let hosts = trees.iter().flat_map(|tree| tree.plan.hosts.iter().map(move |host| (tree, host)));
        let mut units = hosts.flat_map(|(tree, host)| host.units.iter().map(move |unit| (tree, host, unit)));
        let first = units.find(|(tree, host, unit)| self.kind(tree, host, unit) == kind);
        first.is_some_and(|(tree, host, other)| {
            (&tree.name, &host.name, &other.name) == (&case.tree.name, &case.host.name, &unit.name)
        })
    }

    /// Returns the script without the plan and the comments at its top, each number a 0, its names gone; none if there is no
    /// script.
    fn kind(self, tree: &GoldenTree, host: &HostPlan, unit: &Unit) -> Option<String> {
        let path =
            tree.folder.join(&host.name).join(self.folder).join(format!("{}.{}", unit.name, self.suffix));
        let script = fs::read_to_string(path).ok()?;
        let (mut kind, mut planned) = (String::new(), false);
        for line in script.lines().skip_while(|line| line.starts_with('#')) {
            let begins = self.planned.iter().any(|begin| line.starts_with(begin));
            if !begins && !planned {
                kind.push_str(line);
                kind.push('\n');
            }
            planned = (planned || begins && line.ends_with('{')) && line != "}";
        }
        let fleet = format!("/opt/dpc/{}/", tree.plan.fleet);
        Some(without_numbers(&kind.replace(&unit.name, "").replace(&fleet, "")))
    }
}

fn without_numbers(text: &str) -> String {
    let zero = |letter: char| if letter.is_ascii_digit() { '0' } else { letter };
    let mut letters: Vec<char> = text.chars().map(zero).collect();
    letters.dedup_by(|one, other| *one == '0' && *other == '0');
    letters.into_iter().collect()
}
