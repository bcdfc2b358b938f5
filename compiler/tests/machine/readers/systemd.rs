//! Units compared with systemd's own parser: `systemd --user --test` loads them and prints them as understood.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use dpc::encode::{terminal, unit};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::project::Project;
use crate::readers::{texts, tool};

#[test]
fn arguments_arrive() {
    let Some(systemd) = tool::find("systemd") else { return };
    texts::batches("ExecStart= arguments (systemd)", texts::text(), |batch, tally| {
        let mut expected = Vec::new();
        for text in &batch {
            prop_assert_eq!(unit::argument(text).is_err(), text.contains('\0'));
            if !text.contains('\0') {
                expected.push(text.as_str());
            }
        }
        tally.count(batch.len(), expected.len());
        let lines: Vec<String> = expected.iter().map(|text| exec_start(text)).collect();
        let dump = load(&systemd, &[lines.join("")]);
        let arrived: Vec<_> = values(&dump[0], "Command Line: ").into_iter().map(argument).collect();
        texts::same(&arrived, &expected)?;
        Ok(())
    });
}

#[test]
fn every_character_arrives_in_an_argument() {
    let Some(systemd) = tool::find("systemd") else { return };
    let texts: Vec<String> =
        texts::all_characters(2_000).into_iter().map(|text| text.replace('\0', "")).collect();
    let lines: Vec<String> = texts.iter().map(|text| exec_start(text)).collect();
    let dump = load(&systemd, &[lines.join("")]);
    let arrived: Vec<_> = values(&dump[0], "Command Line: ").into_iter().map(argument).collect();
    assert!(arrived == texts);
}

#[test]
fn values_arrive() {
    let Some(systemd) = tool::find("systemd") else { return };
    texts::batches("unit values (systemd)", texts::text(), |batch, tally| {
        let written: Vec<_> = batch.iter().filter_map(|text| Some((text, unit::value(text).ok()?))).collect();
        tally.count(batch.len(), written.len());
        // The comment and the empty line before it show that neither takes the setting away.
        let units: Vec<String> = written
            .iter()
            .map(|(text, value)| {
                format!(
                    "[Unit]\n# {}\nDescription={value}\n[Service]\n{}",
                    terminal::line(text),
                    exec_start("")
                )
            })
            .collect();
        expect(&load(&systemd, &units), "Description: ", written.iter().map(|(text, _)| (*text).clone()))
    });
}

#[test]
fn paths_arrive_as_words_of_a_list() {
    let Some(systemd) = tool::find("systemd") else { return };
    let paths = [
        "/srv/a b",
        "/srv/it's \"quoted\" $HOME `id` 100%",
        "/srv/ünï \\ back\\",
        "/srv/;#x",
        "/srv/\\x41%n",
    ];
    for path in paths {
        let unit =
            format!("[Unit]\nRequiresMountsFor={}\n[Service]\n{}", unit::word(path).unwrap(), exec_start(""));
        let dump = &load(&systemd, &[unit])[0];
        assert!(
            values(dump, "RequiresMountsFor: ").iter().any(|value| value.starts_with(&format!("{path} ("))),
            "{path}: {dump}"
        );
    }
}

#[test]
fn every_value_that_is_refused_would_not_arrive() {
    let Some(systemd) = tool::find("systemd") else { return };
    for text in [" a", "a ", "\ta", "a\t", "a\\", "a\nb", "a\0b", "a\u{fffe}b", "a\r"] {
        assert!(unit::value(text).is_err());
        let unit = format!("[Unit]\nDescription={text}\nAfter=next.target\n[Service]\n{}", exec_start(""));
        let dump = load(&systemd, &[unit]);
        let whole = values(&dump[0], "Description: ") == [text] && dump[0].contains("After: next.target");
        assert!(!whole, "{text:?} could be written after all");
    }
}

const SERVICE: &str = "[Service]\nType=oneshot\n";

/// A service that runs one program with one argument.
fn exec_start(text: &str) -> String {
    format!("{SERVICE}ExecStart={}\n", format_args!("/bin/x {}", unit::argument(text).unwrap()))
}

