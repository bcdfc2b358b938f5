//! Names, paths and values that try to be something else, at every place. Each is refused at its place, or compiled to
//! artifacts with the same lines and paths as for any other.

mod places;

use places::{HOSTILE, NUMBERS, PLACES, REFUSED};

use crate::golden::case::{build, messages, open};
use crate::project::Project;
use dpc::front::resolve::Request;
use std::io::Write;
use std::path::{Component, Path};
use std::process::Command;

#[test]
fn a_name_is_refused_or_stays_a_name() {
    let mut all = [0, 0];
    // Longer than a label, a file's name, and the arguments that Linux gives to a process.
    let long = [64, 256, 140_000].map(|length| "a".repeat(length));
    let hostile: Vec<&str> = HOSTILE.iter().copied().chain(long.iter().map(String::as_str)).collect();
    for (what, good, place) in PLACES {
        let project = Project::in_memory().file("f/x", "x\n").file("f/env", "X=1\n");
        project.write("dpc.kdl", entry(&place.replace('@', good)));
        assert!(compiles(&project, what, None), "{what}: the good text is refused");
        let mut refused = 0;
        for text in &hostile {
            project.write("dpc.kdl", entry(&place.replace('@', text)));
            refused += usize::from(!compiles(&project, &format!("{what} `{text:.100}`"), Some(text)));
        }
        let row = format!("names | {what} | {} | {refused} | {}\n", hostile.len(), hostile.len() - refused);
        std::io::stderr().write_all(row.as_bytes()).unwrap();
        all = [all[0] + hostile.len(), all[1] + refused];
    }
    let row = format!("names | in all | {} | {} | {}\n", all[0], all[1], all[0] - all[1]);
    std::io::stderr().write_all(row.as_bytes()).unwrap();
}

#[test]
fn a_number_is_refused_where_text_is_meant() {
    let mut refused = 0;
    for (what, _, place) in PLACES.iter().filter(|(what, ..)| *what != "port") {
        let project = Project::in_memory().file("f/x", "x\n").file("f/env", "X=1\n");
        for number in NUMBERS {
            let node = place.replace("\"@\"", number);
            // A name of a node or property cannot be a number at all.
            project.write("dpc.kdl", entry(&node));
            assert!(
                !compiles(&project, &format!("{what} {number}"), Some(number)),
                "{what} {number} compiles"
            );
            refused += 1;
        }
    }
    let row = format!("names | numbers where text is meant | {refused} | {refused} | 0\n");
    std::io::stderr().write_all(row.as_bytes()).unwrap();
}

