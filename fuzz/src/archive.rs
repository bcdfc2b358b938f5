//! One text → the files of a project. The first file begins at once, every other one behind a line `//// path`.

use dpc::front::resolve::Request;
use dpc::kdl::{Node, whole};
use dpc::project::{Memory, Project};
use dpc::text::FileId;

/// The start of a file, before its path.
pub const MARK: &str = "//// ";

/// The files in a text; the first one gets a name.
pub fn files(first: &str, text: &str) -> Vec<(String, String)> {
    let mut files = vec![(first.to_string(), String::new())];
    for line in text.split_inclusive('\n') {
        match line.strip_prefix(MARK) {
            Some(path) if is_path(path.trim_end()) => {
                files.push((path.trim_end().to_string(), String::new()));
            }
            _ => files.last_mut().expect("there is a first").1.push_str(line),
        }
    }
    files
}

/// Splits a text at a line `//// head`.
pub fn sides(text: &str) -> (&str, &str) {
    let line = format!("\n{MARK}head\n");
    text.split_once(line.as_str()).unwrap_or((text, ""))
}

/// Returns whether a path keeps the promise of [`Project`].
fn is_path(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// The files as a project.
pub fn project(files: &[(String, String)]) -> Memory {
    let mut memory = Memory::default();
    for (path, text) in files {
        memory.insert(path.as_str(), text.as_str());
    }
    memory
}

/// Returns the requests for a build of a project: no environment or one of the first two, with a value for each variable that
/// has none.
pub fn requests(project: &Memory) -> Vec<Request> {
    let mut requests = vec![Request::default()];
    let Ok(entry) = project.read("dpc.kdl") else { return requests };
    let entry = String::from_utf8_lossy(&entry);
    let Ok(document) = whole(FileId(0), &entry) else { return requests };
    let argument = |node: Node| node.entries().next()?.as_text().map(str::to_string);
    let named = |name: &'static str| document.nodes().filter(move |node| node.name() == name);
    let unset = named("var").filter(|node| node.entries().len() == 1);
    requests[0].vars = unset.filter_map(|node| Some((argument(node)?, "1".to_string()))).collect();
    for environment in named("environment").filter_map(argument).take(2) {
        requests.push(Request { environment: Some(environment), ..requests[0].clone() });
    }
    requests
}
