//! Builds whose every step on the disk is killed or fails in its turn: the old files or the new ones, never a mixture.
//!
//! strace(1) ends the process at its n-th call of one kind, or lets that call fail, for every n that is about the output.

use crate::command::call::SHOP;
use crate::command::system::{has, skipped};
use crate::project::Project;
use crate::tree::Tree;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// The calls that change the disk, and those that ask for a file or a lock.
const CALLS: [&str; 9] =
    ["mkdir", "openat", "write", "chmod", "rename", "unlink", "unlinkat", "rmdir", "flock"];
/// The calls that need room on the disk.
const NEED_ROOM: [&str; 5] = ["mkdir", "openat", "write", "chmod", "rename"];

/// Two versions of a project: of their files some stay, some change, some come and some go.
struct Versions {
    of: [Project; 2],
    trees: [Tree; 2],
}

impl Versions {
    fn new() -> Self {
        let old = Project::in_memory().file("dpc.kdl", SHOP).file("api.json", "{}\n");
        let new = SHOP.replace("\"api\"", "\"web\"") + "host \"app-2\" address=\"10.0.0.12\"\n";
        let new = new.replace("on \"app-1\"", "on \"app-1\" \"app-2\"");
        let new = Project::in_memory().file("dpc.kdl", new).file("api.json", "{ }\n");
        let of = [old, new];
        let trees = [0, 1].map(|version| {
            of[version].call(["build", "-q"]).run();
            of[version].tree("out")
        });
        Self { of, trees }
    }

    /// Returns whether dpc takes the files in `out` for a version.
    fn is(&self, version: usize, out: &Path) -> bool {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
        command.args(["build", "--check", "-q", "-o"]).arg(out).current_dir(self.of[version].path(""));
        command.output().unwrap().status.success()
    }

    /// Builds the new version over the old one with something injected. Returns how it ended and what it printed.
    fn build(&self, inject: &str, call: &str, out: &Path) -> (ExitStatus, String) {
        let mut command = Command::new("strace");
        // Other calls are not stopped, which takes half the time. A signal is not injected that way.
        let filter = inject.contains(":error=").then_some("--seccomp-bpf");
        command.arg("-f").args(filter).args(["-qqq", "-o", "/dev/null"]);
        command.args(["-e", &format!("trace={call}"), "-e", inject]);
        command.arg(env!("CARGO_BIN_EXE_dpc")).args(["build", "-q", "-o"]).arg(out);
        let output = command.current_dir(self.of[1].path("")).stdin(Stdio::null()).output().unwrap();
        (output.status, String::from_utf8(output.stderr).unwrap())
    }

    /// Numbers the calls of a kind that a build of the new version over the old one makes to its output. Each thread has its own
    /// numbers.
    fn calls(&self, call: &str) -> BTreeSet<usize> {
        let place = self.built();
        let (record, out) = (place.path("record"), place.path("out"));
        let mut command = Command::new("strace");
        command
            .args(["-f", "--seccomp-bpf", "-y", "-qqq", "-e", &format!("trace={call}"), "-o"])
            .arg(&record);
        command.arg(env!("CARGO_BIN_EXE_dpc")).args(["build", "-q", "-o"]).arg(&out);
        assert!(command.current_dir(self.of[1].path("")).status().unwrap().success());
        let (record, mut counts) = (std::fs::read_to_string(record).unwrap(), BTreeMap::new());
        let numbered = record.lines().filter(|line| line.contains(&format!("{call}("))).map(|line| {
            let count = counts.entry(line.split(' ').next()).or_insert(0);
            *count += 1;
            (*count, line)
        });
        numbered.filter(|(_, line)| line.contains(out.to_str().unwrap())).map(|(turn, _)| turn).collect()
    }

    /// Makes a place with the output of the old version.
    fn built(&self) -> Project {
        let place = Project::in_memory();
        let [old, out] = [self.of[0].path("out"), place.path("out")];
        assert!(Command::new("cp").arg("-a").args([old, out]).status().unwrap().success());
        place
    }

    /// Does `what` to every call of one kind in its turn. Returns how many builds that ended, and how many of them left the new
    /// files.
    fn each(&self, call: &str, what: &str) -> [usize; 2] {
        let mut counts = [0, 0];
        for turn in self.calls(call) {
            let place = self.built();
            let out = place.path("out");
            let (status, said) = self.build(&format!("inject={call}:{what}:when={turn}"), call, &out);
            let told = format!("{call} {turn}, {what}: {status}, {said}");
            assert!(!said.contains("panicked"), "{told}");
            if status.success() {
                // It was not needed: another place was tried.
                assert!(place.tree("out").same_as(&self.trees[1]), "{told}");
                continue;
            }
            let whole = [self.is(0, &out), self.is(1, &out)];
            assert_ne!(whole[0], whole[1], "neither old nor new: {told}");
            counts[0] += 1;
            counts[1] += usize::from(whole[1]);
            let next = counts[0] % 2;
            self.of[next].call(["build", "-q", "-o", out.to_str().unwrap()]).run();
            assert!(place.tree("out").same_as(&self.trees[next]), "{told}");
        }
        counts
    }
}

fn tried(what: &str, calls: &[&str]) {
    if !has("strace") {
        return;
    }
    if !Command::new("strace").args(["-qqq", "-o", "/dev/null", "true"]).status().unwrap().success() {
        skipped("no process may be traced here");
        return;
    }
    let versions = Versions::new();
    let mut all = [0, 0];
    for call in calls {
        let counts = versions.each(call, what);
        let line = format!("injected | {what} | {call} | {} | {} new\n", counts[0], counts[1]);
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        all = [all[0] + counts[0], all[1] + counts[1]];
    }
    assert!(all[0] > 40 && all[1] > 4 && all[0] > all[1] + 4, "{all:?}");
}

#[test]
fn a_build_killed_at_any_step_leaves_the_old_files_or_the_new_ones() {
    tried("signal=KILL", &CALLS);
}

#[test]
fn a_disk_that_is_full_at_any_step_leaves_the_old_files_or_the_new_ones() {
    tried("error=ENOSPC", &NEED_ROOM);
}