fn expect(dumps: &[String], setting: &str, texts: impl Iterator<Item = String>) -> TestCaseResult {
    let texts: Vec<String> = texts.collect();
    prop_assert_eq!(dumps.len(), texts.len());
    for (dump, text) in dumps.iter().zip(texts) {
        prop_assert_eq!(values(dump, setting), vec![text]);
    }
    Ok(())
}

/// Returns the properties of each of these units as systemd reads them.
fn load(systemd: &Path, units: &[String]) -> Vec<String> {
    let directory = Project::empty();
    let (wanted, runtime) =
        (directory.root.join("units/default.target.wants"), directory.root.join("runtime"));
    fs::create_dir_all(&wanted).unwrap();
    fs::create_dir(&runtime).unwrap();
    fs::write(directory.root.join("units/default.target"), "[Unit]\nDescription=all\n").unwrap();
    for (index, unit) in units.iter().enumerate() {
        fs::write(directory.root.join(format!("units/u{index}.service")), unit).unwrap();
        symlink(format!("../u{index}.service"), wanted.join(format!("u{index}.service"))).unwrap();
    }
    fs::set_permissions(&runtime, Permissions::from_mode(0o700)).unwrap();
    let output = tool::run(user_manager(systemd, &directory.root, &runtime).env_clear().envs([
        ("SYSTEMD_UNIT_PATH", directory.root.join("units")),
        ("XDG_RUNTIME_DIR", runtime.clone()),
        ("HOME", PathBuf::from("/nonexistent")),
    ]));
    let dump = String::from_utf8_lossy(&output.stdout).into_owned();
    (0..units.len()).map(|index| block(&dump, &format!("u{index}.service"))).collect()
}

/// The manager refuses to run as root: then it runs as nobody.
fn user_manager(systemd: &Path, directory: &Path, runtime: &Path) -> Command {
    const NOBODY: u32 = 65534;
    let mut command = if fs::metadata(directory).unwrap().uid() == 0 {
        std::os::unix::fs::chown(runtime, Some(NOBODY), Some(NOBODY)).unwrap();
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(systemd);
        command
    } else {
        Command::new(systemd)
    };
    command.args(["--user", "--test", "--log-target=console"]);
    command
}

/// The part of the dump that is about one unit.
fn block(dump: &str, name: &str) -> String {
    let Some((_, rest)) = dump.split_once(&format!("\t-> Unit {name}:\n")) else {
        return String::new();
    };
    rest.split("\t-> Unit ").next().unwrap_or_default().to_owned()
}

/// The values of a setting in the order of the dump.
fn values<'a>(block: &'a str, setting: &str) -> Vec<&'a str> {
    block.split('\n').filter_map(|line| line.trim_start_matches('\t').strip_prefix(setting)).collect()
}

/// The argument behind the program, as the program would get it: `$$` is replaced when the process is started.
fn argument(line: &str) -> String {
    let words = words(line);
    assert_eq!((words.len(), words[0].as_str()), (2, "/bin/x"), "{line}");
    assert_eq!(words[1].replace("$$", "").find('$'), None, "{line}");
    words[1].replace("$$", "$")
}

/// Undoes the quoting of the dump: words between spaces, in double quotes with C escapes where they need them.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut bytes = line.bytes().peekable();
    while bytes.peek().is_some() {
        let mut word = Vec::new();
        let quoted = bytes.next_if_eq(&b'"').is_some();
        let end = if quoted { b'"' } else { b' ' };
        while let Some(byte) = bytes.next().filter(|&byte| byte != end) {
            if quoted && byte == b'\\' { word.push(unescape(&mut bytes)) } else { word.push(byte) }
        }
        if quoted {
            bytes.next_if_eq(&b' ');
        }
        words.push(String::from_utf8(word).unwrap());
    }
    words
}

fn unescape(bytes: &mut impl Iterator<Item = u8>) -> u8 {
    let digit = |byte: Option<u8>| byte.unwrap_or_default() - b'0';
    match bytes.next().unwrap_or_default() {
        b'a' => 7,
        b'b' => 8,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 11,
        b'f' => 12,
        b'r' => b'\r',
        first @ b'0'..=b'7' => {
            let (second, third) = (digit(bytes.next()), digit(bytes.next()));
            digit(Some(first)) * 64 + second * 8 + third
        }
        byte => byte,
    }
}
