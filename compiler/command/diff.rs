//! `dpc diff`: compiles two sides, and prints what changes from the first to the second.

mod files;
mod side;

use super::Exit;
use super::arguments::{BaseErrors, DiffArguments, DiffFormat};
use super::input::counted;
use super::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Renderer, Severity};
use crate::encode::terminal::line;
use crate::large::parallel;
use crate::model::plan::Plan;
use crate::text::Sources;
use crate::tools::diff::{Bundles, Failed, FailedSide, Sentence, diff, json, markdown, text};
use side::{CompiledSide, SideError};
use std::collections::BTreeSet;
use std::process::ExitCode;

/// Runs the command. A failure must not end like a difference, or like none.
pub(crate) fn run(arguments: &DiffArguments, terminal: &mut Terminal) -> Exit {
    match compared(arguments, terminal) {
        Ok(changed) if changed && arguments.exit_code => Exit::Differs,
        Ok(_) => Exit::Done,
        Err(_) => Exit::Wrong,
    }
}

/// Returns the exit code. `dpc diff` uses another one for a failure, which must not look like a difference.
pub(crate) fn code(is_diff: bool, end: Exit) -> ExitCode {
    match end {
        Exit::Failed if is_diff => Exit::Wrong.into(),
        end => end.into(),
    }
}

/// Returns whether the command line is one of `dpc diff --exit-code`, right or wrong.
pub(crate) fn is_asked_for() -> bool {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    has("diff") && has("--exit-code")
}

fn compared(arguments: &DiffArguments, terminal: &mut Terminal) -> Result<bool, Exit> {
    let (mut base, mut head) = sides(arguments).map_err(|found| {
        found.iter().for_each(|error| error.say(terminal));
        Exit::Failed
    })?;
    let alike = files::identical_hosts(&base, &head);
    let files = files::print(&mut base, &mut head, &alike);
    let same = if alike.is_empty() { files::same_hosts(&base, &head) } else { alike };
    let refused = refused(&base, &head, arguments, terminal);
    let ignored = base.result.is_none() && arguments.base_errors == BaseErrors::Ignore;
    let (Some((head_plan, _)), false) = (&head.result, refused) else {
        return Err(failed([&base, &head], arguments, terminal));
    };
    let nothing = head_plan.without_hosts();
    let base_plan: &Plan = match &base.result {
        Some((plan, _)) => plan,
        None if ignored => &nothing,
        None => return Err(failed([&base, &head], arguments, terminal)),
    };
    let bodies = !arguments.no_artifacts;
    let bundles = files.as_ref().map(|files| Bundles { base: &files.base, head: &files.head, bodies });
    let mut report = diff(base_plan, head_plan, &same, bundles);
    report.remarks = remarks(ignored, files.as_ref().map(|files| files.left_out));
    // Files that are not compared may differ: by a template of the project, or of another version of dpc.
    report.changed |= files.is_some_and(|files| files.left_out > 0);
    terminal.print(&match arguments.format {
        DiffFormat::Text => text(&report),
        DiffFormat::Markdown => markdown(&report),
        DiffFormat::Json => json(&report),
    });
    Ok(report.changed)
}

/// Compiles both sides at once, or returns every reason why one cannot be.
fn sides(arguments: &DiffArguments) -> Result<(CompiledSide, CompiledSide), Vec<SideError>> {
    let (base, head) = side::sides(arguments).map_err(|error| vec![error])?;
    let optional = arguments.base_errors == BaseErrors::Ignore;
    match parallel::run_both(|| base.build(optional, arguments), || head.build(false, arguments)) {
        (Ok(base), Ok(head)) => Ok((base, head)),
        (base, head) => Err(base.err().into_iter().chain(head.err()).collect()),
    }
}

/// Prints the diagnostics of both sides: those of a side that does not compile, and new warnings of the head.
fn refused(base: &CompiledSide, head: &CompiledSide, arguments: &DiffArguments, terminal: &Terminal) -> bool {
    let warned: BTreeSet<(&str, &str)> =
        base.diagnostics.iter().map(|warning| (warning.fault.code, warning.message.as_str())).collect();
    let known = |warning: &&Diagnostic| {
        warning.fault.severity == Severity::Error
            || arguments.strict
            || !warned.contains(&(warning.fault.code, warning.message.as_str()))
    };
    let errors: Vec<&Diagnostic> =
        base.diagnostics.iter().filter(|found| found.fault.severity == Severity::Error).collect();
    say_side(&format!("base, {}", base.name), &errors, &base.sources, terminal);
    let shown: Vec<&Diagnostic> = head.diagnostics.iter().filter(known).collect();
    say_side(&format!("head, {}", head.name), &shown, &head.sources, terminal);
    arguments.strict && !head.diagnostics.is_empty()
}

fn say_side(name: &str, found: &[&Diagnostic], sources: &Sources, terminal: &Terminal) {
    let quiet = |found: &&&Diagnostic| !terminal.is_quiet() || found.fault.severity == Severity::Error;
    let shown: Vec<&&Diagnostic> = found.iter().filter(quiet).collect();
    if !shown.is_empty() {
        terminal.say(&format!("in the {}:\n\n", line(name)));
    }
    let renderer = Renderer::new(terminal.color(), sources);
    for diagnostic in shown {
        terminal.say(&format!("{}\n", renderer.render(diagnostic)));
    }
}

fn failed([base, head]: [&CompiledSide; 2], arguments: &DiffArguments, terminal: &mut Terminal) -> Exit {
    let side = |side: &str, built: &CompiledSide| {
        FailedSide::new(side, &built.name, &built.diagnostics, &built.sources)
    };
    let report = Failed::new(vec![side("base", base), side("head", head)]);
    match arguments.format {
        DiffFormat::Text => {}
        DiffFormat::Markdown => terminal.print(&report.markdown()),
        DiffFormat::Json => terminal.print(&json(&report)),
    }
    Exit::Wrong
}

/// `left_out` is the number of hosts whose files are not compared; none if no files are.
fn remarks(ignored: bool, left_out: Option<usize>) -> Vec<Sentence> {
    let mut remarks = Vec::new();
    if ignored {
        remarks.push(Sentence::default().say("the base does not compile: the head is compared with nothing"));
    }
    match left_out {
        None => remarks.push(
            Sentence::default()
                .say("files are not compared: beside the plan are not the files that it was written with"),
        ),
        Some(0) => {}
        Some(count) => remarks.push(Sentence::default().say(format!(
            "files of {} are not compared, since so much changes: the plan says what runs there",
            counted(count, "host")
        ))),
    }
    remarks
}
