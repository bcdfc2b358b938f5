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
fn a_secret_that_is_known_from_one_field_is_masked_in_every_other() {
    let folder = Project::empty();
    let project = |secret: &str, image: &str| {
        format!(
            "fleet \"shop\"\nhost \"app-1\" address=\"10.0.0.11\"\nservice \"api\" {{\n    image \"example.com/api:{image}\"\n    \
             on \"app-1\"\n    port \"http\" 8080\n    env {{\n        DBPASS \"{secret}\"\n        NOTE \"it is {secret}\"\n    }}\n    \
             label \"note\" \"so it is {secret}\"\n    workdir \"/{secret}\"\n    command \"run\" \"{secret}\"\n    \
             docker-args \"--annotation\" \"a={secret}\"\n    file \"/app/a.txt\" source=\"{image}.txt\"\n    \
             volume \"/data\" from=\"/srv/{secret}\"\n    health command=\"ask {secret}\"\n}}\n"
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
