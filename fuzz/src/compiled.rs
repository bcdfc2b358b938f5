//! A whole compilation in memory, and checks of all its messages.

use crate::{archive, bundle, is_shown};
use dpc::diagnostic::{Color, Diagnostic, Renderer, Severity, to_json};
use dpc::front::resolve::Request;
use dpc::output::artifacts::Artifacts;
use dpc::pipeline::{Outcome, Planned, compile};
use dpc::project::Memory;
use dpc::text::Sources;

/// Compiles a project and checks the messages.
pub fn outcome(project: &Memory, request: &Request) -> Outcome<(Planned, Artifacts)> {
    let outcome = compile(project, request).expect("there is an entry");
    let errors = outcome.diagnostics.iter().any(|found| found.fault.severity == Severity::Error);
    assert_eq!(
        outcome.result.is_none(),
        errors,
        "no result and no error, or both: {:?}",
        outcome.diagnostics
    );
    messages(&outcome.diagnostics, &outcome.sources);
    outcome
}

/// Every project of a text, for every request, with its artifacts checked.
pub fn check(text: &str) {
    let files = archive::files("dpc.kdl", text);
    let project = archive::project(&files);
    let templates = files.iter().any(|(path, _)| path.starts_with("templates/"));
    for request in archive::requests(&project) {
        let Some((planned, artifacts)) = outcome(&project, &request).result else { continue };
        bundle::check(&planned.plan, &artifacts, templates);
        let again = compile(&project, &request).ok().and_then(|outcome| outcome.result);
        assert!(again.is_some_and(|(_, again)| again == artifacts), "not the same bytes twice");
    }
}

/// Maximum number of messages that are printed of one compile. Printing takes longer than finding, and further messages are of
/// the same kinds.
const SHOWN: usize = 12;

/// Messages point into the text, and show themselves.
pub fn messages(found: &[Diagnostic], sources: &Sources) {
    let renderer = Renderer::new(Color::No, sources);
    for (index, diagnostic) in found.iter().enumerate() {
        assert!(!diagnostic.message.is_empty());
        for label in &diagnostic.labels {
            let text = &sources.get(label.span.file).text;
            assert!(text.get(label.span.range()).is_some(), "{label:?}");
        }
        if index >= SHOWN {
            continue;
        }
        let shown = renderer.render(diagnostic);
        assert!(is_shown(&shown), "{shown:?}");
    }
    let json = to_json(found, sources);
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}");
}
