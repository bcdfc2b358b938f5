//! `dpc explain`: why a rule exists, or what a node of the language is.

use super::Exit;
use super::arguments::ExplainArguments;
use super::terminal::Terminal;
use crate::diagnostic::{Fault, Severity};
use crate::front::faults;
use crate::language;
use crate::value::suggest::nearest;

/// Runs it.
pub(crate) fn run(arguments: &ExplainArguments, terminal: &mut Terminal) -> Exit {
    let Some(subject) = &arguments.subject else {
        terminal.print(&all());
        return Exit::Done;
    };
    if let Some(fault) = faults::all().into_iter().find(|fault| fault.code == subject) {
        terminal.print(&explained(fault));
        return Exit::Done;
    }
    let entries = language::entries(subject);
    if !entries.is_empty() {
        terminal.print(&entries);
        return Exit::Done;
    }
    let codes = faults::all();
    let known = codes.iter().map(|fault| fault.code).chain(language::names());
    let help = match nearest(subject, known) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`dpc explain` lists all rules".to_string(),
    };
    terminal.error(&format!("there is no rule and no node `{subject}`"), &[help])
}

fn all() -> String {
    let faults = faults::all();
    let width = faults.iter().map(|fault| fault.code.len()).max().unwrap_or(0);
    faults
        .iter()
        .map(|fault| format!("{:width$}  {:7}  {}\n", fault.code, severity(fault), fault.summary))
        .collect()
}

fn severity(fault: &Fault) -> &'static str {
    match fault.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn explained(fault: &Fault) -> String {
    format!(
        "{} ({})\n\nThe rule: {}.\n\n{}\n",
        fault.code,
        severity(fault),
        fault.summary,
        wrapped(fault.why)
    )
}

/// Text in lines of at most 80 characters.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + word.chars().count() > 80 {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}
