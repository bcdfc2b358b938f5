//! Names, paths and values that try to be something else, wherever one may stand: refused at their place, or compiled to
//! artifacts whose lines and paths are what they would be for any other.

use crate::project::Project;
use crate::tree::Kind;
use std::io::Write;
use std::process::{Command, Stdio};

/// Traversal, options, other grammars, other cases, other scripts, what is too long, numbers, names of the host's own units.
const HOSTILE: &[&str] = &[
    "",
    ".",
    "..",
    "/",
    "//",
    "../../etc/passwd",
    "/srv/../etc",
    "a/../b",
    "-v/:/host",
    "--privileged",
    "-",
    "a b",
    "A",
    "API",
    "a_b",
    "a\\nb",
    "a\\nExecStart=/bin/x",
    "a\\rb",
    "a\\tb",
    "a\\\\",
    "a'b",
    "a\\\"b",
    "a`id`b",
    "$(id)",
    "${HOME}",
    "%n",
    "%%",
    "a;b",
    "a#b",
    "a,b",
    "a=b",
    "a:b",
    "a@b",
    "a|b",
    "a&b",
    "*",
    "?",
    "~",
    "{a,b}",
    "ü",
    "аpi",
    "\\u{7f}",
    "\\u{1b}[31m",
    "\\u{2028}",
    "\\u{200b}a",
    "\\u{feff}a",
    "docker",
    "sshd",
    "etcd",
    "containerd",
    "systemd",
    "systemd-journald",
    "a-",
    "a--b",
    "a",
    "network",
    "multi-user",
    "a.service",
    "plan.json",
    "activate",
    "MANIFEST",
    "0",
    "-1",
    "65536",
    "3.10",
    "0755",
    "1e9",
    "999999999999999999999",
    "10.0.0.1",
    "::1",
    "localhost",
    "sha256",
    "latest",
    "a:latest",
    "a@sha256:0",
    "a/b:c/d",
    "512",
    "512mb",
    "5 s",
    "-5s",
    "1h-2h",
    "64k 32k",
    "8080-8081-8082",
    "1-0",
    "1-70000",
];

