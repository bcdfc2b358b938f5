//! One example for every rule, and the message as its user sees it.

use crate::golden::case::{build, folders, messages, name, open, request, root};
use crate::golden::files::{Files, assert_same, compare};
use dpc::diagnostic::{Severity, to_json};
use dpc::front::faults;
use std::collections::BTreeSet;

#[test]
fn every_rule_has_an_example_and_its_message() {
    let mut made = Files::new();
    let mut wrong = Vec::new();
    for example in folders(&root().join("examples/errors")) {
        let code = name(&example);
        let outcome = build(&open(&example), &request(&example));
        // A folder is named after its code, with an optional suffix: `port-conflict.instances`.
        let rule = code.split('.').next().unwrap_or(&code);
        let Some(fault) = faults::all().into_iter().find(|fault| fault.code == rule) else {
            wrong.push(format!("examples/errors/{code}: there is no rule of that name"));
            continue;
        };
        if let Some(other) = outcome.diagnostics.iter().find(|diagnostic| diagnostic.fault.code != rule) {
            wrong.push(format!(
                "examples/errors/{code}: also breaks `{}`: {}",
                other.fault.code, other.message
            ));
        }
        if outcome.diagnostics.is_empty() {
            wrong.push(format!("examples/errors/{code}: breaks nothing"));
        }
        if outcome.result.is_some() != (fault.severity == Severity::Warning) {
            wrong.push(format!("examples/errors/{code}: an error must not compile, and a warning must"));
        }
        made.insert(format!("{code}.txt"), (messages(&outcome).into_bytes(), false));
        if code == "port-conflict" {
            let json = to_json(&outcome.diagnostics, &outcome.sources);
            made.insert(format!("{code}.json"), (json.into_bytes(), false));
        }
    }
    wrong.extend(missing(&made));
    wrong.extend(compare(&made, &root().join("golden/errors")));
    assert_same(wrong);
}

fn missing(made: &Files) -> Vec<String> {
    let codes: BTreeSet<&str> = faults::all().into_iter().map(|fault| fault.code).collect();
    let without = codes.into_iter().filter(|code| !made.contains_key(&format!("{code}.txt")));
    without.map(|code| format!("examples/errors/{code}: missing")).collect()
}

#[test]
fn codes_are_words_and_unique() {
    let all = faults::all();
    let codes: BTreeSet<&str> = all.iter().map(|fault| fault.code).collect();
    assert_eq!(codes.len(), all.len());
    for fault in all {
        assert!(fault.code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", fault.code);
        assert!(!fault.summary.ends_with('.') && fault.why.ends_with('.'), "{}", fault.code);
    }
}
