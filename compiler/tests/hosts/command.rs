//! In: a program and its arguments. Out: its stdout, or a sentence about how it failed.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a program to its end, and returns its stdout without the last newline.
pub fn run(program: &str, arguments: &[&str]) -> Result<String, String> {
    finish(Command::new(program).args(arguments))
}

/// Works like [`run`], in an environment that has these variables too.
pub fn run_with(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Result<String, String> {
    finish(Command::new(program).args(arguments).envs(variables.iter().copied()))
}

/// Works like [`run_with`], with a file as its stdin.
pub fn run_from(
    program: &str,
    arguments: &[&str],
    variables: &[(&str, &str)],
    input: &Path,
) -> Result<String, String> {
    let input = File::open(input).map_err(|error| format!("cannot read `{}`: {error}", input.display()))?;
    finish(Command::new(program).args(arguments).envs(variables.iter().copied()).stdin(input))
}

/// Returns whether a program can be found and answers these arguments with success.
pub fn answers(program: &str, arguments: &[&str]) -> bool {
    run(program, arguments).is_ok()
}

fn finish(command: &mut Command) -> Result<String, String> {
    let shown = format!("{command:?}");
    let output = command
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| format!("`{shown}` does not start: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
    if output.status.success() {
        return Ok(said);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{shown}` failed ({}): {said} {}", output.status, complaint.trim_end()))
}
