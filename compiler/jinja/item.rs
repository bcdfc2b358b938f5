//! What a template sees. dpc's own templates are printed from it as it is: most of it is borrowed from the plan, and there are
//! tens of thousands of them. minijinja sees it as values of its own, which a project's templates are printed from.

use super::names;
use minijinja::Value;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A text, a number, a flag, a list or a map.
#[derive(Clone)]
pub enum Item<'i> {
    /// A text.
    Text(Cow<'i, str>),
    /// A whole number.
    Number(u64),
    /// Whether something is so.
    Flag(bool),
    /// A list.
    List(Vec<Item<'i>>),
    /// A list whose elements are made when they are looked at.
    Made(usize, Arc<Element>),
    /// Values by name; no two have the same.
    Map(Vec<(&'static str, Item<'i>)>),
}

/// Makes the element at a position.
pub type Element = dyn Fn(usize) -> Item<'static> + Send + Sync;

impl Item<'_> {
    /// A list of `length` elements, each made by `element` from its position whenever it is looked at.
    pub fn made(length: usize, element: impl Fn(usize) -> Item<'static> + Send + Sync + 'static) -> Self {
        Item::Made(length, Arc::new(element))
    }

    /// The text, if it is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Item::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is there: so, not zero, not empty.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Item::Text(text) => !text.is_empty(),
            Item::Number(number) => *number != 0,
            Item::Flag(is_so) => *is_so,
            Item::List(list) => !list.is_empty(),
            Item::Made(length, _) => *length != 0,
            Item::Map(map) => !map.is_empty(),
        }
    }

    /// The same for minijinja.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Item::Text(text) => Value::from(&**text),
            Item::Number(number) => Value::from(*number),
            Item::Flag(is_so) => Value::from(*is_so),
            Item::List(list) => Value::from(list.iter().map(Item::to_value).collect::<Vec<_>>()),
            Item::Made(length, element) => {
                let element = Arc::clone(element);
                names::list(*length, move |index| element(index).to_value())
            }
            Item::Map(map) => names::map(map.iter().map(|(name, item)| (*name, item.to_value()))),
        }
    }
}

impl fmt::Debug for Item<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

impl<'i> From<&'i str> for Item<'i> {
    fn from(text: &'i str) -> Self {
        Item::Text(text.into())
    }
}

impl From<String> for Item<'_> {
    fn from(text: String) -> Self {
        Item::Text(text.into())
    }
}

impl<'i> From<Cow<'i, str>> for Item<'i> {
    fn from(text: Cow<'i, str>) -> Self {
        Item::Text(text)
    }
}

impl From<u64> for Item<'_> {
    fn from(number: u64) -> Self {
        Item::Number(number)
    }
}

impl From<u32> for Item<'_> {
    fn from(number: u32) -> Self {
        Item::Number(number.into())
    }
}

impl From<bool> for Item<'_> {
    fn from(is_so: bool) -> Self {
        Item::Flag(is_so)
    }
}

impl<'i> From<Vec<Item<'i>>> for Item<'i> {
    fn from(list: Vec<Item<'i>>) -> Self {
        Item::List(list)
    }
}

impl<'i, const N: usize> From<[(&'static str, Item<'i>); N]> for Item<'i> {
    fn from(map: [(&'static str, Item<'i>); N]) -> Self {
        Item::Map(map.into())
    }
}
