//! Commits of real repositories as base and head.

use crate::diff::repository::fleet;
use crate::project::Project;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

/// A repository with a remote, on a branch that changes one thing.
fn branch() -> (Project, Project) {
    let origin = Project::repository();
    origin.write("dpc.kdl", fleet("1.0.0")).commit("one");
    let clone = Project::empty();
    clone.git([OsStr::new("clone"), OsStr::new("--quiet"), origin.root.as_os_str(), OsStr::new(".")]);
    clone.git(["switch", "--quiet", "--create", "work"]);
    (origin, clone)
}

#[test]
fn without_a_base_it_is_the_merge_base_with_the_default_branch() {
    let (origin, clone) = branch();
    clone.write("dpc.kdl", fleet("1.1.0")).commit("mine");
    // Later changes of others to the default branch do not count.
    origin.write("dpc.kdl", fleet("9.9.9")).commit("theirs");
    clone.git(["fetch", "--quiet"]);
    let ran = clone.diff(&["--exit-code"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.out.contains("image 1.0.0 → 1.1.0"), "{}", ran.out);
    let tip = clone.diff(&["--base", "origin/main"]);
    assert!(tip.out.contains("image 9.9.9 → 1.1.0"), "{}", tip.out);
    let common = clone.diff(&["--base", "origin/main..."]);
    assert_eq!(common.out, ran.out);
}

#[test]
fn a_detached_head_has_a_merge_base_too() {
    let (_origin, clone) = branch();
    clone.write("dpc.kdl", fleet("1.1.0")).commit("mine");
    clone.git(["checkout", "--quiet", "--detach"]);
    let ran = clone.diff(&[]);
    assert!(ran.code == 0 && ran.out.contains("image 1.0.0 → 1.1.0"), "{}{}", ran.out, ran.err);
}

#[test]
fn the_work_tree_is_the_head_and_is_not_touched() {
    let (_origin, clone) = branch();
    clone.write("dpc.kdl", fleet("2.0.0")).write("notes.txt", "mine");
    let index = fs::read(clone.root.join(".git/index")).unwrap();
    let ran = clone.diff(&["--exit-code", "--base", "HEAD"]);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.out.contains("image 1.0.0 → 2.0.0"), "{}", ran.out);
    assert_eq!(clone.git(["status", "--porcelain"]), "M dpc.kdl\n?? notes.txt");
    assert_eq!(fs::read_to_string(clone.root.join("dpc.kdl")).unwrap(), fleet("2.0.0"));
    assert!(clone.diff(&["--base", "HEAD", "--head", "HEAD", "--exit-code"]).code == 0);
    // `git status` of the test itself may refresh the index; dpc before it did not.
    assert!(!index.is_empty());
}

#[test]
fn a_shallow_clone_is_told_how_to_fetch_the_rest() {
    let (origin, _clone) = branch();
    origin.write("dpc.kdl", fleet("1.1.0")).commit("two");
    origin.git(["switch", "--quiet", "--create", "work", "HEAD~1"]);
    origin.write("dpc.kdl", fleet("1.2.0")).commit("three");
    let shallow = Project::empty();
    let url = format!("file://{}", origin.root.display());
    shallow.git(["clone", "--quiet", "--depth=1", "--no-single-branch", &url, "."]);
    let ran = shallow.diff(&["--exit-code", "--base", "origin/main..."]);
    assert_eq!((ran.code, &*ran.out), (1, ""));
    assert!(ran.err.contains("no commit in common") && ran.err.contains("fetch-depth: 0"), "{}", ran.err);
    let single = Project::empty();
    single.git(["clone", "--quiet", "--depth=1", "--branch=work", &url, "."]);
    let ran = single.diff(&["--exit-code", "--base", "origin/main"]);
    assert!(ran.code == 1 && ran.err.contains("fetch-depth: 0"), "{}", ran.err);
    single.git(["fetch", "--quiet", "--unshallow", "origin", "+refs/heads/*:refs/remotes/origin/*"]);
    let ran = single.diff(&["--base", "origin/main..."]);
    assert!(ran.out.contains("image 1.0.0 → 1.2.0"), "{}{}", ran.out, ran.err);
}

