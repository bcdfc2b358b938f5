//! Messages where there is no project to compile, or one that cannot be read.

use crate::command::call::{Call, SHOP};
use crate::command::system::{fifo, program_for_everyone, unprivileged};
use crate::project::Project;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

#[test]
fn the_first_contact_leads_on() {
    let project = Project::empty();
    let said = project.call(["build"]).code(2).with(|_| {}).says(["there is no `dpc.kdl` in this directory"]);
    said.run();
    for command in [&["check"][..], &["build"], &["show", "api"], &["graph"]] {
        project.call(command).code(2).says(["there is no `dpc.kdl`", "dpc explain service"]).run();
    }
    assert_eq!(project.tree("").paths(), [""; 0]);
}

#[test]
fn the_project_that_is_offered_to_beginners_compiles() {
    let project = Project::empty();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_dpc"))
        .arg("build")
        .current_dir(project.path(""))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let offered: String =
        said.lines().filter_map(|line| line.strip_prefix("    ")).map(|line| format!("{line}\n")).collect();
    assert!(offered.starts_with("fleet"), "{said}");
    project.write("dpc.kdl", offered);
    project.call(["build", "--strict", "--quiet"]).run();
}

#[test]
fn a_project_further_up_is_named() {
    let project = Project::shop();
    project.write("services/api/notes", "");
    let below = |folder: &str| {
        project.call(["check"]).with(|command| {
            command.current_dir(project.path(folder));
        })
    };
    below("services").code(2).says(["there is one in `..`:"]).run();
    below("services/api").code(2).says(["there is one in `../..`:"]).run();
    project
        .call(["check", "services"])
        .code(2)
        .says(["no `dpc.kdl` in `services`", "in `services/..`"])
        .run();
}

#[test]
fn a_directory_that_is_none_is_named() {
    let project = Project::shop();
    let help = "  help: name the directory that holds `dpc.kdl`\n";
    let missing = format!("error: there is no directory `nowhere`\n{help}");
    project.call(["build", "nowhere"]).code(2).stderr(&missing).run();
    let file = format!("error: `dpc.kdl` is not a directory\n{help}");
    project.call(["build", "dpc.kdl"]).code(2).stderr(&file).run();
}

#[test]
fn an_entry_that_is_no_text_file_is_named_at_once() {
    let project = Project::empty();
    fs::create_dir(project.path("dpc.kdl")).unwrap();
    let error = "error: `dpc.kdl` is not a regular file\n";
    project.call(["check"]).code(2).stderr(error).run();
    fs::remove_dir(project.path("dpc.kdl")).unwrap();
    fifo(&project.path("dpc.kdl"));
    project.call(["check"]).code(2).stderr(error).run();
    fs::remove_file(project.path("dpc.kdl")).unwrap();
    symlink("/dev/zero", project.path("dpc.kdl")).unwrap();
    project.call(["check"]).code(2).stderr("error: `dpc.kdl` is outside the project\n").run();
    project.call(["check", "--allow-outside"]).code(2).stderr(error).run();
    fs::remove_file(project.path("dpc.kdl")).unwrap();
    project.write("dpc.kdl", b"fleet \"caf\xe9\"\n");
    let text = "error: `dpc.kdl` is not UTF-8 text: see line 1, column 11\n";
    project.call(["check"]).code(2).stderr(text).run();
    project
        .call(["check", project.path("").to_str().unwrap()])
        .code(2)
        .says(["/dpc.kdl` is not UTF-8"])
        .run();
}

#[test]
fn an_entry_that_may_not_be_read_is_named() {
    let project = Project::empty().file("dpc.kdl", SHOP);
    fs::set_permissions(project.path("dpc.kdl"), Permissions::from_mode(0o000)).unwrap();
    let program = program_for_everyone(&project);
    let error = "error: `dpc.kdl` cannot be read: permission denied\n";
    Call::new(&program, &project.path(""), ["check"]).with(unprivileged).code(2).stderr(error).run();
}

