//! Mounts of code into an image that is built from it: they are for working on the code, and hide what was built.

use super::draft::WorkloadDraft;
use crate::project::Project;
use crate::tools::import::found::{FoundContainer, FoundMount, MountSource, Setting};
use crate::value::path::covers;

/// Returns whether a mount is of the code that the image is built from, or keeps a part of the image free of it.
pub(crate) fn is_code(draft: &WorkloadDraft<'_, '_>, mount: &FoundMount) -> bool {
    let container = draft.container();
    let Some(context) = context(container) else { return false };
    let project = draft.known.project;
    match &mount.source {
        MountSource::Relative(path) => holds_code(path, context, project),
        // `/app/node_modules` below `.:/app`: docker fills it from the image.
        MountSource::Anonymous => container.settings.iter().any(|setting| match &setting.value {
            Setting::Mount(FoundMount { source: MountSource::Relative(path), target, .. }) => {
                covers(target, &mount.target) && holds_code(path, context, project)
            }
            _ => false,
        }),
        _ => false,
    }
}

/// The folder that the image of a container is built from.
fn context(container: &FoundContainer) -> Option<&str> {
    container.settings.iter().find_map(|setting| match &setting.value {
        Setting::BuiltFrom(context) => Some(context.as_str()),
        _ => None,
    })
}

/// Names of folders that hold code.
const CODE: [&str; 16] = [
    "src",
    "app",
    "lib",
    "code",
    "api",
    "backend",
    "frontend",
    "web",
    "server",
    "client",
    "tests",
    "test",
    "public",
    "templates",
    "pages",
    "components",
];
/// Ends of names of files of code.
const ENDS: [&str; 16] =
    ["py", "js", "ts", "jsx", "tsx", "rb", "go", "rs", "php", "java", "kt", "cs", "vue", "html", "css", "ex"];

fn holds_code(path: &str, context: &str, project: &dyn Project) -> bool {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let below = |inner: &str, outer: &str| {
        outer.is_empty()
            || inner == outer
            || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
    };
    if below(context, path) {
        return true;
    }
    if !below(path, context) {
        return false;
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    let files = project.list(path).unwrap_or_default();
    let code = |name: &str| name.rsplit_once('.').is_some_and(|(_, end)| ENDS.contains(&end));
    if files.is_empty() { CODE.contains(&name) } else { files.iter().any(|(name, _)| code(name)) }
}
