//! Pages that are generated from the code, and code that stands in pages.

use crate::golden::case::{build, messages, open, request, root};
use crate::golden::files::{Files, assert_same};
use dpc::front::resolve::Request;
use dpc::language::reference;
use dpc::model::plan::Plan;
use dpc::project::Memory;
use dpc::value::docker_flags;
use std::fs;
use std::path::Path;

#[test]
fn the_reference_of_the_language_is_current() {
    assert_same(page("docs/language.md", reference()));
    assert_same(page("docs/docker-run.md", docker_flags::page()));
}

#[test]
fn the_schema_of_the_plan_is_current() {
    let mut schema = serde_json::to_string_pretty(&schemars::schema_for!(Plan)).unwrap();
    schema.push('\n');
    assert_same(page("docs/plan.schema.json", schema));
}

#[test]
fn every_plan_fits_its_schema_and_reads_back() {
    let schema = serde_json::to_value(schemars::schema_for!(Plan)).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut seen = 0;
    // The printed files, not the stored ones: another test may just be writing these anew.
    for example in crate::golden::case::examples() {
        let folder = example.as_path();
        let Some((_, artifacts)) = build(&open(folder), &request(folder)).result else { continue };
        let text = String::from_utf8(artifacts.files["plan.json"].content.clone()).unwrap();
        let document = serde_json::from_str(&text).unwrap();
        let faults: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{}: {faults:?}", folder.display());
        let plan: Plan = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string_pretty(&plan).unwrap() + "\n", text, "{}", folder.display());
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn the_plan_of_a_host_with_many_units_reads_back() {
    let service =
        |number: u32| format!("service \"s{number}\" {{\n    image \"redis:7\"\n    on \"one\"\n}}\n");
    let head = "fleet \"shop\"\nhost \"one\" address=\"10.0.0.1\"\nhost \"two\" address=\"10.0.0.2\"\n";
    let mut project = Memory::default();
    project.insert("dpc.kdl", (0..200).map(service).fold(head.to_string(), |kdl, service| kdl + &service));
    let outcome = build(&project, &Request::default());
    let Some((planned, artifacts)) = &outcome.result else { panic!("{}", messages(&outcome)) };
    let expected = serde_json::to_string_pretty(&*planned.plan).unwrap() + "\n";
    assert_eq!(std::str::from_utf8(&artifacts.files["plan.json"].content).unwrap(), expected);
    assert_eq!(planned.plan.hosts[0].units.len(), 200);
}

#[test]
fn examples_in_pages_compile() {
    for page in ["README.md"] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        let blocks: Vec<&str> =
            text.split("```kdl\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert!(!blocks.is_empty(), "{page} has no example");
        for block in blocks {
            let mut project = Memory::default();
            project.insert("dpc.kdl", block);
            let outcome = build(&project, &Request::default());
            assert!(outcome.result.is_some(), "{page}:\n{}", messages(&outcome));
        }
    }
}

fn page(path: &str, content: String) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap();
    let made = Files::from([(name.to_string(), (content.into_bytes(), false))]);
    // The folder holds pages written by hand too, so only this one is compared.
    let folder = root().join(folder);
    if crate::golden::case::updates() {
        fs::write(folder.join(name), &made[name].0).unwrap();
        Vec::new()
    } else {
        differs(&made, &folder, name)
    }
}

fn differs(made: &Files, folder: &Path, name: &str) -> Vec<String> {
    let kept = fs::read(folder.join(name)).unwrap_or_default();
    if kept == made[name].0 {
        Vec::new()
    } else {
        vec![format!("{}: not current", folder.join(name).display())]
    }
}
