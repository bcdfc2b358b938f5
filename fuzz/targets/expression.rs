//! `{{ expressions }}` in a value: a text of bounded size, or what is wrong and where; the same each time.
#![no_main]

use dpc::template::{Expressions, Value, map};
use std::sync::LazyLock;

dpc_fuzz::target!(check);

/// The most that a value may grow to, and what stands behind the last expression.
const LONGEST: usize = 1024 * 1024;

static SCOPE: LazyLock<Value> = LazyLock::new(|| {
    let ports = || map([("http", Value::from(8080)), ("metrics", Value::from(9100))]);
    let redis = map([("address", Value::from("10.0.0.21")), ("ports", ports())]);
    let labels = map([("role", Value::from("app")), ("zone", Value::from("é a\"'\\"))]);
    map([
        ("var", map([("tag", Value::from("1.4.2")), ("empty", Value::from(""))])),
        ("host", map([("name", Value::from("app-1")), ("labels", labels)])),
        ("service", map([("name", Value::from("api"))])),
        ("instance", Value::from(2)),
        ("ports", ports()),
        ("needs", map([("redis", redis)])),
        ("list", Value::from(vec!["a", "b"])),
    ])
});

fn check(text: &str) {
    let expressions = Expressions::default();
    let filled = expressions.fill(text, &SCOPE, |_| true);
    match &filled {
        Ok(None) => assert!(!text.contains("{{")),
        Ok(Some(filled)) => assert!(filled.len() <= 2 * LONGEST + text.len(), "{} bytes", filled.len()),
        Err(failure) => {
            assert!(!failure.message.is_empty());
            assert!(text.get(failure.range.clone()).is_some(), "{failure:?}");
        }
    }
    assert_eq!(expressions.fill(text, &SCOPE, |_| true), filled, "something else the second time");
}