/// Where they stand: what it is, a good text, and the project, with `@` for the text.
const PLACES: &[(&str, &str, &str)] = &[
    ("fleet", "shop", "fleet \"@\"\n"),
    ("host", "app-2", "host \"@\" address=\"10.0.0.12\"\n"),
    ("address", "10.0.0.12", "host \"app-2\" address=\"@\"\n"),
    ("label of a host", "a", "host \"app-2\" address=\"10.0.0.12\" { labels x=\"@\" }\n"),
    ("service", "web", "service \"@\" { image \"a:1\"; on \"app-1\" }\n"),
    ("task", "job", "task \"@\" { image \"a:1\"; on \"app-1\" }\n"),
    ("base", "node", "base \"@\" { user \"1000\" }\n"),
    ("external", "pay", "external \"@\" { endpoint \"pay.example.com:443\" }\n"),
    ("endpoint", "pay.example.com:443", "external \"pay\" { endpoint \"@\" }\n"),
    ("environment", "staging", "environment \"@\" { var \"x\" \"1\" }\n"),
    ("variable", "tag", "var \"@\" \"1\"\n"),
    ("include", "f/*.none", "include \"@\"\n"),
    ("etcd", "http://10.0.0.1:2379", "fleet \"shop\" { etcd \"@\" }\n"),
    (
        "prefix in etcd",
        "/services",
        "fleet \"shop\" { etcd \"http://10.0.0.1:2379\" prefix=\"@\" }\nservice \"reg\" { image \"a:1\"; on \"app-1\"; port \"x\" 7070; register \"x\" }\n",
    ),
    ("data-root", "/srv", "fleet \"shop\" { data-root \"@\" }\n"),
    (
        "key in etcd",
        "/a/b",
        "fleet \"shop\" { etcd \"http://10.0.0.1:2379\" }\nservice \"reg\" { image \"a:1\"; on \"app-1\"; port \"x\" 7070; register \"x\" { json key=\"@\" } }\n",
    ),
    (
        "DNS name",
        "a.shop.internal",
        "fleet \"shop\" { etcd \"http://10.0.0.1:2379\" }\nservice \"reg\" { image \"a:1\"; on \"app-1\"; port \"x\" 7070; register \"x\" { coredns \"@\" } }\n",
    ),
    ("image", "redis:7", "+image \"@\""),
    ("port's name", "x", "+port \"@\" 7070"),
    ("port", "7070", "+port \"x\" \"@\""),
    ("env key", "X", "+env { \"@\" \"x\" }"),
    ("env value", "x", "+env { X \"@\" }"),
    ("label's name", "x", "+label \"@\" \"x\""),
    ("label", "x", "+label \"x\" \"@\""),
    ("secret's name", "X", "+secret \"@\" from=\"/etc/x\""),
    ("secret's file", "/etc/x", "+secret \"X\" from=\"@\""),
    ("volume", "/data", "+volume \"@\""),
    ("volume's directory", "/srv/data", "+volume \"/data\" from=\"@\""),
    ("volume's owner", "1000:1000", "+volume \"/data\" owner=\"@\""),
    ("volume's mode", "0750", "+volume \"/data\" mode=\"@\""),
    ("tmpfs", "/tmp", "+tmpfs \"@\""),
    ("size", "64m", "+tmpfs \"/tmp\" size=\"@\""),
    ("memory", "64m", "+resources memory=\"@\""),
    ("file", "/x", "+file \"@\" source=\"f/x\""),
    ("file's source", "f/x", "+file \"/x\" source=\"@\""),
    ("env-file", "f/env", "+env-file \"@\""),
    ("user", "1000", "+user \"@\""),
    ("workdir", "/app", "+workdir \"@\""),
    ("command", "run", "+command \"@\""),
    ("duration", "5s", "+stop grace=\"@\""),
    ("signal", "SIGTERM", "+stop signal=\"@\""),
    ("path of a health check", "/healthz", "+health http=\"http\" path=\"@\""),
    ("docker's argument", "x", "+docker-args \"--hostname\" \"@\""),
];

#[test]
fn a_name_is_refused_or_stays_a_name() {
    let mut all = [0, 0];
    for (what, good, place) in PLACES {
        let project = Project::in_memory().file("f/x", "x\n").file("f/env", "X=1\n");
        project.write("dpc.kdl", entry(&place.replace('@', good)));
        assert!(compiles(&project, what, None), "{what}: the good text is refused");
        let mut refused = 0;
        for text in HOSTILE {
            project.write("dpc.kdl", entry(&place.replace('@', text)));
            refused += usize::from(!compiles(&project, &format!("{what} `{text}`"), Some(text)));
        }
        let row = format!("names | {what} | {} | {refused} | {}\n", HOSTILE.len(), HOSTILE.len() - refused);
        std::io::stderr().write_all(row.as_bytes()).unwrap();
        all = [all[0] + HOSTILE.len(), all[1] + refused];
    }
    let row = format!("names | in all | {} | {} | {}\n", all[0], all[1], all[0] - all[1]);
    std::io::stderr().write_all(row.as_bytes()).unwrap();
}

/// Numbers that KDL would hand on as others than were written.
const NUMBERS: [&str; 9] = ["3.10", "0755", "1e3", "0x10", "0o17", "0b1", "1_000", "-1", "#inf"];

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

