//! Texts of expressions and templates → refused where minijinja would go on for ever, grow without end or crash.
//!
//! Its fuel counts steps and the bytes of texts. It does not count what a list holds: one that is put into itself doubles at
//! each step, and one that is repeated is as long as it says, for nothing, until something reads it. So what can be in a
//! list is counted before anything runs, by the words that put it together.

use super::broken::TemplateError;
use super::tokens::{JinjaToken, close, pieces, tokens};
use std::collections::BTreeMap;

/// Maximum number of words, signs and strings of one expression: minijinja follows a chain of operators by recursion, some
/// calls for each, and has no limit of its own there.
pub(crate) const PIECES_MAX: usize = 500;
/// Maximum number of statements in one template: minijinja follows `elif` and nested values by recursion.
pub(crate) const STATEMENTS_MAX: usize = 500;
/// Maximum number of names and values in one value. Each counts as often as it is in it.
const PARTS_MAX: usize = 1000;
/// Words that make up to 100,000 values, or hold one for each instance.
const MANY: [&str; 2] = ["range", "instances"];
/// Number of parts that such a word counts for.
const MANY_PARTS: usize = 100;
/// Number of bytes of a text that count as one part.
const PART_BYTES: usize = 1000;

/// Checks that the source between two braces ends, in little memory.
pub(crate) fn check_expression(source: &str) -> Result<(), String> {
    check_length(source)?;
    let tokens: Vec<JinjaToken<'_>> = tokens(source).collect();
    check_parts(parts(&tokens, &BTreeMap::new()))?;
    if repeats(&tokens) && may_hold_a_list(&tokens) {
        Err("`*` is for numbers and texts, and here is what makes lists".into())
    } else {
        Ok(())
    }
}

/// Checks that a project's own template ends, in memory that is a multiple of what it is given, and that it holds no NUL.
pub(crate) fn check_template(name: &str, text: &str) -> Result<(), TemplateError> {
    let broken = |at: usize, message: String| TemplateError {
        template: name.into(),
        line: Some(text[..at].matches('\n').count() + 1),
        message,
    };
    if let Some(at) = text.find('\0') {
        return Err(broken(at, "it holds a NUL character".into()));
    }
    if let Some((at, _)) = text.match_indices("{%").nth(STATEMENTS_MAX) {
        return Err(broken(at, format!("it has more than {STATEMENTS_MAX} statements")));
    }
    let mut names = BTreeMap::new();
    let mut rest = 0;
    while let Some(start) = text[rest..].find('{').map(|found| rest + found) {
        let end = match text.as_bytes().get(start + 1) {
            Some(b'#') => text[start..].find("#}").map(|length| start + length),
            Some(b'{') => close(text, start + 2, b'}'),
            Some(b'%') => close(text, start + 2, b'%'),
            _ => Some(start + 1),
        };
        let end = end.unwrap_or(text.len());
        if text[start..].starts_with("{{") || text[start..].starts_with("{%") {
            check_tag(&text[start + 2..end], &mut names).map_err(|message| broken(start, message))?;
        }
        rest = end;
    }
    Ok(())
}

/// Checks one tag. The names that it binds get the count of what they are bound to.
fn check_tag<'s>(source: &'s str, names: &mut BTreeMap<&'s str, usize>) -> Result<(), String> {
    check_length(source)?;
    let tokens: Vec<JinjaToken<'_>> = tokens(source).collect();
    if repeats(&tokens) {
        return Err("`*` is not for templates: it can repeat a list without end".into());
    }
    let words = tokens.iter().filter_map(|token| token.word());
    let keyword = words.clone().next().unwrap_or_default();
    if keyword == "for" && words.clone().next_back() == Some("recursive") {
        return Err("`recursive` is not for templates: it can go on without end".into());
    }
    let split = match keyword {
        "set" => tokens.iter().position(|token| *token == JinjaToken::Sign(b'=')).unwrap_or(tokens.len()),
        "for" => tokens.iter().position(|token| *token == JinjaToken::Word("in")).unwrap_or(tokens.len()),
        _ => 0,
    };
    let count = parts(&tokens[split..], names);
    check_parts(count)?;
    let bound: Vec<&str> = match keyword {
        "set" => tokens[..split].iter().filter_map(|token| token.word()).collect(),
        "for" => tokens[..split].iter().filter_map(|token| token.word()).chain(["loop"]).collect(),
        // It binds some of its words. All of them are counted.
        "with" => words.collect(),
        _ => Vec::new(),
    };
    for name in bound {
        // It is not known here which of the two is meant further down, so the larger one counts.
        let known = names.entry(name).or_insert(1);
        *known = count.max(*known);
    }
    Ok(())
}

/// Checks that the source is short enough to be followed by recursion.
fn check_length(source: &str) -> Result<(), String> {
    match pieces(source) {
        count if count > PIECES_MAX => {
            Err(format!("the expression has {count} words and signs, and {PIECES_MAX} is the most"))
        }
        _ => Ok(()),
    }
}

fn check_parts(count: usize) -> Result<(), String> {
    if count > PARTS_MAX {
        Err(format!("what it puts together may have more than {PARTS_MAX} parts"))
    } else {
        Ok(())
    }
}

