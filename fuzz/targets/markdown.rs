//! Two projects, behind each other: what `dpc diff` says of them, as a comment, for a terminal and for machines.
#![no_main]

use dpc::front::resolve::Request;
use dpc::tools::diff::{Bundles, Failed, FailedSide, diff, json, markdown, text};
use dpc_fuzz::{archive, comment, compiled, is_shown};
use std::sync::LazyLock;

dpc_fuzz::target!(check);

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(include_str!("../../docs/diff.schema.json")).expect("it is JSON");
    jsonschema::validator_for(&schema).expect("it is a schema")
});

fn check(both: &str) {
    let (base, head) = archive::sides(both);
    let [base, head] = [base, head].map(|side| archive::project(&archive::files("dpc.kdl", side)));
    let request = archive::requests(&head).pop().unwrap_or_default();
    let base = compiled::outcome(&base, &Request { environment: None, ..request.clone() });
    let head = compiled::outcome(&head, &request);
    let (Some((old, old_files)), Some((new, new_files))) = (&base.result, &head.result) else {
        let sides = [("base", &base), ("head", &head)];
        let side = |(side, built): (&str, &dpc::pipeline::Outcome<_>)| {
            FailedSide::new(side, "a`name", &built.diagnostics, &built.sources)
        };
        let failed = Failed::new(sides.map(side).to_vec());
        comment::check(&failed.markdown());
        return fits(&json(&failed));
    };
    for bodies in [true, false] {
        let report = diff(
            &old.plan,
            &new.plan,
            &new.plan.same_hosts(&old.plan),
            Some(Bundles { base: old_files, head: new_files, bodies }),
        );
        comment::check(&markdown(&report));
        assert!(is_shown(&text(&report)), "{:?}", text(&report));
        fits(&json(&report));
    }
    let same = Bundles { base: new_files, head: new_files, bodies: true };
    assert!(
        !diff(&new.plan, &new.plan, &new.plan.same_hosts(&new.plan), Some(same)).changed,
        "differs from itself"
    );
}

fn fits(json: &str) {
    assert!(is_shown(json), "{json:?}");
    let document = serde_json::from_str(json).expect("it is JSON");
    let faults: Vec<String> = SCHEMA.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
}
