//! `docs/diff.schema.json`: made from the code, and every report fits it.

use crate::diff::pairs::{root, updates};
use dpc::tools::diff::{Diff, Failed};
use std::fs;

/// What `dpc diff --format json` prints.
#[derive(schemars::JsonSchema)]
#[schemars(untagged)]
#[allow(dead_code)]
enum Report {
    /// Both sides compile.
    Difference(Box<Diff>),
    /// One of them does not.
    Failure(Failed),
}

fn schema() -> serde_json::Value {
    serde_json::to_value(schemars::schema_for!(Report)).unwrap()
}

#[test]
fn the_schema_is_current() {
    let made = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    let path = root().join("docs/diff.schema.json");
    if updates() {
        fs::write(&path, &made).unwrap();
    }
    assert_eq!(made, fs::read_to_string(path).unwrap());
}

#[test]
fn every_report_fits_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut seen = 0;
    for entry in fs::read_dir(root().join("golden/diff")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "json") {
            let document = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            let faults: Vec<String> =
                validator.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(faults.is_empty(), "{}: {faults:?}", path.display());
            seen += 1;
        }
    }
    assert!(seen >= 20);
    assert!(!validator.is_valid(&serde_json::json!({ "version": 1 })));
}
