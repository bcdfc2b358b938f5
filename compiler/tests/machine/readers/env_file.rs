//! Env files compared with docker's clients: the container gets what the parser reads.

use std::fs;
use std::path::Path;

use dpc::encode::env_file;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::project::Project;
use crate::readers::docker::{Clients, sorted};
use crate::readers::texts;

#[test]
fn files_are_read_as_docker_reads_them() {
    let clients = Clients::new();
    let directory = Project::empty();
    texts::batches("env files read (docker)", file(), |batch, tally| {
        let mut flags = Vec::new();
        let mut expected = Vec::new();
        for (index, bytes) in batch.iter().enumerate() {
            let Ok(variables) = env_file::parse(bytes) else { continue };
            flags.extend(["--env-file".to_owned(), write(&directory.root, index, bytes)]);
            expected.extend(variables.iter().map(|variable| format!("{}={}", variable.name, variable.value)));
        }
        expected.sort();
        tally.count(batch.len(), flags.len() / 2);
        for body in clients.create(&flags)? {
            texts::same(&sorted(&body["Env"]), &expected)?;
        }
        Ok(())
    });
}

/// One process a file, so these are fewer. docker must refuse what dpc refuses, except where dpc is stricter.
#[test]
fn files_are_refused_as_docker_refuses_them() {
    let clients = Clients::new();
    let directory = Project::empty();
    let Some(program) = clients.programs().first() else { return };
    let config = ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(bytes in file())| {
        let refused = env_file::parse(&bytes).err();
        let created = clients.create_with(program, &["--env-file".to_owned(), write(&directory.root, 0, &bytes)]);
        let faults: Vec<String> = refused.into_iter().flatten().map(|fault| fault.refused.to_string()).collect();
        let stricter = faults.iter().any(|words| ["without `=`", "NUL", "U+", "carriage"].iter().any(|word| words.contains(word)));
        prop_assert!(created.is_err() != faults.is_empty() || stricter, "{:?} {:?}", created, faults);
    });
}

fn write(directory: &Path, index: usize, bytes: &[u8]) -> String {
    let file = directory.join(format!("{index}.env"));
    fs::write(&file, bytes).unwrap();
    file.to_str().unwrap().to_owned()
}

/// A few lines, most of them assignments, some with text that docker refuses.
fn file() -> impl Strategy<Value = Vec<u8>> {
    let start = select(&["", "", "", "", "\u{feff}", "\n", "#\n"][..]);
    (start, vec(line(), 0..4)).prop_map(|(start, lines)| [start.as_bytes().to_vec(), lines.concat()].concat())
}

fn line() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![12 => "[A-Z_]{1,4}", 1 => texts::text()];
    let equals = select(&["=", "=", "=", "=", "=", "=", "=", "=", "=", "=", "==", ""][..]);
    let end = select(ENDS);
    let before = select(&["", "", "", " ", "\t", "\u{a0}", "#", "\u{2028}"][..]);
    (before, name, equals, value(), end).prop_map(|(before, name, equals, value, end)| {
        [before.as_bytes(), name.as_bytes(), equals.as_bytes(), value.as_bytes(), end].concat()
    })
}

const ENDS: &[&[u8]] = &[b"\n", b"\n", b"\n", b"\r\n", b"\r", b"\n\n", b"\xff\n", b""];

/// A value, now and then as long as a line may be or a little longer.
fn value() -> impl Strategy<Value = String> {
    let long = (65_525_usize..65_540).prop_map(|length| "x".repeat(length));
    prop_oneof![150 => texts::text().prop_map(|text| text.replace('\0', "")), 1 => texts::text(), 1 => long]
}
