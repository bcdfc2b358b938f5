//! No secret of the examples leaves in any format.

use crate::pairs::{compared, pairs};
use dpc::diff::{json, markdown, text};

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
