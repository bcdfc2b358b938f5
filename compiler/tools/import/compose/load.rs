//! Files and what they include → one tree.

use super::interpolate::ComposeVariables;
use super::merge::merge;
use super::paths::beside;
use crate::project::utf8_text;
use crate::tools::import::error::ImportError;
use crate::tools::import::limits::{Lists, MOST_FILLED};
use crate::tools::import::place::Place;
use crate::tools::import::shell::{CLOSE, OPEN};
use crate::tools::import::yaml::{self, YamlKind, YamlNode};
use std::sync::Arc;

/// Maximum depth of nested includes.
const DEEPEST: usize = 16;
/// Maximum number of files. A file counts each time it is included.
const MOST_FILES: usize = 200;
/// The most values of all files.
const MOST_NODES: usize = 400_000;

/// Every file, each laid over the ones before it.
pub(super) fn all(
    paths: &[String],
    variables: &ComposeVariables,
    lists: &Lists<'_>,
) -> Result<YamlNode, ImportError> {
    let mut whole: Option<YamlNode> = None;
    for path in paths {
        let node = file(path.trim_start_matches("./"), variables, lists, 0)?;
        whole = Some(match whole {
            Some(below) => merge(below, node, ""),
            None => node,
        });
    }
    whole.ok_or_else(|| ImportError::new(&Place::default(), "no file is named"))
}

/// One file with what it includes.
pub(crate) fn file(
    path: &str,
    variables: &ComposeVariables,
    lists: &Lists<'_>,
    depth: usize,
) -> Result<YamlNode, ImportError> {
    let name: Arc<str> = Arc::from(path);
    let here = Place::new(&name, 0, "");
    if depth > DEEPEST {
        return Err(ImportError::new(&here, "files include each other in a circle"));
    }
    let spent = &variables.spent;
    spent.files.set(spent.files.get() + 1);
    if spent.files.get() > MOST_FILES {
        return Err(ImportError::new(&here, format!("more than {MOST_FILES} files include each other")));
    }
    let bytes = lists.project.read(path).map_err(|why| ImportError::unreadable(&here, why))?;
    let text =
        utf8_text(bytes).map_err(|why| ImportError::new(&here, format!("the file {}", why.words())))?;
    if text.contains([OPEN, CLOSE]) {
        return Err(ImportError::new(&here, "the file holds a private-use character, U+E000 or U+E001"));
    }
    let documents = yaml::documents(&name, &text)
        .map_err(|(line, message)| ImportError::new(&Place::new(&name, line, ""), message))?;
    if documents.iter().all(|document| document.kind == YamlKind::Null) {
        return Err(ImportError::new(&here, "this is no compose file: it is not a map of keys"));
    }
    let documents = documents.into_iter().filter(|document| document.kind != YamlKind::Null);
    let mut node = YamlNode { kind: YamlKind::Null, line: 1, file: Arc::clone(&name), tag: None };
    for document in documents {
        if !matches!(document.kind, YamlKind::Map(_)) {
            return Err(ImportError::new(&here, "this is no compose file: it is not a map of keys"));
        }
        node = merge(node, document, "");
    }
    spent.nodes.set(spent.nodes.get() + node.size().nodes);
    if spent.nodes.get() > MOST_NODES {
        return Err(ImportError::new(
            &here,
            format!("the files hold more than {MOST_NODES} values together"),
        ));
    }
    variables.fill(&mut node);
    if spent.filled.get() > MOST_FILLED {
        let most = MOST_FILLED >> 20;
        return Err(ImportError::new(&here, format!("variables fill in more than {most} MiB of text")));
    }
    let mut whole = node.empty();
    if let Some(include) =
        node.get("include").filter(|node| !matches!(node.kind, YamlKind::List(_) | YamlKind::Null))
    {
        let here = Place::new(&include.file, include.line, "include");
        return Err(ImportError::new(&here, "this should be a list of files"));
    }
    for item in node.get("include").map(YamlNode::items).unwrap_or_default() {
        whole = merge(whole, included(path, item, variables, lists, depth)?, "");
    }
    Ok(merge(whole, node, ""))
}

/// Reads one item of `include`: a path, or several files that are laid over each other.
fn included(
    from: &str,
    item: &YamlNode,
    variables: &ComposeVariables,
    lists: &Lists<'_>,
    depth: usize,
) -> Result<YamlNode, ImportError> {
    let paths = match &item.kind {
        YamlKind::Map(_) => item.get("path").map(YamlNode::texts).unwrap_or_default(),
        _ => item.texts(),
    };
    let files = item.get("env_file").map(YamlNode::texts).unwrap_or_default();
    let mut scope = variables.scope();
    files.into_iter().for_each(|path| scope.add_file(&beside(from, path), lists));
    let mut whole = item.empty();
    for path in paths {
        whole = merge(whole, file(&beside(from, path), &scope, lists, depth + 1)?, "");
    }
    Ok(whole)
}