#[test]
fn without_a_remote_the_base_must_be_named() {
    let alone = Project::repository();
    alone.write("dpc.kdl", fleet("1")).commit("one");
    let ran = alone.diff(&["--exit-code"]);
    assert!(ran.code == 1 && ran.err.contains("no remote") && ran.err.contains("--base"), "{}", ran.err);
}

#[test]
fn a_name_that_looks_like_an_option_is_refused() {
    let alone = Project::repository();
    alone.write("dpc.kdl", fleet("1")).commit("one");
    for name in ["--output=stolen", "-h", "--upload-pack=touch stolen"] {
        let ran = alone.diff(&["--exit-code", &format!("--base={name}")]);
        assert_eq!((ran.code, &*ran.out), (1, ""), "{name}");
        assert!(ran.err.contains("cannot be the name of a commit"), "{}", ran.err);
    }
    for name in ["nowhere", "HEAD:dpc.kdl", "", "main\nx"] {
        let ran = alone.diff(&["--exit-code", &format!("--base={name}")]);
        assert_eq!((ran.code, &*ran.out), (1, ""), "{name}");
    }
    assert_eq!(alone.git(["status", "--porcelain"]), "");
}

#[test]
fn a_file_may_be_on_one_side_only() {
    let alone = Project::repository();
    let with = format!("include \"more/*.kdl\"\n{}", fleet("1"));
    let more = "service \"web\" {\n    image \"nginx:1.27\"\n    on \"app-1\"\n    port \"http\" 8090\n}\n";
    alone.write("dpc.kdl", &with).write("more/web.kdl", more).commit("one");
    fs::remove_dir_all(alone.root.join("more")).unwrap();
    alone.commit("two");
    let gone = alone.diff(&["--base", "HEAD~1", "--head", "HEAD"]);
    assert!(gone.out.contains("stop  web-1  service removed"), "{}{}", gone.out, gone.err);
    let back = alone.diff(&["--base", "HEAD", "--head", "HEAD~1"]);
    assert!(back.out.contains("start  web-1  service added"), "{}{}", back.out, back.err);
}

