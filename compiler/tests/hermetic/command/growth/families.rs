//! Families of projects: each a function from bytes to files of about so many, which costs no more than its bytes are worth.
//!
//! `cargo test` gives a dpc that is not optimised 2 KiB and generous seconds, and holds what takes long against a quarter of the
//! bytes; `.ci/run limits` gives an optimised one a megabyte, two seconds (a build four) and 1 GiB. A family is one entry
//! of a table in the files beside this one.

use crate::command::limits::{either, program, used};
use crate::project::Project;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

/// Paths and contents.
pub type Files = Vec<(String, String)>;

/// A name, and the files of about so many bytes.
pub type Family = (&'static str, fn(usize) -> Files);

/// 1 GiB of address space, of which the program itself takes a part.
const MEMORY: &str = "1073741824";
/// A slower case is compared with a quarter of its bytes: up to a limit, comparing pairs costs the square.
const LONG: f64 = 3.0;
/// The most that four times the bytes may cost: four times as much, and some noise. A square would cost sixteen times.
const RATIO: f64 = 8.0;

/// Holds each family of a table to its limits, with each of some commands.
pub fn hold(table: &[Family], commands: &[&[&str]]) {
    let mut slow = Vec::new();
    let (bytes, limit) = (either(2 * 1024, 1_000_000), either(10.0, 2.0));
    for (name, files) in table {
        let (project, mut quarter) = (project(files(bytes)), None);
        for command in commands {
            let seconds = cost(name, &project, command);
            let line = format!("growth | {name} | {} | {seconds:.2} s\n", command.join(" "));
            std::io::stderr().write_all(line.as_bytes()).unwrap();
            let mut least = || {
                let quarter = quarter.get_or_insert_with(|| self::project(files(bytes / 4)));
                cost(name, quarter, command)
            };
            // A build also makes its files: most of its cost is the system's.
            let most = if command[0] == "build" { 2.0 * limit } else { limit };
            if seconds > most || seconds > LONG && seconds > RATIO * least() {
                slow.push(line);
            }
        }
    }
    assert!(slow.is_empty(), "these take too long:\n{}", slow.concat());
}

fn project(files: Files) -> Project {
    let project = Project::in_memory();
    for (path, text) in files {
        project.write(path, text);
    }
    project
}

fn cost(name: &str, project: &Project, arguments: &[&str]) -> f64 {
    let mut command = Command::new("prlimit");
    command.arg(format!("--as={MEMORY}")).args(["--core=0", "--cpu=60"]).arg(program()).args(arguments);
    command.current_dir(project.path(""));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut said = Vec::new();
    child.stderr.take().unwrap().read_to_end(&mut said).unwrap();
    let seconds = used(child.id());
    let status = child.wait().unwrap();
    let said = String::from_utf8_lossy(&said);
    let head: String = said.chars().take(300).collect();
    let answered = status.signal().is_none() && matches!(status.code(), Some(0..=2));
    assert!(answered, "{name}: {arguments:?}: {status}, {head}");
    seconds
}

/// A project of an entry alone.
pub fn entry(text: String) -> Files {
    vec![("dpc.kdl".to_owned(), text)]
}

/// Makes texts one after the other, up to a number of bytes.
pub fn repeated(bytes: usize, text: impl Fn(usize) -> String) -> String {
    let mut all = String::new();
    for n in 0.. {
        if all.len() >= bytes {
            break;
        }
        all += &text(n);
    }
    all
}

/// Makes files, up to a number of bytes of paths and texts.
pub fn numbered(bytes: usize, file: impl Fn(usize) -> (String, String)) -> Files {
    let mut left = bytes;
    let mut files = Files::new();
    while left > 0 {
        let (path, text) = file(files.len());
        left = left.saturating_sub(path.len() + text.len());
        files.push((path, text));
    }
    files
}

/// The files with an entry of this text.
pub fn with_entry(text: String, mut files: Files) -> Files {
    files.push(("dpc.kdl".into(), text));
    files
}
