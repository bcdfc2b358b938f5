//! `{{ expressions }}` in a text → the text with their values.
//!
//! Only `{{ … }}` is special: `{%` and `{#` stay as they are, since values hold all kinds of other languages.

use super::Value;
use super::bounds::check_expression;
use super::environment;
use super::tokens::close;
use crate::large::parallel::locked;
use minijinja::value::ValueKind;
use minijinja::{Environment, ErrorKind, Expression};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock, Mutex};

/// Evaluates expressions, in any number of texts.
#[derive(Default)]
pub struct Expressions {
    /// Compiled expressions by their text. `{{ ports.http }}` is in every service.
    compiled: Mutex<HashMap<String, Compiled>>,
}

type Compiled = Arc<Expression<'static, 'static>>;

/// The reason why a text has no value.
#[derive(Debug, PartialEq, Eq)]
pub struct ExpressionError {
    /// The message: what is wrong.
    pub message: String,
    /// The bytes of the text that are to blame.
    pub range: Range<usize>,
    /// For an undefined path: the path, and the names that are defined.
    pub(crate) undefined: Option<(String, Vec<String>)>,
}

/// The steps that are free for an expression, then those that it pays for. A loop over a large range uses up all of them.
const STEPS: [u64; 3] = [500, 2_000, 10_000];
/// The price of a step in bytes: a step reads, makes or passes on some.
const STEP_BYTES: usize = 16;
/// The most bytes that a text may grow to.
const LONGEST: usize = 1024 * 1024;

/// Maximum number of compiled expressions that are kept, and of bytes of each. Others are compiled each time.
const MOST_KEPT: usize = 256;
const LONGEST_KEPT: usize = 256;

/// The environments of expressions: minijinja's own filters without `format`.
static ENVIRONMENTS: LazyLock<[Environment<'static>; 3]> = LazyLock::new(|| {
    STEPS.map(|steps| {
        let mut environment = environment();
        environment.set_fuel(Some(steps));
        environment
    })
});

impl Expressions {
    /// Fills in every expression; `None` if the text holds none. An expression of many steps asks `pay` for their bytes.
    pub fn fill(
        &self,
        text: &str,
        scope: &Value,
        pay: impl Fn(usize) -> bool,
    ) -> Result<Option<String>, ExpressionError> {
        if !text.contains("{{") {
            return Ok(None);
        }
        let mut filled = String::with_capacity(text.len());
        let mut rest = 0;
        while let Some(start) = text[rest..].find("{{").map(|found| rest + found) {
            let end = close(text, start + 2, b'}').ok_or_else(|| unclosed(start..text.len()))?;
            filled.push_str(&text[rest..start]);
            filled.push_str(&self.evaluate(text, start + 2..end, scope, &pay)?);
            rest = end + 2;
            if filled.len() > LONGEST {
                return Err(failure("the text grows beyond 1 MiB", start..rest));
            }
        }
        filled.push_str(&text[rest..]);
        Ok(Some(filled))
    }

    fn evaluate(
        &self,
        text: &str,
        range: Range<usize>,
        scope: &Value,
        pay: &dyn Fn(usize) -> bool,
    ) -> Result<String, ExpressionError> {
        let source = &text[range.clone()];
        let whole = trimmed(text, &range);
        if source.trim().is_empty() {
            return Err(failure("the expression is empty", range.start - 2..range.end + 2));
        }
        let blame = |message| failure(message, whole.clone());
        let compiled = self.compiled(source).map_err(blame)?;
        check_size(text, range.clone(), scope).map_err(blame)?;
        let mut result = compiled.eval(scope.clone());
        for (environment, steps) in ENVIRONMENTS.iter().zip(STEPS).skip(1) {
            if !result.as_ref().is_err_and(|error| error.kind() == ErrorKind::OutOfFuel) {
                break;
            }
            if !pay(usize::try_from(steps).unwrap_or(usize::MAX).saturating_mul(STEP_BYTES)) {
                return Err(failure("all expressions together take too many steps", whole));
            }
            result = environment.compile_expression(source).and_then(|longer| longer.eval(scope.clone()));
        }
        match result {
            Ok(value) if value.is_undefined() => Err(undefined(text, range, scope)),
            Ok(value) => value_text(&value).map_err(|message| failure(message, whole)),
            Err(error) if error.kind() == ErrorKind::UndefinedError => Err(undefined(text, range, scope)),
            Err(error) => Err(failure(words(&error), whole)),
        }
    }

