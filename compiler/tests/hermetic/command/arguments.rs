//! Words that the command line takes, and messages for those that it does not take.

use crate::command::call::{SHOP, WARNED};
use crate::project::Project;

const WITH_VARIABLE: &str = r#"fleet "shop"
host "app-1" address="10.0.0.11"
service "api" {
    image "registry.example.com/shop/api:{{ var.tag }}"
    on "app-1"
    port "http" 8080
}
var "tag" "1.0"
environment "staging" {
    host "app-1" address="10.1.0.11"
}
"#;

#[test]
fn without_arguments_dpc_says_what_it_can_do() {
    let says = ["Usage: dpc", "build", "dpc check ", "Exit codes:"];
    Project::empty().call([""; 0]).code(2).says(says).run();
}

#[test]
fn its_version_is_the_package_s() {
    let version = format!("dpc {}\n", env!("CARGO_PKG_VERSION"));
    Project::empty().call(["--version"]).stdout(&version).run();
    Project::empty().call(["-V"]).stdout(&version).run();
}

#[test]
fn a_misspelt_command_or_option_is_answered_with_the_right_one() {
    let project = Project::shop();
    project.call(["biuld"]).code(2).says(["'biuld'", "'build'"]).run();
    project.call(["build", "--envv", "x"]).code(2).says(["--envv", "--env"]).run();
    project.call(["check", "--format", "jsn"]).code(2).says(["'jsn'", "'json'", "text, json"]).run();
    project.call(["build", "a", "b"]).code(2).says(["unexpected argument 'b'", "Usage: dpc build"]).run();
    assert!(!project.path("out").exists());
}

#[test]
fn build_takes_a_directory_and_where_to_write() {
    let parent = Project::empty();
    parent.write("shop/dpc.kdl", SHOP);
    parent.write("shop/api.json", "{}");
    parent.call(["build", "shop", "--quiet"]).run();
    assert!(parent.path("shop/out/app-1/activate").is_file());
    parent.call(["build", "shop", "-o", "made/here", "-q"]).run();
    assert!(parent.path("shop/made/here/plan.json").is_file());
    let absolute = parent.path("elsewhere");
    parent.call(["build", "shop", "--quiet", "--out", absolute.to_str().unwrap()]).run();
    assert!(parent.tree("elsewhere").same_as(&parent.tree("shop/out")));
}

#[test]
fn an_environment_and_variables_reach_the_project() {
    let project = Project::empty().file("dpc.kdl", WITH_VARIABLE);
    project
        .call(["build", "--quiet", "--env", "staging", "--var", "tag=2.0=x"])
        .code(1)
        .says(["2.0=x"])
        .run();
    project.call(["build", "--quiet", "--env", "staging", "--var", "tag=2.0"]).run();
    let tree = project.tree("out");
    let plan = String::from_utf8_lossy(tree.bytes("plan.json"));
    assert!(plan.contains("shop/api:2.0") && plan.contains("10.1.0.11"), "{plan}");
    project.call(["build", "--env", "stagin"]).code(1).says(["`stagin`", "--env staging"]).run();
    project.call(["build", "--var", "tga=1"]).code(1).says(["`tga`", "`tag`"]).run();
}

#[test]
fn a_variable_is_given_once_and_with_a_value() {
    let project = Project::empty().file("dpc.kdl", WITH_VARIABLE);
    let error = "error: the variable `tag` is given twice\n  help: give `--var tag=…` once; nobody can see which of the two was meant\n";
    for command in [&["build"][..], &["check"], &["show", "api"], &["graph"]] {
        let twice = ["--var", "tag=1", "--var", "tag=1"];
        project.call(command.iter().chain(&twice)).code(2).stderr(error).run();
    }
    project.call(["build", "--var", "tag"]).code(2).says(["NAME=VALUE"]).run();
    project.call(["build", "--var", "=1"]).code(2).says(["NAME=VALUE"]).run();
    project.call(["check", "--var", "tag="]).code(1).says(["image"]).run();
    assert!(!project.path("out").exists());
}

#[test]
fn outside_files_are_read_only_when_that_is_said() {
    let parent = Project::empty().file("hosts.kdl", "host \"app-1\" address=\"10.0.0.11\"\n");
    let inside = SHOP.replace("host \"app-1\" address=\"10.0.0.11\"", "include \"../hosts.kdl\"");
    parent.write("shop/dpc.kdl", inside);
    parent.write("shop/api.json", "{}");
    parent.call(["check", "shop"]).code(1).says(["outside-project", "--allow-outside"]).run();
    parent.call(["check", "shop", "--allow-outside"]).stdout("shop: 1 service on 1 host\n").run();
}

#[test]
fn warnings_are_said_counted_and_with_strict_refused() {
    let project = Project::empty().file("dpc.kdl", WARNED);
    project
        .call(["check"])
        .says(["warning[floating-tag]", "1 warning\n"])
        .prints(["shop: 1 service on 1 host\n"])
        .run();
    project.call(["check", "--quiet"]).run();
    let strict = "1 warning, and `--strict` allows none\n";
    for command in [&["check"][..], &["build"], &["graph"], &["check", "-q"]] {
        project.call(command.iter().chain(&["--strict"])).code(1).says(["floating-tag", strict]).run();
    }
    assert!(!project.path("out").exists());
    project.call(["build", "--quiet"]).run();
    assert!(project.path("out/plan.txt").is_file());
}
