//! The text of a template → the steps that print it.
//!
//! dpc's own templates use little of minijinja's language: names, three filters, `if`, `for` and `raw`. A large fleet prints
//! them tens of thousands of times, and such steps print them in two fifths of the time that minijinja takes. What has no step
//! is minijinja's to print, and so is every template of a project: there steps are counted.

use super::tokens::{Token, close, tokens};
use std::sync::atomic::AtomicUsize;

/// One step.
#[derive(Debug)]
pub enum Step {
    /// Text as it stands.
    Text(Box<str>),
    /// `{{ path|filter }}`
    Print(Path, Option<Filter>),
    /// `{% if condition %}`, with what follows where it holds and where it does not.
    If(Condition, Vec<Step>, Vec<Step>),
    /// `{% for name in path %}`, with what follows for each element and where there is none.
    For(Path, Vec<Step>, Vec<Step>),
}

/// Where a value is.
#[derive(Debug)]
pub struct Path {
    /// Whose element the way begins at: of the loop so many loops further out; none for the values of the template.
    pub round: Option<usize>,
    /// The names on the way.
    pub names: Vec<Name>,
}

/// A name to look up.
#[derive(Debug)]
pub struct Name {
    /// The name.
    pub text: Box<str>,
    /// Where it was found last, which is mostly where it is.
    pub hint: AtomicUsize,
}

/// Terms that must all hold.
pub type Condition = Vec<Term>;

/// What must hold, or must not.
#[derive(Debug)]
pub struct Term {
    /// Whether it must.
    pub holds: bool,
    /// What.
    pub test: Test,
}

/// What is asked of a value.
#[derive(Debug)]
pub enum Test {
    /// Whether it is there: true, not zero, not empty.
    True(Path),
    /// Whether it is this text.
    Equal(Path, Box<str>),
    /// Whether this is the last element of the innermost loop.
    Last,
}

/// What is done to a text before it is written.
#[derive(Clone, Copy, Debug)]
pub enum Filter {
    /// `comment`
    Comment,
    /// `argument`
    Argument,
    /// `assigned`
    Assigned,
}

/// The steps of a template. `None` where one of its tags is more than steps can do.
pub fn steps(text: &str) -> Option<Vec<Step>> {
    let mut reader = Reader { pieces: pieces(text)?.into_iter(), loops: Vec::new() };
    match reader.block()? {
        (steps, None) => Some(steps),
        _ => None,
    }
}

/// A part of a template.
enum Piece<'t> {
    Text(&'t str),
    /// `{{ … }}`
    Value(Vec<Token<'t>>),
    /// `{% … %}`
    Tag(Vec<Token<'t>>),
}

/// A tag takes the white space before it where nothing else is before it on its line, and one newline behind it.
fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let (mut at, mut is_behind_tag) = (0, false);
    while let Some((start, sign)) = next_braces(text, at) {
        let is_tag = match sign {
            b'#' => return None,
            sign => sign == b'%',
        };
        let before = if is_tag { without_indent(&text[at..start], at == 0) } else { &text[at..start] };
        pieces.push(Piece::Text(without_newline(before, is_behind_tag)));
        let end = close(text, start + 2, if is_tag { b'%' } else { b'}' })?;
        let source: Vec<_> = tokens(&text[start + 2..end]).collect();
        at = end + 2;
        is_behind_tag = is_tag;
        match &source[..] {
            [Token::Sign(_), ..] | [.., Token::Sign(_)] => return None,
            [Token::Word("raw")] => {
                let length = text[at..].find(END_RAW)?;
                pieces.push(Piece::Text(without_indent(without_newline(&text[at..at + length], true), true)));
                at += length + END_RAW.len();
            }
            _ if is_tag => pieces.push(Piece::Tag(source)),
            _ => pieces.push(Piece::Value(source)),
        }
    }
    pieces.push(Piece::Text(without_newline(&text[at..], is_behind_tag)));
    Some(pieces)
}

const END_RAW: &str = "{% endraw %}";

/// The next place where two signs open something, and the second of them.
fn next_braces(text: &str, from: usize) -> Option<(usize, u8)> {
    let bytes = text.as_bytes();
    let opens = |at: &usize| bytes[*at] == b'{' && matches!(bytes.get(at + 1), Some(b'{' | b'%' | b'#'));
    let start = (from..bytes.len()).find(opens)?;
    Some((start, bytes[start + 1]))
}

fn without_indent(text: &str, is_first: bool) -> &str {
    let line = text.rfind('\n').map_or(0, |newline| newline + 1);
    let is_whole = line > 0 || is_first;
    if is_whole && text[line..].bytes().all(|byte| matches!(byte, b' ' | b'\t')) {
        &text[..line]
    } else {
        text
    }
}

fn without_newline(text: &str, is_behind_tag: bool) -> &str {
    if is_behind_tag { text.strip_prefix('\n').unwrap_or(text) } else { text }
}

struct Reader<'t> {
    pieces: std::vec::IntoIter<Piece<'t>>,
    /// The names of the elements of the loops around, the innermost last.
    loops: Vec<&'t str>,
}

