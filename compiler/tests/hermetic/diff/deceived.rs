//! The author of a pull request cannot choose the base of a comparison, cannot choose what runs meanwhile, and cannot read
//! git's files.

use crate::diff::repository::fleet;
use crate::project::{Ended, Project};
use std::fs;
use std::os::unix::fs::{chown, symlink};
use std::path::Path;

/// A repository with the project in `shop`, and a change that is not committed.
fn shop() -> Project {
    let folder = Project::repository();
    folder.write("shop/dpc.kdl", fleet("1")).commit("one");
    folder.write("shop/dpc.kdl", fleet("2"));
    folder
}

/// A repository in which the project never was another.
fn decoy() -> Project {
    let folder = Project::repository();
    folder.write("dpc.kdl", fleet("2")).commit("decoy");
    folder
}

fn told(ran: &Ended, what: &str) {
    assert!(ran.out.contains(what), "{}{}", ran.out, ran.err);
}

fn refused(ran: &Ended, why: &str) {
    assert!(ran.code == 1 && ran.out.is_empty() && ran.err.contains(why), "{}{}", ran.out, ran.err);
}

#[test]
fn a_bare_repository_in_the_project_is_not_its_history() {
    let (folder, decoy) = (shop(), decoy());
    let inside = folder.root.join("shop");
    fs::remove_dir_all(decoy.root.join(".git/hooks")).unwrap();
    for name in ["HEAD", "config", "objects", "refs"] {
        let from = decoy.root.join(".git").join(name);
        assert!(
            std::process::Command::new("cp").arg("-r").arg(from).arg(&inside).status().unwrap().success()
        );
    }
    folder.git(["add", "--all"]);
    for base in ["HEAD", "main", "ref:refs/heads/main"] {
        told(&folder.diff(&["shop", "--base", base, "--exit-code"]), "image 1 → 2");
        let base = if base == "HEAD" { "ref:HEAD" } else { base };
        told(&Project::diff_in(&inside, &["--base", base, "--exit-code"]), "image 1 → 2");
    }
    told(&Project::diff_in(&folder.root, &["shop/objects/..", "--base", "HEAD"]), "image 1 → 2");
}

#[test]
fn a_submodule_in_place_of_the_project_is_refused() {
    let (folder, decoy) = (shop(), decoy());
    fs::remove_dir_all(folder.root.join("shop")).unwrap();
    folder.git(["rm", "-r", "--quiet", "shop"]);
    let from = decoy.root.to_str().unwrap();
    folder.git(["submodule", "--quiet", "add", from, "shop"]);
    refused(&folder.diff(&["shop", "--base", "HEAD", "--exit-code"]), "is a submodule");
    refused(
        &Project::diff_in(&folder.root.join("shop"), &["--base", "HEAD", "--exit-code"]),
        "is a submodule",
    );
}

#[test]
fn a_link_in_place_of_the_project_is_compared_with_what_was_there() {
    let (folder, decoy) = (shop(), decoy());
    folder.write("other/dpc.kdl", fleet("3")).commit("two");
    fs::remove_dir_all(folder.root.join("shop")).unwrap();
    symlink("other", folder.root.join("shop")).unwrap();
    told(&folder.diff(&["shop", "--base", "HEAD", "--exit-code"]), "image 2 → 3");
    folder.commit("three");
    told(&folder.diff(&["shop", "--base", "HEAD~1", "--head", "HEAD"]), "image 2 → 3");
    assert_eq!(folder.diff(&["shop", "--base", "HEAD", "--exit-code"]).code, 0);
    fs::remove_file(folder.root.join("shop")).unwrap();
    symlink(&decoy.root, folder.root.join("shop")).unwrap();
    refused(
        &folder.diff(&["shop", "--base", "HEAD", "--exit-code"]),
        "leads by a link out of the repository",
    );
    // A link outside of all repositories is its owner's.
    let outside = Project::empty();
    symlink(&decoy.root, outside.root.join("shop")).unwrap();
    if outside.root.ancestors().all(|folder| !folder.join(".git").exists()) {
        assert_eq!(outside.diff(&["shop", "--base", "HEAD", "--exit-code"]).code, 0);
    }
}

