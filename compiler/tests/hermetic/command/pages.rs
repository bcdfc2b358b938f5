//! `docs/commands.md` is what `--help` prints. `UPDATE_GOLDEN=1 cargo test --test hermetic command::pages` rewrites it.

use crate::project::Project;
use std::fs;
use std::path::Path;

const OPENING: &str = "\
# The commands

Generated from the command line's own declaration; `dpc COMMAND --help` prints the same.
";

#[test]
fn the_page_of_the_commands_is_current() {
    let project = Project::empty();
    let help = |arguments: &[&str]| project.call(arguments).prints([""]).run();
    let overview = help(&["--help"]);
    let mut page = format!("{OPENING}\n## dpc\n```text\n{overview}```\n");
    for command in commands(&overview) {
        page.push_str(&format!("\n## dpc {command}\n```text\n{}```\n", help(&[&command, "--help"])));
    }
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        fs::write(&place, &page).unwrap();
    }
    let kept = fs::read_to_string(&place).unwrap_or_default();
    assert!(
        kept == page,
        "docs/commands.md is not current: UPDATE_GOLDEN=1 cargo test --test hermetic command::pages"
    );
}

/// The commands that the overview lists, but for `help` itself.
fn commands(overview: &str) -> Vec<String> {
    let list = overview.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_string).collect()
}

#[test]
fn short_and_long_help_are_the_same_page() {
    let project = Project::empty();
    for command in [&[][..], &["build"], &["check"], &["show"], &["explain"], &["graph"], &["completions"]] {
        let page = |flag| project.call(command.iter().chain(&[flag])).prints(["Examples:\n"]).run();
        let long = page("--help");
        assert_eq!(page("-h"), long);
        assert!(long.lines().all(|line| line.chars().count() <= 100), "{long}");
    }
}
