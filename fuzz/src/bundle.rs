//! Rules for the artifacts of any plan.

use crate::{is_shown, registration, script, unit};
use dpc::model::plan::{HostPlan, Plan};
use dpc::output::artifacts::{Artifact, Artifacts};
use serde_json::Value;
use std::sync::LazyLock;

static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(include_str!("../../docs/plan.schema.json")).expect("it is JSON");
    jsonschema::validator_for(&schema).expect("it is a schema")
});

/// Checks every file. With templates of the project's own, scripts and units have the content of those.
pub fn check(plan: &Plan, artifacts: &Artifacts, templates: bool) {
    for (path, artifact) in &artifacts.files {
        assert!(is_inside(path), "{path:?}");
        assert!(matches!(artifact.mode, 0..=0o777), "{path:?}: {:o}", artifact.mode);
    }
    plan_reads_back(plan, text(artifacts, "plan.json"));
    assert!(is_shown(text(artifacts, "plan.txt")), "plan.txt");
    manifest(artifacts, "", |path| !path.contains('/') || path.ends_with("/MANIFEST"));
    for host in &plan.hosts {
        manifest(artifacts, &format!("{}/", host.name), |_| true);
        if !templates {
            files(plan, host, artifacts);
        }
    }
}

/// A path below the output directory, whatever its name.
fn is_inside(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | "..")) && !path.contains('\0')
}

fn plan_reads_back(plan: &Plan, json: &str) {
    let document: Value = serde_json::from_str(json).expect("plan.json is JSON");
    let faults: Vec<String> = SCHEMA.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(faults.is_empty(), "plan.json does not fit its schema: {faults:?}");
    let read: Plan = serde_json::from_value(document.clone()).expect("plan.json is a plan");
    assert_eq!(
        serde_json::to_value(&read).expect("a plan is JSON"),
        document,
        "plan.json reads back as another"
    );
    assert_eq!(serde_json::to_value(plan).expect("a plan is JSON"), document, "plan.json is another plan");
}

/// Checks like `sha256sum --check`: a folder holds the files that should be listed, and nothing else.
fn manifest(artifacts: &Artifacts, folder: &str, should: impl Fn(&str) -> bool) {
    let files = artifacts.files.iter().filter_map(|(path, file)| Some((path.strip_prefix(folder)?, file)));
    let listed = text(artifacts, &format!("{folder}MANIFEST")).lines().filter(|line| !line.starts_with('#'));
    let should =
        files.filter(|(path, _)| *path != "MANIFEST" && should(path)).map(|(path, file)| line(path, file));
    assert!(listed.eq(should), "{folder}MANIFEST does not list its files");
}

fn line(path: &str, file: &Artifact) -> String {
    let digest = dpc::encode::digest::sha256(&file.content);
    match path.contains(['\\', '\n', '\r']) {
        false => format!("{digest}  {path}"),
        true => {
            format!("\\{digest}  {}", path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r"))
        }
    }
}

fn files(plan: &Plan, host: &HostPlan, artifacts: &Artifacts) {
    let at = |path: &str| text(artifacts, &format!("{}/{path}", host.name));
    script::parses(at("activate"));
    unit::target(plan, host, at(&format!("systemd/{}.target", plan.fleet)));
    if host.units.iter().any(|unit| !unit.registrations.is_empty()) {
        unit::registrar(plan, host, at(&format!("systemd/{}-register.service", plan.fleet)));
    }
    for unit in &host.units {
        let name = &unit.name;
        script::runs(plan, unit, at(&format!("docker/{name}.sh")));
        unit::service(plan, unit, at(&format!("systemd/{name}.service")));
        if unit.schedule.is_some() {
            unit::timer(plan, unit, at(&format!("systemd/{name}.timer")));
        }
        if !unit.registrations.is_empty() {
            registration::registers(unit, at(&format!("etcd/{name}.registration")));
        }
        for file in &unit.container.files {
            let written = &artifacts.files[&format!("{}/files/{name}{}", host.name, file.path.value)];
            assert_eq!(dpc::encode::digest::sha256(&written.content), file.sha256, "{}", file.path.value);
        }
    }
}

/// A file that must be there and hold text.
fn text<'a>(artifacts: &'a Artifacts, path: &str) -> &'a str {
    let artifact = artifacts.files.get(path).unwrap_or_else(|| panic!("there is no {path}"));
    std::str::from_utf8(&artifact.content).unwrap_or_else(|error| panic!("{path}: {error}"))
}
