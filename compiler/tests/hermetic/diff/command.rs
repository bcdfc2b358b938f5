//! The command line: sides that are directories or plans, sides that do not compile, exit codes.

use crate::diff::repository::fleet;
use crate::project::Project;
use std::process::Command;

fn folder() -> Project {
    let folder = Project::empty();
    folder.write("base/dpc.kdl", fleet("1")).write("head/dpc.kdl", fleet("2"));
    folder.write("broken/dpc.kdl", format!("{}service \"x\" {{\n    imgae \"a\"\n}}\n", fleet("1")));
    folder
}

fn build(folder: &Project, side: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
    assert!(command.args(["build", "-q", side]).current_dir(&folder.root).status().unwrap().success());
}

#[test]
fn exit_codes_tell_changes_from_failures() {
    let folder = folder();
    for (words, code) in [
        (&["head", "--base", "base"][..], 0),
        (&["head", "--base", "base", "--exit-code"], 2),
        (&["base", "--base", "base", "--exit-code"], 0),
        (&["broken", "--base", "base", "--exit-code"], 1),
        (&["base", "--base", "broken", "--exit-code"], 1),
        (&["base", "--base", "nowhere", "--exit-code"], 1),
        (&["nowhere", "--base", "base", "--exit-code"], 1),
        (&["base", "--base", "base", "--exit-code", "--formt", "json"], 1),
        (&["base", "--base", "base", "--exit-code", "--env", "nowhere"], 1),
    ] {
        let ran = folder.diff(words);
        assert_eq!(ran.code, code, "{words:?}: {}{}", ran.out, ran.err);
        assert_eq!(ran.out.is_empty(), ran.code == 1, "{words:?}: {}", ran.out);
    }
}

#[test]
fn an_output_that_cannot_be_written_is_a_failure() {
    let folder = folder();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
    command.args(["diff", "base", "--base", "base", "--exit-code"]).current_dir(&folder.root);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    assert_eq!(command.stdout(full).status().unwrap().code(), Some(1));
}

#[test]
fn errors_are_marked_with_their_side() {
    let folder = folder();
    let ran = folder.diff(&["broken", "--base", "broken"]);
    assert_eq!(ran.code, 1);
    let (base, head) =
        (ran.err.find("in the base, broken").unwrap(), ran.err.find("in the head, broken").unwrap());
    assert!(base < head && ran.err[base..head].contains("unknown-node"), "{}", ran.err);
    let page = folder.diff(&["base", "--base", "broken", "--format", "markdown"]);
    assert!(page.out.starts_with("**dpc**: nothing to compare: the base does not compile\n"), "{}", page.out);
    assert!(page.out.contains("did you mean `image`?"), "{}", page.out);
    let json = folder.diff(&["base", "--base", "broken", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(document["failed"][0]["problems"][0]["code"], "unknown-node");
    assert_eq!(document["failed"][1]["problems"], serde_json::json!([]));
}

#[test]
fn a_base_that_does_not_compile_can_be_nothing() {
    let folder = folder();
    folder.write("empty/notes.txt", "");
    for base in ["broken", "empty"] {
        let ran = folder.diff(&["head", "--base", base, "--base-errors=ignore", "--exit-code"]);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.out.contains("start  api-1  service added"), "{}", ran.out);
        assert!(ran.out.contains("compared with nothing"), "{}", ran.out);
    }
    assert_eq!(folder.diff(&["head", "--base", "empty"]).code, 1);
    assert_eq!(folder.diff(&["broken", "--base", "base", "--base-errors=ignore", "--exit-code"]).code, 1);
}

#[test]
fn a_plan_is_a_base_with_its_files_or_without() {
    let folder = folder();
    build(&folder, "base");
    let from_directory = folder.diff(&["head", "--base", "base"]);
    let with_files = folder.diff(&["head", "--base", "base/out/plan.json"]);
    assert_eq!(from_directory.out, with_files.out);
    std::fs::copy(folder.root.join("base/out/plan.json"), folder.root.join("saved.json")).unwrap();
    let alone = folder.diff(&["head", "--base", "saved.json"]);
    assert!(alone.out.contains("note: files are not compared"), "{}", alone.out);
    assert!(alone.out.contains("restart  api-1  image 1 → 2"), "{}", alone.out);
    folder.write("old.json", "{\"version\": 1}").write("text.json", "x");
    for wrong in ["old.json", "text.json"] {
        let ran = folder.diff(&["head", "--base", wrong, "--exit-code"]);
        assert!(ran.code == 1 && ran.err.contains("is no plan"), "{}", ran.err);
    }
}

#[test]
fn strict_refuses_warnings_of_the_head() {
    let folder = folder();
    folder.write("warned/dpc.kdl", fleet("latest"));
    let ran = folder.diff(&["warned", "--base", "base"]);
    assert!(ran.code == 0 && ran.err.contains("floating-tag"), "{}", ran.err);
    assert!(folder.diff(&["warned", "--base", "warned"]).err.is_empty());
    let strict = folder.diff(&["warned", "--base", "base", "--strict", "--exit-code"]);
    assert_eq!((strict.code, &*strict.out), (1, ""));
    assert_eq!(folder.diff(&["base", "--base", "warned", "--strict", "--exit-code"]).code, 2);
}

/// Hosts that run the same have files all the same, where a template is another.
#[test]
fn another_template_is_shown_with_what_is_around_it() {
    let folder = folder();
    build(&folder, "base");
    let shipped = include_str!("../../../../templates/container.sh.j2");
    folder.write("changed/dpc.kdl", fleet("1")).write(
        "changed/templates/container.sh.j2",
        shipped.replace("{{ image_and_command }}\n", "{{ image_and_command }} >/dev/full\n"),
    );
    let from_directory = folder.diff(&["changed", "--base", "base"]);
    let label = "--label dpc.hash=";
    let (_, hash) = from_directory.out.split_once(label).expect(&from_directory.out);
    assert!(hash.starts_with(|c: char| c.is_ascii_hexdigit()), "{}", from_directory.out);
    assert_eq!(from_directory.out, folder.diff(&["changed", "--base", "base/out/plan.json"]).out);
}

/// It compiles, but is not printed: the head is compared with nothing, files and all.
#[test]
fn a_base_whose_template_breaks_can_be_nothing() {
    let folder = folder();
    folder.write("unprinted/dpc.kdl", fleet("1"));
    folder.write("unprinted/templates/container.sh.j2", "{{ nowhere.at.all }}\n");
    assert_eq!(folder.diff(&["base", "--base", "unprinted"]).code, 1);
    let ran = folder.diff(&["base", "--base", "unprinted", "--base-errors=ignore"]);
    assert!(ran.err.contains("error[template]"), "{}", ran.err);
    folder.write("empty/notes.txt", "");
    assert_eq!(ran.out, folder.diff(&["base", "--base", "empty", "--base-errors=ignore"]).out);
    assert!(ran.out.contains("start  api-1  service added"), "{}", ran.out);
}
