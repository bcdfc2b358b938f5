//! Entries of the KDL → values: expressions filled in, grammars held to, faults put at their place.

use super::Context;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::front::parse::TYPE_MISMATCH;
use crate::kdl::{Entry, Text, Value};
use crate::language::Field;
use crate::template::{ExpressionError, Value as Scope};
use crate::text::Located;
use crate::text::Span;
use crate::value::suggest::{listed, nearest};
use crate::value::{Invalid, name::Name};
use std::ops::Range;

/// A value that its grammar refuses.
pub(crate) const INVALID_VALUE: Fault = Fault::error(
    "invalid-value",
    "every value is one that its reader on the host takes",
    "docker, systemd and etcd each refuse what they cannot read, but on the host, at night, after the old version was \
     stopped. dpc holds every value to its reader's grammar before anything is written.",
);
/// An expression over something that is not there.
pub(crate) const UNDEFINED: Fault = Fault::error(
    "undefined",
    "an expression uses what is defined",
    "Templates that print nothing for what is undefined write `redis://:/0` into production. In dpc an expression has a \
     value or the build fails. What is there: `var`, `host`, `service`, `instance`, `ports` and `needs`.",
);
/// An expression that has no value.
pub(crate) const EXPRESSION: Fault = Fault::error(
    "expression",
    "an expression is one that minijinja evaluates to text or a number",
    "`{{ … }}` holds an expression as Jinja writes them: `{{ ports.http }}`, `{{ var.tag | upper }}`. A literal `{{` is \
     written `{{ \"{{\" }}`.",
);

/// Reads values in one scope.
pub(crate) struct Reading<'r> {
    context: &'r Context<'r>,
    scope: &'r Scope,
    report: &'r mut Report,
    /// Needs that lead nowhere, which is reported once: their values are passed over.
    lost: Vec<&'r str>,
}

impl<'r> Reading<'r> {
    /// A reading whose expressions see `scope`.
    pub(super) fn new(context: &'r Context<'r>, scope: &'r Scope, report: &'r mut Report) -> Self {
        Self { context, scope, report, lost: Vec::new() }
    }

    /// The same where some needs lead nowhere: that the scope lacks them is no fault of its own.
    pub(crate) fn without(self, lost: &[&'r str]) -> Self {
        Self { lost: lost.to_vec(), ..self }
    }

    /// Says what is wrong.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.report.push(diagnostic);
    }

    /// Says what is wrong, where that takes long to put into words.
    pub(crate) fn push_error(&mut self, diagnostic: impl FnOnce() -> Diagnostic) {
        self.report.push_error(diagnostic);
    }

