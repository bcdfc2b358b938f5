//! A test for units of every host of every tree under each shell, in a process of its own with namespaces of its own: mounts, a
//! network with nothing but a loopback interface, and process ids, so that whatever a case starts ends with it.

use crate::artifacts::golden::{self, GoldenTree};
use dpc::model::plan::{HostPlan, Unit};
use std::collections::VecDeque;
use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// Makes the namespaces of a case (unshare(1)).
const UNSHARE: [&str; 6] = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];

/// The work of one process.
pub struct Case {
    /// The tree.
    pub tree: GoldenTree,
    /// The host that the case plays.
    pub host: HostPlan,
    /// The units of it that are tried.
    pub units: Vec<Unit>,
    /// The shell behind `/bin/sh`: `dash` or `bash`.
    pub shell: String,
}

/// Groups the units of a host that are tried together.
type Parts = fn(&HostPlan) -> Vec<Vec<Unit>>;

/// Runs `body` for all parts of every host, `at_once` of them at a time. `test` is the name of the calling test, which the
/// processes run.
pub fn each(test: &str, at_once: usize, parts: Parts, body: fn(&Case)) {
    match env::var("DPC_CASE") {
        Ok(words) => body(&case(&words, parts)),
        Err(_) => spawn_all(test, at_once, parts),
    }
}

fn case(words: &str, parts: Parts) -> Case {
    let [name, host, part, shell] = words.split(' ').collect::<Vec<_>>()[..] else { panic!("{words}") };
    let tree = golden::named(name);
    let host = tree.plan.hosts.iter().find(|other| other.name == host).unwrap().clone();
    let units = parts(&host).swap_remove(part.parse().unwrap());
    Case { tree, host, units, shell: shell.to_owned() }
}

fn spawn_all(test: &str, at_once: usize, parts: Parts) {
    let cases = Mutex::new(names(parts));
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while let Some(case) = pop(&cases) {
                    let failure = failure(test, &case);
                    failures.lock().unwrap().extend(failure);
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} cases failed\n\n{}", failures.len(), failures.join("\n\n"));
}

fn pop(cases: &Mutex<VecDeque<String>>) -> Option<String> {
    cases.lock().unwrap().pop_front()
}

fn names(parts: Parts) -> VecDeque<String> {
    let mut names = VecDeque::new();
    for tree in golden::all() {
        for host in &tree.plan.hosts {
            let parts = 0..parts(host).len();
            let both =
                |part| ["dash", "bash"].map(|shell| format!("{} {} {part} {shell}", tree.name, host.name));
            names.extend(parts.flat_map(both));
        }
    }
    names
}

/// Returns the output of a case if it failed.
fn failure(test: &str, case: &str) -> Option<String> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("dpc-case-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let scratch = env::temp_dir().join(name);
    fs::create_dir(&scratch).unwrap();
    let output = unshared(test, case, &scratch);
    fs::remove_dir(&scratch).unwrap();
    let said = [output.stdout, output.stderr].concat();
    // A test that ran nothing because its name is wrong also succeeds.
    let passed = output.status.success() && String::from_utf8_lossy(&said).contains("1 passed");
    (!passed).then(|| format!("{case}:\n{}", String::from_utf8_lossy(&said)))
}

fn unshared(test: &str, case: &str, scratch: &PathBuf) -> Output {
    let mut command = Command::new("unshare");
    command.args(UNSHARE).arg(env::current_exe().unwrap()).args([test, "--exact", "--nocapture"]);
    command.env("DPC_CASE", case).env("TMPDIR", scratch).env("RUST_BACKTRACE", "0").output().unwrap()
}
