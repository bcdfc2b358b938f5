//! Help for a place without a readable project.

use super::Exit;
use super::terminal::Terminal;
use crate::front::read::ENTRY;
use crate::project::Unreadable;
use std::path::{Path, PathBuf};

/// A first project, small and complete.
const SMALLEST: &str = r#"fleet "shop"
host "app-1" address="10.0.0.11"
service "api" {
    image "registry.example.com/shop/api:1.0"
    on "app-1"
    port "http" 8080
}
"#;

/// There is no entry to read.
pub(crate) fn no_entry(terminal: &mut Terminal, why: Unreadable, directory: &Path) -> Exit {
    let here = directory == Path::new(".");
    if why != Unreadable::Missing {
        let place = if here { PathBuf::from(ENTRY) } else { directory.join(ENTRY) };
        return terminal.error(&format!("`{}` {}", place.display(), why.words()), &[]);
    }
    let place = if here { "this directory".to_string() } else { format!("`{}`", directory.display()) };
    let message = format!("there is no `{ENTRY}` in {place}");
    match above(directory) {
        Some(project) => terminal.error(
            &message,
            &[format!("there is one in `{}`: go there, or give that as DIR", project.display())],
        ),
        None => terminal.error(
            &message,
            &[
                "go to the directory that holds it, or give that as DIR".to_string(),
                format!(
                    "`dpc init` writes one from what is here. The smallest is such as this; `dpc explain service` says more\n\n{}",
                    indented(SMALLEST)
                ),
            ],
        ),
    }
}

/// The nearest directory above that holds a project, as a relative path.
fn above(directory: &Path) -> Option<PathBuf> {
    let full = directory.canonicalize().ok()?;
    let steps = full.ancestors().skip(1).position(|folder| folder.join(ENTRY).is_file())?;
    Some((0..=steps).fold(directory.to_path_buf(), |path, _| {
        if path == Path::new(".") { PathBuf::from("..") } else { path.join("..") }
    }))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}
