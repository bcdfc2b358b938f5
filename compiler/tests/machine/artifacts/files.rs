//! Scripts, JSON and manifests as files: checks that do not run them.

use crate::artifacts::golden::{self, GoldenTree};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn shellcheck_has_nothing_to_say() {
    let (activates, mut scripts): (Vec<_>, Vec<_>) =
        scripts().into_iter().partition(|path| path.ends_with("activate"));
    scripts.push(activates[0].clone());
    let heads = Path::new(env!("CARGO_TARGET_TMPDIR")).join("heads");
    fs::create_dir_all(&heads).unwrap();
    scripts.extend(heads_of(&activates).into_iter().enumerate().map(|(index, head)| {
        let path = heads.join(format!("activate-{index}"));
        fs::write(&path, head).unwrap();
        path
    }));
    // Most of the cost of a call is its start.
    for some in scripts.chunks(50) {
        let output = Command::new("shellcheck").arg("--norc").args(some).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Returns the own part of every `activate`, with a use of each value in place of the common part. Checking that once, not in
/// every tree, takes a twentieth of the time.
fn heads_of(activates: &[PathBuf]) -> Vec<String> {
    let parts = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let (head, body) =
            text.split_once("\n# From here on this file is the same on every host.\n").unwrap();
        (head.to_owned(), body.to_owned())
    };
    let (first, common) = parts(&activates[0]);
    let names = first.lines().filter_map(|line| line.split_once('=').map(|(name, _)| name));
    let names = names.filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
    let uses: String = names.map(|name| format!(": \"${name}\"\n")).collect();
    assert!(uses.contains("$units"), "{uses}");
    let each = activates.iter().map(|path| {
        let (head, body) = parts(path);
        assert!(body == common, "{} is not the same on every host", path.display());
        head + "\n" + &uses
    });
    each.collect()
}

#[test]
fn its_shells_can_read_every_script() {
    for script in scripts() {
        let is_bash = fs::read_to_string(&script).unwrap().starts_with("#!/bin/bash\n");
        let shells: &[&str] = if is_bash { &["bash"] } else { &["dash", "bash"] };
        for shell in shells {
            let output = Command::new(shell).arg("-n").arg(&script).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && said.is_empty(), "{shell}: {}: {said}", script.display());
        }
    }
}

#[test]
fn json_parses() {
    for path in written().filter(|path| path.extension().is_some_and(|suffix| suffix == "json")) {
        let read = serde_json::from_slice::<serde_json::Value>(&fs::read(&path).unwrap());
        assert!(read.is_ok(), "{}: {read:?}", path.display());
    }
}

#[test]
fn manifests_name_every_file_with_its_digest() {
    for tree in golden::all() {
        for host in &tree.plan.hosts {
            let folder = tree.folder.join(&host.name);
            check(&folder);
            let mut there: BTreeSet<PathBuf> = golden::below(&folder).into_iter().collect();
            assert!(there.remove(&folder.join("MANIFEST")));
            assert_eq!(listed(&folder), there, "{}", folder.display());
        }
        check(&tree.folder);
        assert_eq!(listed(&tree.folder), at_the_root(&tree), "{}", tree.folder.display());
    }
}

/// Lists the plan and every host's manifest; the manifests list the rest.
fn at_the_root(tree: &GoldenTree) -> BTreeSet<PathBuf> {
    let hosts = tree.plan.hosts.iter().map(|host| tree.folder.join(&host.name).join("MANIFEST"));
    hosts.chain(["plan.json", "plan.txt"].map(|name| tree.folder.join(name))).collect()
}

fn check(folder: &Path) {
    let mut command = Command::new("sha256sum");
    let output =
        command.args(["--check", "--strict", "--quiet", "MANIFEST"]).current_dir(folder).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let content = output.status.success() && said.is_empty();
    assert!(content, "{}: {}", folder.display(), String::from_utf8_lossy(&said));
}

fn listed(folder: &Path) -> BTreeSet<PathBuf> {
    let manifest = fs::read_to_string(folder.join("MANIFEST")).unwrap();
    let lines = manifest.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| folder.join(path(line))).collect()
}

/// The path of a line, which begins with a backslash where the path had to be escaped (sha256sum(1)).
fn path(line: &str) -> String {
    let path = line.split_once("  ").unwrap().1;
    if !line.starts_with('\\') {
        return path.to_owned();
    }
    path.replace("\\\\", "\0").replace("\\n", "\n").replace('\0', "\\")
}

fn scripts() -> Vec<PathBuf> {
    written()
        .filter(|path| path.ends_with("activate") || path.extension().is_some_and(|suffix| suffix == "sh"))
        .collect()
}

fn written() -> impl Iterator<Item = PathBuf> {
    golden::all().into_iter().flat_map(|tree| tree.written())
}