impl<'t> Reader<'t> {
    /// The steps up to the tag that ends a block, and that tag.
    fn block(&mut self) -> Option<(Vec<Step>, Option<&'t str>)> {
        let mut steps = Vec::new();
        while let Some(piece) = self.pieces.next() {
            let step = match piece {
                Piece::Text("") => continue,
                Piece::Text(text) => Step::Text(text.into()),
                Piece::Value(source) => self.value(&source)?,
                Piece::Tag(source) => match &source[..] {
                    [Token::Word(end @ ("else" | "endif" | "endfor"))] => return Some((steps, Some(end))),
                    [Token::Word("if"), condition @ ..] => self.choice(condition)?,
                    [Token::Word("for"), Token::Word(name), Token::Word("in"), list @ ..] => {
                        self.rounds(name, list)?
                    }
                    _ => return None,
                },
            };
            steps.push(step);
        }
        Some((steps, None))
    }

    fn value(&self, source: &[Token<'t>]) -> Option<Step> {
        let (path, filter) = match source {
            [path @ .., Token::Sign(b'|'), Token::Word(name)] => {
                let filter = match *name {
                    "comment" => Filter::Comment,
                    "argument" => Filter::Argument,
                    "assigned" => Filter::Assigned,
                    _ => return None,
                };
                (path, Some(filter))
            }
            path => (path, None),
        };
        Some(Step::Print(self.path(path)?, filter))
    }

    fn choice(&mut self, condition: &[Token<'t>]) -> Option<Step> {
        let terms = condition.split(|token| *token == Token::Word("and"));
        let condition = terms.map(|term| self.term(term)).collect::<Option<_>>()?;
        let (then, otherwise) = self.branches("endif")?;
        Some(Step::If(condition, then, otherwise))
    }

    fn rounds(&mut self, name: &'t str, list: &[Token<'t>]) -> Option<Step> {
        let list = self.path(list)?;
        self.loops.push(name);
        let (each, end) = self.block()?;
        self.loops.pop();
        let none = self.otherwise(end?, "endfor")?;
        Some(Step::For(list, each, none))
    }

    fn branches(&mut self, last: &str) -> Option<(Vec<Step>, Vec<Step>)> {
        let (then, end) = self.block()?;
        Some((then, self.otherwise(end?, last)?))
    }

    /// What stands behind an `else` up to the last tag; nothing where `end` is that tag already.
    fn otherwise(&mut self, end: &str, last: &str) -> Option<Vec<Step>> {
        match end {
            "else" => self.block().filter(|(_, end)| *end == Some(last)).map(|(steps, _)| steps),
            end => (end == last).then(Vec::new),
        }
    }

    fn term(&self, source: &[Token<'t>]) -> Option<Term> {
        let (holds, source) = match source {
            [Token::Word("not"), source @ ..] => (false, source),
            source => (true, source),
        };
        let test = match source {
            [Token::Word("loop"), Token::Sign(b'.'), Token::Word("last")] if !self.loops.is_empty() => {
                Test::Last
            }
            [path @ .., Token::Sign(b'='), Token::Sign(b'='), Token::Text(text)] => {
                let text = text.get(1..text.len() - 1).filter(|text| !text.contains('\\'))?;
                Test::Equal(self.path(path)?, text.into())
            }
            path => Test::True(self.path(path)?),
        };
        Some(Term { holds, test })
    }

    fn path(&self, source: &[Token<'t>]) -> Option<Path> {
        let parts = source.split(|token| *token == Token::Sign(b'.'));
        let words = parts.map(|part| match part {
            [Token::Word(word)] if is_name(word) => Some(*word),
            _ => None,
        });
        let mut words: Vec<&str> = words.collect::<Option<_>>()?;
        let round = self.loops.iter().rev().position(|name| *name == words[0]);
        if round.is_some() {
            words.remove(0);
        }
        let name = |text: &str| Name { text: text.into(), hint: AtomicUsize::new(0) };
        Some(Path { round, names: words.into_iter().map(name).collect() })
    }
}

/// Whether a word is a name, and neither a number nor a word of minijinja's own.
fn is_name(word: &str) -> bool {
    const OTHERS: [&str; 14] = [
        "True", "False", "None", "true", "false", "none", "and", "or", "not", "in", "is", "if", "else",
        "loop",
    ];
    !word.starts_with(|first: char| first.is_ascii_digit()) && !OTHERS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::steps;
    use crate::jinja::SHIPPED;

    #[test]
    fn the_templates_of_dpc_are_steps() {
        for (name, text) in SHIPPED {
            assert!(steps(text).is_some(), "{name}");
        }
    }

    #[test]
    fn what_is_more_is_left_to_minijinja() {
        for text in [
            "{{ a + b }}",
            "{{ a|upper }}",
            "{{ a[0] }}",
            "{{ a() }}",
            "{{- a }}",
            "{{ a -}}",
            "{{ 1 }}",
            "{{ none }}",
            "{{ loop.index }}",
            "{{ }}",
            "{{ a",
            "{# a #}",
            "{% set a = 1 %}",
            "{% if a or b %}{% endif %}",
            "{% if a == 1 %}{% endif %}",
            "{% if a == '\\n' %}{% endif %}",
            "{% if loop.last %}{% endif %}",
            "{% if a %}{% elif b %}{% endif %}",
            "{% if a %}",
            "{% if a %}{% endfor %}",
            "{% for a in b %}{% endif %}",
            "{% for a, b in c %}{% endfor %}",
            "{% for a in b if a %}{% endfor %}",
            "{% else %}",
            "{% raw %}",
        ] {
            assert!(steps(text).is_none(), "{text}");
        }
    }
}