#[test]
fn an_included_file_that_is_no_text_file_is_named() {
    let project = Project::shop();
    project.edit("dpc.kdl", "fleet", "include \"more.kdl\"\nfleet");
    project.call(["check"]).code(1).says(["`more.kdl` does not exist", "dpc.kdl:1"]).run();
    fifo(&project.path("more.kdl"));
    project.call(["check"]).code(1).says(["`more.kdl` is not a regular file"]).run();
    fs::remove_file(project.path("more.kdl")).unwrap();
    project.write("more.kdl", b"\xff\xfe");
    project.call(["check"]).code(1).says(["`more.kdl` is not UTF-8 text"]).run();
}

#[test]
fn what_is_wrong_ends_a_build_before_it_writes() {
    let project = Project::shop();
    project.edit("dpc.kdl", "8080", "80800");
    let count = "1 error; `dpc explain CODE` tells why a rule exists\n";
    for command in [&["build"][..], &["check"], &["build", "--check"], &["build", "--quiet"], &["graph"]] {
        project.call(command).code(1).says(["80800", "dpc.kdl:6", count]).run();
    }
    assert_eq!(project.tree("").paths(), ["api.json", "dpc.kdl"]);
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    let project = Project::shop();
    let error = "error: there is no service or task `apy`\n  help: did you mean `api`?\n";
    project.call(["show", "apy"]).code(2).stderr(error).run();
    let error = "error: there is no service or task `zzzzzz`\n  help: there is: api\n";
    project.call(["show", "zzzzzz"]).code(2).stderr(error).run();
    let error =
        "error: there is no rule and no node `prot-conflict`\n  help: did you mean `port-conflict`?\n";
    project.call(["explain", "prot-conflict"]).code(2).stderr(error).run();
    project.call(["explain", "\x1b[31m"]).code(2).says([r"`\u{1b}[31m`"]).run();
}

/// `check` refuses a broken template of the project in the same words as a build.
#[test]
fn a_broken_template_is_found_without_a_build() {
    for (name, text, words) in [
        ("container.sh.j2", "{% if %}", "line 1: unexpected end of block"),
        ("container.sh.j2", "#!/bin/sh\n{{ nothing }}\n", "line 2: `nothing` is undefined"),
        ("activate.j2", "{% for i in range(999) %}".repeat(4).as_str(), "activate.j2"),
        ("activat.j2", "", "did you mean `templates/activate.j2`?"),
    ] {
        let project = Project::shop().file(&format!("templates/{name}"), text);
        let said = |command: &str| project.call([command]).code(1).says([words]).run_both();
        assert_eq!(said("check"), said("build"), "{name}");
        assert_eq!(project.tree("out").paths(), [""; 0]);
    }
    let own = include_str!("../../../../templates/container.sh.j2");
    Project::shop().file("templates/container.sh.j2", own).call(["check", "--quiet"]).run();
    let latin = Project::shop().file("templates/activate.j2", b"#!/bin/sh\n# \xe9\n");
    latin.call(["check"]).code(1).says(["it is not UTF-8 text: see line 2, column 3"]).run();
}

#[test]
fn a_file_that_is_no_text_is_named_with_the_place() {
    let project = Project::shop();
    project.write("dpc.kdl", b"// a\n// \xe9\n");
    project.call(["check"]).code(2).says(["`dpc.kdl` is not UTF-8 text: see line 2, column 4"]).run();
    project.write("dpc.kdl", "include \"x.kdl\"\nfleet \"shop\"\n");
    project.write("x.kdl", b"\xff");
    project.call(["check"]).code(1).says(["`x.kdl` is not UTF-8 text: see line 1, column 1"]).run();
}

#[test]
fn what_is_imported_is_written_through_no_link() {
    let project = Project::empty().file("run.txt", "docker run --name web nginx:1.27\n").file("real/x", "");
    symlink("real", project.path("linked")).unwrap();
    let words = |out: &str| ["import".into(), "run".into(), "run.txt".into(), "-o".into(), out.to_string()];
    let absolute = project.path("linked/a.kdl").display().to_string();
    for out in ["linked/a.kdl", "./linked/a.kdl", absolute.as_str()] {
        let said = ["linked` is a symbolic link, and dpc writes through none"];
        project.call(words(out)).code(2).says(said).run();
    }
    assert!(!project.path("real/a.kdl").exists());
}

