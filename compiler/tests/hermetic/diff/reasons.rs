//! Every value in a plan: if it changes, there is a reason for it.

use crate::diff::pairs::pairs;
use dpc::model::plan::Plan;
use dpc::tools::diff::diff;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Fields that say nothing about the hosts: some are for the checks, others follow from another field (the instance's number
/// from the unit's name, the origin of the plan from that of the fleet).
const SILENT: &[&str] =
    &["writes", "shared", "docker_socket", "layer", "version", "generated", "environment", "instance"];

/// Pairs that together have every field.
const PAIRS: &[&str] = &[
    "limits",
    "risks",
    "registration",
    "order",
    "secrets",
    "tasks",
    "host-address",
    "reserved-ports",
    "volumes",
    "env",
];

#[test]
fn no_value_of_a_plan_changes_without_a_reason() {
    let mut fields = BTreeSet::new();
    for (name, (_, head)) in pairs().iter().filter(|(name, _)| PAIRS.contains(&&***name)) {
        let document = serde_json::to_value(&head.0).unwrap();
        for path in leaves(&document) {
            let field = path.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap().to_string();
            // The records of a registration tell all that its port did to them.
            let port = path.contains("/registrations/") && field == "port";
            if SILENT.contains(&&*field) || port || path.contains("/etcd/") {
                continue;
            }
            for value in others(document.pointer(&path).unwrap()) {
                let mut changed = document.clone();
                *changed.pointer_mut(&path).unwrap() = value;
                let Ok(plan) = serde_json::from_value::<Plan>(changed) else { continue };
                let report = diff(&head.0, &plan, &plan.same_hosts(&head.0), None);
                assert!(report.changed, "{name}: {path}");
                fields.insert(field.clone());
            }
        }
    }
    assert!(fields.len() > 40, "{fields:?}");
}

fn leaves(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), document)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(map) => {
                open.extend(map.iter().map(|(key, value)| {
                    (format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")), value)
                }));
            }
            Value::Array(list) => {
                open.extend(list.iter().enumerate().map(|(index, value)| (format!("{path}/{index}"), value)));
            }
            _ => found.push(path),
        }
    }
    found
}

fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(value) => vec![json!(!value)],
        Value::Number(number) => vec![json!(number.as_i64().unwrap() + 1)],
        Value::String(text) => vec![json!(format!("{text}1")), json!("10.9.8.7"), json!("bridge")],
        _ => Vec::new(),
    }
}
