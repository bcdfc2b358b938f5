//! Programs that read what dpc writes: found, or named as missing.

use std::env;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output};

/// The program, or nothing and a line on standard error that tests cannot swallow.
pub fn find(name: &str) -> Option<PathBuf> {
    let found = find_all(name).into_iter().next();
    if found.is_none() {
        drop(writeln!(
            std::io::stderr(),
            "SKIPPED: `{name}` is not installed, so what it reads is not tried"
        ));
    }
    found
}

/// Reports a missing program, without which nothing is tried.
pub fn skip(what: &str) {
    drop(writeln!(std::io::stderr(), "SKIPPED: {what} is not to be had, so what it reads is not tried"));
}

/// Every program of that name on the path and where distributions put theirs, each once.
pub fn find_all(name: &str) -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let places =
        env::split_paths(&path).chain(["/lib/systemd", "/usr/lib/systemd", "/usr/bin"].map(PathBuf::from));
    let mut found: Vec<PathBuf> = Vec::new();
    for file in places.filter_map(|place| place.join(name).canonicalize().ok()).filter(|file| file.is_file())
    {
        if !found.contains(&file) {
            found.push(file);
        }
    }
    found
}

/// Runs a program to its end.
pub fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}
