//! `--format json`: stdout holds one document, whatever happens.

use crate::command::call::{Call, WARNED};
use crate::project::Project;
use serde_json::{Value, json};

fn document(call: Call) -> Value {
    serde_json::from_str(&call.run()).unwrap()
}

/// The calls that diagnose.
const DIAGNOSING: [&[&str]; 5] = [
    &["build", "--format", "json"],
    &["build", "--check", "--format", "json"],
    &["check", "--format=json"],
    &["show", "api", "--format", "json"],
    &["graph", "--format", "json"],
];

#[test]
fn results_are_in_the_document() {
    let project = Project::shop();
    let stale = document(project.call(DIAGNOSING[1]).code(1).says(["not what dpc makes now"]).prints([""]));
    assert_eq!(stale["changes"]["app-1/activate"], "new");
    let built = document(project.call(DIAGNOSING[0]).prints([""]));
    assert_eq!(built["diagnostics"], json!([]));
    assert_eq!(built["changes"], stale["changes"]);
    assert_eq!(
        document(project.call(DIAGNOSING[1]).prints([""])),
        json!({ "diagnostics": [], "changes": {} })
    );
    assert_eq!(document(project.call(DIAGNOSING[2]).prints([""])), json!({ "diagnostics": [] }));
    let shown = document(project.call(DIAGNOSING[3]).prints([""]));
    assert_eq!(
        shown["lines"][1],
        json!({ "kdl": "    image \"registry.example.com/shop/api:1.0\"", "file": "dpc.kdl", "line": 4 })
    );
    let graph = document(project.call(DIAGNOSING[4]).prints([""]));
    assert_eq!(graph["nodes"], json!([{ "name": "api", "layer": 0, "needs": [] }]));
}

#[test]
fn what_is_wrong_is_in_the_document_and_nowhere_else() {
    let project = Project::shop();
    project.edit("dpc.kdl", "image", "imgae");
    for arguments in DIAGNOSING {
        let found = document(project.call(arguments).code(1).prints([""]));
        let first = &found["diagnostics"][0];
        assert_eq!(first["code"], "unknown-node", "{arguments:?}");
        assert_eq!(first["severity"], "error");
        assert_eq!(first["file"], "dpc.kdl");
        assert_eq!(first["span"]["line"], 4);
        assert!(first["help"][0].as_str().unwrap().contains("image"), "{first}");
    }
}

#[test]
fn warnings_are_in_the_document_and_strict_decides_the_end() {
    let project = Project::empty().file("dpc.kdl", WARNED);
    let found = document(project.call(DIAGNOSING[2]).prints([""]));
    assert_eq!(found["diagnostics"][0]["severity"], "warning");
    let strict = DIAGNOSING[2].iter().chain(&["--strict"]);
    assert_eq!(document(project.call(strict).code(1).prints([""])), found);
}

#[test]
fn trouble_is_in_the_document_and_on_stderr() {
    let project = Project::empty();
    for arguments in DIAGNOSING {
        let found = document(project.call(arguments).code(2).says(["no `dpc.kdl`"]).prints([""]));
        assert_eq!(found["errors"][0]["message"], "there is no `dpc.kdl` in this directory", "{arguments:?}");
    }
    let project = Project::shop();
    project.write("out/plan.txt", "mine");
    let found = document(project.call(DIAGNOSING[0]).code(2).says(["was not made by dpc"]).prints([""]));
    let message = found["errors"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("`out/plan.txt` was not made by dpc"), "{message}");
}
