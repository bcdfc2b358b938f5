//! Names of commits, which are never guessed.

use crate::diff::repository::fleet;
use crate::project::Project;

/// Three commits, of which `main` is the second; `origin/main` is the first.
fn history() -> Project {
    let folder = Project::repository();
    for tag in ["1", "2", "3"] {
        folder.write("dpc.kdl", fleet(tag)).commit(tag);
    }
    folder.git(["update-ref", "refs/remotes/origin/main", "HEAD~2"]);
    folder.git(["branch", "--quiet", "work"]);
    folder.git(["reset", "--quiet", "--hard", "HEAD~1"]);
    folder.git(["switch", "--quiet", "work"]);
    folder
}

#[test]
fn a_name_is_looked_for_where_names_are() {
    let folder = history();
    folder.git(["tag", "--annotate", "--message=x", "v1", "HEAD~2"]);
    folder.git(["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    let (id, short) = (folder.git(["rev-parse", "HEAD~2"]), folder.git(["rev-parse", "--short", "HEAD~2"]));
    for base in [
        "origin/main",
        "refs/remotes/origin/main",
        "origin",
        "v1",
        "refs/tags/v1",
        "main~",
        "main^1",
        "HEAD~2",
        "@~2",
        "work~1^",
        &id,
        &short,
        &id.to_uppercase(),
        "origin/main...",
        "ref:v1...",
    ] {
        let ran = folder.diff(&["--base", base]);
        assert!(ran.out.contains("image 1 → 3"), "{base}: {}{}", ran.out, ran.err);
    }
    folder.git(["fetch", "--quiet", ".", "main"]);
    assert!(folder.diff(&["--base", "FETCH_HEAD"]).out.contains("image 2 → 3"));
}

#[test]
fn a_name_of_two_commits_is_refused() {
    for (planted, asked) in [
        ("refs/tags/origin/main", "origin/main"),
        ("refs/heads/origin/main", "origin/main"),
        ("refs/tags/main", "main"),
        ("refs/remotes/main", "main"),
    ] {
        let folder = history();
        folder.git(["update-ref", planted, "work"]);
        for asked in [asked.to_string(), format!("ref:{asked}"), format!("{asked}..."), format!("{asked}~0")]
        {
            let ran = folder.diff(&["--base", &asked, "--exit-code"]);
            assert_eq!((ran.code, &*ran.out), (1, ""), "{planted} {asked}");
            let names_both = ran.err.contains("names several commits") && ran.err.contains(planted);
            assert!(names_both, "{planted} {asked}: {}", ran.err);
        }
        // The same commit by two names is one.
        folder.git([
            "update-ref",
            planted,
            if asked == "main" { "refs/heads/main" } else { "refs/remotes/origin/main" },
        ]);
        assert_eq!(folder.diff(&["--base", asked, "--exit-code"]).code, 2);
    }
    let folder = history();
    let short = folder.git(["rev-parse", "--short", "HEAD~2"]);
    folder.git(["update-ref", &format!("refs/heads/{short}"), "HEAD"]);
    let ran = folder.diff(&["--base", &short, "--exit-code"]);
    assert!(ran.code == 1 && ran.err.contains("names several commits"), "{}", ran.err);
}

#[test]
fn nobody_calls_something_else_by_a_whole_id() {
    let folder = history();
    let id = folder.git(["rev-parse", "HEAD~2"]);
    let unknown = "1".repeat(40);
    for name in [&id, &id.to_uppercase(), &unknown] {
        for kind in ["tags", "heads"] {
            folder.git(["update-ref", &format!("refs/{kind}/{name}"), "HEAD"]);
        }
    }
    for base in [id.clone(), format!("{id}..."), format!("{id}~0"), id.to_uppercase()] {
        let ran = folder.diff(&["--base", &base]);
        assert!(ran.out.contains("image 1 → 3"), "{base}: {}{}", ran.out, ran.err);
    }
    let ran = folder.diff(&["--base", &unknown]);
    assert!(ran.code == 1 && ran.err.contains("there is no commit"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_name_in_full_is_no_other() {
    let folder = history();
    folder.git(["update-ref", "-d", "refs/heads/main"]);
    folder.git(["update-ref", "refs/tags/refs/heads/main", "HEAD"]);
    folder.git(["update-ref", "refs/tags/HEAD", "HEAD~2"]);
    for base in ["refs/heads/main", "main", "heads/main", "tags/refs"] {
        let ran = folder.diff(&["--base", base, "--exit-code"]);
        assert!(ran.code == 1 && ran.err.contains("there is no commit"), "{base}: {}{}", ran.out, ran.err);
    }
    assert_eq!(folder.diff(&["--base", "HEAD", "--exit-code"]).code, 0);
}

#[test]
fn what_names_no_commit_or_many_is_refused() {
    let folder = history();
    for base in [
        "^HEAD",
        "main..work",
        "HEAD^@",
        "HEAD^!",
        "HEAD^-",
        "HEAD^{tree}",
        "HEAD^{/x}",
        ":/2",
        "HEAD:dpc.kdl",
        ":dpc.kdl",
        "@{1}",
        "@{u}",
        "@{-1}",
        "main@{yesterday}",
        "--all",
        "-h",
        "HEAD~99999999999999",
        "....",
        "...",
        "^",
        "~1",
        "refs/heads/../../HEAD",
        "main.lock/..",
        "ref:^HEAD",
        "ref:--all",
    ] {
        let ran = folder.diff(&[&format!("--base={base}"), "--exit-code"]);
        assert_eq!((ran.code, &*ran.out), (1, ""), "{base}");
        assert!(ran.err.contains("cannot be the name of a commit"), "{base}: {}", ran.err);
    }
    for base in ["HEAD~999999", "HEAD^9", "0000000", &"0".repeat(40), "v1-0-gabcdef0"] {
        let ran = folder.diff(&["--base", base, "--exit-code"]);
        assert!(ran.code == 1 && ran.err.contains("there is no commit"), "{base}: {}", ran.err);
    }
}
