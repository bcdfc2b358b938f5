//! Secrets from one text → their places in any other text, in every spelling that dpc writes.

use super::SAME;
use super::spans::{Spans, conceal};
use super::value::{is_value, leads};
use crate::value::QUOTED;
use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, Anchored, MatchKind};
use std::collections::BTreeSet;
use std::ops::Range;

/// Secrets to be looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    finder: Option<AhoCorasick>,
    /// Those that could be code: they are masked only where they are all of a value.
    values: BTreeSet<String>,
}

/// Minimum length of a secret that is looked for elsewhere: the letters of a shorter one would mostly be something else. The
/// same holds for numbers, which may be ports.
const SHORTEST: usize = 5;
const SHORTEST_NUMBER: usize = 8;
/// The same in messages about the line of the secret.
const SHORTEST_NEAR: usize = 4;

impl Known {
    /// Keeps secrets, but for those that stand in public names: everybody sees these anyway.
    pub(crate) fn new<'n>(
        secrets: impl IntoIterator<Item = String>,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Self {
        Self::from(secrets.into_iter().filter(|secret| is_distinct(secret)).collect(), names)
    }

    /// Keeps secrets for messages about the line that they stand in, where a short one is the secret too.
    pub(crate) fn near(secrets: impl IntoIterator<Item = String>) -> Self {
        let is_long = |secret: &String| secret.trim().len() >= SHORTEST_NEAR;
        Self::from(secrets.into_iter().filter(is_long).collect(), [])
    }

    fn from<'n>(mut secrets: BTreeSet<String>, names: impl IntoIterator<Item = &'n str>) -> Self {
        if secrets.is_empty() {
            return Self::default();
        }
        let public = found_in(&all_spellings(&secrets), names);
        secrets.retain(|secret| !public.contains(secret));
        let mut spelt = all_spellings(&secrets);
        spelt.retain(|spelling| !public.contains(spelling));
        let longest_first = finder().match_kind(MatchKind::LeftmostLongest).build(&spelt);
        let finder = longest_first.ok().filter(|_| !spelt.is_empty());
        Self { finder, values: BTreeSet::new() }
    }

    /// Adds secrets that are masked only where they are all of a value.
    pub(crate) fn with_values(self, values: BTreeSet<String>) -> Self {
        Self { values, ..self }
    }

    /// Adds where they stand as values in a text: no command, name, flag or path.
    pub(super) fn find_values(&self, text: &str, spans: &mut Spans) {
        self.find_where(text, spans, |place| is_value(text, place, false));
    }

    /// Adds where they stand in the value of a variable or label.
    pub(super) fn find_in_value(&self, name: &str, value: &str, spans: &mut Spans) {
        if leads(name) {
            return;
        }
        if self.values.contains(value) {
            spans.add(std::iter::once(0..value.len()));
        }
        self.find_where(value, spans, |place| is_value(value, place, true));
    }

    /// Adds where they stand in a word of a command, behind the words before it.
    pub(super) fn find_in_word(&self, before: &[String], word: &str, spans: &mut Spans) {
        // A script is read for itself.
        if word.contains(char::is_whitespace) || before.is_empty() {
            return self.find_values(word, spans);
        }
        let near = format!("{} ", before[before.len().saturating_sub(2)..].join(" "));
        let text = format!("{near}{word}");
        let shifted = |place: &Range<usize>| near.len() + place.start..near.len() + place.end;
        self.find_where(word, spans, |place| is_value(&text, &shifted(place), false));
    }

    fn find_where(&self, text: &str, spans: &mut Spans, is_wanted: impl Fn(&Range<usize>) -> bool) {
        if let Some(finder) = &self.finder {
            spans.add(finder.find_iter(text).map(|found| found.range()).filter(is_wanted));
        }
    }

    /// Adds where they stand in a text.
    pub(crate) fn find(&self, text: &str, spans: &mut Spans) {
        self.find_where(text, spans, |_| true);
    }

    /// Masks the secrets of several lists in a text.
    pub(crate) fn masked_all(all: &[&Self], text: &str) -> String {
        let mut spans = Spans::default();
        all.iter().for_each(|known| known.find(text, &mut spans));
        conceal(text, &spans, |_| SAME)
    }
}

/// Returns the secrets that stand in any of some texts. What a state of the search ends is looked at once, however often secrets that
/// begin with each other stand in a text.
fn found_in<'n>(secrets: &BTreeSet<String>, texts: impl IntoIterator<Item = &'n str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut builder = contiguous::Builder::new();
    let Ok(search) = builder.prefilter(false).ascii_case_insensitive(true).build(secrets) else {
        return found;
    };
    let Ok(start) = search.start_state(Anchored::No) else { return found };
    let list: Vec<&String> = secrets.iter().collect();
    let mut seen = BTreeSet::new();
    for text in texts {
        let mut state = start;
        for byte in text.bytes() {
            state = search.next_state(Anchored::No, state, byte);
            if search.is_match(state) && seen.insert(state) {
                let ends = (0..search.match_len(state)).map(|index| search.match_pattern(state, index));
                found.extend(ends.map(|pattern| list[pattern.as_usize()].clone()));
            }
        }
    }
    found
}

/// Case is ignored: a suggestion may have a secret in small letters. A table of all transitions would take the square of the
/// length of a secret that repeats itself.
fn finder() -> AhoCorasickBuilder {
    let mut builder = AhoCorasick::builder();
    builder.kind(Some(AhoCorasickKind::ContiguousNFA)).prefilter(false).ascii_case_insensitive(true);
    builder
}

fn is_distinct(secret: &str) -> bool {
    let is_number = secret.bytes().all(|byte| byte.is_ascii_digit());
    secret.trim().len() >= if is_number { SHORTEST_NUMBER } else { SHORTEST }
}

/// Letters beyond ASCII in the other case: the finder itself ignores the case of ASCII.
fn other_case(secret: &str, turned: fn(&str) -> String) -> String {
    if secret.is_ascii() { secret.to_string() } else { turned(secret) }
}

/// Returns the start of a secret as [`quoted`](crate::value::quoted) shows it.
fn shown_start(secret: &str) -> &str {
    secret.char_indices().nth(QUOTED).map_or(secret, |(end, _)| &secret[..end])
}

fn all_spellings(secrets: &BTreeSet<String>) -> BTreeSet<String> {
    secrets.iter().flat_map(|secret| spellings(secret)).chain(secrets.iter().cloned()).collect()
}

/// Spells a secret as it stands in scripts, in JSON, in units, and in messages that cut it.
fn spellings(secret: &str) -> [String; 8] {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json.get(1..json.len().saturating_sub(1)).unwrap_or(secret).to_string();
    [
        secret.replace('\'', r"'\''"),
        secret.replace('%', "%%"),
        secret.replace('$', "$$"),
        secret.replace('\n', r"\n"),
        json,
        other_case(secret, str::to_lowercase),
        other_case(secret, str::to_uppercase),
        shown_start(secret).to_string(),
    ]
}
