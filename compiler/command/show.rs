//! `dpc show`: a service after merging, as KDL, with the place of every value.

use super::Exit;
use super::arguments::ShowArguments;
use super::terminal::Terminal;
use crate::diagnostic::Report;
use crate::encode::terminal::line as terminal_line;
use crate::front::parse::parse;
use crate::front::resolve::{Layered, Merged, layers, merge};
use crate::kdl::write;
use crate::kdl::{Entry, Node, Value};
use crate::language::{Merge, SERVICE_NODES, Scope};
use crate::model::spec::Spec;
use crate::pipeline::{self, Outcome};
use crate::text::{Sources, Span};
use crate::value::suggest::nearest;

/// Runs it.
pub(crate) fn run(arguments: &ShowArguments, terminal: &mut Terminal) -> Exit {
    match print_workload(arguments, terminal) {
        Ok(()) => Exit::Done,
        Err(end) => end,
    }
}

fn print_workload(arguments: &ShowArguments, terminal: &mut Terminal) -> Result<(), Exit> {
    let (project, request) = terminal.open(&arguments.project)?;
    let mut report = Report::default();
    let found = pipeline::trees(&project, &mut report).map(|(sources, documents)| {
        let spec = parse(&documents, &mut report);
        let is_right = !report.has_errors();
        let lines = is_right
            .then(|| service(&spec, &sources, &arguments.name, request.environment.as_deref(), &mut report));
        let result = lines.flatten().filter(|_| !report.has_errors());
        Outcome { diagnostics: report.into_sorted(), result, sources }
    });
    let (lines, _) = terminal.take(found, &arguments.project)?;
    match lines {
        Ok(lines) => {
            terminal.result("lines", || lines.iter().map(ShownLine::to_json).collect());
            terminal.print(&page(&lines));
            Ok(())
        }
        Err(help) => {
            Err(terminal.error(&format!("there is no service or task `{}`", arguments.name), &[help]))
        }
    }
}

/// A line of KDL, and where it comes from.
struct ShownLine {
    code: String,
    place: Option<(String, usize)>,
}

impl ShownLine {
    fn new(code: String, span: Span, sources: &Sources) -> Self {
        let place = (sources.path(span).to_string(), sources.position(span).0);
        Self { code, place: Some(place) }
    }

    fn bare(code: String) -> Self {
        Self { code, place: None }
    }

    fn to_json(&self) -> serde_json::Value {
        match &self.place {
            Some((file, line)) => serde_json::json!({ "kdl": self.code, "file": file, "line": line }),
            None => serde_json::json!({ "kdl": self.code }),
        }
    }
}

/// Returns the lines, or what to do about an unknown name. `None` if the layers are not known.
fn service(
    spec: &Spec<'_>,
    sources: &Sources,
    name: &str,
    environment: Option<&str>,
    report: &mut Report,
) -> Option<Result<Vec<ShownLine>, String>> {
    let layers = layers(spec, environment, report);
    let Some(own) = layers.workloads.get(name) else {
        return Some(Err(match nearest(name, layers.workloads.keys().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("there is: {}", layers.workloads.keys().copied().collect::<Vec<_>>().join(", ")),
        }));
    };
    let block = own.first()?;
    let scope = if block.rule.name == "task" { Scope::Task } else { Scope::Service };
    let merged = merge(&layers.of_workload(own, report), scope, report);
    let head = ShownLine::new(format!("{} {} {{", block.rule.name, write::text(name)), block.span, sources);
    Some(Ok(lines(head, &merged, sources)))
}

fn lines(head: ShownLine, merged: &Merged<'_, '_>, sources: &Sources) -> Vec<ShownLine> {
    let mut lines = vec![head];
    // Follows the order of the documentation, and sorts settings of one name by their keys.
    for rule in SERVICE_NODES {
        let mut settings = merged.all(rule.name).peekable();
        match rule.name {
            "env" if settings.peek().is_some() => {
                lines.push(ShownLine::bare("    env {".to_string()));
                lines.extend(settings.flat_map(|setting| node_lines(setting.node(), 2, sources)));
                lines.push(ShownLine::bare("    }".to_string()));
            }
            _ => lines.extend(settings.flat_map(|setting| setting_lines(setting, sources))),
        }
    }
    lines.push(ShownLine::bare("}".to_string()));
    lines
}

/// The lines with their places as comments, aligned.
fn page(lines: &[ShownLine]) -> String {
    let widths = lines.iter().map(|line| line.code.chars().count());
    let width = widths.filter(|width| *width <= 72).max().unwrap_or(0);
    let line = |line: &ShownLine| match &line.place {
        None => format!("{}\n", line.code),
        Some((file, number)) => format!("{:width$}  // {}:{number}\n", line.code, terminal_line(file)),
    };
    lines.iter().map(line).collect()
}

/// A setting whose properties add up over the layers has one line for each layer.
fn setting_lines(setting: &Layered<'_, '_>, sources: &Sources) -> Vec<ShownLine> {
    if setting.rule().merge != Merge::Properties || setting.nodes().count() == 1 {
        return node_lines(setting.node(), 1, sources);
    }
    let properties = setting.rule().properties.iter().filter_map(|property| setting.property(property.name));
    let mut lines: Vec<ShownLine> = properties
        .map(|entry| ShownLine::new(format!("        {} \\", entry_text(entry)), entry.span(), sources))
        .collect();
    if let Some(last) = lines.last_mut() {
        last.code.truncate(last.code.len() - 2);
    }
    lines.insert(0, ShownLine::bare(format!("    {} \\", setting.rule().name)));
    lines
}

fn node_lines(node: Node<'_>, depth: usize, sources: &Sources) -> Vec<ShownLine> {
    let indent = "    ".repeat(depth);
    let words: Vec<String> =
        std::iter::once(write::name(node.name())).chain(node.entries().map(entry_text)).collect();
    let children: Vec<_> = node
        .children()
        .into_iter()
        .flatten()
        .flat_map(|child| node_lines(child, depth + 1, sources))
        .collect();
    let head = format!("{indent}{}", words.join(" "));
    if children.is_empty() {
        return vec![ShownLine::new(head, node.span(), sources)];
    }
    let mut lines = vec![ShownLine::new(format!("{head} {{"), node.span(), sources)];
    lines.extend(children);
    lines.push(ShownLine::bare(format!("{indent}}}")));
    lines
}

fn entry_text(entry: Entry<'_>) -> String {
    let value = match entry.value() {
        Value::Text(text) => write::text(text),
        Value::Number(number) => number.to_string(),
        Value::Boolean(value) => format!("#{value}"),
        Value::Null => "#null".to_string(),
    };
    match entry.name() {
        Some(property) => format!("{}={value}", write::name(property)),
        None => value,
    }
}
