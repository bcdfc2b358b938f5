//! Sources → the tree of each file, in their order.

use super::SYNTAX;
use crate::diagnostic::{Diagnostic, Report};
use crate::kdl::{self, Document, Read, SyntaxError};
use crate::large::parallel::shares;
use crate::text::{FileId, Source, Sources};
use std::sync::Arc;

/// Reads every file; each processor takes a share of them. Text that is not KDL is reported, and left out of its tree.
pub fn documents(sources: &Sources, report: &mut Report) -> Vec<Document> {
    let files: Vec<(FileId, &Source)> = sources.iter().collect();
    let read = |share: Vec<(FileId, &Source)>| -> Vec<_> {
        share.into_iter().map(|(file, source)| kdl::read(file, Arc::clone(&source.text))).collect()
    };
    let read = shares(files, read).into_iter().flatten();
    let said = read.map(|Read { document, errors }| {
        errors.into_iter().for_each(|error| report.push(syntax_error(error)));
        document
    });
    said.collect()
}

/// A fault of the syntax as it is shown.
pub fn syntax_error(error: SyntaxError) -> Diagnostic {
    Diagnostic::new(&SYNTAX, error.message)
        .at(error.span, error.label.unwrap_or_default())
        .maybe_help(error.help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kdl::Node;

    /// Enough files for more than one share on a machine with several processors.
    #[test]
    fn files_stay_in_their_order() {
        let mut sources = Sources::default();
        for number in 0..500 {
            let fault = if number % 3 == 0 { "a true false\n" } else { "" };
            let text = format!("n{number}\n{}{fault}", "a \"x\" { b 1 }\n".repeat(40));
            sources.add(format!("{number}.kdl"), text).unwrap();
        }
        let mut report = Report::default();
        let documents = documents(&sources, &mut report);
        for (number, document) in documents.iter().enumerate() {
            let names: Vec<&str> = document.nodes().map(Node::name).collect();
            // The faulty node at the end is not there.
            let (first, others) = names.split_first().unwrap();
            assert_eq!((*first, others.len()), (format!("n{number}").as_str(), 40));
        }
        let places = |diagnostics: Vec<Diagnostic>| -> Vec<_> {
            let words = diagnostics.iter().filter_map(Diagnostic::span);
            words.map(|span| (sources.path(span).to_string(), sources.text(span).to_string())).collect()
        };
        let faulty = (0..500).step_by(3).map(|number| format!("{number}.kdl"));
        let wanted: Vec<_> =
            faulty.flat_map(|path| ["true", "false"].map(|word| (path.clone(), word.to_string()))).collect();
        assert_eq!(places(report.into_sorted()), wanted);
    }
}
