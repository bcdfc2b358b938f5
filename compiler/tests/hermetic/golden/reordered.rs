//! The order of declarations means nothing: every example, turned round, compiles to the same bytes.

use crate::golden::case::{build, examples, messages, name, open, request};
use dpc::diagnostic::Report;
use dpc::front::read::{ENTRY, read};
use dpc::kdl::{self, Entry, Node, Value};
use dpc::project::{Memory, Project, Unreadable};
use dpc::text::FileId;

#[test]
fn reordered_declarations_compile_to_the_same_bytes() {
    for example in examples() {
        let disk = open(&example);
        let request = request(&example);
        let straight = build(&disk, &request).result.unwrap();
        let outcome = build(&turned(&disk), &request);
        let Some(reordered) = outcome.result else { panic!("{}:\n{}", name(&example), messages(&outcome)) };
        for (path, file) in &straight.1.files {
            let other = reordered.1.files.get(path).map(|other| String::from_utf8_lossy(&other.content));
            assert_eq!(other, Some(String::from_utf8_lossy(&file.content)), "{}: {path}", name(&example));
        }
        assert_eq!(straight.1.files.len(), reordered.1.files.len(), "{}", name(&example));
    }
}

/// The same project with every list of nodes, and every list of properties, in the opposite order.
struct Turned<'d> {
    kdl: Memory,
    rest: &'d dyn Project,
}

fn turned(project: &dyn Project) -> Turned<'_> {
    let mut kdl = Memory::default();
    let sources = read(project, &mut Report::default()).unwrap();
    assert_eq!(sources.get(FileId(0)).path, ENTRY);
    for (file, source) in sources.iter() {
        let document = kdl::whole(file, &source.text).unwrap();
        kdl.insert(source.path.clone(), written(document.nodes()));
    }
    Turned { kdl, rest: project }
}

impl Project for Turned<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        self.kdl.read(path).or_else(|_| self.rest.read(path))
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        self.rest.list(directory)
    }
}

/// Nodes as KDL, the last one first.
pub fn written<'d>(nodes: impl Iterator<Item = Node<'d>>) -> String {
    let mut nodes: Vec<Node<'d>> = nodes.collect();
    nodes.reverse();
    nodes.into_iter().map(|node| written_with(node, |_| true)).collect()
}

/// Prints a node as KDL, with those of its children that stay, the last one first.
pub fn written_with(node: Node<'_>, stays: impl Fn(&Node<'_>) -> bool) -> String {
    let (properties, arguments): (Vec<Entry<'_>>, _) = node.entries().partition(|entry| entry.is_property());
    let mut text = quoted(node.name());
    for entry in arguments.into_iter().chain(properties.into_iter().rev()) {
        text.push(' ');
        if let Some(name) = entry.name() {
            text.push_str(&quoted(name));
            text.push('=');
        }
        text.push_str(&value(entry.value()));
    }
    if let Some(children) = node.children() {
        text.push_str(" {\n");
        text.push_str(&written(&mut children.filter(stays) as &mut dyn Iterator<Item = _>));
        text.push('}');
    }
    text.push('\n');
    text
}

fn value(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Number(number) => number.to_string(),
        Value::Boolean(value) => format!("#{value}"),
        Value::Null => "#null".into(),
    }
}

fn quoted(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        // Characters at which KDL breaks lines, or which it forbids in a text.
        '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {
            format!("\\u{{{:x}}}", c as u32)
        }
        c if c.is_control() => format!("\\u{{{:x}}}", c as u32),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}
