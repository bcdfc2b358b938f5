//! Limits of the files that are listed and read of a side.

use crate::diff::repository::fleet;
use crate::project::Project;
use std::process::Command;
use std::time::Instant;

/// A commit whose folder `x` leads to 10 to the 9th paths, 280 KB in all.
fn nested(folder: &Project) {
    let script = "t=$(printf '100644 blob %s\\tf.kdl\\n' \"$1\" | git mktree)\n\
                  for l in 1 2 3 4 5 6 7 8 9; do\n\
                  t=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\\td%s\\n' \"$t\" $i; done | git mktree)\n\
                  done\n\
                  t=$( (git ls-tree HEAD; printf '040000 tree %s\\tx\\n' \"$t\") | git mktree)\n\
                  git update-ref refs/heads/nested \"$(git -c user.name=x -c user.email=x commit-tree \"$t\" -p HEAD -m x)\"";
    let blob = folder.git(["rev-parse", "HEAD:dpc.kdl"]);
    let made = Command::new("sh").args(["-c", script, "sh", &blob]).current_dir(&folder.root).status();
    assert!(made.unwrap().success());
}

#[test]
fn folders_without_end_are_not_listed() {
    let folder = Project::repository();
    folder.write("dpc.kdl", fleet("1")).commit("one");
    nested(&folder);
    assert_eq!(folder.diff(&["--base", "main", "--head", "nested", "--exit-code"]).code, 0);
    folder.write("dpc.kdl", format!("include \"x/**/*.kdl\"\n{}", fleet("1"))).commit("two");
    nested(&folder);
    let ran = folder.diff(&["--base", "main~1", "--head", "nested", "--exit-code"]);
    assert!(ran.code == 1 && ran.err.contains("200000 files and folders"), "{}{}", ran.out, ran.err);
}

/// The names of a file: so many that reading it by each would take minutes.
const NAMES: std::ops::Range<u32> = 100..260;

/// A commit of a file that is there by many names.
fn by_many_names(mebibytes: u64) -> Project {
    let folder = Project::repository();
    folder.write("dpc.kdl", fleet("1")).commit("one");
    std::fs::File::create(folder.root.join("x")).unwrap().set_len(mebibytes << 20).unwrap();
    let blob = folder.git(["-c", "core.compression=1", "hash-object", "-w", "x"]);
    std::fs::remove_file(folder.root.join("x")).unwrap();
    let names: Vec<String> = NAMES.map(|number| format!("100644,{blob},{number}.kdl")).collect();
    let options = names.iter().flat_map(|name| ["--cacheinfo", name]);
    folder.git(["update-index", "--add"].into_iter().chain(options));
    folder.git(["commit", "--quiet", "--message", "x"]);
    folder
}

#[test]
fn what_is_refused_of_a_commit_is_not_read() {
    let files: String =
        NAMES.map(|number| format!("    file \"/{number}\" source=\"{number}.kdl\"\n")).collect();
    let entry = fleet("1").replace("    port", &format!("{files}    port"));
    let (larger, large) = (by_many_names(257), by_many_names(200));
    for (folder, entry, said) in [
        (&larger, &*entry, "`259.kdl` is larger than 256 MiB"),
        (&large, &*entry, "more than dpc puts together"),
        (&large, "include \"*.kdl\"\nfleet \"shop\"\n", "`100.kdl` is larger than 64 MiB"),
    ] {
        folder.write("dpc.kdl", entry);
        folder.git(["commit", "--quiet", "--message", "x", "dpc.kdl"]);
        let first = folder.git(["rev-list", "--max-parents=0", "HEAD"]);
        let started = Instant::now();
        let ran = folder.diff(&["--base", &first, "--head", "HEAD", "--exit-code"]);
        assert!(ran.code == 1 && ran.err.contains(said), "{}{}", ran.out, ran.err);
        assert!(started.elapsed().as_secs() < 40, "{said}: {:?}", started.elapsed());
    }
}

#[test]
fn links_of_a_commit_are_read_once() {
    let folder = Project::repository();
    let includes: String =
        (0..5000).map(|number| format!("include \"{}{number}.kdl\"\n", "l/".repeat(38))).collect();
    folder.write("dpc.kdl", fleet("1")).commit("one");
    std::os::unix::fs::symlink(".", folder.root.join("l")).unwrap();
    for number in 0..5000 {
        folder.write(format!("{number}.kdl"), "");
    }
    folder.write("dpc.kdl", includes + &fleet("1")).commit("two");
    let started = Instant::now();
    let ran = folder.diff(&["--base", "HEAD~1", "--head", "HEAD", "--exit-code"]);
    assert_eq!((ran.code, &*ran.err), (0, ""), "{}", ran.out);
    assert!(started.elapsed().as_secs() < 40, "{:?}", started.elapsed());
}

