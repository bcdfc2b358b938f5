//! Steps and the values of a template → its text.

use super::item::Item;
use super::steps::{Condition, Name, Path, Step, Test};
use super::written::{Kind, encode_item, filtered, unwritten, write};
use minijinja::{Error, ErrorKind};
use std::fmt;
use std::sync::atomic::Ordering;

/// What steps look up.
#[derive(Clone, Copy)]
pub struct Scope<'s> {
    /// The values of the template.
    values: &'s Item<'s>,
    /// Where the innermost loop is.
    round: Option<&'s Round<'s>>,
}

/// One round of a loop.
struct Round<'s> {
    element: &'s Item<'s>,
    is_last: bool,
    /// That of the loop around.
    around: Option<&'s Round<'s>>,
}

impl<'s> Scope<'s> {
    /// The values of a template, outside of any loop.
    pub fn new(values: &'s Item<'s>) -> Self {
        Self { values, round: None }
    }
}

/// Follows steps, for a file of that kind.
pub fn print(steps: &[Step], scope: Scope<'_>, kind: Kind, out: &mut impl fmt::Write) -> Result<(), Error> {
    for step in steps {
        match step {
            Step::Text(text) => out.write_str(text).map_err(|_| unwritten())?,
            Step::Print(path, None) => encode_item(kind, scope.find(path)?, out)?,
            Step::Print(path, Some(filter)) => {
                let text = scope.find(path)?.as_text().ok_or_else(|| no_value(path))?;
                write(out, &filtered(*filter, text)?)?;
            }
            Step::If(condition, then, otherwise) => {
                let next = if scope.holds(condition)? { then } else { otherwise };
                print(next, scope, kind, out)?;
            }
            Step::For(list, each, none) => scope.rounds(list, (each, none), kind, out)?,
        }
    }
    Ok(())
}

impl<'s> Scope<'s> {
    fn rounds(
        self,
        list: &Path,
        (each, none): (&[Step], &[Step]),
        kind: Kind,
        out: &mut impl fmt::Write,
    ) -> Result<(), Error> {
        let (items, made) = match self.find(list)? {
            Item::List(items) => (&items[..], None),
            Item::Made(length, element) => (&[][..], Some((*length, element))),
            _ => return Err(no_value(list)),
        };
        let length = made.map_or(items.len(), |(length, _)| length);
        let round = |index: usize, element: &Item<'_>, out: &mut _| {
            let round = Round { element, is_last: index + 1 == length, around: self.round };
            print(each, Scope { round: Some(&round), ..self }, kind, out)
        };
        match made {
            None => items.iter().enumerate().try_for_each(|(index, item)| round(index, item, out))?,
            Some((length, element)) => {
                (0..length).try_for_each(|index| round(index, &element(index), out))?;
            }
        }
        if length == 0 { print(none, self, kind, out) } else { Ok(()) }
    }

    fn holds(self, condition: &Condition) -> Result<bool, Error> {
        for term in condition {
            let found = match &term.test {
                Test::True(path) => self.find(path)?.is_true(),
                Test::Equal(path, text) => self.find(path)?.as_text() == Some(text),
                Test::Last => self.round.is_some_and(|round| round.is_last),
            };
            if found != term.holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn find(self, path: &Path) -> Result<&'s Item<'s>, Error> {
        let start = match path.round {
            None => Some(self.values),
            Some(outwards) => {
                let mut rounds = std::iter::successors(self.round, |round| round.around);
                rounds.nth(outwards).map(|round| round.element)
            }
        };
        let found = path.names.iter().try_fold(start, |value, name| Some(look_up(value?, name)));
        found.flatten().ok_or_else(|| no_value(path))
    }
}

fn look_up<'i>(item: &'i Item<'i>, name: &Name) -> Option<&'i Item<'i>> {
    let Item::Map(names) = item else { return None };
    let is_it = |known: &&str| **known == *name.text;
    let hint = name.hint.load(Ordering::Relaxed);
    if let Some((_, found)) = names.get(hint).filter(|(known, _)| is_it(known)) {
        return Some(found);
    }
    let at = names.iter().position(|(known, _)| is_it(known))?;
    name.hint.store(at, Ordering::Relaxed);
    Some(&names[at].1)
}

fn no_value(path: &Path) -> Error {
    let names: Vec<&str> = path.names.iter().map(|name| &*name.text).collect();
    Error::new(ErrorKind::UndefinedError, format!("`{}` has no value here", names.join(".")))
}