    /// Returns whether there is room for what is put together beside what is written. Without, it is said in the end.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        self.context.room.take(bytes)
    }

    /// Holds a declared name to its grammar.
    pub(crate) fn check_name(&mut self, name: &Text<'_>, kind: &str) {
        let result = if kind == "fleet" { Name::parse_fleet(name.value) } else { Name::parse(name.value) };
        self.valid(result, name.span);
    }

    /// Text with its expressions filled in.
    pub(super) fn text(&mut self, entry: Entry<'_>) -> Option<Located<String>> {
        let Value::Text(text) = entry.value() else {
            let raw = match entry.value() {
                Value::Number(number) => number.to_string(),
                Value::Boolean(value) => value.to_string(),
                _ => String::new(),
            };
            return Some(Located::new(raw, entry.value_span()));
        };
        let filled = match self.context.expressions.fill(text, self.scope, |bytes| self.has_room(bytes)) {
            Ok(None) => text.to_string(),
            Ok(Some(filled)) if self.has_room(filled.len()) => filled,
            Ok(Some(_)) => return None,
            Err(failure) => {
                if !self.follows(&failure) {
                    self.push_error(|| failed(failure, entry));
                }
                return None;
            }
        };
        if filled.contains('\0') {
            let invalid = Invalid::new("this holds a NUL character, which no program can be given")
                .help("leave it out");
            self.push(refused(invalid, entry.value_span()));
            return None;
        }
        Some(Located::new(filled, entry.value_span()))
    }

    /// Returns whether an expression fails only because a need leads nowhere, which was said at the need.
    fn follows(&self, failure: &ExpressionError) -> bool {
        let Some((missing, _)) = &failure.undefined else { return false };
        let Some(name) = missing.strip_prefix("needs.") else { return false };
        self.lost.iter().any(|lost| *lost == name || lost.replace('-', "_") == name)
    }

    /// The text of a file with its expressions filled in; what fails is said at `span`.
    pub(crate) fn content(&mut self, text: &str, path: &str, span: Span) -> Option<String> {
        match self.context.expressions.fill(text, self.scope, |bytes| self.has_room(bytes)) {
            Ok(Some(filled)) if !self.has_room(filled.len()) => None,
            Ok(filled) => Some(filled.unwrap_or_else(|| text.to_string())),
            Err(failure) => {
                if !self.follows(&failure) {
                    let line = text[..failure.range.start].matches('\n').count() + 1;
                    let message = format!("in `{path}`, line {line}: {}", failure.message);
                    let fault = if failure.undefined.is_some() { &UNDEFINED } else { &EXPRESSION };
                    let diagnostic = Diagnostic::new(fault, message).at(span, "this file is filled in");
                    self.push(diagnostic.help(advice(&failure)));
                }
                None
            }
        }
    }

    /// Checks that a text fits into one argument of a command, with `beside` bytes more: Linux has room for 131,071
    /// (MAX_ARG_STRLEN, execve(2)).
    pub(crate) fn fits(&mut self, text: &Located<String>, beside: usize) -> bool {
        const LONGEST: usize = 131_071;
        let fits = text.value.len() + beside <= LONGEST;
        if !fits {
            let message = format!(
                "a text of {} bytes cannot be given to a program: {LONGEST} is the most",
                text.value.len()
            );
            let invalid = Invalid::new(message).help("put it into a file: `file \"/path\" source=\"…\"`");
            self.push(refused(invalid, text.span));
        }
        fits
    }

    /// A value that `parse` reads.
    pub(crate) fn parsed<T>(
        &mut self,
        entry: Entry<'_>,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<Located<T>> {
        let text = self.text(entry)?;
        self.valid(parse(&text.value), text.span)
    }

    /// A value that was read, or what is wrong with it.
    pub(crate) fn valid<T>(&mut self, result: Result<T, Invalid>, span: Span) -> Option<Located<T>> {
        match result {
            Ok(value) => Some(Located::new(value, span)),
            Err(invalid) => {
                self.push(refused(invalid, span));
                None
            }
        }
    }

    /// Reads a property by the grammar of its row; none if it is not written, or wrong.
    pub(crate) fn field<'e, T>(
        &mut self,
        field: &Field<T>,
        property: impl FnOnce(&str) -> Option<Entry<'e>>,
    ) -> Option<Located<T>> {
        self.parsed(property(field.row.name)?, |text| field.parse(text))
    }

    /// Reads a property, or takes its default if it is not written; none if it is wrong.
    pub(crate) fn field_unless_wrong<'e, T>(
        &mut self,
        field: &Field<T>,
        property: impl FnOnce(&str) -> Option<Entry<'e>>,
    ) -> Option<T> {
        let Some(entry) = property(field.row.name) else { return Some(field.default()) };
        self.parsed(entry, |text| field.parse(text)).map(|value| value.value)
    }

    /// Reads a property, or takes its default if it is not written or wrong.
    pub(crate) fn field_or_default<'e, T>(
        &mut self,
        field: &Field<T>,
        property: impl FnOnce(&str) -> Option<Entry<'e>>,
    ) -> T {
        self.field(field, property).map_or_else(|| field.default(), |value| value.value)
    }

    /// Reads `#true` or `#false`, or an expression with that value.
    pub(crate) fn boolean(&mut self, entry: Entry<'_>) -> Option<Located<bool>> {
        if let Value::Boolean(value) = entry.value() {
            return Some(Located::new(value, entry.value_span()));
        }
        let text = self.text(entry)?;
        match &*text.value {
            "true" => Some(text.map(|_| true)),
            "false" => Some(text.map(|_| false)),
            other => {
                let message = format!("this is `{other}`, and must be `#true` or `#false`");
                let diagnostic = Diagnostic::new(&TYPE_MISMATCH, message).at(text.span, "not a boolean");
                self.push(diagnostic.help("an expression here must come to `true` or `false`"));
                None
            }
        }
    }
}

