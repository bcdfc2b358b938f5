//! `dpc graph`: the graph of needs, for Graphviz, Mermaid or machines.

use super::Exit;
use super::arguments::{Format, GraphArguments as CommandLine, GraphLanguage, ProjectArguments};
use super::terminal::Terminal;
use crate::model::graph::Graph;
use crate::pipeline::{self, Analysis};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Runs it.
pub(crate) fn run(arguments: &CommandLine, terminal: &mut Terminal) -> Exit {
    match print_graph(arguments, terminal) {
        Ok(()) => Exit::Done,
        Err(end) => end,
    }
}

fn print_graph(arguments: &CommandLine, terminal: &mut Terminal) -> Result<(), Exit> {
    let project = ProjectArguments {
        directory: arguments.directory.clone(),
        env: arguments.env.clone(),
        vars: arguments.vars.clone(),
        allow_outside: arguments.allow_outside,
        strict: arguments.strict,
        format: if arguments.language == GraphLanguage::Json { Format::Json } else { Format::Text },
    };
    let (disk, request) = terminal.open(&project)?;
    let analysis = pipeline::analyse(&disk, &request).map(Analysis::checked);
    let (checked, _) = terminal.take(analysis, &project)?;
    match arguments.language {
        GraphLanguage::Dot => terminal.print(&dot(&checked.graph)),
        GraphLanguage::Mermaid => terminal.print(&mermaid(&checked.graph)),
        GraphLanguage::Json => terminal.result("nodes", || nodes(&checked.graph)),
    }
    Ok(())
}

/// Names have only `a-z`, `0-9` and `-`, so quotes are enough.
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

/// Mermaid reserves some words (`end`), so nodes have numbers and their names are labels.
fn mermaid(graph: &Graph) -> String {
    let mut text = String::from("graph LR\n");
    let numbers: BTreeMap<_, _> =
        graph.needs.keys().enumerate().map(|(number, name)| (name, number)).collect();
    for (name, number) in &numbers {
        let _ = writeln!(text, "    n{number}[\"{name}\"]");
    }
    for (name, needs) in &graph.needs {
        for need in needs.iter().filter_map(|need| numbers.get(need)) {
            let _ = writeln!(text, "    n{} --> n{need}", numbers[name]);
        }
    }
    text
}

fn nodes(graph: &Graph) -> serde_json::Value {
    let node =
        |(name, needs)| serde_json::json!({ "name": name, "layer": graph.layers.get(name), "needs": needs });
    graph.needs.iter().map(node).collect()
}
