//! A script that dpc wrote → the secret values among its variables and labels, each of which has a line of its own. They end with
//! their quote, so that all of a value is found and nothing else.

use super::name::{is_reference, looks_secret};
use std::ops::Range;

const FLAGS: [&str; 2] = ["\n        --env '", "\n        --label '"];
/// A quote within single quotes, as a shell reads it.
const QUOTE: &str = r"'\''";

/// Finds them. Values without a quote are single words, which other rules find.
pub(super) fn script_arguments(text: &str) -> Vec<Range<usize>> {
    let starts = FLAGS.iter().flat_map(|flag| text.match_indices(flag).map(|(at, _)| at + flag.len()));
    starts.filter_map(|start| secret_value(text, start)).collect()
}

fn secret_value(text: &str, start: usize) -> Option<Range<usize>> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let name = start + text[start..].find(|c| !is_name(c))?;
    let value = name + 1;
    if !text[name..].starts_with('=') || !looks_secret(&text[start..name]) {
        return None;
    }
    let mut end = value;
    loop {
        end += text[end..].find('\'')?;
        if !text[end..].starts_with(QUOTE) {
            return (!is_reference(&text[value..end])).then_some(value..end);
        }
        end += QUOTE.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_with_its_quote() {
        let text = "create() {\n        --env 'A_TOKEN=a; b'\\''c\nd' \\\n        --env 'B=x' \\\n        --label 'my.password=p w' \\\n";
        let found: Vec<&str> = script_arguments(text).into_iter().map(|span| &text[span]).collect();
        assert_eq!(found, ["a; b'\\''c\nd", "p w"]);
    }

    #[test]
    fn a_command_cannot_pretend_to_be_a_variable() {
        assert!(script_arguments("\n        --env '\\''A_TOKEN=a; b'").is_empty());
    }
}
