//! Needs of the tests from the machine.

use crate::project::Project;
use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns whether permissions mean nothing to the tests.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Runs a command as nobody, if the tests run as root.
pub fn unprivileged(command: &mut Command) {
    if is_root() {
        command.uid(65534).gid(65534);
    }
}

/// dpc, where every user can run it.
pub fn program_for_everyone(project: &Project) -> PathBuf {
    let dpc = env!("CARGO_BIN_EXE_dpc");
    if !is_root() {
        return dpc.into();
    }
    let program = project.path(".dpc-program");
    // A process of its own copies it: a file that is still open for writing in a fork of this one cannot be run.
    let copied = Command::new("cp").arg(dpc).arg(&program).status().unwrap();
    assert!(copied.success());
    fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
    program
}

/// Returns whether a program is installed, and reports if it is not.
pub fn has(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", "command -v \"$1\" >/dev/null", "sh", program]).status();
    let found = found.unwrap().success();
    if !found {
        skipped(&format!("`{program}` is not installed"));
    }
    found
}

/// Makes a named pipe.
pub fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Reports that a test was not run. Rust's macros do not do: the test runner would keep their output to itself.
pub fn skipped(reason: &str) {
    std::io::stderr().write_all(format!("SKIPPED: {reason}\n").as_bytes()).unwrap();
}
