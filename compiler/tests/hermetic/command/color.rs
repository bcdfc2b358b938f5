//! When there are colors.

use crate::command::call::Call;
use crate::command::system::has;
use crate::project::Project;
use std::process::Command;

const RED: &str = "\x1b[1;31merror";

fn wrong(arguments: &[&str]) -> (Project, Vec<String>) {
    let all = arguments.iter().chain(&["show", "apy"]).map(|word| word.to_string()).collect();
    (Project::shop(), all)
}

fn colored(arguments: &[&str], env: &[(&str, &str)], expected: bool) {
    let (project, all) = wrong(arguments);
    let call = env.iter().fold(project.call(&all).code(2), |call, (name, value)| call.env(name, value));
    let plain = "error: there is no service or task `apy`\n  help: did you mean `api`?\n";
    if expected {
        call.says([RED]).run()
    } else {
        call.stderr(plain).run()
    };
}

#[test]
fn the_command_line_decides_first_then_the_environment_then_the_terminal() {
    colored(&[], &[], false);
    colored(&["--color", "always"], &[], true);
    colored(&["--color=always"], &[("NO_COLOR", "1")], true);
    colored(&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false);
    colored(&[], &[("CLICOLOR_FORCE", "1")], true);
    colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false);
    colored(&[], &[("NO_COLOR", "")], false);
}

#[test]
fn diagnostics_and_help_obey_too() {
    let project = Project::shop();
    project.edit("dpc.kdl", "image", "imgae");
    let colors = |call: Call| call.prints([""]).says([""]).run_both();
    let (_, said) = colors(project.call(["check", "--color", "always"]).code(1));
    assert!(said.contains("\x1b["), "{said}");
    let (_, said) = colors(project.call(["check"]).code(1));
    assert!(!said.contains('\x1b'), "{said}");
    let (help, _) = colors(project.call(["--color", "always", "build", "--help"]));
    assert!(help.contains("\x1b[1;4mExamples:"), "{help}");
    let (help, _) = colors(project.call(["build", "--help"]));
    assert!(!help.contains('\x1b'), "{help}");
    let (json, _) = colors(project.call(["check", "--color", "always", "--format", "json"]).code(1));
    assert!(!json.contains('\x1b'), "{json}");
}

/// script(1) runs a command on a terminal of its own.
#[test]
fn a_terminal_gets_colors_unless_it_is_dumb() {
    if !has("script") {
        return;
    }
    let project = Project::shop();
    let on_terminal = |environment: &str| {
        let line = format!("{environment} {} show apy", env!("CARGO_BIN_EXE_dpc"));
        let mut command = Command::new("script");
        command.args(["-qec", &line, "/dev/null"]).current_dir(project.path("")).env_remove("NO_COLOR");
        let output = command.env_remove("CI").env_remove("CLICOLOR_FORCE").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(on_terminal("TERM=xterm").contains(RED));
    for plain in ["TERM=dumb", "TERM=xterm NO_COLOR=1"] {
        let said = on_terminal(plain);
        assert!(said.contains("error: there is no service") && !said.contains('\x1b'), "{plain}: {said}");
    }
}