#[test]
fn a_work_tree_beside_another_has_the_same_history() {
    let folder = shop();
    folder.git(["worktree", "add", "--quiet", "-b", "work", "beside"]);
    folder.write("beside/shop/dpc.kdl", fleet("3"));
    told(&folder.diff(&["beside/shop", "--base", "main"]), "image 1 → 3");
}

#[test]
fn the_environment_names_no_other_repository() {
    let (folder, decoy) = (shop(), decoy());
    let (git, objects) = (decoy.root.join(".git"), decoy.root.join(".git/objects"));
    let grafts = decoy.root.join("grafts");
    fs::write(&grafts, "").unwrap();
    let variables: [(&str, &Path); 7] = [
        ("GIT_DIR", &git),
        ("GIT_WORK_TREE", &decoy.root),
        ("GIT_COMMON_DIR", &git),
        ("GIT_OBJECT_DIRECTORY", &objects),
        ("GIT_NAMESPACE", Path::new("x")),
        ("GIT_GRAFT_FILE", &grafts),
        ("GIT_REPLACE_REF_BASE", Path::new("refs/heads/")),
    ];
    told(&folder.diff_with(&["shop", "--base", "HEAD"], &variables), "image 1 → 2");
}

#[test]
fn nothing_stands_for_another_commit() {
    let folder = shop();
    folder.commit("two");
    let (one, two) = (folder.git(["rev-parse", "HEAD~1"]), folder.git(["rev-parse", "HEAD"]));
    folder.git(["replace", &one, &two]);
    told(&folder.diff(&["shop", "--base", &one, "--head", &two]), "image 1 → 2");
    folder.git(["replace", "--delete", &one]);
    folder.write("shop/dpc.kdl", fleet("3")).commit("three");
    folder.write(".git/info/grafts", format!("{}\n", folder.git(["rev-parse", "HEAD"])));
    told(&folder.diff(&["shop", "--base", "HEAD~1", "--head", "HEAD"]), "image 2 → 3");
}

#[test]
fn no_program_of_a_configuration_runs() {
    let folder = shop();
    folder.commit("two");
    folder.program("program", "#!/bin/sh\ntouch \"$(dirname \"$0\")/it-ran\"\nexit 1\n");
    let script = folder.path("program");
    let program = script.to_str().unwrap();
    for setting in [
        "core.fsmonitor",
        "core.pager",
        "core.hooksPath",
        "core.sshCommand",
        "core.editor",
        "core.askPass",
        "diff.external",
        "diff.x.textconv",
        "filter.x.smudge",
        "filter.x.process",
        "alias.rev-parse",
        "alias.cat-file",
        "credential.helper",
        "core.alternateRefsCommand",
        "remote.origin.uploadpack",
        "uploadpack.packObjectsHook",
        "pager.show-ref",
        "trace2.eventTarget",
    ] {
        let value = if setting.starts_with("alias") { format!("!{program}") } else { program.to_string() };
        folder.git(["config", setting, &value]);
    }
    folder.write(".git/info/attributes", "* diff=x filter=x\n");
    // An object that is missing would be fetched.
    folder.git(["config", "remote.origin.url", folder.root.to_str().unwrap()]);
    folder.git(["config", "remote.origin.promisor", "true"]);
    folder.git(["config", "extensions.partialClone", "origin"]);
    told(&folder.diff(&["shop", "--base", "HEAD~1", "--head", "HEAD"]), "image 1 → 2");
    let blob = folder.git(["-c", "core.fsmonitor=false", "rev-parse", "HEAD~1:shop/dpc.kdl"]);
    fs::remove_file(folder.root.join(format!(".git/objects/{}/{}", &blob[..2], &blob[2..]))).unwrap();
    let _ = fs::remove_file(folder.root.join("it-ran"));
    assert_eq!(folder.diff(&["shop", "--base", "HEAD~1", "--head", "HEAD", "--exit-code"]).code, 1);
    assert!(!folder.root.join("it-ran").exists());
}

#[test]
fn a_repository_of_somebody_else_is_not_read() {
    let folder = shop();
    // Only root can give files away.
    if chown(folder.root.join(".git"), Some(12_345), None).is_err() {
        return;
    }
    chown(&folder.root, Some(12_345), None).unwrap();
    refused(&folder.diff(&["shop", "--base", "HEAD", "--exit-code"]), "dubious ownership");
    refused(&folder.diff(&["shop", "--exit-code"]), "dubious ownership");
}

