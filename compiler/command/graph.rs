//! `dpc graph`: who needs whom, for Graphviz, Mermaid or machines.

use super::End;
use super::arguments::{Format, Graph as Arguments, GraphLanguage, Project};
use super::terminal::Terminal;
use crate::compile::check_project;
use crate::graph::Graph;
use std::fmt::Write;

/// Runs it.
pub fn run(arguments: &Arguments, terminal: &mut Terminal) -> End {
    match printed(arguments, terminal) {
        Ok(()) => End::Done,
        Err(end) => end,
    }
}

fn printed(arguments: &Arguments, terminal: &mut Terminal) -> Result<(), End> {
    let project = Project {
        directory: arguments.directory.clone(),
        env: arguments.env.clone(),
        vars: arguments.vars.clone(),
        allow_outside: arguments.allow_outside,
        strict: false,
        format: Format::Text,
    };
    let (disk, request) = terminal.open(&project)?;
    let (planned, _) = terminal.take(check_project(&disk, &request), &project)?;
    terminal.print(&match arguments.language {
        GraphLanguage::Dot => dot(&planned.graph),
        GraphLanguage::Mermaid => mermaid(&planned.graph),
        GraphLanguage::Json => json(&planned.graph),
    });
    Ok(())
}

/// Names are `a-z`, `0-9` and `-`, so that quotes around them are all it takes.
fn dot(graph: &Graph) -> String {
    let mut text = String::from("digraph needs {\n    rankdir=LR;\n");
    for (name, needs) in &graph.needs {
        let _ = writeln!(text, "    \"{name}\";");
        for need in needs {
            let _ = writeln!(text, "    \"{name}\" -> \"{need}\";");
        }
    }
    text.push_str("}\n");
    text
}

/// Mermaid takes some words for its own (`end`), so nodes have numbers and their names are labels.
fn mermaid(graph: &Graph) -> String {
    let mut text = String::from("graph LR\n");
    let number = |name: &str| graph.needs.keys().position(|known| known == name).unwrap_or_default();
    for name in graph.needs.keys() {
        let _ = writeln!(text, "    n{}[\"{name}\"]", number(name));
    }
    for (name, needs) in &graph.needs {
        for need in needs {
            let _ = writeln!(text, "    n{} --> n{}", number(name), number(need));
        }
    }
    text
}

fn json(graph: &Graph) -> String {
    let nodes: Vec<_> = graph
        .needs
        .iter()
        .map(|(name, needs)| serde_json::json!({ "name": name, "layer": graph.layers.get(name), "needs": needs }))
        .collect();
    let mut text = serde_json::to_string_pretty(&serde_json::json!({ "nodes": nodes })).unwrap_or_default();
    text.push('\n');
    text
}
