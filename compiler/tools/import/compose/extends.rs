//! `extends` → a service laid over the one that it extends.

use super::interpolate::ComposeVariables;
use super::load;
use super::merge::merge;
use super::paths::beside;
use super::top::place;
use crate::tools::import::error::ImportError;
use crate::tools::import::limits::Lists;
use crate::tools::import::yaml::{YamlKind, YamlNode};
use std::borrow::Cow;

/// Maximum length of a chain.
const LONGEST: usize = 32;

/// A service with all that it extends.
pub(crate) fn resolved(
    root: &YamlNode,
    name: &str,
    service: &YamlNode,
    variables: &ComposeVariables,
    lists: &Lists<'_>,
) -> Result<YamlNode, ImportError> {
    if service.get("extends").is_none() {
        return Ok(service.clone());
    }
    let mut chain = vec![service.clone()];
    let mut root = Cow::Borrowed(root);
    let mut current = service.clone();
    while let Some(extends) = current.get("extends").cloned() {
        let here = place(&extends, &format!("services.{name}.extends"));
        if chain.len() > LONGEST {
            return Err(ImportError::new(&here, "services extend each other in a circle"));
        }
        let base =
            extends.text().or_else(|| extends.get("service").and_then(YamlNode::text)).unwrap_or_default();
        if let Some(path) = extends.get("file").and_then(YamlNode::text) {
            root = Cow::Owned(load::file(&beside(&extends.file, path), variables, lists, 0)?);
        }
        let Some(found) = root.get("services").and_then(|services| services.get(base)) else {
            return Err(ImportError::new(&here, format!("there is no service `{base}` to extend")));
        };
        variables.spent.extend(found.size()).map_err(|words| ImportError::new(&here, words))?;
        current = found.clone();
        chain.push(current.clone());
    }
    let mut whole: Option<YamlNode> = None;
    for mut node in chain.into_iter().rev() {
        if let YamlKind::Map(entries) = &mut node.kind {
            entries.retain(|(key, _)| key != "extends");
        }
        whole = Some(match whole {
            Some(below) => merge(below, node, ""),
            None => node,
        });
    }
    Ok(whole.unwrap_or_else(|| service.clone()))
}