#[test]
fn nothing_of_git_is_part_of_a_project() {
    let folder = Project::repository();
    folder.write("dpc.kdl", fleet("1")).write("more/a.kdl", "").commit("one");
    let token = "QVVUSE9SSVpBVElPTjogYmFzaWM";
    folder.git(["config", "http.https://example.com/.extraheader", &format!("AUTHORIZATION: basic {token}")]);
    folder.write(".git/a.kdl", format!("token {token}\n"));
    symlink(".git/config", folder.root.join("linked.kdl")).unwrap();
    symlink("../.git/a.kdl", folder.root.join("more/linked.kdl")).unwrap();
    symlink(".git", folder.root.join("folder")).unwrap();
    fs::rename(folder.root.join(".git"), folder.root.join("kept")).unwrap();
    folder.write(".git", "gitdir: kept\n");
    let of = |node: &str| format!("service \"z\" {{\n    image \"i:1\"\n    on \"app-1\"\n    {node}\n}}\n");
    for node in [
        "include \".git/config\"\n".to_string(),
        "include \".git\"\n".to_string(),
        "include \".GIT/config\"\n".to_string(),
        "include \".git/*\"\n".to_string(),
        "include \"kept/a.kdl\"\n".to_string(),
        "include \"kept/*.kdl\"\n".to_string(),
        "include \"linked.kdl\"\n".to_string(),
        "include \"more/*.kdl\"\n".to_string(),
        "include \"folder/a.kdl\"\n".to_string(),
        of("file \"/x\" source=\".git/config\""),
        of("file \"/x\" source=\"kept/config\""),
        of("file \"/x\" source=\"linked.kdl\""),
        of("file \"/x\" source=\"folder/config\" template=#true"),
        of("env-file \".git/config\""),
        of("env-file \"kept/config\""),
        of("env-file \"linked.kdl\""),
    ] {
        folder.write("dpc.kdl", format!("{node}{}", fleet("1")));
        for format in ["text", "markdown", "json"] {
            let ran = folder.diff(&["--base", "HEAD", "--exit-code", "--format", format]);
            assert_eq!(ran.code, 1, "{node}: {}{}", ran.out, ran.err);
            let said = format!("{}{}", ran.out, ran.err);
            let why = said.contains("below a `.git`")
                || said.contains("does not exist")
                || said.contains("no KDL file");
            assert!(why && !said.contains(token), "{node}: {said}");
        }
    }
    folder.write("dpc.kdl", fleet("1"));
    fs::create_dir(folder.root.join("templates")).unwrap();
    symlink("../kept/config", folder.root.join("templates/docker.sh.j2")).unwrap();
    let ran = folder.diff(&["--base", "HEAD", "--exit-code"]);
    assert!(!format!("{}{}", ran.out, ran.err).contains(token), "{}{}", ran.out, ran.err);
}

#[test]
fn a_file_that_is_no_kdl_is_not_shown() {
    let folder = Project::repository();
    folder.write("dpc.kdl", fleet("1")).commit("one");
    folder
        .write(".npmrc", "//registry.example.com/:_authToken=npm_0123abcd\n")
        .write("plain.txt", "npm_0123abcd\n");
    symlink(".npmrc", folder.root.join("linked.kdl")).unwrap();
    for name in [".npmrc", "plain.txt", "linked.kdl", "*.txt"] {
        folder.write("dpc.kdl", format!("include \"{name}\"\n{}", fleet("1")));
        let ran = folder.diff(&["--base", "HEAD", "--exit-code", "--format=markdown"]);
        let said = format!("{}{}", ran.out, ran.err);
        assert!(ran.code == 1 && said.contains("is no KDL file"), "{said}");
        assert!(!said.contains("npm_0123abcd"), "{said}");
    }
    fs::remove_file(folder.root.join("dpc.kdl")).unwrap();
    symlink(".npmrc", folder.root.join("dpc.kdl")).unwrap();
    let ran = folder.diff(&["--base", "HEAD", "--exit-code"]);
    assert!(ran.code == 1 && !ran.err.contains("npm_0123abcd"), "{}", ran.err);
}
