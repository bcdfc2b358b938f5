//! Every pair below `examples/diff`, compiled, compared and printed.

use dpc::front::resolve::Request;
use dpc::model::plan::Plan;
use dpc::output::artifacts::Artifacts;
use dpc::pipeline::compile;
use dpc::project::Disk;
use dpc::tools::diff::{Bundles, Diff, LONGEST_MARKDOWN, diff, json, markdown, text};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A side of a pair, compiled.
pub type Side = (Plan, Artifacts);

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns whether golden files are to be rewritten.
pub fn updates() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

/// The pairs by name, compiled once for all tests.
pub fn pairs() -> &'static BTreeMap<String, (Side, Side)> {
    static PAIRS: LazyLock<BTreeMap<String, (Side, Side)>> = LazyLock::new(compile_all);
    &PAIRS
}

fn compile_all() -> BTreeMap<String, (Side, Side)> {
    let folder = root().join("examples/diff");
    let names = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap());
    let pair = |path: PathBuf| {
        let arguments = fs::read_to_string(path.join("arguments")).unwrap_or_default();
        let environment = arguments.trim().strip_prefix("--env ").map(String::from);
        (side(&path.join("base"), environment.clone()), side(&path.join("head"), environment))
    };
    names.map(|entry| (entry.file_name().into_string().unwrap(), pair(entry.path()))).collect()
}

fn side(folder: &Path, environment: Option<String>) -> Side {
    let project = Disk::open(folder, false).unwrap();
    let outcome = compile(&project, &Request { environment, ..Request::default() }).unwrap();
    let Some((planned, files)) = outcome.result else {
        panic!("{}: {:?}", folder.display(), outcome.diagnostics)
    };
    (Plan::clone(&planned.plan), files)
}

/// Their difference, with the files.
pub fn compared(base: &Side, head: &Side, bodies: bool) -> Diff {
    diff(
        &base.0,
        &head.0,
        &head.0.same_hosts(&base.0),
        Some(Bundles { base: &base.1, head: &head.1, bodies }),
    )
}

/// Every pair as it is told, printed once for all tests.
fn told() -> &'static BTreeMap<String, [String; 3]> {
    static TOLD: LazyLock<BTreeMap<String, [String; 3]>> = LazyLock::new(|| {
        pairs().iter().map(|(name, (base, head))| (name.clone(), printed(base, head))).collect()
    });
    &TOLD
}

/// Prints a difference as a text, as JSON and as a comment.
fn printed(base: &Side, head: &Side) -> [String; 3] {
    // The comment of the large one shows well enough how files are cut.
    let report = compared(base, head, is_small(head));
    [text(&report), json(&report), markdown(&compared(base, head, true))]
}

fn is_small(side: &Side) -> bool {
    side.0.hosts.iter().map(|host| host.units.len()).sum::<usize>() < 100
}

#[test]
fn every_pair_is_told_as_its_golden_files_say() {
    let mut made: BTreeMap<String, String> = BTreeMap::new();
    for (name, printed) in told() {
        let kinds = ["txt", "json", "md"].map(|kind| format!("{name}.{kind}"));
        made.extend(kinds.into_iter().zip(printed.clone()));
    }
    assert!(made.len() >= 3 * 20);
    let golden = root().join("golden/diff");
    if updates() {
        let _ = fs::remove_dir_all(&golden);
        fs::create_dir_all(&golden).unwrap();
        made.iter().for_each(|(name, content)| fs::write(golden.join(name), content).unwrap());
    }
    let kept: BTreeMap<String, String> = fs::read_dir(&golden)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
        .collect();
    let names = |tree: &BTreeMap<String, String>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&kept));
    for (name, content) in &made {
        assert_eq!(content, &kept[name], "golden/diff/{name}");
    }
}

#[test]
fn nothing_escapes_a_terminal_or_a_comment() {
    for (name, (base, head)) in pairs() {
        // The large one changes a value everywhere, so it is the same page backwards.
        let backwards = is_small(head).then(|| printed(head, base));
        for all in [&told()[name]].into_iter().chain(&backwards) {
            let hidden = |c: char| c.is_control() && c != '\n' && c != '\t' || c == '\u{202e}';
            assert!(all.iter().all(|printed| !printed.contains(hidden)), "{name}");
            let [.., page] = all;
            assert!(page.chars().count() <= LONGEST_MARKDOWN, "{name}: {} characters", page.chars().count());
            let (opened, closed) =
                (page.matches("\n<details").count(), page.matches("\n</details>\n").count());
            assert_eq!(opened, closed, "{name}");
        }
    }
}

#[test]
fn nothing_differs_from_itself() {
    for (name, (base, head)) in pairs() {
        for side in [base, head] {
            let report = compared(side, side, true);
            assert!(!report.changed, "{name}");
            assert_eq!(text(&report).lines().count(), 1, "{name}");
            assert_eq!(markdown(&report).lines().count(), 1, "{name}");
        }
    }
}

#[test]
fn a_plan_read_back_is_the_same_base() {
    for (name, (base, head)) in pairs() {
        let read: Plan = serde_json::from_str(&serde_json::to_string(&base.0).unwrap()).unwrap();
        let of = |base: &Plan| diff(base, &head.0, &head.0.same_hosts(base), None);
        assert_eq!(of(&base.0), of(&read), "{name}");
    }
}
