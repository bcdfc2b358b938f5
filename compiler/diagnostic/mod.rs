//! Messages about the input: faults, their places and what to do. Data only; `terminal` and `json` print it.

mod concealed;
mod fault;
mod json;
mod lines;
mod secrets;
mod terminal;

pub use fault::{Fault, Severity};
pub use json::{JsonDiagnostic, to_items, to_json};
pub use terminal::{Color, Renderer};

use crate::large::parallel::{locked, numbered_shares};
use crate::text::Span;
use std::collections::BTreeMap;
use std::iter::Flatten;
use std::sync::{Arc, Mutex};
use std::vec::IntoIter;

/// One thing that is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub fault: &'static Fault,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// The places, the main one first.
    pub labels: Vec<Label>,
    /// What to do, one sentence each.
    pub help: Vec<String>,
}

/// A place and what stands under its underline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The words below the underline; may be empty.
    pub text: String,
}

impl Diagnostic {
    /// Returns whether nothing is made because of it.
    pub(crate) fn is_error(&self) -> bool {
        self.fault.severity == Severity::Error
    }

    /// A breach of `fault`, whose place is still to come.
    pub fn new(fault: &'static Fault, message: impl Into<String>) -> Self {
        Self { fault, message: message.into(), labels: Vec::new(), help: Vec::new() }
    }

    /// Adds a place; the first one added is the main one.
    pub(crate) fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds what to do.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds what to do, where something is known.
    pub(crate) fn maybe_help(self, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.help(text),
            None => self,
        }
    }

    /// What tells it from others: its rule and its places, or its words where it has no place.
    pub(crate) fn identity(&self) -> (&'static str, Vec<Span>, String) {
        let words = if self.labels.is_empty() { self.message.clone() } else { String::new() };
        (self.fault.code, self.labels.iter().map(|label| label.span).collect(), words)
    }

    fn order(&self) -> (Option<Span>, &str, Vec<Span>, &str) {
        let places = self.labels.iter().map(|label| label.span).collect();
        (self.span(), self.fault.code, places, &self.message)
    }

    fn same_places(&self, other: &Diagnostic) -> bool {
        self.labels.iter().map(|label| label.span).eq(other.labels.iter().map(|label| label.span))
    }

    /// The main place; none for what is wrong with the command line or the project as a whole.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}

/// Every diagnostic of a run up to [`Report::MOST`], in the order found until [`Report::into_sorted`].
#[derive(Clone, Debug, Default)]
pub struct Report {
    found: Vec<Diagnostic>,
    has_errors: bool,
    /// For a share of some work: its index, and the number of errors that each share has found so far.
    share: Option<(usize, ErrorsByShare)>,
}

/// The number of errors that each share has found, by its index.
type ErrorsByShare = Arc<Mutex<BTreeMap<usize, usize>>>;

impl Report {
    /// Maximum number of diagnostics that are kept. Nobody reads more, and this limits what a file of any size can cost.
    pub(crate) const MOST: usize = 1000;

    /// Adds one, up to [`Report::MOST`]. After that an error takes the place of a warning.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let is_error = diagnostic.fault.severity == Severity::Error;
        if self.found.len() < Self::MOST {
            self.found.push(diagnostic);
        } else if is_error && !self.has_errors {
            self.found.pop();
            self.found.push(diagnostic);
        }
        self.has_errors |= is_error;
        if let Some((index, errors)) = self.share.as_ref().filter(|_| is_error) {
            *locked(errors).entry(*index).or_default() += 1;
        }
    }

    /// Returns whether a further error would change nothing, so that nobody need find out what to say of it.
    pub(crate) fn is_full(&self) -> bool {
        let own = self.has_errors && self.found.len() >= Self::MOST;
        own || self.share.as_ref().is_some_and(|(index, errors)| {
            locked(errors).range(..index).map(|(_, count)| count).sum::<usize>() >= Self::MOST
        })
    }

    /// Adds an error whose text takes long to make, unless it would change nothing.
    pub(crate) fn push_error(&mut self, diagnostic: impl FnOnce() -> Diagnostic) {
        if !self.is_full() {
            self.push(diagnostic());
        }
    }

    /// Adds all that another report has.
    pub(crate) fn append(&mut self, other: Report) {
        other.found.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// Does the same work on shares of items ([`numbered_shares`]), and adds what is found in their order.
    pub(crate) fn in_shares<T: Send, R: Send>(
        &mut self,
        items: Vec<T>,
        work: impl Fn(Vec<T>, &mut Report) -> R + Sync,
    ) -> Vec<R> {
        let errors = ErrorsByShare::default();
        let reported = |index, share| {
            let mut report = Report { share: Some((index, errors.clone())), ..Report::default() };
            (work(share, &mut report), report)
        };
        let mut results = Vec::new();
        for (result, report) in numbered_shares(items, reported) {
            self.append(report);
            results.push(result);
        }
        results
    }

    /// Does the same work for each item, in shares; the results come in the order of the items.
    pub(crate) fn each_in_shares<T: Send, R: Send>(
        &mut self,
        items: Vec<T>,
        work: impl Fn(T, &mut Report) -> R + Sync,
    ) -> Flatten<IntoIter<Vec<R>>> {
        let of_share = |share: Vec<T>, report: &mut Report| {
            share.into_iter().map(|item| work(item, report)).collect::<Vec<_>>()
        };
        self.in_shares(items, of_share).into_iter().flatten()
    }

    /// Returns whether anything found is an error.
    pub(crate) fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// Counts the diagnostics so far.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Returns whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Returns all of them by place, each once: several instances of a service repeat what is wrong with it.
    pub(crate) fn into_sorted(self) -> Vec<Diagnostic> {
        let mut sorted = self.found;
        sorted.sort_by(|a, b| a.order().cmp(&b.order()));
        sorted.dedup_by(|a, b| a.fault == b.fault && !a.labels.is_empty() && a.same_places(b));
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORSE: Fault = Fault::error("worse", "a rule", "A reason.");

    #[test]
    fn an_error_of_another_report_is_an_error() {
        let mut report = Report::default();
        let mut other = Report::default();
        other.push(Diagnostic::new(&WORSE, "wrong"));
        assert!(!report.has_errors());
        report.append(other);
        assert!(report.has_errors());
        assert_eq!(report.len(), 1);
    }
}
