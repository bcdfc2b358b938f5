//! Two values of one field → the reasons that tell them apart, with secrets masked.

use super::report::{Change, Reason};
use crate::secret::{Hint, Known, masked_pair, masked_words};
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
        self.pair(Reason::of(field, Change::Same), Hint::None, text(before), text(after));
    }

    /// A field with one value.
    pub(crate) fn one(&mut self, field: &str, before: impl ToString, after: impl ToString) {
        self.maybe(field, Some(before.to_string()), Some(after.to_string()));
    }

    /// A field whose value is words of a command line.
    pub(super) fn words<T: ToString>(&mut self, field: &str, before: &[T], after: &[T]) {
        let words = |values: &[T]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
        let (before, after) = (words(before), words(after));
        if before != after {
            let (before, after) = masked_words(&before, &after);
            let text = |words: Vec<String>| (!words.is_empty()).then(|| self.shown(&words.join(" ")));
            let (before, after) = (text(before), text(after));
            self.push(Reason::of(field, Change::Changed), before, after);
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
            self.pair(Reason::of(field, Change::Same).named(name), Hint::None, before, after);
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
            self.pair(reason, Hint::Name(&name), before, after);
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

    fn pair(&mut self, reason: Reason, hint: Hint, before: Option<String>, after: Option<String>) {
        if before == after {
            return;
        }
        let (before, after) = masked_pair(hint, before, after);
        let shown = |text: Option<String>| text.map(|text| self.shown(&text));
        let (before, after) = (shown(before), shown(after));
        self.push(reason, before, after);
    }

    fn shown(&self, text: &str) -> String {
        shorten(&self.known.masked(text))
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