#[test]
fn links_of_a_commit_have_an_end_together() {
    let folder = Project::repository();
    folder.write("f/a.kdl", "").write("dpc.kdl", fleet("1")).commit("one");
    for link in ["l", "m"] {
        std::os::unix::fs::symlink("f/../".repeat(600), folder.root.join(link)).unwrap();
    }
    // Each leads by another way to the same file.
    let way = |number: usize| {
        (0..38).map(|bit| if number >> bit & 1 == 0 { "l/" } else { "m/" }).collect::<String>()
    };
    let includes: String = (0..1000).map(|number| format!("include \"{}f/a.kdl\"\n", way(number))).collect();
    folder.write("dpc.kdl", includes + &fleet("1")).commit("two");
    let ran = folder.diff(&["--base", "HEAD~1", "--head", "HEAD", "--exit-code"]);
    let said = "links are followed through 500,000 folders in all";
    assert!(ran.code == 1 && ran.err.contains(said), "{}{}", ran.out, ran.err);
}

#[test]
fn a_path_that_never_ends_is_left() {
    let folder = Project::repository();
    let deep = format!("include \"{}a.kdl\"\n", "x/".repeat(3000));
    folder.write("dpc.kdl", format!("{deep}{}", fleet("1"))).commit("one");
    let ran = folder.diff(&["--base", "HEAD", "--exit-code"]);
    assert!(ran.code == 1 && !ran.err.is_empty(), "{}", ran.err);
}

#[test]
fn a_plan_is_a_regular_file() {
    let folder = Project::repository();
    folder.write("dpc.kdl", fleet("1")).commit("one");
    assert!(Command::new("mkfifo").arg(folder.root.join("pipe")).status().unwrap().success());
    std::os::unix::fs::symlink("/dev/zero", folder.root.join("zero")).unwrap();
    for plan in ["plan:pipe", "plan:/dev/zero", "plan:zero", "plan:/dev/null", "plan:."] {
        let ran = folder.diff(&["--base", plan, "--exit-code"]);
        assert!(ran.code == 1 && ran.err.contains("is not a regular file"), "{plan}: {}", ran.err);
    }
}

#[test]
fn services_that_are_alike_by_other_names_are_told_in_little_time() {
    let folder = Project::empty();
    let project = |name: &str| {
        let service = |number: usize| {
            format!("service \"{name}-{number}\" {{ image \"i:1\"; on \"app-1\"; env {{ A \"{name}\" }} }}\n")
        };
        let services: String = (0..1000).map(service).collect();
        format!("fleet \"shop\"\nhost \"app-1\" address=\"10.0.0.11\"\n{services}")
    };
    folder.write("base/dpc.kdl", project("old")).write("head/dpc.kdl", project("new"));
    let started = Instant::now();
    let ran = folder.diff(&["head", "--base", "base", "--exit-code", "--no-artifacts"]);
    assert!(ran.code == 2 && ran.out.contains("renamed old-0 → new-0"), "{}{}", ran.out, ran.err);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn files_of_a_fleet_that_changes_as_a_whole_are_not_compared() {
    let folder = Project::empty();
    let project = |image: &str, services: usize| {
        let service = |number: usize| format!("service \"s{number}\" {{ image \"{image}\"; on \"*\" }}\n");
        let services: String = (0..services).map(service).collect();
        let hosts = "host \"a\" address=\"10.0.0.11\"\nhost \"b\" address=\"10.0.0.12\"\n";
        format!("fleet \"shop\"\n{hosts}{services}")
    };
    folder.write("base/dpc.kdl", project("i:1", 600)).write("head/dpc.kdl", project("i:2", 600));
    let ran = folder.diff(&["head", "--base", "base", "--exit-code"]);
    let said = "files of 1 host are not compared, since so much changes: the plan says what runs there";
    assert!(ran.code == 2 && ran.out.contains(said), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("docker/shop-s0-1.sh"), "{}", ran.out);
    // A change in the templates alone is not seen, and not denied.
    folder.write("base/dpc.kdl", project("i:1", 1200)).write("head/dpc.kdl", project("i:1", 1200));
    assert_eq!(folder.diff(&["head", "--base", "base", "--exit-code"]).code, 0);
    folder.write("head/templates/fleet.target.j2", "[Unit]\n");
    let ran = folder.diff(&["head", "--base", "base", "--exit-code"]);
    assert!(ran.code == 2 && ran.out.contains("files of 2 hosts are not compared"), "{}{}", ran.out, ran.err);
}
