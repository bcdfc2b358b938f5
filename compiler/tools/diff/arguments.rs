//! The words of `docker-args` → which of them are text of the user, which may hold a secret. The others tell docker what to do: a
//! reviewer sees them whatever they are.

use crate::secret::{Known, masked_words, secret_words};
use crate::value::docker_flags::{Flag, docker, read};
use std::collections::BTreeSet;

/// Flags whose values are text of the user.
const TEXTS: [&str; 6] = ["annotation", "env", "health-cmd", "label", "log-opt", "storage-opt"];

/// Masks secrets in the words before and after.
pub(crate) fn masked_arguments(
    before: &[String],
    after: &[String],
    known: &Known,
) -> (Vec<String>, Vec<String>) {
    let (old, new) = masked_words(before, after);
    (shown(before, old, known), shown(after, new, known))
}

fn shown(words: &[String], masked: Vec<String>, known: &Known) -> Vec<String> {
    let (texts, options) = (places(words, is_text), places(words, has_options));
    let word = |(index, masked): (usize, String)| {
        if texts.contains(&index) {
            known.masked(&masked).into_owned()
        } else if options.contains(&index) {
            masked
        } else {
            words[index].clone()
        }
    };
    masked.into_iter().enumerate().map(word).collect()
}

/// Returns what everybody may see of the words.
pub(crate) fn public_arguments(words: &[String]) -> Vec<String> {
    let texts = places(words, is_text);
    let (_, masked) = masked_words(&[], words);
    let public = shown(words, masked, &Known::default()).into_iter().enumerate();
    public.filter(|(index, _)| !texts.contains(index)).map(|(_, word)| word).collect()
}

/// Returns the secrets in the words that are text of the user, and in options of mounts.
pub(crate) fn secret_arguments(words: &[String]) -> BTreeSet<String> {
    let places = places(words, |flag| is_text(flag) || has_options(flag));
    let words: Vec<String> = words
        .iter()
        .enumerate()
        .filter(|(index, _)| places.contains(index))
        .map(|(_, word)| word.clone())
        .collect();
    secret_words(&words)
}

/// Returns which words hold the values of some flags.
fn places(words: &[String], is_wanted: impl Fn(&Flag<'_>) -> bool) -> BTreeSet<usize> {
    let read = read(words.iter().map(String::as_str), docker);
    let values = read.flags.iter().filter(|flag| is_wanted(flag)).map(|flag| flag.value_at);
    values.collect()
}

fn is_text(flag: &Flag<'_>) -> bool {
    TEXTS.contains(&flag.name)
}

/// Options of a volume's driver may have a password. So may a flag that this docker does not have.
fn has_options(flag: &Flag<'_>) -> bool {
    flag.name == "mount" || !flag.known
}
