//! Files that are no files, cannot be read or lead elsewhere, wherever a project names one: an error at its place, at once.

use crate::command::call::Call;
use crate::command::limits::HOST;
use crate::command::system::{fifo, program_for_everyone, unprivileged};
use crate::project::Project;
use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::{Duration, Instant};

/// Ways to name the file `x`: a name, its path, the entry, and whether its bytes may be anything.
const WAYS: [(&str, &str, &str, bool); 5] = [
    ("include", "x.kdl", "include \"x.kdl\"\n", false),
    ("include by a pattern", "d/x.kdl", "include \"d/*.kdl\"\n", false),
    ("config file", "x", "+file \"/x\" source=\"x\"", true),
    ("env file", "x.env", "+env-file \"x.env\"", false),
    ("template", "templates/container.sh.j2", "", false),
];

/// A special file at the path, words of the message, and options of the build.
type Kind = (&'static str, fn(&Path), &'static str, &'static [&'static str]);

const KINDS: [Kind; 10] = [
    ("a pipe", fifo, "is not a regular file", &[]),
    ("a socket", |path| drop(UnixListener::bind(path).unwrap()), "is not a regular file", &[]),
    ("a directory", |path| fs::create_dir(path).unwrap(), "is not a regular file", &[]),
    ("a link to a device", |path| symlink("/dev/zero", path).unwrap(), "is outside the project", &[]),
    ("a device", |path| symlink("/dev/zero", path).unwrap(), "is not a regular file", &["--allow-outside"]),
    ("a link out", |path| symlink("/etc/passwd", path).unwrap(), "is outside the project", &[]),
    ("a link to itself", |path| symlink(path.file_name().unwrap(), path).unwrap(), "cannot be read", &[]),
    ("a file of 300 MiB", large, "is larger than 256 MiB", &[]),
    ("a file that may not be read", secret, "cannot be read: permission denied", &[]),
    ("no text", |path| fs::write(path, b"\xff\xfe\n").unwrap(), "UTF-8 text", &[]),
];

/// It takes no room on the disk.
fn large(path: &Path) {
    fs::File::create(path).unwrap().set_len(300 * 1024 * 1024).unwrap();
}

fn secret(path: &Path) {
    fs::write(path, "").unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o000)).unwrap();
}

#[test]
fn what_is_no_file_to_read_is_named_at_once() {
    let programs = Project::in_memory();
    let program = program_for_everyone(&programs);
    let mut tried = 0;
    for (way, path, node, any_bytes) in WAYS {
        for (kind, make, words, options) in KINDS {
            // Bytes are a config file too; and a pattern is for files.
            if any_bytes && kind == "no text" || way.ends_with("pattern") && kind == "a directory" {
                continue;
            }
            let told = format!("{way}: {kind}");
            let project = Project::in_memory().file("dpc.kdl", entry(node));
            fs::create_dir_all(project.path(path).parent().unwrap()).unwrap();
            make(&project.path(path));
            let arguments = [&["build", "-q"][..], options].concat();
            let begun = Instant::now();
            let place = if way == "template" { "the template `container.sh.j2`" } else { "dpc.kdl:" };
            let name = path.rsplit('/').next().unwrap();
            Call::new(&program, &project.path(""), arguments)
                .with(unprivileged)
                .code(1)
                .says([words, place, name])
                .run();
            assert!(begun.elapsed() < Duration::from_secs(10), "{told}");
            tried += 1;
        }
    }
    let row = format!("special | files that are none, in {} ways | {tried} | {tried} | 0\n", WAYS.len());
    std::io::stderr().write_all(row.as_bytes()).unwrap();
}

#[test]
fn templates_that_cannot_be_looked_into_are_not_passed_over() {
    type Folder = (fn(&Path), &'static str);
    let folders: [Folder; 3] = [
        (|path| symlink("/etc", path).unwrap(), "the folder `templates` is outside the project"),
        (|path| symlink("templates", path).unwrap(), "the folder `templates` cannot be read"),
        (|path| closed(path), "the folder `templates` cannot be read: permission denied"),
    ];
    let programs = Project::in_memory();
    let program = program_for_everyone(&programs);
    for (make, words) in folders {
        let project = Project::in_memory().file("dpc.kdl", entry(""));
        make(&project.path("templates"));
        Call::new(&program, &project.path(""), ["build"]).with(unprivileged).code(1).says([words]).run();
    }
}

fn closed(path: &Path) {
    fs::create_dir(path).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o000)).unwrap();
}

fn entry(node: &str) -> String {
    let (top, inner) = node.strip_prefix('+').map_or((node, ""), |inner| ("", inner));
    format!(
        "{top}{HOST}service \"api\" {{\n    image \"a:1\"\n    on \"app-1\"\n    port \"http\" 8080\n    {inner}\n}}\n"
    )
}
