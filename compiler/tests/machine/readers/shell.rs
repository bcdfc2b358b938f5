//! Words and comments against the shells.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use dpc::encode::{shell, terminal};
use proptest::prelude::*;

use crate::project::Project;
use crate::readers::{texts, tool};

#[test]
fn words_arrive_as_arguments() {
    let shells = shells();
    texts::batches("sh words (dash, bash, busybox)", texts::text(), |batch, tally| {
        let words: Vec<&str> = batch.iter().filter(|text| !text.contains('\0')).map(String::as_str).collect();
        for text in &batch {
            prop_assert_eq!(shell::word(text).is_err(), text.contains('\0'));
        }
        tally.count(batch.len(), words.len());
        for shell in &shells {
            texts::same(&arguments(shell, &words), &words)?;
        }
        Ok(())
    });
}

#[test]
fn values_are_kept_in_variables() {
    let shells = shells();
    // The last one is too long for an argument.
    let long = "it's ".repeat(shell::ARGUMENT_MAX / 4);
    texts::batches("sh values (dash, bash, busybox)", texts::text(), |batch, tally| {
        let values: Vec<&str> =
            batch.iter().filter(|text| !text.contains('\0')).map(String::as_str).collect();
        for text in &batch {
            prop_assert_eq!(shell::value(text).is_err(), text.contains('\0'));
        }
        tally.count(batch.len(), values.len());
        let values = [values, vec![long.as_str()]].concat();
        for shell in &shells {
            texts::same(&kept(shell, &values), &values)?;
        }
        Ok(())
    });
}

#[test]
fn every_character_arrives() {
    let texts: Vec<String> = texts::all_characters(1).into_iter().skip(1).collect();
    for shell in &shells() {
        for some in texts.chunks(50_000) {
            let words: Vec<&str> = some.iter().map(String::as_str).collect();
            assert!(arguments(shell, &words) == words, "{shell:?}: {:?}", words.first());
        }
    }
}

#[test]
fn comments_are_not_run() {
    let shells = shells();
    texts::batches("sh comments (dash, bash, busybox)", texts::text(), |batch, tally| {
        tally.count(batch.len(), batch.len());
        let script: String =
            batch.iter().map(|text| format!("# {}\necho ran\n", terminal::line(text))).collect();
        for shell in &shells {
            prop_assert_eq!(run(shell, &script), "ran\n".repeat(batch.len()).into_bytes());
        }
        Ok(())
    });
}

/// The arguments that a program gets from a script with these words.
fn arguments(shell: &[PathBuf], words: &[&str]) -> Vec<String> {
    let mut script = "printf '%s\\0'".to_owned();
    for word in words {
        script.push(' ');
        script.push_str(&shell::word(word).unwrap());
    }
    script.push('\n');
    printed(&run(shell, &script))
}

/// Returns the output of a script that assigns these values.
fn kept(shell: &[PathBuf], values: &[&str]) -> Vec<String> {
    let lines = values
        .iter()
        .map(|value| format!("value={}\nprintf '%s\\0' \"$value\"\n", shell::value(value).unwrap()));
    printed(&run(shell, &lines.collect::<String>()))
}

/// Texts that are ended by NUL each.
fn printed(output: &[u8]) -> Vec<String> {
    let texts = output.strip_suffix(b"\0").map(|output| output.split(|&byte| byte == 0));
    texts.into_iter().flatten().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
}

fn run(shell: &[PathBuf], script: &str) -> Vec<u8> {
    let directory = Project::empty();
    let file = directory.root.join("script.sh");
    fs::write(&file, script).unwrap();
    tool::run(Command::new(&shell[0]).args(&shell[1..]).arg(file)).stdout
}

/// The shells on this machine, each as a program and the words before the script.
fn shells() -> Vec<Vec<PathBuf>> {
    let found = |name: &str, arguments: &[&str]| {
        tool::find(name)
            .map(|program| [vec![program], arguments.iter().map(PathBuf::from).collect()].concat())
    };
    let shells =
        [found("dash", &[]), found("bash", &[]), found("bash", &["--posix"]), found("busybox", &["sh"])];
    shells.into_iter().flatten().collect()
}
