//! The trees of other readers in the form of `shape`, so that they can be compared.

use kdl::{KdlDocument, KdlValue};

/// The verdict of the crate `neco-kdl`: the tree, or nothing for a text that it refuses.
pub fn neco(text: &str) -> Option<String> {
    let document = neco_kdl::parse(text).ok()?;
    Some(neco_nodes(document.nodes()))
}

fn neco_nodes(nodes: &[neco_kdl::KdlNode]) -> String {
    nodes.iter().map(neco_node).collect::<Vec<_>>().join("; ")
}

fn neco_node(node: &neco_kdl::KdlNode) -> String {
    let entries = node.entries().iter().map(|entry| match entry {
        neco_kdl::KdlEntry::Argument { ty, value } => {
            format!("{}{}", annotation(ty.as_deref()), neco_value(value))
        }
        neco_kdl::KdlEntry::Property { key, ty, value } => {
            format!("{key:?}={}{}", annotation(ty.as_deref()), neco_value(value))
        }
    });
    assemble(annotation(node.ty()), node.name(), entries, node.children().map(neco_nodes))
}

fn neco_value(value: &neco_kdl::KdlValue) -> String {
    match value {
        neco_kdl::KdlValue::String(text) => format!("{text:?}"),
        neco_kdl::KdlValue::Number(number) => number.raw().to_owned(),
        neco_kdl::KdlValue::Bool(boolean) => format!("#{boolean}"),
        neco_kdl::KdlValue::Null => "#null".to_owned(),
    }
}

/// Returns the verdict of the crate `kdl`. Numbers are as written: its conversions are not compared.
pub fn kdl(text: &str) -> Option<String> {
    let document = KdlDocument::parse_v2(text).ok()?;
    Some(kdl_nodes(&document))
}

fn kdl_nodes(document: &KdlDocument) -> String {
    document.nodes().iter().map(kdl_node).collect::<Vec<_>>().join("; ")
}

fn kdl_node(node: &kdl::KdlNode) -> String {
    let entries = node.entries().iter().map(|entry| {
        let name = entry.name().map_or(String::new(), |name| format!("{:?}=", name.value()));
        format!("{name}{}{}", annotation(entry.ty().map(|ty| ty.value())), kdl_value(entry))
    });
    assemble(
        annotation(node.ty().map(|ty| ty.value())),
        node.name().value(),
        entries,
        node.children().map(kdl_nodes),
    )
}

fn kdl_value(entry: &kdl::KdlEntry) -> String {
    match entry.value() {
        KdlValue::String(text) => format!("{text:?}"),
        KdlValue::Bool(boolean) => format!("#{boolean}"),
        KdlValue::Null => "#null".to_owned(),
        KdlValue::Integer(_) | KdlValue::Float(_) => {
            entry.format().map_or(String::new(), |format| format.value_repr.clone())
        }
    }
}

fn annotation(name: Option<&str>) -> String {
    name.map_or(String::new(), |name| format!("({name:?})"))
}

fn assemble(
    annotation: String,
    name: &str,
    entries: impl Iterator<Item = String>,
    block: Option<String>,
) -> String {
    let entries: String = entries.map(|entry| format!(" {entry}")).collect();
    let block = match block.as_deref() {
        None => String::new(),
        Some("") => " {}".to_owned(),
        Some(nodes) => format!(" {{ {nodes} }}"),
    };
    format!("{annotation}{name:?}{entries}{block}")
}