/// What looks as if it could pass, and must not: place, text, and words of the error.
const REFUSED: &[(&str, &str, &str)] = &[
    ("fleet", "multi-user", "systemd has a target of that name"),
    ("fleet", "systemd", "systemd's own"),
    ("fleet", "systemd-journal", "systemd's own"),
    ("service", "API", "holds capital letters"),
    ("service", "-v/:/host", "holds"),
    ("service", "--privileged", "does not start with a letter"),
    ("host", "../a", "holds"),
    ("volume's directory", "a", "path"),
    ("volume's directory", "/srv/../etc", "`..`"),
    ("volume", "a", "path"),
    ("port", "0", "port"),
    ("port", "65536", "port"),
    ("port", "8081-8080", "range"),
    ("image", "-v/:/host", "image"),
    ("image", "A/B", "capital"),
    ("image", "a:", "tag"),
    ("image", "a@sha256:0", "digest"),
    ("memory", "64", "unit"),
    ("size", "0", "size"),
    ("duration", "5", "unit"),
    ("duration", "5 s", "blank"),
    ("env key", "A=B", "`=`"),
    ("label's name", "a=b", "`=`"),
    ("include", "../x.kdl", "outside the project"),
    ("file's source", "../x", "`..`"),
];

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

/// Whether it compiles; then every artifact is below the output, a script is a script, and a line of a unit is one of ours.
/// Where it does not, the place of `text` is in the error.
fn compiles(project: &Project, told: &str, text: Option<&str>) -> bool {
    let before = project.tree("").paths().len();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
    command.args(["build", "-q", "-o", "out"]).current_dir(project.path("")).stdin(Stdio::null());
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code().is_some_and(|code| code < 2), "{told}: {:?} {said}", output.status);
    let hides = |c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2028}' | '\u{200b}' | '\u{feff}')
    };
    assert!(!said.contains(hides), "{told}: {said:?}");
    if !output.status.success() {
        assert!(said.contains("error[") && text.is_none_or(|text| shows(&said, text)), "{told}: {said}");
        assert_eq!(project.tree("").paths().len(), before, "{told} wrote something");
        return false;
    }
    let tree = project.tree("out");
    for (path, entry) in &tree.0 {
        let Kind::File(bytes) = &entry.kind else { continue };
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains('\0'), "{told}: {path}");
        if path.ends_with(".sh") || path.ends_with("/activate") {
            let parsed = Command::new("sh").arg("-n").arg(project.path("out").join(path)).output().unwrap();
            assert!(parsed.status.success(), "{told}: {path}: {}", String::from_utf8_lossy(&parsed.stderr));
        }
        if path.contains("/systemd/") {
            text.lines().for_each(|line| assert!(is_of_a_unit(line), "{told}: {path}: {line}"));
        }
    }
    std::fs::remove_dir_all(project.path("out")).unwrap();
    assert_eq!(project.tree("").paths(), ["dpc.kdl", "f", "f/env", "f/x"], "{told} wrote beside its output");
    true
}

/// Whether one of the lines that an error shows is underlined where the text stands in it.
fn shows(said: &str, text: &str) -> bool {
    let lines: Vec<&str> = said.lines().collect();
    // What looks like a secret is shown as stars.
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
    // What stands in the units below golden/.
    let ours = [
        "After",
        "BindsTo",
        "Description",
        "ExecReload",
        "ExecStart",
        "ExecStop",
        "ExecStopPost",
        "KillMode",
        "NotifyAccess",
        "OnCalendar",
        "PartOf",
        "Persistent",
        "RandomizedDelaySec",
        "RemainAfterExit",
        "Restart",
        "RestartSec",
        "RuntimeDirectory",
        "StartLimitIntervalSec",
        "SuccessExitStatus",
        "SyslogIdentifier",
        "TimeoutStartSec",
        "TimeoutStopSec",
        "Type",
        "WantedBy",
        "Wants",
    ];
    let program = line.strip_prefix("ExecStart=").is_none_or(|program| program.contains("/opt/dpc/"));
    line.is_empty()
        || line.starts_with('#')
        || line.starts_with('[')
        || line.split_once('=').is_some_and(|(name, _)| ours.contains(&name) && program)
}
