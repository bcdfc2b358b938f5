//! Files that are no files, cannot be read or lead elsewhere, wherever a project names one: an error at its place, at once.

use crate::command::call::Call;
use crate::command::limits::{Error, HOST, in_project};
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
    ("a file of 300 MiB", large, "is larger than", &[]),
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

#[test]
fn an_import_waits_for_no_pipe_and_reads_no_device() {
    let (project, program) = (Project::in_memory(), Path::new(env!("CARGO_BIN_EXE_dpc")));
    fifo(&project.path("pipe"));
    fifo(&project.path("pipe.json"));
    symlink("/dev/zero", project.path("zero")).unwrap();
    fs::create_dir(project.path("folder")).unwrap();
    for file in ["pipe", "zero", "folder", "/dev/zero"] {
        for arguments in [["import", "run", file], ["import", "unit", file]] {
            let said = ["is not a regular file", file];
            Call::new(program, &project.path(""), arguments).code(2).says(said).run();
        }
    }
    for arguments in [&["pipe.json"][..], &["x", "--image", "pipe"], &["x", "--diff", "pipe"]] {
        let arguments = [&["import", "container"][..], arguments].concat();
        let said = ["is not a regular file"];
        Call::new(program, &project.path(""), arguments).code(2).says(said).run();
    }
}

#[test]
fn files_have_an_end_each_and_together() {
    let links = |folder: &str, names: &[String], mebibytes: u64| {
        let project = Project::in_memory();
        fs::create_dir(project.path(folder)).unwrap();
        large_text(&project.path("x"), mebibytes);
        for name in names {
            fs::hard_link(project.path("x"), project.path(folder).join(name)).unwrap();
        }
        project
    };
    let numbered: Vec<String> = (10..30).map(|number| format!("{number}.kdl")).collect();
    let include = "include \"k/*.kdl\"\n";
    in_project(
        "KDL",
        &links("k", &numbered, 255).file("dpc.kdl", entry(include)),
        Error("`k/10.kdl` is larger than 64 MiB"),
    );
    let most = "`k/15.kdl` is too much: the KDL of a project may have 64 MiB together";
    in_project("much KDL", &links("k", &numbered, 12).file("dpc.kdl", entry(include)), Error(most));
    let templates = ["container.sh.j2", "activate.j2", "fleet.target.j2"].map(String::from);
    let project = links("templates", &templates, 255).file("dpc.kdl", entry(""));
    in_project("templates", &project, Error("it is larger than 1 MiB"));
    for setting in ["file \"/NAME\" source=\"f/NAME\"", "env-file \"f/NAME\""] {
        let nodes: Vec<String> = numbered.iter().map(|name| setting.replace("NAME", name)).collect();
        let project = links("f", &numbered, 100).file("dpc.kdl", entry(&format!("+{}", nodes.join("\n"))));
        let most = "more than dpc puts together";
        in_project(setting, &project, Error(most));
    }
}

fn large_text(path: &Path, mebibytes: u64) {
    let mut file = fs::File::create(path).unwrap();
    if mebibytes > 100 {
        file.set_len(mebibytes << 20).unwrap();
    } else {
        file.write_all("\n".repeat(1 << 20).repeat(mebibytes as usize).as_bytes()).unwrap();
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
