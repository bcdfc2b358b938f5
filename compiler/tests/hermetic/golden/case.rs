//! One example: a folder with a project, and how it is built.

use dpc::diagnostic::{Color, Renderer};
use dpc::front::resolve::Request;
use dpc::output::artifacts::Artifacts;
use dpc::pipeline::{Outcome, Planned, compile};
use dpc::project::{Disk, Project};
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns whether golden files are to be rewritten.
pub fn updates() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

/// The folders in a folder, sorted.
pub fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
    let mut found: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

/// The last part of a path.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The examples that compile: every folder but `errors` and `import`.
pub fn examples() -> Vec<PathBuf> {
    let all = folders(&root().join("examples"));
    all.into_iter().filter(|path| !matches!(&*name(path), "errors" | "import" | "diff" | "action")).collect()
}

/// Reads a request from the file `arguments` of an example: `--env NAME` and `--var NAME=VALUE`.
pub fn request(example: &Path) -> Request {
    let text = fs::read_to_string(example.join("arguments")).unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut request = Request::default();
    for pair in words.chunks(2) {
        match pair {
            ["--env", name] => request.environment = Some(name.to_string()),
            ["--var", var] => {
                let (name, value) = var.split_once('=').unwrap();
                request.vars.insert(name.to_string(), value.to_string());
            }
            other => panic!("{}: unknown arguments {other:?}", example.display()),
        }
    }
    request
}

/// Compiles a project.
pub fn build(project: &dyn Project, request: &Request) -> Outcome<(Planned, Artifacts)> {
    compile(project, request).unwrap_or_else(|why| panic!("dpc.kdl {}", why.words()))
}

/// Opens the project in a folder.
pub fn open(example: &Path) -> Disk {
    Disk::open(example, false).unwrap_or_else(|error| panic!("{}: {error}", example.display()))
}

/// Prints the diagnostics like a terminal without colors.
pub fn messages<T>(outcome: &Outcome<T>) -> String {
    let renderer = Renderer::new(Color::No, &outcome.sources);
    let all: Vec<String> = outcome.diagnostics.iter().map(|diagnostic| renderer.render(diagnostic)).collect();
    all.join("\n")
}