/// Slips behind a secret name, with `@` for the secret.
const SLIPS: [&str; 33] = [
    r##"env { DB_PASSWORD r#"@"# }"##,
    r##"env { DB_PASSWORD { "@" } }"##,
    "env { DB_PASSWORD {@} }",
    "env { DB_PASSWORD (@) }",
    "env { DB_PASSWORD [@] }",
    r#"env { DB_PASSWORD ["@", "b"] }"#,
    "env { DB_PASSWORD #@# }",
    r#"env { DB_PASSWORD ""@"" }"#,
    r#"env { DB_PASSWORD "a"@ }"#,
    r#"env { DB_PASSWORD @" }"#,
    r#"env { DB_PASSWORD "@ }"#,
    r#"env { DB_PASSWORD "{{ @ }}" }"#,
    r#"env { DB_PASSWORD "x{{ @ }}" }"#,
    r#"env { DB_PASSWORD "{{ vars.@ }}" }"#,
    r#"env { DB_PASSWORD "{{ var.@9 }}" }"#,
    r#"env { DB_PASSWORD "{{ '@' | nope }}" }"#,
    r#"env { DB_PASSWORD secret "@" }"#,
    "env { DB_PASSWORD (password)@ }",
    r#"env { DB_PASSWORD value="@" }"#,
    "env { DB_PASSWORD @=1 }",
    r"env { DB_PASSWORD \@ }",
    "env { DB_PASSWORD 1@ }",
    r#"env { DB_PASSWORD = "@" }"#,
    "env { DB_PASSWORD=(@) }",
    r#"env { PORT "80"; "DB_PASSWORD" [@] }"#,
    "env DB_PASSWORD [@]",
    r#"env "DB_PASSWORD" "a" [@]"#,
    r#"label { "app.token" {"@"} }"#,
    r#"label "app.token" @""#,
    r#"label "app.token" {@}"#,
    r#"secret "DB_PASSWORD" {@}"#,
    r#"secret DB_PASSWORD from=(@)"#,
    r#"secret "DB_PASSWORD" from="/a/b" [@]"#,
];

#[test]
fn an_error_repeats_no_secret_that_is_misspelt() {
    let project = Project::shop();
    let fleet = "fleet \"shop\"\nhost \"a\" address=\"10.0.0.1\"";
    project.write("dpc.kdl", format!("{fleet}\ninclude \"slip.kdl\"\n"));
    for secret in ["Hunter2Zq9", "48151623", "481516", "swordfish"] {
        for slip in SLIPS.into_iter().chain(["env { DB_PASSWORD \"a\" @ }"]) {
            let slip = slip.replace('@', secret);
            let image = "image \"a:1\"\n    on \"a\"";
            project.write("slip.kdl", format!("service \"api\" {{\n    {image}\n    {slip}\n}}\n"));
            for format in ["text", "json"] {
                let ran = project.dpc(["check", "--format", format]);
                let said = format!("{}{}", ran.out, ran.err);
                assert!(
                    !said.contains(secret) && (ran.code == 0 || said.contains("slip.kdl")),
                    "{slip}\n{said}"
                );
            }
        }
    }
}

#[test]
fn an_error_shows_what_is_no_secret_behind_a_secret_name() {
    let project = Project::shop();
    for (line, shown) in [
        (r#"env { TLS_KEY "/etc/a.key" "b"; PORT "80" }"#, r#"env { TLS_KEY "/etc/a.key" "#),
        (r#"env { A_TOKEN "{{ var.nothing }}" }"#, r#"{{ var.nothing }}"#),
        (r#"secret "A_TOKEN" "x" from="/etc/a.key""#, r#""*" from="/etc/a.key""#),
        (r#"env { A_TOKEN "a"; PORT [80] }"#, r#"env { A_TOKEN "*"; PORT [80] }"#),
    ] {
        let fleet = "fleet \"shop\"\nhost \"a\" address=\"10.0.0.1\"";
        project.write(
            "dpc.kdl",
            format!("{fleet}\nservice \"api\" {{\n    image \"a:1\"\n    on \"a\"\n    {line}\n}}\n"),
        );
        let said = project.dpc(["check"]).err;
        assert!(said.contains(shown), "{said}");
    }
}
