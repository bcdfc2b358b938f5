//! Checks an import: its KDL is laid out and compiles, or its report names each line that a person must finish.

use crate::{archive, compiled, is_shown};
use dpc::diagnostic::Severity;
use dpc::front::resolve::Request;
use dpc::pipeline::analyse;
use dpc::project::{Memory, Project};
use dpc::text::FileId;
use dpc::tools::import::found::Found;
use dpc::tools::import::{Handling, ImportError, Options, convert};
use std::collections::BTreeSet;

/// Checks what an import found in a project.
pub fn check(found: Result<Found, ImportError>, project: &Memory) {
    let found = match found {
        Ok(found) => found,
        Err(trouble) => return assert!(is_shown(&trouble.to_string()), "{trouble}"),
    };
    for options in [bare(), said()] {
        let (kdl, report) = convert(&found, &options, project);
        assert!(is_shown(&report.text(true)), "{}", report.text(true));
        assert!(report.value().is_object());
        let laid_out =
            dpc::tools::format::format(FileId(0), &kdl).unwrap_or_else(|error| panic!("{error:?}:\n{kdl}"));
        assert_eq!(laid_out, kdl, "`dpc fmt` would change it");
        let lines: BTreeSet<usize> = report.of(Handling::Decide).filter_map(|entry| entry.line).collect();
        let mut whole = project.clone();
        whole.insert("dpc.kdl", kdl.as_str());
        for request in archive::requests(&whole) {
            finished(&whole, &request, &lines);
        }
    }
}

fn bare() -> Options {
    Options { writable_root: true, ..Options::default() }
}

fn said() -> Options {
    Options {
        fleet: Some("shop".into()),
        hosts: vec![("web-1".into(), "10.0.0.11".into()), ("web-2".into(), "10.0.0.12".into())],
        profiles: vec!["dev".into()],
        ..Options::default()
    }
}

fn finished(project: &Memory, request: &Request, lines: &BTreeSet<usize>) {
    let outcome = analyse(project, request).expect("there is an entry");
    compiled::messages(&outcome.diagnostics, &outcome.sources);
    for found in outcome.diagnostics.iter().filter(|found| found.fault.severity == Severity::Error) {
        let line = found.span().map(|span| outcome.sources.position(span).0);
        let kdl = project.read("dpc.kdl").unwrap_or_default();
        let kdl_text = String::from_utf8_lossy(&kdl);
        // What a variable without a value stands in is not judged before it has one.
        let text = line.and_then(|line| kdl_text.lines().nth(line - 1)).unwrap_or_default();
        assert!(
            line.is_some_and(|line| lines.contains(&line)) || text.contains("var."),
            "does not compile, and nothing says so: {}\n{}",
            found.message,
            kdl_text
        );
    }
}