/// Counts the names and values that are put together. A name counts for what it stands for.
fn parts(tokens: &[JinjaToken<'_>], names: &BTreeMap<&str, usize>) -> usize {
    let count = |token: &JinjaToken<'_>| match token {
        JinjaToken::Word(word) if MANY.contains(word) => MANY_PARTS,
        JinjaToken::Word(word) => names.get(word).copied().unwrap_or(1),
        JinjaToken::Text(text) => 1 + text.len() / PART_BYTES,
        JinjaToken::Sign(_) => 0,
    };
    tokens.iter().map(count).fold(0, usize::saturating_add)
}

/// Returns whether `*` is among them, other than as the `**` of powers.
fn repeats(tokens: &[JinjaToken<'_>]) -> bool {
    tokens.chunk_by(|a, b| a == b).any(|run| run[0] == JinjaToken::Sign(b'*') && run.len() != 2)
}

/// Returns whether anything in an expression could be a list: everything counts that is not known to be a number or a text.
fn may_hold_a_list(tokens: &[JinjaToken<'_>]) -> bool {
    const OPERATORS: [&str; 6] = ["and", "else", "if", "in", "not", "or"];
    const OF_ONE: [&str; 15] = [
        "abs",
        "bool",
        "capitalize",
        "count",
        "d",
        "default",
        "float",
        "int",
        "length",
        "lower",
        "round",
        "string",
        "title",
        "trim",
        "upper",
    ];
    let before = |at: usize| at.checked_sub(1).map(|before| tokens[before]);
    tokens.iter().enumerate().any(|(at, token)| match (token, before(at)) {
        (JinjaToken::Sign(b',') | JinjaToken::Word("is"), _) => true,
        // Behind a value, `[` takes one element of it.
        (JinjaToken::Sign(b'['), Some(JinjaToken::Word(word))) => OPERATORS.contains(&word),
        (JinjaToken::Sign(b'['), before) => !matches!(before, Some(JinjaToken::Sign(b']' | b')'))),
        (JinjaToken::Word(word), Some(JinjaToken::Sign(b'|'))) => !OF_ONE.contains(word),
        (JinjaToken::Word(word), _) => MANY.contains(word),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_not_repeated() {
        for expression in [
            "[1] * 2",
            "2 * [1]",
            "(x if y else [1]) * 2",
            "(not [1]) * 2",
            "(1,) * 2",
            "'a' | list * 2",
            "range(5) * 2",
            "needs.redis.instances * 2",
            "x is eq [1] * 2",
            "{'a': [1]}.a * 2",
            "'abc' | split('b') * 2",
        ] {
            assert!(check_expression(expression).is_err(), "{expression}");
        }
        for expression in [
            "instance * 2",
            "(instance - 1) * 10 + ports.http",
            "var.megabytes | int * 1024 * 1024",
            "'x' * 3",
            "ports['http'] * 2",
            "2 ** 3",
            "[1, '*'] | length",
            "range(5) | join(',')",
        ] {
            assert_eq!(check_expression(expression), Ok(()), "{expression}");
        }
    }

    fn line(text: &str) -> Option<usize> {
        check_template("x", text).err().map(|broken| broken.line.unwrap())
    }

    #[test]
    fn what_is_put_into_itself_is_counted() {
        for (first, again, last) in [
            ("{% set x = [1] %}", "{% set x = x + x %}", ""),
            ("{% set x = [1] %}", "{% set x = [x, x] %}", ""),
            ("{% set x = [1] %}", "{% set y = [x, x] %}{% set x = [y, y] %}", ""),
            ("{% set x = {} %}", "{% set x = {'a': x, 'b': x} %}", ""),
            ("{% set x = [1] %}", "{% for x in [[x, x]] %}", "{% endfor %}"),
            ("{% set x = [1] %}", "{% with x = [x, x] %}", "{% endwith %}"),
            ("{% set x = [1] %}", "{% set x, y = [x, x], 1 %}", ""),
            ("{% set x = [1] %}", "{% for y in [x] %}{% set x = [loop, loop] %}", "{% endfor %}"),
            ("{% set x = [1] %}", "{%- set x = x | chain(x) -%}", ""),
        ] {
            assert_eq!(
                line(&format!("{first}\n{}{}", again.repeat(60), last.repeat(60))),
                Some(2),
                "{again}"
            );
        }
        assert_eq!(line("\n\n{% for x in y recursive %}{{ loop([[x, x]]) }}{% endfor %}"), Some(3));
        assert_eq!(line("\n{{ [range(99999), range(99999)] }}{{ [range(9)] + 20 }}"), None);
        assert_eq!(line(&format!("\n{{{{ [{}] }}}}", "range(99999), ".repeat(11))), Some(2));
        assert_eq!(line(&format!("{{% set x = '{}' %}}\n{{{{ [x, x] }}}}", "x".repeat(600_000))), Some(2));
    }

    /// A new template begins as a copy of dpc's own.
    #[test]
    fn the_templates_of_dpc_pass() {
        for (name, text) in crate::template::SHIPPED {
            assert_eq!(check_template(name, text), Ok(()));
        }
    }

    #[test]
    fn what_is_put_together_piece_by_piece_is_not_too_much() {
        let piece = "{% if a %}{% set flags = flags ~ ' --x ' ~ loop.index %}{% endif %}";
        let loops = "{% for unit in units %}{{ unit.name | upper }}{% endfor %}{{ 2 ** 3 }}";
        assert_eq!(line(&format!("{{% set flags = '' %}}{}", piece.repeat(150) + &loops.repeat(20))), None);
    }
}