#[test]
fn names_that_are_not_utf8_are_no_trouble() {
    let alone = Project::repository();
    let odd = OsStr::from_bytes(b"shop-\xff");
    let inside = std::path::Path::new(odd);
    alone.write(inside.join("dpc.kdl"), format!("include \"more/*.kdl\"\n{}", fleet("1")));
    alone.write(inside.join("more/\u{e9}.kdl"), "var \"x\" \"1\"\n");
    alone.write(inside.join("more").join(OsStr::from_bytes(b"\xfe.kdl")), "not kdl {{{\n").commit("one");
    alone.write(inside.join("dpc.kdl"), format!("include \"more/*.kdl\"\n{}", fleet("2")));
    let ran = Project::diff_in(&alone.root.join(odd), &["--base", "HEAD"]);
    assert!(ran.out.contains("image 1 → 2"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_project_below_the_root_sees_its_own_files_only() {
    let alone = Project::repository();
    alone.write("shared/hosts.kdl", "host \"app-2\" address=\"10.0.0.12\"\n");
    alone.write("shop/dpc.kdl", format!("include \"../shared/hosts.kdl\"\n{}", fleet("1"))).commit("one");
    let shop = alone.root.join("shop");
    let refused = Project::diff_in(&shop, &["--base", "HEAD", "--head", "HEAD", "--exit-code"]);
    assert!(refused.code == 1 && refused.err.contains("outside-project"), "{}", refused.err);
    let words = ["--base", "HEAD", "--head", "HEAD", "--exit-code", "--allow-outside"];
    let allowed = Project::diff_in(&shop, &words);
    assert_eq!(allowed.code, 0, "{}", allowed.err);
    alone.write("shop/dpc.kdl", format!("include \"../../elsewhere.kdl\"\n{}", fleet("1"))).commit("two");
    let beyond = Project::diff_in(&shop, &words);
    assert!(beyond.code == 1 && beyond.err.contains("is outside the project"), "{}", beyond.err);
}

#[test]
fn links_are_followed_inside_and_refused_outside() {
    let alone = Project::repository();
    alone.write("real/hosts.kdl", "host \"app-2\" address=\"10.0.0.12\"\n");
    symlink("real", alone.root.join("linked")).unwrap();
    symlink("linked/hosts.kdl", alone.root.join("hosts.kdl")).unwrap();
    symlink("/etc/hostname", alone.root.join("absolute.kdl")).unwrap();
    symlink("../beside.kdl", alone.root.join("beside.kdl")).unwrap();
    symlink("loop.kdl", alone.root.join("loop.kdl")).unwrap();
    alone.write("dpc.kdl", format!("include \"hosts.kdl\"\n{}", fleet("1"))).commit("one");
    let same = alone.diff(&["--base", "HEAD", "--exit-code"]);
    assert_eq!((same.code, same.err.as_str()), (0, ""), "{}", same.out);
    for (name, word) in [("absolute", "outside"), ("beside", "outside"), ("loop", "cannot be read")] {
        alone.write("dpc.kdl", format!("include \"{name}.kdl\"\n{}", fleet("1"))).commit(name);
        let ran = alone.diff(&["--base", "HEAD", "--head", "HEAD", "--exit-code"]);
        assert!(ran.code == 1 && ran.err.contains(word), "{name}: {}", ran.err);
    }
}

#[test]
fn a_file_is_one_by_whatever_links() {
    let alone = Project::repository();
    alone.write("shop/dpc.kdl", format!("include \"s0/a.kdl\" \"s1/a.kdl\"\n{}", fleet("1")));
    for link in ["s0", "s1"] {
        symlink(".", alone.root.join("shop").join(link)).unwrap();
    }
    alone.write("shop/a.kdl", "var \"x\" \"1\"\n").commit("one");
    let same = |words: &[&str]| {
        let ran =
            Project::diff_in(&alone.root.join("shop"), &[&["--base", "HEAD", "--exit-code"], words].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    };
    same(&[]);
    same(&["--head", "HEAD", "--allow-outside"]);
    alone.write("shop/a.kdl", "include \"s0/a.kdl\" \"s1/a.kdl\"\n").commit("two");
    let ran = Project::diff_in(&alone.root.join("shop"), &["--base", "HEAD", "--head", "HEAD"]);
    assert!(ran.code == 1 && ran.err.contains("`a.kdl` includes itself"), "{}", ran.err);
}

#[test]
fn what_is_in_a_submodule_is_reported() {
    let other = Project::repository();
    other.write("hosts.kdl", "host \"app-2\" address=\"10.0.0.12\"\n").commit("one");
    let alone = Project::repository();
    alone.write("dpc.kdl", format!("include \"module/hosts.kdl\"\n{}", fleet("1")));
    alone.git([
        OsStr::new("submodule"),
        OsStr::new("--quiet"),
        OsStr::new("add"),
        other.root.as_os_str(),
        OsStr::new("module"),
    ]);
    alone.commit("one");
    let ran = alone.diff(&["--base", "HEAD", "--exit-code"]);
    assert!(ran.code == 1 && ran.err.contains("is in a submodule"), "{}", ran.err);
    assert!(ran.err.contains("in the base, HEAD"), "{}", ran.err);
}

#[test]
fn a_name_that_is_a_path_and_a_commit_must_be_said_which() {
    let alone = Project::repository();
    alone.write("dpc.kdl", fleet("2")).write("main/dpc.kdl", fleet("1")).commit("one");
    let ran = alone.diff(&["--base", "main", "--exit-code"]);
    assert!(ran.code == 1 && ran.err.contains("`dir:main` or `ref:main`"), "{}", ran.err);
    assert!(alone.diff(&["--base", "dir:main"]).out.contains("image 1 → 2"));
    assert_eq!(alone.diff(&["--base", "ref:main", "--exit-code"]).code, 0);
}
