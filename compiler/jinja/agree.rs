//! Steps print what minijinja prints.

use super::print::{Scope, print};
use super::steps::steps;
use super::written::Kind;
use super::{Item, Templates};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Names of every kind: texts, numbers, flags, lists that are held and lists that are made, with some that have nothing.
fn values() -> Item<'static> {
    let words =
        |words: &[&'static str]| Item::from(words.iter().copied().map(Item::from).collect::<Vec<_>>());
    let one = |kind: &'static str| Item::from([("kind", kind.into()), ("words", words(&["a b", "c"]))]);
    let numbers = Item::made(2, |n| Item::from(n as u64));
    let inner = Item::from([("kind", "x".into()), ("list", numbers), ("none", words(&[]))]);
    let made = Item::made(3, |n| {
        let number = Item::from(n as u64);
        Item::from([("kind", number.clone()), ("words", vec![number].into())])
    });
    Item::from([
        ("text", "it's 50% \"x\" \\ é".into()),
        ("empty", "".into()),
        ("number", 17u32.into()),
        ("yes", true.into()),
        ("no", false.into()),
        ("words", words(&["one", "t wo", "-$x"])),
        ("none", words(&[])),
        ("made", made),
        ("held", vec![one("x"), one("y")].into()),
        ("inner", inner),
    ])
}

/// What steps print; none where the template is more than steps.
fn by_steps(name: &str, text: &str) -> Option<Result<String, String>> {
    let mut printed = String::new();
    let values = values();
    let result = print(&steps(text)?, Scope::new(&values), Kind::of(name), &mut printed);
    Some(result.map(|()| printed).map_err(|error| error.to_string()))
}

fn by_minijinja(name: &str, text: &str) -> Option<String> {
    let overrides = BTreeMap::from([(name.to_owned(), text.to_owned())]);
    let mut printed = Vec::new();
    Templates::new(overrides).ok()?.render(name, &values(), 9, &mut printed).ok()?;
    String::from_utf8(printed).ok()
}

/// Text between tags, with the white space that tags take.
fn text() -> impl Strategy<Value = String> {
    let parts = [
        "\n",
        "\n\n",
        "    ",
        " ",
        "\t",
        "a",
        "b c\n",
        "# x",
        "{",
        "}",
        "%}",
        "'",
        "{% raw %}{{.X}}{% endraw %}",
        "{% raw %}\n {{.X}}\n  {% endraw %}\n",
        "{% raw %}  {% endraw %}",
    ];
    prop::collection::vec(prop::sample::select(parts.to_vec()), 0..4).prop_map(|parts| parts.concat())
}

fn path() -> impl Strategy<Value = &'static str> {
    let paths = [
        "text",
        "empty",
        "number",
        "yes",
        "no",
        "words",
        "none",
        "made",
        "held",
        "inner.kind",
        "inner.list",
        "inner.none",
        "inner",
        "x",
        "x.kind",
        "x.words",
        "y",
        "y.words",
    ];
    prop::sample::select(paths.to_vec())
}

/// minijinja goes through the letters of a text and the names of a map too.
fn lists() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "words",
        "none",
        "made",
        "held",
        "inner.list",
        "inner.none",
        "x.words",
        "y.words",
    ])
}

fn value() -> impl Strategy<Value = String> {
    let filters = prop::sample::select(vec!["", "", "|comment", " | argument", "|assigned"]);
    (path(), filters).prop_map(|(path, filter)| format!("{{{{ {path}{filter} }}}}"))
}

fn condition() -> impl Strategy<Value = String> {
    let term = (
        prop::sample::select(vec!["", "not "]),
        path(),
        prop::sample::select(vec!["", " == \"x\"", " == 'y'"]),
    )
        .prop_map(|(not, path, equal)| format!("{not}{path}{equal}"));
    let term = prop_oneof![3 => term, 1 => prop::sample::select(vec!["loop.last", "not loop.last"]).prop_map(String::from)];
    prop::collection::vec(term, 1..3).prop_map(|terms| terms.join(" and "))
}

fn template() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![text(), value()];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let inside = || prop::collection::vec(inner.clone(), 0..4).prop_map(|parts| parts.concat());
        let otherwise =
            || prop_oneof![Just(String::new()), inside().prop_map(|text| format!("{{% else %}}{text}"))];
        let choice = (condition(), inside(), otherwise()).prop_map(|(condition, then, otherwise)| {
            format!("{{% if {condition} %}}{then}{otherwise}{{% endif %}}")
        });
        let name = prop::sample::select(vec!["x", "y"]);
        let rounds = (name, lists(), inside(), otherwise()).prop_map(|(name, list, each, none)| {
            format!("{{% for {name} in {list} %}}{each}{none}{{% endfor %}}")
        });
        prop_oneof![2 => inside(), 2 => choice, 3 => rounds, 1 => text(), 1 => value()]
    })
}

proptest! {
    #[test]
    fn what_steps_print_is_what_minijinja_prints(text in template()) {
        for name in ["container.sh.j2", "service.service.j2", "plan.txt.j2"] {
            if let Some(printed) = by_steps(name, &text) {
                prop_assert_eq!(printed.ok(), by_minijinja(name, &text));
            }
        }
    }
}
