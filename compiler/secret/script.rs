//! A script that dpc wrote → the words of its commands that hold text of the user, with their places in it: `docker run`, and the health
//! command.

use super::spans::Spans;
use std::ops::Range;

/// What stands before the words of `docker run` in a script, and before the words of a health check.
const RUN: &str = "\n    exec timeout --kill-after=5 \"$allowed\" docker run ";
const HEALTH: [&str; 2] = ["\n    in_container ", "\n    ask "];

/// A word as the program gets it.
#[derive(Default)]
pub(super) struct ScriptWord {
    pub(super) text: String,
    /// The place of each of its bytes in the script.
    places: Vec<usize>,
}

impl ScriptWord {
    /// The ranges of the script that ranges of the word come from.
    pub(super) fn in_script(&self, spans: &Spans) -> impl Iterator<Item = Range<usize>> {
        spans.merged().into_iter().map(|span| self.places[span.start]..self.places[span.end - 1] + 1)
    }
}

/// Returns the range and the words behind `docker run`.
pub(super) fn run(script: &str) -> (Range<usize>, Vec<ScriptWord>) {
    words_behind(script, RUN)
}

/// Returns the range and the words behind the command that asks the health.
pub(super) fn health(script: &str) -> (Range<usize>, Vec<ScriptWord>) {
    HEALTH
        .iter()
        .map(|command| words_behind(script, command))
        .find(|(_, words)| !words.is_empty())
        .unwrap_or_default()
}

/// Returns whether the health command is a program with its words, and no text for a shell.
pub(super) fn is_exec(script: &str) -> bool {
    script.contains("\nin_container() {\n    asked=")
}

fn words_behind(script: &str, command: &str) -> (Range<usize>, Vec<ScriptWord>) {
    let Some(start) = script.find(command).map(|at| at + command.len()) else { return (0..0, Vec::new()) };
    let (mut words, mut end) = (Vec::new(), start);
    loop {
        let rest = script[end..].trim_start_matches(' ');
        let at = script.len() - rest.len();
        if let Some(next) = rest.strip_prefix("\\\n") {
            end = script.len() - next.len();
            continue;
        }
        let word = word(script, at);
        if word.0 == at {
            return (start..end, words);
        }
        end = word.0;
        words.push(word.1);
    }
}

/// Reads a word as `encode::shell` writes it, and returns its end; there is none where a character needs quotes and has none.
fn word(script: &str, start: usize) -> (usize, ScriptWord) {
    let mut word = ScriptWord::default();
    let (mut quoted, mut escaped, mut end) = (false, false, start);
    for (at, c) in script[start..].char_indices().map(|(at, c)| (start + at, c)) {
        match c {
            '\'' if !escaped => quoted = !quoted,
            '\\' if !quoted && !escaped && script[at..].starts_with("\\'") => escaped = true,
            c if quoted || escaped || c.is_ascii_alphanumeric() || "_./:=@%+,-".contains(c) => {
                word.text.push(c);
                word.places.extend(at..at + c.len_utf8());
                escaped = false;
            }
            _ => break,
        }
        end = at + c.len_utf8();
    }
    (end, word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_that_docker_gets() {
        let script = "create() {\n    exec timeout --kill-after=5 \"$allowed\" docker run --detach \\\n        --env 'A_TOKEN=a; b'\\''c\nd' \\\n        \
                      --env B=x \\\n        i:1 '' serve >/dev/null\n}\n";
        let (range, words) = run(script);
        let texts: Vec<&str> = words.iter().map(|word| &*word.text).collect();
        assert_eq!(texts, ["--detach", "--env", "A_TOKEN=a; b'c\nd", "--env", "B=x", "i:1", "", "serve"]);
        assert!(script[range.clone()].ends_with("serve"), "{}", &script[range]);
        let mut spans = Spans::default();
        spans.add(std::iter::once(12..15));
        assert_eq!(words[2].in_script(&spans).map(|span| &script[span]).collect::<String>(), "''c\n");
    }

    #[test]
    fn a_quoted_text_is_no_command_of_its_own() {
        let (_, words) = run(
            "x 'a\n    exec timeout --kill-after=5 \"$allowed\" docker run --env '\\''A_TOKEN=x;reboot'\\'''\n",
        );
        let texts: Vec<&str> = words.iter().map(|word| &*word.text).collect();
        assert_eq!(texts, ["--env", "\\A_TOKEN=x;reboot'"]);
    }
}
