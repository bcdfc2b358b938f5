//! Two values of one field → the reasons that tell them apart, with secrets masked in what the user wrote as text: variables, labels,
//! commands. What has a grammar of its own (images, users, paths, ports) is never masked: it is what a reviewer looks for.

use super::report::{Change, Reason};
use crate::secret::{Hint, Known, masked_arguments, masked_pair, masked_words};
use std::collections::BTreeMap;

/// Reasons as they are found.
pub(crate) struct Reasons<'k> {
    /// The reasons so far.
    pub(crate) found: Vec<Reason>,
    /// Secrets that are known from elsewhere.
    known: &'k Known,
}

impl<'k> Reasons<'k> {
    /// Begins without reasons.
    pub(super) fn new(known: &'k Known) -> Self {
        Self { found: Vec::new(), known }
    }

    /// A field with at most one value.
    pub(crate) fn maybe<T: ToString>(&mut self, field: &str, before: Option<T>, after: Option<T>) {
        let text = |value: Option<T>| value.map(|value| value.to_string());
        self.plain(Reason::of(field, Change::Same), text(before), text(after));
    }

    /// A field with one value.
    pub(crate) fn one(&mut self, field: &str, before: impl ToString, after: impl ToString) {
        self.maybe(field, Some(before.to_string()), Some(after.to_string()));
    }

    /// A field with one value that is a command of the user, as a shell reads it.
    pub(crate) fn command(&mut self, field: &str, before: String, after: String) {
        self.masked(Reason::of(field, Change::Same), Hint::Command, Some(before), Some(after));
    }

    /// A field that is a list.
    pub(super) fn list<T: ToString>(&mut self, field: &str, before: &[T], after: &[T]) {
        let text = |values: &[T]| (!values.is_empty()).then(|| strings(values).join(" "));
        self.maybe(field, text(before), text(after));
    }

    /// A field whose value is words of a command line.
    pub(super) fn words<T: ToString>(&mut self, field: &str, before: &[T], after: &[T]) {
        let known = self.known;
        self.lists(field, &strings(before), &strings(after), |before, after| {
            masked_words(before, after, known)
        });
    }

    /// The raw arguments for docker.
    pub(super) fn arguments<T: ToString>(&mut self, field: &str, before: &[T], after: &[T]) {
        let known = self.known;
        self.lists(field, &strings(before), &strings(after), |before, after| {
            masked_arguments(before, after, known)
        });
    }

    fn lists(
        &mut self,
        field: &str,
        before: &[String],
        after: &[String],
        masked: impl Fn(&[String], &[String]) -> (Vec<String>, Vec<String>),
    ) {
        if before != after {
            let (before, after) = masked(before, after);
            let text = |words: Vec<String>| (!words.is_empty()).then(|| shorten(&words.join(" ")));
            self.push(Reason::of(field, Change::Changed), text(before), text(after));
        }
    }

    /// A field with a value for each of several names.
    pub(crate) fn named<N: ToString, V: ToString>(
        &mut self,
        field: &str,
        before: impl IntoIterator<Item = (N, V)>,
        after: impl IntoIterator<Item = (N, V)>,
    ) {
        for (name, (before, after)) in paired(before, after) {
            self.plain(Reason::of(field, Change::Same).named(name), before, after);
        }
    }

    /// A field with a text of the user for each of several names.
    pub(crate) fn named_texts<N: ToString, V: ToString>(
        &mut self,
        field: &str,
        before: impl IntoIterator<Item = (N, V)>,
        after: impl IntoIterator<Item = (N, V)>,
    ) {
        for (name, (before, after)) in paired(before, after) {
            self.masked(Reason::of(field, Change::Same).named(name), Hint::None, before, after);
        }
    }

    /// Variables or labels, whose names tell which of them are secret.
    pub(crate) fn named_values<N: ToString, V: ToString>(
        &mut self,
        field: &str,
        before: impl IntoIterator<Item = (N, V)>,
        after: impl IntoIterator<Item = (N, V)>,
    ) {
        for (name, (before, after)) in paired(before, after) {
            let reason = Reason::of(field, Change::Same).named(&name);
            self.masked(reason, Hint::Name(&name), before, after);
        }
    }

    /// A field that is a set of names.
    pub(crate) fn set<T: ToString>(&mut self, field: &str, before: &[T], after: &[T]) {
        self.named(
            field,
            before.iter().map(|name| (name.to_string(), "")),
            after.iter().map(|name| (name.to_string(), "")),
        );
    }

    /// Something that cannot be put in two values.
    pub(crate) fn other(&mut self, reason: Reason) {
        self.found.push(reason);
    }

    fn masked(&mut self, reason: Reason, hint: Hint, before: Option<String>, after: Option<String>) {
        if before != after {
            let (before, after) = masked_pair(hint, self.known, before, after);
            let shown = |text: Option<String>| text.map(|text| shorten(&text));
            let (before, after) = (shown(before), shown(after));
            self.push(reason, before, after);
        }
    }

    fn plain(&mut self, reason: Reason, before: Option<String>, after: Option<String>) {
        if before != after {
            let shown = |text: Option<String>| text.map(|text| shorten(&text));
            self.push(reason, shown(before), shown(after));
        }
    }

    fn push(&mut self, mut reason: Reason, before: Option<String>, after: Option<String>) {
        reason.change = match (&before, &after) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ => Change::Changed,
        };
        let said = |text: Option<String>| text.filter(|text| !text.is_empty() || reason.field == "env");
        let (before, after) = (said(before), said(after));
        self.found.push(Reason { before, after, ..reason });
    }
}

fn strings<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

fn paired<N: ToString, V: ToString>(
    before: impl IntoIterator<Item = (N, V)>,
    after: impl IntoIterator<Item = (N, V)>,
) -> BTreeMap<String, (Option<String>, Option<String>)> {
    let mut all: BTreeMap<String, (Option<String>, Option<String>)> = BTreeMap::new();
    for (name, value) in before {
        all.entry(name.to_string()).or_default().0 = Some(value.to_string());
    }
    for (name, value) in after {
        all.entry(name.to_string()).or_default().1 = Some(value.to_string());
    }
    all
}

/// The most characters of a value that a reason shows; the artifacts' diff has all of it.
const LONGEST: usize = 120;

fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}… ({} characters)", &text[..end], text.chars().count()),
        None => text.to_string(),
    }
}
