//! DNS names compared with a name server's own check of host names: accepted names are loaded, and served as they were written.

use std::fs;
use std::process::Command;

use dpc::encode::dns;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::project::Project;
use crate::readers::{texts, tool};

#[test]
fn labels_that_pass_are_names_of_hosts() {
    let Some(check) = tool::find("named-checkzone") else { return };
    let directory = Project::empty();
    texts::batches("DNS labels (BIND)", label(), |batch, tally| {
        let passed: Vec<&String> = batch.iter().filter(|text| dns::label(text).is_ok()).collect();
        tally.count(batch.len(), passed.len());
        // Each twice in one name, so that the place in a name makes no difference.
        let records: String = passed.iter().map(|text| format!("{text}.{text} A 10.0.0.1\n")).collect();
        let zone = format!(
            "$TTL 60\n@ SOA ns.dpc.test. x.dpc.test. 1 2 3 4 5\n@ NS ns.dpc.test.\nns A 10.0.0.1\n{records}"
        );
        fs::write(directory.root.join("zone"), zone).unwrap();
        let mut command = Command::new(&check);
        command.args(["-k", "fail", "-o", "-", "dpc.test"]).arg(directory.root.join("zone"));
        let output = tool::run(&mut command);
        let served = String::from_utf8_lossy(&output.stdout).into_owned();
        prop_assert!(output.status.success(), "{}{}", served, String::from_utf8_lossy(&output.stderr));
        let names: Vec<&str> = served.lines().filter_map(|line| line.split_whitespace().next()).collect();
        for text in passed {
            prop_assert!(
                names.contains(&format!("{text}.{text}.dpc.test.").as_str()),
                "{} in {}",
                text,
                served
            );
        }
        Ok(())
    });
}

/// A refused label is no name of a host, or another text for the same name: capital letters.
#[test]
fn labels_that_are_refused_would_not_be_served_as_they_are() {
    let Some(check) = tool::find("named-checkzone") else { return };
    let directory = Project::empty();
    let long = "a".repeat(64);
    for text in [
        "-a",
        "a-",
        "a_b",
        "A",
        "é",
        "a b",
        "a:1",
        "*",
        "a\\b",
        "a\"b",
        "a;b",
        "a$b",
        "a/b",
        "\u{202e}a",
        &long,
    ] {
        assert!(dns::label(text).is_err(), "{text}");
        let zone = format!(
            "$TTL 60\n@ SOA ns.dpc.test. x.dpc.test. 1 2 3 4 5\n@ NS ns.dpc.test.\nns A 10.0.0.1\n{text} A 10.0.0.1\n"
        );
        fs::write(directory.root.join("zone"), zone).unwrap();
        let mut command = Command::new(&check);
        command.args(["-k", "fail", "-o", "-", "dpc.test"]).arg(directory.root.join("zone"));
        let output = tool::run(&mut command);
        let served = String::from_utf8_lossy(&output.stdout);
        let kept = output.status.success() && served.contains(&format!("{text}.dpc.test."));
        assert!(!kept || text == "*" || text == "A", "{text} is served after all: {served}");
    }
}

/// Labels, and texts that nearly are labels.
fn label() -> impl Strategy<Value = String> {
    let plain = || select("abcxyz0189-".chars().collect::<Vec<_>>()).prop_map(String::from);
    let piece = prop_oneof![60 => plain(), 1 => select(&["_", ".", "A", "é", " ", "\n", "\0", "\u{2028}", "\u{202e}", "*", "\\", "\"", ";", "$", "@"][..]).prop_map(str::to_owned)];
    prop_oneof![9 => vec(piece, 0..70).prop_map(|pieces| pieces.concat()), 1 => texts::text()]
}