#[test]
fn what_no_reader_takes_is_refused_in_words() {
    let mut all = Vec::new();
    for (what, text, words) in REFUSED {
        let (_, _, place) = PLACES.iter().find(|(name, ..)| name == what).unwrap();
        let project = Project::in_memory().file("f/x", "x\n").file("f/env", "X=1\n");
        project.write("dpc.kdl", entry(&place.replace('@', text)));
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
        let output = command.args(["build", "-q"]).current_dir(project.path("")).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        if output.status.success() || !said.contains(words) {
            all.push(format!("{what} `{text}`: {said}"));
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// Names that meet each other or the host's own although they are written apart.
#[test]
fn names_that_are_one_to_a_reader_are_told() {
    let service =
        |name: &str, more: &str| format!("service \"{name}\" {{ image \"a:1\"; on \"app-1\"; {more} }}\n");
    let task = |name: &str| format!("task \"{name}\" {{ image \"a:1\"; on \"app-1\" }}\n");
    for (fleet, nodes, words) in [
        ("shop", service("a", "") + &task("a-1"), "two units are called `shop-a-1`"),
        ("shop", service("a-1", "") + &service("a", "instances 2") + &task("a-1-1"), "two units are called"),
        ("man", task("db"), "`man-db` is the name of a unit of the host itself"),
        ("apt", task("daily"), "`apt-daily` is the name of a unit of the host itself"),
        (
            "shop",
            service("a", "file \"/A\" content=\"\"; file \"/a\" content=\"\""),
            "one file where case does not count",
        ),
        (
            "shop",
            service("a", "file \"/É/x\" content=\"\"; file \"/é\" content=\"\""),
            "one file where case does not count",
        ),
    ] {
        let host = "host \"app-1\" address=\"10.0.0.11\"\n";
        let project = Project::in_memory().file("dpc.kdl", format!("fleet \"{fleet}\"\n{host}{nodes}"));
        project.call(["check", "--strict"]).code(1).says([words]).run();
    }
}

fn entry(text: &str) -> String {
    let fleet = if text.starts_with("fleet") { "" } else { "fleet \"shop\"\n" };
    let (top, node) = match text.strip_prefix('+') {
        Some(node) => ("", node),
        None => (text, ""),
    };
    let image = if node.starts_with("image") { "" } else { "image \"b:1\"" };
    format!(
        "{fleet}{top}host \"app-1\" address=\"10.0.0.11\"\nservice \"good\" {{\n    {image}\n    on \"app-1\"\n    port \"http\" 8080\n    {node}\n}}\n"
    )
}

/// Returns whether a project compiles. If it does, every artifact is below the output, a script is a script, and a line of a unit
/// is one of ours. If not, the error has the place of `text`. It runs in memory, because there are thousands of projects.
fn compiles(project: &Project, told: &str, text: Option<&str>) -> bool {
    let outcome = build(&open(&project.root), &Request::default());
    let said = messages(&outcome);
    let hides = |c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2028}' | '\u{200b}' | '\u{feff}')
    };
    assert!(!said.contains(hides), "{told}: {said:?}");
    let Some((_, artifacts)) = outcome.result else {
        let is_shown = text.is_none_or(|text| text.len() > 60 || shows(&said, text));
        assert!(said.contains("error[") && is_shown, "{told}: {said}");
        return false;
    };
    for (path, artifact) in &artifacts.files {
        let can_be = |part: Component<'_>| matches!(part, Component::Normal(name) if name.len() < 256);
        assert!(Path::new(path).components().all(can_be), "{told}: {path}");
        let text = String::from_utf8_lossy(&artifact.content);
        assert!(!text.contains('\0'), "{told}: {path}");
        if path.ends_with(".sh") || path.ends_with("/activate") {
            project.write("artifact/script", &*text);
            let shell = if text.starts_with("#!/bin/bash\n") { "bash" } else { "sh" };
            let parsed = Command::new(shell).arg("-n").arg(project.path("artifact/script")).output().unwrap();
            assert!(parsed.status.success(), "{told}: {path}: {}", String::from_utf8_lossy(&parsed.stderr));
        }
        if path.contains("/systemd/") {
            text.lines().for_each(|line| assert!(is_of_a_unit(line), "{told}: {path}: {line}"));
        }
    }
    true
}

/// Returns whether one of the lines that an error shows is underlined where the text stands in it.
fn shows(said: &str, text: &str) -> bool {
    let lines: Vec<&str> = said.lines().collect();
    // A text that looks like a secret is shown as stars.
    let stars = "*".repeat(text.chars().count());
    lines.windows(2).any(|pair| {
        let marks =
            |at: usize| pair[1].chars().skip(at).take(text.chars().count().max(1) + 1).any(|c| c == '^');
        let shown = pair[0].split_once(" | ").is_some();
        let mut found = [text, &stars].into_iter().flat_map(|text| pair[0].match_indices(text));
        shown && found.any(|(at, _)| marks(pair[0][..at].chars().count()))
    })
}

fn is_of_a_unit(line: &str) -> bool {
    // Lines of the units below golden/.
    let ours = [
        "After",
        "Description",
        "ExecReload",
        "ExecStart",
        "ExecStartPost",
        "ExecStartPre",
        "ExecStop",
        "ExecStopPost",
        "KillMode",
        "LogLevelMax",
        "NotifyAccess",
        "OnCalendar",
        "PartOf",
        "Persistent",
        "RandomizedDelaySec",
        "RemainAfterExit",
        "RequiresMountsFor",
        "Restart",
        "RestartSec",
        "RuntimeDirectory",
        "RuntimeDirectoryPreserve",
        "StartLimitIntervalSec",
        "SuccessExitStatus",
        "SyslogIdentifier",
        "SyslogLevel",
        "TimeoutStartSec",
        "TimeoutStopSec",
        "Type",
        "WantedBy",
        "Wants",
        "WatchdogSec",
    ];
    let program = line.strip_prefix("ExecStart=").is_none_or(|program| program.contains("/opt/dpc/"));
    line.is_empty()
        || line.starts_with('#')
        || line.starts_with('[')
        || line.split_once('=').is_some_and(|(name, _)| ours.contains(&name) && program)
}
