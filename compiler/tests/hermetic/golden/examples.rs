//! The examples that compile, in each of their environments.

use crate::golden::case::{build, examples, folders, messages, name, open, request, root, updates};
use crate::golden::files::{Files, assert_same, compare};
use dpc::diagnostic::Report;
use dpc::front::parse::{documents, parse};
use dpc::front::read::read;
use dpc::front::resolve::Request;
use dpc::output::artifacts::Artifacts;
use dpc::project::Disk;
use std::collections::BTreeSet;
use std::fs;

#[test]
fn every_example_compiles_to_its_golden_tree() {
    let mut differences = Vec::new();
    let mut expected = BTreeSet::from(["diff", "errors", "import", "show"].map(String::from));
    for example in examples() {
        let project = open(&example);
        let request = request(&example);
        for environment in environments(&project).into_iter().map(Some).chain([None]) {
            let case = match &environment {
                Some(environment) => format!("{}@{environment}", name(&example)),
                None => name(&example),
            };
            let request = Request { environment, ..request.clone() };
            differences.extend(check(&project, &request, &case));
            expected.insert(case);
        }
    }
    differences.extend(orphans(&expected));
    assert_same(differences);
}

/// The messages of an example that compiles are warnings, kept beside its tree.
fn check(project: &Disk, request: &Request, case: &str) -> Vec<String> {
    let outcome = build(project, request);
    let messages = messages(&outcome);
    let Some((_, artifacts)) = &outcome.result else {
        return vec![format!("{case} does not compile:\n{messages}")];
    };
    let mut tree = tree(artifacts);
    if !messages.is_empty() {
        tree.insert("WARNINGS".into(), (messages.into_bytes(), false));
    }
    compare(&tree, &root().join("golden").join(case))
}

fn tree(artifacts: &Artifacts) -> Files {
    let files = artifacts.files.iter();
    files.map(|(path, file)| (path.clone(), (file.content.clone(), file.mode & 0o100 != 0))).collect()
}

fn environments(project: &Disk) -> Vec<String> {
    let mut report = Report::default();
    let sources = read(project, &mut report).unwrap();
    let documents = documents(&sources, &mut report);
    let spec = parse(&documents, &mut report);
    spec.environments.keys().map(|name| name.to_string()).collect()
}

fn orphans(expected: &BTreeSet<String>) -> Vec<String> {
    let kept = folders(&root().join("golden"));
    let orphans: Vec<_> = kept.into_iter().filter(|folder| !expected.contains(&name(folder))).collect();
    if updates() {
        orphans.iter().for_each(|folder| fs::remove_dir_all(folder).unwrap());
        return Vec::new();
    }
    orphans.iter().map(|folder| format!("{}: no example makes it", folder.display())).collect()
}
