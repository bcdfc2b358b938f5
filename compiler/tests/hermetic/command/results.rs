//! Results that commands print, and errors when they cannot print.

use crate::command::call::SHOP;
use crate::project::Project;
use std::fs::OpenOptions;

/// Number of files that the project compiles to.
const FILES: usize = 9;

#[test]
fn a_build_prints_a_line_a_host_and_a_total() {
    let project = Project::shop();
    let new =
        format!("app-1  1 service  files: {} new\ntotal  1 service  files: {FILES} new, in out\n", FILES - 3);
    project.call(["build"]).stdout(&new).run();
    let same = "app-1  1 service  no file changed\ntotal  1 service  no file changed, in out\n";
    project.call(["build"]).stdout(same).run();
    project.call(["build", "--quiet"]).run();
    project.edit("api.json", "{}", "{ }");
    project.call(["build"]).prints(["app-1  1 service  files: ", " changed\n"]).run();
}

#[test]
fn a_host_that_is_gone_has_its_line() {
    let project = Project::shop();
    project.edit("dpc.kdl", "fleet", "host \"app-2\" address=\"10.0.0.12\"\nfleet");
    project.call(["build", "-q"]).run();
    assert!(project.path("out/app-2/activate").is_file());
    project.write("dpc.kdl", SHOP);
    let printed =
        project.call(["build"]).prints(["app-2  no longer in the plan  files: ", " removed\n"]).run();
    assert!(printed.contains("app-1  1 service "), "{printed}");
    assert!(!project.path("out/app-2").exists());
}

#[test]
fn check_writes_nothing_and_says_what_it_understood() {
    let project = Project::shop();
    project.call(["check"]).stdout("shop: 1 service on 1 host\n").run();
    assert_eq!(project.tree("").paths(), ["api.json", "dpc.kdl"]);
}

#[test]
fn check_looks_at_every_environment() {
    let project = Project::shop();
    let environments = "environment \"staging\" { service \"apii\" { instances 2 }; }\nenvironment \"test\" { var \"a\" \"b\"; }\n";
    project.write("dpc.kdl", format!("{SHOP}{environments}"));
    project.call(["check"]).code(1).says(["did you mean `api`?", "`--env staging` shows it"]).run();
    project.call(["check", "--env", "test"]).stdout("shop: 1 service on 1 host\n").run();
    project.edit("dpc.kdl", "apii", "api");
    project.call(["check"]).stdout("shop: 1 service on 1 host, and 2 environments\n").run();
}

#[test]
fn a_build_for_an_environment_does_not_replace_another() {
    let project = Project::shop();
    project.write("dpc.kdl", format!("{SHOP}environment \"staging\" {{ var \"a\" \"b\"; }}\n"));
    project.call(["build", "-q"]).run();
    let before = project.tree("out");
    let other = "error: `out` was built for no environment, and this build is for the environment `staging`";
    project.call(["build", "--env", "staging"]).code(2).says([other, "-o out/staging"]).run();
    assert_eq!(project.tree("out").paths(), before.paths());
    project.call(["build", "-q", "--env", "staging", "-o", "out/staging"]).run();
    project.call(["build", "-q", "--env", "staging", "-o", "out/staging"]).run();
    project.call(["build", "-o", "out/staging"]).code(2).says(["-o out/production"]).run();
    let check = ["build", "--check", "--env", "staging"];
    project.call(check).code(2).says([other, "was built for: `dpc build --check`"]).run();
    let asked = "`dpc build --env staging -o out/staging --check`";
    project.call(["build", "--check", "-o", "out/staging"]).code(2).says([asked]).run();
    project.edit("dpc.kdl", "1.0", "2.0");
    let stale = ["run `dpc build --env staging -o out/staging`, and commit"];
    project
        .call(["build", "--check", "--env", "staging", "-o", "out/staging"])
        .code(1)
        .prints(["stale:"])
        .says(stale)
        .run();
    project.edit("dpc.kdl", "2.0", "1.0");
    project.call(["build"]).prints(["no file changed"]).run();
}

#[test]
fn show_prints_the_service_with_its_places() {
    let project = Project::shop();
    let page = r#"service "api" {                                // dpc.kdl:3
    image "registry.example.com/shop/api:1.0"  // dpc.kdl:4
    on "app-1"                                 // dpc.kdl:5
    port "http" 8080                           // dpc.kdl:6
    file "/app/config.json" source="api.json"  // dpc.kdl:7
}
"#;
    project.call(["show", "api"]).stdout(page).run();
}

#[test]
fn graph_prints_three_languages() {
    let project = Project::shop();
    project.call(["graph"]).stdout("digraph needs {\n    rankdir=LR;\n    \"api\";\n}\n").run();
    project.call(["graph", "--format", "mermaid"]).stdout("graph LR\n    n0[\"api\"]\n").run();
}

#[test]
fn explain_lists_rules_and_knows_nodes() {
    let project = Project::empty();
    project.call(["explain"]).prints(["port-conflict ", "floating-tag ", "  error  ", "  warning  "]).run();
    project.call(["explain", "port-conflict"]).prints(["port-conflict (error)\n\nThe rule: "]).run();
    project.call(["explain", "volume"]).prints(["volume"]).run();
}

#[test]
fn a_reader_that_has_read_enough_is_no_trouble() {
    let project = Project::shop();
    for arguments in
        [&["explain"][..], &["--help"], &["completions", "bash"], &["build"], &["check", "--format", "json"]]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dpc"));
        let output = command.args(arguments).current_dir(project.path("")).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn a_result_that_is_lost_is_trouble() {
    let project = Project::shop();
    for arguments in
        [&["explain"][..], &["--help"], &["--version"], &["completions", "zsh"], &["show", "api"], &["check"]]
    {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_dpc"));
        let output = command.args(arguments).current_dir(project.path("")).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            said.starts_with("error: the result cannot be printed: No space left"),
            "{arguments:?}: {said}"
        );
    }
}