    fn compiled(&self, source: &str) -> Result<Compiled, String> {
        if let Some(compiled) = locked(&self.compiled).get(source) {
            return Ok(compiled.clone());
        }
        check_expression(source)?;
        let compiled = ENVIRONMENTS[0].compile_expression_owned(source.to_string());
        let compiled = Arc::new(compiled.map_err(|error| words(&error))?);
        let mut kept = locked(&self.compiled);
        if kept.len() < MOST_KEPT && source.len() <= LONGEST_KEPT {
            kept.insert(source.to_string(), compiled.clone());
        }
        Ok(compiled)
    }
}

/// minijinja does not count lists of large texts.
fn check_size(text: &str, range: Range<usize>, scope: &Value) -> Result<(), String> {
    if !text[range.clone()].contains(['[', '{', ',']) {
        return Ok(());
    }
    let length = |path: Range<usize>| {
        let value = text[path].split('.').try_fold(scope.clone(), |value, name| value.get_attr(name).ok());
        value.and_then(|value| value.as_str().map(str::len)).unwrap_or(0)
    };
    if paths(text, range).into_iter().map(length).sum::<usize>() > LONGEST {
        Err("what it puts together has more than 1 MiB".into())
    } else {
        Ok(())
    }
}

fn failure(message: impl Into<String>, range: Range<usize>) -> ExpressionError {
    ExpressionError { message: message.into(), range, undefined: None }
}

fn unclosed(range: Range<usize>) -> ExpressionError {
    failure("`{{` is not closed by `}}`", range)
}

fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let source = &text[range.clone()];
    let start = range.start + (source.len() - source.trim_start().len());
    start..start + source.trim().len()
}

fn value_text(value: &Value) -> Result<String, String> {
    match value.kind() {
        ValueKind::String | ValueKind::Number => Ok(value.to_string()),
        ValueKind::Bool => Ok(if value.is_true() { "true" } else { "false" }.to_string()),
        ValueKind::Seq | ValueKind::Iterable => Err("this is a list; join it with `| join(\",\")`".into()),
        ValueKind::Map => {
            let names: Vec<String> = keys(value).into_iter().map(|name| format!("`{name}`")).collect();
            Err(format!("this is a group of values; take one of them: {}", names.join(", ")))
        }
        kind => Err(format!("this is {kind}, which cannot be written as text")),
    }
}

fn words(error: &minijinja::Error) -> String {
    match (error.kind(), error.detail()) {
        (ErrorKind::OutOfFuel, _) => "the expression takes too many steps".into(),
        (ErrorKind::UnknownFilter, Some(detail)) => named(detail, "filter"),
        (ErrorKind::UnknownTest, Some(detail)) => named(detail, "test"),
        (ErrorKind::UnknownFunction, Some(detail)) => named(detail, "function"),
        (_, Some(detail)) => detail.to_string(),
        (kind, None) => kind.to_string(),
    }
}

/// Improves minijinja's `filter uper is unknown`: the name is marked.
fn named(detail: &str, what: &str) -> String {
    let Some(name) = detail.strip_suffix(" is unknown") else { return detail.to_string() };
    format!("there is no {what} `{}`", name.strip_prefix(what).unwrap_or(name).trim())
}

fn keys(value: &Value) -> Vec<String> {
    let mut keys: Vec<String> = value.try_iter().into_iter().flatten().map(|key| key.to_string()).collect();
    keys.sort();
    keys
}

