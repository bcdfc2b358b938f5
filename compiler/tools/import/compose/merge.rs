//! Lays one file over another like the compose specification: maps are merged by key, lists are joined, commands are replaced,
//! and items with a name or a target replace those with the same one.

use crate::tools::import::yaml::{YamlKind, YamlNode};

/// Keys whose value is replaced as a whole.
const REPLACED: &[&str] = &["command", "entrypoint", "test"];
/// Lists of `KEY=value`, which are maps.
const PAIRS: &[&str] =
    &["environment", "labels", "annotations", "sysctls", "extra_hosts", "driver_opts", "args"];
/// Lists that one text may stand for. An earlier file's items stay before it.
const LISTS: &[&str] = &["dns", "dns_search", "dns_opt", "env_file", "label_file", "tmpfs"];
/// Lists whose items are named by their target in the container.
const TARGETS: &[&str] = &["volumes", "devices", "secrets", "configs"];

/// `above` laid over `below`; both are the value of `key`.
pub(crate) fn merge(below: YamlNode, above: YamlNode, key: &str) -> YamlNode {
    match above.tag.as_deref() {
        Some("reset") => return YamlNode { kind: YamlKind::Null, ..above },
        Some("override") => return above,
        _ => {}
    }
    if REPLACED.contains(&key) {
        return above;
    }
    let (below, above) = if PAIRS.contains(&key) || key == "depends_on" || key == "networks" {
        (mapped(below), mapped(above))
    } else if LISTS.contains(&key) {
        (listed(below), listed(above))
    } else if key == "build" {
        (built(below), built(above))
    } else if key == "logging" && other_driver(&below, &above) {
        return above;
    } else {
        (below, above)
    };
    match (below.kind, above.kind) {
        (YamlKind::Map(mut entries), YamlKind::Map(over)) => {
            for (name, value) in over {
                match entries.iter_mut().find(|(other, _)| *other == name) {
                    Some((_, old)) => *old = merge(old.clone(), value, &name),
                    None => entries.push((name, value)),
                }
            }
            YamlNode { kind: YamlKind::Map(entries), line: above.line, file: above.file, tag: None }
        }
        (YamlKind::List(mut items), YamlKind::List(over)) => {
            for item in over {
                let name = if TARGETS.contains(&key) { target(&item) } else { None };
                items.retain(|other| other.kind != item.kind && (name.is_none() || target(other) != name));
                items.push(item);
            }
            YamlNode { kind: YamlKind::List(items), line: above.line, file: above.file, tag: None }
        }
        (below, YamlKind::Null) => YamlNode { kind: below, line: above.line, file: above.file, tag: None },
        (_, kind) => YamlNode { kind, line: above.line, file: above.file, tag: above.tag },
    }
}

/// Returns one text, or one map, as a list of it.
fn listed(node: YamlNode) -> YamlNode {
    match node.kind {
        YamlKind::Text(..) | YamlKind::Map(_) => {
            YamlNode { kind: YamlKind::List(vec![node.clone()]), ..node }
        }
        _ => node,
    }
}

/// Returns the folder of a build as the map that it means.
fn built(node: YamlNode) -> YamlNode {
    match node.kind {
        YamlKind::Text(..) => {
            YamlNode { kind: YamlKind::Map(vec![("context".to_string(), node.clone())]), ..node }
        }
        _ => node,
    }
}

/// Options of one log driver mean nothing to another.
fn other_driver(below: &YamlNode, above: &YamlNode) -> bool {
    let driver = |node: &YamlNode| node.get("driver").and_then(YamlNode::text).map(str::to_string);
    driver(above).is_some_and(|new| driver(below).is_some_and(|old| old != new))
}

/// Returns a list of `KEY=value` (or of names) as the map that it means.
pub(crate) fn mapped(node: YamlNode) -> YamlNode {
    let YamlKind::List(items) = node.kind else { return node };
    let entries = items.into_iter().filter_map(|item| {
        let text = item.text()?.to_string();
        let separator = text.find('=').or_else(|| text.find(':').filter(|_| text.contains(':')));
        let (name, kind) = match separator {
            Some(at) => (text[..at].to_string(), YamlKind::Text(text[at + 1..].to_string(), true)),
            None => (text, YamlKind::Null),
        };
        Some((name, YamlNode { kind, ..item }))
    });
    YamlNode { kind: YamlKind::Map(entries.collect()), line: node.line, file: node.file, tag: node.tag }
}

/// Returns the path of a mount in the container.
fn target(item: &YamlNode) -> Option<String> {
    let long = item.get("target").or_else(|| item.get("source")).and_then(YamlNode::text);
    long.map(str::to_string).or_else(|| {
        let text = item.text()?;
        let parts: Vec<&str> = text.split(':').collect();
        Some(parts.get(1).filter(|part| part.starts_with('/')).unwrap_or(&parts[0]).to_string())
    })
}
