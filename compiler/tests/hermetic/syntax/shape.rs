//! A tree → one line that shows all of it but the places: `"name" 1 "key"="text" { "child" }`.

use dpc::kdl::{Entry, Node, Nodes, Text, Value};

/// The nodes, separated by `; `.
pub fn of(nodes: Nodes) -> String {
    nodes.map(node).collect::<Vec<_>>().join("; ")
}

fn node(node: Node) -> String {
    let mut shape = format!("{}{:?}", annotation(node.annotation()), node.name());
    for entry in node.entries() {
        shape += &format!(" {}", self::entry(entry));
    }
    match node.children() {
        None => {}
        Some(children) if children.is_empty() => shape += " {}",
        Some(children) => shape += &format!(" {{ {} }}", of(children)),
    }
    shape
}

fn entry(entry: Entry) -> String {
    let name = entry.name().map_or(String::new(), |name| format!("{name:?}="));
    format!("{name}{}{}", annotation(entry.annotation()), value(entry.value()))
}

fn annotation(annotation: Option<Text>) -> String {
    annotation.map_or(String::new(), |text| format!("({:?})", text.value))
}

fn value(value: Value) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        Value::Number(number) => number.to_owned(),
        Value::Boolean(boolean) => format!("#{boolean}"),
        Value::Null => "#null".to_owned(),
    }
}
