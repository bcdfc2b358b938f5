//! The names that expressions and templates look up: maps by name, and lists that make their elements on request.

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A map in which expressions and templates look up names, sorted by name. The last of two values with one name counts.
pub fn map<K: Into<Cow<'static, str>>>(entries: impl IntoIterator<Item = (K, Value)>) -> Value {
    let mut names: Vec<(Cow<'static, str>, Value)> =
        entries.into_iter().map(|(name, value)| (name.into(), value)).collect();
    names.reverse();
    names.sort_by(|(one, _), (other, _)| one.cmp(other));
    names.dedup_by(|(later, _), (first, _)| later == first);
    Value::from_object(Names(names))
}

/// A list of `length` values. `element` makes each from its position when it is looked at.
pub fn list(length: usize, element: impl Fn(usize) -> Value + Send + Sync + 'static) -> Value {
    Value::from_object(List { length, element })
}

/// Values by name, sorted by name.
#[derive(Debug)]
struct Names(Vec<(Cow<'static, str>, Value)>);

impl Names {
    fn position(&self, name: &str) -> Option<usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(name)).ok()
    }
}

impl Object for Names {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.position(key).map(|at| self.0[at].1.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(name, _)| Value::from(&**name)).collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.0.len())
    }
}

struct List<F> {
    length: usize,
    element: F,
}

impl<F> fmt::Debug for List<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} values", self.length)
    }
}

impl<F: Fn(usize) -> Value + Send + Sync + 'static> Object for List<F> {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let index = key.as_usize().filter(|index| *index < self.length)?;
        Some((self.element)(index))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::{list, map};
    use minijinja::{Environment, Value};

    fn rendered(template: &str, value: Value) -> String {
        Environment::new().render_str(template, map([("it", value)])).unwrap()
    }

    #[test]
    fn names_are_looked_up_and_sorted() {
        let it = || map([("b", Value::from(1)), ("a", Value::from(2)), ("b", Value::from(3))]);
        assert_eq!(rendered("{{ it.b }}{{ it['a'] }}{{ it.c is defined }}", it()), "32False");
        assert_eq!(
            rendered("{% for name, value in it|items %}{{ name }}{{ value }}{% endfor %}", it()),
            "a2b3"
        );
        assert_eq!(rendered("{{ it|length }}", it()), "2");
    }

    #[test]
    fn elements_are_made_when_they_are_asked_for() {
        let it = || list(3, Value::from);
        assert_eq!(
            rendered("{% for n in it %}{{ n }}{% endfor %}{{ it[2] }}{{ it[3] is defined }}", it()),
            "0122False"
        );
        assert_eq!(rendered("{% for n in it %}{% else %}none{% endfor %}", list(0, Value::from)), "none");
    }
}
