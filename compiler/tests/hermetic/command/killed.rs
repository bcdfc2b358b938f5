//! Builds that are killed, meet each other, or run out of disk: the old files or the new ones, never a mixture.

use crate::command::call::Call;
use crate::command::system::{has, is_root, skipped};
use crate::project::Project;
use crate::tree::Tree;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const FILES: usize = 250;

/// A project whose config files are many, so that replacing them takes a while.
fn large(word: &str, drop: usize) -> Project {
    let mut text = "fleet \"shop\"\nhost \"app-1\" address=\"10.0.0.11\"\nservice \"api\" {\n    image \"redis:7\"\n    on \"app-1\"\n    port \"http\" 8080\n".to_string();
    let project = Project::in_memory();
    for number in drop..FILES + drop {
        text.push_str(&format!("    file \"/app/{number}\" source=\"files/{number}\"\n"));
        project.write(format!("files/{number}"), format!("{word} {number}\n"));
    }
    project.file("dpc.kdl", text + "}\n")
}

/// Two versions of a project, and their artifacts.
struct Versions {
    old: Project,
    new: Project,
    trees: [Tree; 2],
}

impl Versions {
    fn new() -> Self {
        // Some files change, some go, some come.
        let (old, new) = (large("old", 0), large("new", 40));
        let trees = [&old, &new].map(|project| {
            project.call(["build", "-q"]).run();
            project.tree("out")
        });
        Self { old, new, trees }
    }

    fn of(&self, new: bool) -> &Project {
        if new { &self.new } else { &self.old }
    }

    fn build(&self, new: bool, out: &Path) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
        command.args(["build", "-q", "-o"]).arg(out).current_dir(self.of(new).path(""));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Returns whether dpc takes the files in `out` for this version.
    fn is(&self, new: bool, out: &Path) -> bool {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
        command.args(["build", "--check", "-q", "-o"]).arg(out).current_dir(self.of(new).path(""));
        let output = command.output().unwrap();
        assert!(output.status.code().unwrap() < 2, "{}", String::from_utf8_lossy(&output.stderr));
        output.status.success()
    }
}

fn ends_well(child: Child) {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn wait_for(path: &Path, child: &mut Child) {
    let start = Instant::now();
    while !path.exists() && start.elapsed() < Duration::from_secs(20) && child.try_wait().unwrap().is_none() {
    }
}

/// Kills a build of the new version over the old one, `delay` after `sign` appears. Gives whether a commit had begun.
fn killed(versions: &Versions, sign: &str, delay: Duration, next_is_new: bool) -> bool {
    let place = Project::in_memory();
    let out = place.path("out");
    ends_well(versions.build(false, &out));
    let mut child = versions.build(true, &out);
    wait_for(&out.join(sign), &mut child);
    sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
    let begun = out.join(".dpc-new/JOURNAL").exists();
    let raw = place.tree("out");
    let whole = [false, true].map(|new| versions.is(new, &out));
    assert_ne!(whole[0], whole[1], "neither old nor new, {sign} and {delay:?}");
    assert!(whole[1] || !begun, "a commit that was begun counts");
    assert_eq!(place.tree("out"), raw, "--check wrote something");
    ends_well(versions.build(next_is_new, &out));
    assert!(place.tree("out").same_as(&versions.trees[usize::from(next_is_new)]), "{sign} and {delay:?}");
    begun
}

#[test]
fn a_build_killed_at_any_moment_leaves_the_old_files_or_the_new_ones() {
    let versions = Versions::new();
    for step in 0..6 {
        killed(&versions, ".", Duration::from_millis(step * 30), step % 2 == 0);
    }
    for step in 0..4 {
        killed(&versions, ".dpc-new", Duration::from_micros(step * 700), step % 2 == 0);
    }
    // Luck decides how far a commit had come, so there are some tries.
    let mut begun = 0;
    for step in 0..40 {
        begun += usize::from(killed(
            &versions,
            ".dpc-new/JOURNAL",
            Duration::from_micros(step % 10 * 150),
            step % 2 == 0,
        ));
        if begun == 5 {
            break;
        }
    }
    assert!(begun > 0, "no build was killed while it replaced files");
}

#[test]
fn two_builds_at_once_both_end_well_and_the_result_is_one_of_theirs() {
    let versions = Versions::new();
    let place = Project::in_memory();
    let out = place.path("out");
    for _ in 0..4 {
        let builds = [versions.build(false, &out), versions.build(true, &out), versions.build(false, &out)];
        builds.into_iter().for_each(ends_well);
        let tree = place.tree("out");
        assert!(versions.trees.iter().any(|one| one.same_as(&tree)));
    }
}

#[test]
fn a_build_says_that_it_waits() {
    let project = Project::built();
    project.edit("api.json", "{}", "{ }");
    let folder = fs::File::open(project.path("out")).unwrap();
    folder.lock().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
    command.args(["build", "-q"]).current_dir(project.path("")).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    sleep(Duration::from_millis(700));
    assert!(child.try_wait().unwrap().is_none());
    folder.unlock().unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "waiting for another dpc that writes to `out`\n");
}

/// A commit that cannot go on is not taken back: dpc reads the new files, and goes on when it can.
#[test]
fn a_build_stopped_midway_goes_on_later() {
    if !has("chattr") || !is_root() {
        skipped("only root can make a folder immutable");
        return;
    }
    let project = Project::built();
    let immutable = |flag: &str| {
        Command::new("chattr").arg(flag).arg(project.path("out/app-1/docker")).status().unwrap().success()
    };
    project.edit("dpc.kdl", "8080", "8081");
    if !immutable("+i") {
        skipped("this file system has no immutable folders");
        return;
    }
    let says =
        ["out/app-1/docker", "cannot be written: operation not permitted", "`dpc build` goes on from there"];
    let stopped = std::panic::catch_unwind(|| {
        project.call(["build"]).code(2).says(says).run();
        project.call(["build", "--check", "-q"]).run();
    });
    assert!(immutable("-i"));
    stopped.unwrap();
    project.call(["build", "-q"]).run();
    assert!(!project.path("out/.dpc-new").exists());
    project.call(["build", "--check", "-q"]).run();
}

#[test]
fn a_full_disk_leaves_the_old_files() {
    if !is_root() || !has("unshare") {
        skipped("only root can mount a small file system");
        return;
    }
    let project = Project::shop();
    let large = "x".repeat(300_000);
    project.write("large/dpc.kdl", fs::read(project.path("dpc.kdl")).unwrap());
    project.write("large/api.json", large);
    fs::create_dir(project.path("disk")).unwrap();
    let script = r#"
        mount -t tmpfs -o size=$3 tmpfs disk || exit 77
        set -e
        "$1" build -q -o "$2/disk/out"
        code=0; "$1" build large -o "$2/disk/out" || code=$?
        test "$code" = 2
        "$1" build --check -q -o "$2/disk/out"
        test ! -e disk/out/.dpc-new
        echo whole
    "#;
    let dpc = env!("CARGO_BIN_EXE_dpc");
    let root = project.path("");
    let arguments = ["--mount", "sh", "-c", script, "sh", dpc, root.to_str().unwrap(), "250k"];
    let unshared = Command::new("unshare").args(["--mount", "true"]).status().unwrap();
    if !unshared.success() {
        skipped("no mount namespaces here");
        return;
    }
    let says = ["app/config.json` cannot be written: no space left on device", "nothing was written"];
    Call::new(Path::new("unshare"), &root, arguments).stdout("whole\n").says(says).run();
}
