//! The words of `docker run` → the secrets in them. Only values of some flags, and arguments of the container's command, are text of the
//! user. The others tell docker what to do: a reviewer sees them whatever they are.

use super::spans::Spans;
use super::{Hint, Known, command_spans, masked_lists, spans_of};
use crate::value::docker_flags::{Flag, docker, read};
use std::collections::BTreeSet;

/// Flags whose values are names with values of the user.
const NAMED: [&str; 5] = ["annotation", "env", "label", "log-opt", "storage-opt"];
/// The flag whose value is a command of the user.
const COMMAND: &str = "health-cmd";

/// Masks secrets in raw arguments before and after.
pub(crate) fn masked_arguments(
    before: &[String],
    after: &[String],
    known: &Known,
) -> (Vec<String>, Vec<String>) {
    masked_lists(before, after, |words| run_spans(words, known))
}

/// Returns what everybody may see of raw arguments.
pub(crate) fn public_arguments(words: &[String]) -> Vec<String> {
    let (_, shown) = masked_arguments(&[], words, &Known::default());
    let read = read(words.iter().map(String::as_str), docker);
    let texts: BTreeSet<usize> =
        read.flags.iter().filter(|flag| is_text(flag)).map(|flag| flag.value_at).collect();
    shown.into_iter().enumerate().filter(|(index, _)| !texts.contains(index)).map(|(_, word)| word).collect()
}

/// Returns the secrets in raw arguments.
pub(crate) fn secret_arguments(words: &[String]) -> BTreeSet<String> {
    let spans = run_spans(words, &Known::default());
    words.iter().zip(spans).flat_map(|(word, spans)| spans.texts(word)).collect()
}

/// Finds the secrets in each word behind `docker run`.
pub(super) fn run_spans(words: &[String], known: &Known) -> Vec<Spans> {
    let read = read(words.iter().map(String::as_str), docker);
    let mut found: Vec<Spans> = words.iter().map(|_| Spans::default()).collect();
    for flag in &read.flags {
        let word = &words[flag.value_at];
        if is_text(flag) {
            let value = flag.value.unwrap_or_default();
            found[flag.value_at].add(text_spans(flag, value, known).shifted(word.len() - value.len()));
        } else if has_options(flag) {
            found[flag.value_at] = spans_of(Hint::None, word, known);
        }
    }
    // Behind the image.
    let command = words.get(read.end + 1..).unwrap_or_default();
    let spans = command_spans(command, known);
    found.splice(words.len() - command.len().., spans);
    found
}

fn text_spans(flag: &Flag<'_>, value: &str, known: &Known) -> Spans {
    if flag.name == COMMAND {
        return spans_of(Hint::Command, value, known);
    }
    let Some((name, text)) = value.split_once('=') else { return Spans::default() };
    let spans = spans_of(Hint::Name(name), text, known);
    Spans::from(spans.shifted(name.len() + 1).collect::<Vec<_>>())
}

fn is_text(flag: &Flag<'_>) -> bool {
    flag.name == COMMAND || NAMED.contains(&flag.name)
}

/// Options of a volume's driver may have a password. So may a flag that this docker does not have.
fn has_options(flag: &Flag<'_>) -> bool {
    flag.name == "mount" || !flag.known
}