/// Returns the first dotted path in the expression that leads nowhere, and the names that could stand in its place.
fn undefined(text: &str, range: Range<usize>, scope: &Value) -> ExpressionError {
    for path in paths(text, range.clone()) {
        let mut value = scope.clone();
        let mut start = path.start;
        for name in text[path.clone()].split('.') {
            let end = start + name.len();
            let next = value.get_attr(name).unwrap_or(Value::UNDEFINED);
            if next.is_undefined() {
                let missing = text[path.start..end].to_string();
                return ExpressionError {
                    message: format!("`{missing}` is not defined"),
                    range: path.start..end,
                    undefined: Some((missing, keys(&value))),
                };
            }
            value = next;
            start = end + 1;
        }
    }
    failure("a value in this expression is not defined", trimmed(text, &range))
}

/// Finds the dotted names outside strings, such as `needs.redis.address`, without the words of the language of expressions.
fn paths(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut quote = None;
    let mut at = range.start;
    while at < range.end {
        match (quote, bytes[at]) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (None, byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let start = at;
                while at < range.end
                    && (bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'_' | b'.'))
                {
                    at += 1;
                }
                if is_value(&text[range.start..start], &text[start..at], &text[at..range.end]) {
                    found.push(start..at);
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Returns whether a word names a value, by the text before and behind it: not an operator, a filter, a test, a function or the
/// name of an argument.
fn is_value(before: &str, word: &str, behind: &str) -> bool {
    const OPERATORS: [&str; 13] =
        ["and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None"];
    let attribute = before.ends_with(|c: char| c == '.' || c.is_ascii_digit());
    let before = before.trim_end();
    let named = before.ends_with('|') || before.ends_with(" is") || before.ends_with(" is not");
    let behind = behind.trim_start();
    let called = behind.starts_with('(') && !word.contains('.');
    let argument = behind.starts_with('=') && !behind.starts_with("==");
    !(OPERATORS.contains(&word) || attribute || named || called || argument)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::bounds::PIECES_MAX;
    use crate::template::map;
    use crate::template::tokens::pieces;

    fn scope() -> Value {
        let ports = map([("http", Value::from(8080))]);
        map([("ports", ports), ("name", Value::from("api")), ("list", Value::from(vec!["a", "b"]))])
    }

    fn fill(text: &str) -> Result<Option<String>, ExpressionError> {
        Expressions::default().fill(text, &scope(), |_| true)
    }

    #[test]
    fn texts_without_expressions_are_left_alone() {
        for text in ["", "plain", "{ braces } {% if %} {# note #}", "}}"] {
            assert_eq!(fill(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn expressions_end_where_they_should() {
        for (text, filled) in [
            ("{{ ports.http }}", "8080"),
            ("a{{name}}b{{ name }}c", "aapibapic"),
            ("{{ \"}}\" }}", "}}"),
            ("{{ '{{' }} {% raw %}", "{{ {% raw %}"),
            ("{{ {\"a\": 1}.a }}", "1"),
            ("{{ list | join(\"-\") | upper }}", "A-B"),
            ("{{ ports.http + 1 }} {{ true }}", "8081 true"),
        ] {
            assert_eq!(fill(text), Ok(Some(filled.to_string())), "{text}");
        }
    }

    #[test]
    fn what_is_undefined_is_found_in_the_text() {
        let failure = fill("x {{ name ~ ports.htp }}").unwrap_err();
        assert_eq!(failure.message, "`ports.htp` is not defined");
        assert_eq!(failure.range, 12..21);
        assert_eq!(failure.undefined, Some(("ports.htp".into(), vec!["http".into()])));
    }

    #[test]
    fn many_steps_are_paid_for() {
        let fill = |text: &str, room: usize| {
            let paid = std::cell::Cell::new(0);
            let pay = |bytes| {
                paid.set(paid.get() + bytes);
                paid.get() <= room
            };
            Expressions::default()
                .fill(text, &scope(), pay)
                .map(|_| paid.get())
                .map_err(|failure| failure.message)
        };
        let refused = || Err("all expressions together take too many steps".to_string());
        assert_eq!(fill("{{ name }}", 0), Ok(0));
        let some = "{{ range(300) | list | string | length }}";
        assert_eq!((fill(some, 31_999), fill(some, 32_000)), (refused(), Ok(32_000)));
        let many = "{{ range(1500) | list | string | length }}";
        assert_eq!((fill(many, 191_999), fill(many, 192_000)), (refused(), Ok(192_000)));
    }

    #[test]
    fn nothing_is_there_that_panics() {
        let expressions = Expressions::default();
        let failure = expressions.fill("{{ '%(é)s' | format(a=1) }}", &scope(), |_| true).unwrap_err();
        assert!(failure.message.contains("format"), "{}", failure.message);
    }

    #[test]
    fn words_of_the_language_are_not_values() {
        for (text, message) in [
            ("{{ ports.htp }}", "`ports.htp` is not defined"),
            ("{{ name if ports.htp else 'x' }}", "`ports.htp` is not defined"),
            ("{{ name | upper ~ prots.http }}", "`prots` is not defined"),
            ("{{ list | join(d=',') ~ ports.htp }}", "`ports.htp` is not defined"),
            ("{{ 1e5 ~ ports.htp }}", "`ports.htp` is not defined"),
            ("{{ range(2) | list | join ~ ports.htp }}", "`ports.htp` is not defined"),
            ("{{ ports['htp'].x }}", "a value in this expression is not defined"),
        ] {
            assert_eq!(fill(text).unwrap_err().message, message, "{text}");
        }
    }

    /// Tests run on stacks of 2 MiB.
    #[test]
    fn a_chain_of_operators_does_not_exhaust_the_stack() {
        for (first, link, last) in [
            ("", "-", "1"),
            ("", "not ", "1"),
            ("", "1+", "1"),
            ("", "1 if ", "1"),
            ("'a'", "|upper", ""),
            ("ports", ".a", ""),
            ("ports", "[0]", ""),
            ("name", "()", ""),
            ("1", " if 1 else 1", ""),
            ("1", "<1", ""),
            ("1", " is odd", ""),
            ("'a'", "~'a'", ""),
            ("", "1**", "1"),
            ("", "(", ""),
            ("", "[", ""),
            ("", "{1:", ""),
        ] {
            let chain = |links: usize| format!("{{{{ {first}{}{last} }}}}", link.repeat(links));
            let longest = (PIECES_MAX - pieces(first) - pieces(last)) / pieces(link);
            assert!(pieces(&chain(longest)) - 4 <= PIECES_MAX);
            drop(fill(&chain(longest)));
            let refused = fill(&chain(100_000)).unwrap_err().message;
            assert!(
                refused.ends_with("words and signs, and 500 is the most") || refused.contains("not closed"),
                "{refused}"
            );
        }
        assert_eq!(fill(&format!("{{{{ '{}' }}}}", "- ".repeat(1000))), Ok(Some("- ".repeat(1000))));
    }

    #[test]
    fn what_has_no_text_is_refused() {
        for (text, message) in [
            ("{{ name", "`{{` is not closed by `}}`"),
            ("{{ }}", "the expression is empty"),
            ("{{ list }}", "this is a list; join it with `| join(\",\")`"),
            ("{{ none }}", "this is none, which cannot be written as text"),
            ("{{ [1] * 9 }}", "`*` is for numbers and texts, and here is what makes lists"),
            ("{{ 'x' * 3000000000 }}", "the expression takes too many steps"),
            ("{{ range(1000000) | list | length }}", "range has too many elements"),
        ] {
            assert_eq!(fill(text).unwrap_err().message, message, "{text}");
        }
        let scope = map([("large", Value::from("x".repeat(LONGEST)))]);
        let lists = Expressions::default().fill("{{ [large, large] | string }}", &scope, |_| true);
        assert_eq!(lists.unwrap_err().message, "what it puts together has more than 1 MiB");
    }
}