/// A refused value at its place.
pub(crate) fn refused(invalid: Invalid, span: Span) -> Diagnostic {
    Diagnostic::new(&INVALID_VALUE, invalid.message).at(span, "").maybe_help(invalid.help)
}

fn failed(failure: ExpressionError, entry: Entry<'_>) -> Diagnostic {
    let span = inner_span(entry, failure.range.clone());
    let help = advice(&failure);
    match failure.undefined {
        None => Diagnostic::new(&EXPRESSION, failure.message).at(span, "has no value"),
        Some(_) => Diagnostic::new(&UNDEFINED, failure.message).at(span, "not defined"),
    }
    .help(help)
}

fn advice(failure: &ExpressionError) -> String {
    match &failure.undefined {
        Some((missing, known)) => meant(missing, known),
        None => "an expression is written `{{ ports.http }}` or `{{ var.tag | upper }}`; a literal `{{` is written \
                 `{{ \"{{\" }}`"
            .to_string(),
    }
}

fn meant(missing: &str, known: &[String]) -> String {
    let (parent, name) = missing.rsplit_once('.').map_or(("", missing), |(parent, name)| (parent, name));
    let dotted = |name: &str| if parent.is_empty() { name.to_string() } else { format!("{parent}.{name}") };
    if let Some(meant) = nearest(name, known.iter().map(String::as_str)) {
        return format!("did you mean `{}`?", dotted(meant));
    }
    match parent {
        "needs" => format!("declare it: `needs \"{}\"`", name.replace('_', "-")),
        "var" => format!("declare it: `var \"{name}\" \"…\"`"),
        _ if parent.starts_with("needs.") && matches!(name, "address" | "host" | "ports" | "instance") => {
            format!(
                "several instances are in reach and `{missing}` would be one of them: choose a host with \
                 `needs \"{}\" host=\"…\"`, or use the list `{parent}.instances`",
                parent.trim_start_matches("needs.").replace('_', "-")
            )
        }
        "ports" if known.is_empty() => format!("declare it: `port \"{name}\" 8080`"),
        _ if known.is_empty() => "nothing is defined there".to_string(),
        _ => format!(
            "what is defined: {}",
            listed(known.iter().map(|name| dotted(name)).collect::<Vec<_>>().iter().map(String::as_str))
        ),
    }
}

/// Returns the place of the failing part, if the text stands in the file as it is; else the place of the whole value.
fn inner_span(entry: Entry<'_>, range: Range<usize>) -> Span {
    entry.quoted().map_or(entry.value_span(), |text| text.part(range))
}

/// The place of one word of a list such as `extends="node limits"`.
pub(crate) fn place_of(entry: Entry<'_>, word: &str) -> Span {
    let text = entry.as_text().unwrap_or("");
    let here = |(at, _): &(usize, &str)| {
        let ends = |c: Option<char>| c.is_none_or(|c| c.is_ascii_whitespace());
        ends(text[..*at].chars().next_back()) && ends(text[at + word.len()..].chars().next())
    };
    match text.match_indices(word).find(here) {
        Some((at, _)) if text.len() > word.len() => inner_span(entry, at..at + word.len()),
        _ => entry.value_span(),
    }
}
