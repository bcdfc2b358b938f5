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
        assert!(compiles(&project, what), "{what}: the good text is refused");
        let mut refused = 0;
        for text in HOSTILE {
            project.write("dpc.kdl", entry(&place.replace('@', text)));
            refused += usize::from(!compiles(&project, &format!("{what} `{text}`")));
        }
        let row = format!("names | {what} | {} | {refused} | {}\n", HOSTILE.len(), HOSTILE.len() - refused);
        std::io::stderr().write_all(row.as_bytes()).unwrap();
        all = [all[0] + HOSTILE.len(), all[1] + refused];
    }
    let row = format!("names | in all | {} | {} | {}\n", all[0], all[1], all[0] - all[1]);
    std::io::stderr().write_all(row.as_bytes()).unwrap();
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
fn compiles(project: &Project, told: &str) -> bool {
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
        assert!(said.contains("dpc.kdl:") && said.contains("error["), "{told}: {said}");
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
