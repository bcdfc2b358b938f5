//! Completion scripts, loaded by the shells they are for.

use crate::command::system::has;
use crate::project::Project;
use std::process::Command;

fn script(shell: &str) -> (Project, String) {
    let project = Project::empty();
    let text = project.call(["completions", shell]).prints([""]).run();
    project.write(format!("dpc.{shell}"), &text);
    (project, text)
}

fn runs(project: &Project, shell: &str, line: &str) -> String {
    let output = Command::new(shell).args(["-c", line]).current_dir(project.path("")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{shell}: {line}");
    assert!(output.status.success(), "{shell}: {line}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn bash_completes_commands_and_options() {
    if !has("bash") {
        return;
    }
    let (project, _) = script("bash");
    let complete = |words: &str, last: &str, before: &str| {
        let line = format!(
            "set -u; source ./dpc.bash; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _dpc dpc '{last}' '{before}'; echo \"${{COMPREPLY[*]}}\""
        );
        runs(&project, "bash", &line)
    };
    assert_eq!(complete("dpc bu", "bu", "dpc"), "build\n");
    assert_eq!(complete("dpc build --al", "--al", "build"), "--allow-outside\n");
    assert_eq!(complete("dpc graph --format ''", "", "--format"), "dot mermaid json\n");
}

#[test]
fn zsh_and_fish_take_their_scripts() {
    let (project, text) = script("zsh");
    assert!(text.starts_with("#compdef dpc"));
    if has("zsh") {
        runs(&project, "zsh", "autoload -U compinit && compinit -D && source ./dpc.zsh");
    }
    let (project, text) = script("fish");
    assert!(text.contains("complete -c dpc"));
    if has("fish") {
        runs(&project, "fish", "source ./dpc.fish; complete -C'dpc bu' | grep -q build");
    }
}

#[test]
fn a_shell_that_is_not_known_is_answered_with_those_that_are() {
    let says = ["'ksh'", "bash, elvish, fish, powershell, zsh"];
    Project::empty().call(["completions", "ksh"]).code(2).says(says).run();
}
