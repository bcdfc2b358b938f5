//! Programs that tests call. One that is missing fails the test: this target is asked for by name.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Output};

/// Every program of that name on the path, each once, and at least one.
pub fn all(name: &str) -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<PathBuf> = Vec::new();
    for file in env::split_paths(&path).filter_map(|place| place.join(name).canonicalize().ok()) {
        if file.is_file() && !found.contains(&file) {
            found.push(file);
        }
    }
    assert!(!found.is_empty(), "`{name}` is not installed: `.ci/run` says where it is to be had");
    found
}

/// Runs a program to its end, and returns its output only if it succeeded.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = call(program, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {}: {said}", arguments.join(" "));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs a program to its end.
pub fn call(program: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"))
}
