//! Flags of `docker run` against docker's clients and the recording engine.

use std::path::{Path, PathBuf};
use std::process::Command;

use dpc::encode::docker;
use dpc::value::docker_flags;
use dpc::value::env_name::EnvName;
use dpc::value::label_name::LabelName;
use dpc::value::path::{ContainerPath, HostPath};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::project::Project;
use crate::readers::{texts, tool};
use crate::recording_docker::RecordingDocker;

/// Every flag that a client tells of is in the table, with its arity.
#[test]
fn every_flag_is_in_the_table() {
    for client in Clients::new().programs() {
        let help = Command::new(client).args(["run", "--help"]).output().unwrap().stdout;
        let help = String::from_utf8(help).unwrap();
        let told: Vec<(&str, bool)> = help.lines().filter_map(told).collect();
        assert!(told.len() > 90, "{client:?}\n{help}");
        for flag in told {
            assert!(docker_flags::flags().any(|known| known == flag), "{client:?}: {flag:?}");
        }
    }
}

/// `  -a, --attach list      Attach to …` → `attach`, with a value.
fn told(line: &str) -> Option<(&str, bool)> {
    let is_flag = line.starts_with("  -") || line.starts_with("      --");
    let behind = line.split_once("--").filter(|_| is_flag)?.1;
    let name = behind.split(' ').next()?;
    Some((name, !behind[name.len()..].starts_with("  ")))
}

#[test]
fn mounts_arrive() {
    let clients = Clients::new();
    texts::batches("--mount (docker)", (texts::text(), texts::text()), |batch, tally| {
        let mut arguments = Vec::new();
        let mut expected = Vec::new();
        for (source, target) in &batch {
            let paths = (HostPath::parse(&path_of(source)), ContainerPath::parse(&path_of(target)));
            if let (Ok(source), Ok(target)) = paths {
                arguments.extend(["--mount".to_owned(), docker::bind(&source, &target, true)]);
                expected.push((source.to_string(), target.to_string()));
            }
        }
        tally.count(batch.len(), arguments.len() / 2);
        for body in clients.create(&arguments)? {
            let mounts = body["HostConfig"]["Mounts"].as_array().cloned().unwrap_or_default();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let arrived: Vec<_> =
                mounts.iter().map(|mount| (text(&mount["Source"]), text(&mount["Target"]))).collect();
            texts::same(&arrived, &expected)?;
            prop_assert!(mounts.iter().all(|mount| mount["Type"] == "bind" && mount["ReadOnly"] == true));
        }
        Ok(())
    });
}

#[test]
fn environment_arrives() {
    let clients = Clients::new();
    texts::batches("--env (docker)", (texts::text(), texts::text()), |batch, tally| {
        let mut arguments = Vec::new();
        let mut expected = Vec::new();
        for (index, (name, value)) in batch.iter().enumerate() {
            // Clients keep one variable of a name, so each has its own.
            let name = if name.is_empty() { String::new() } else { format!("{name}{index}") };
            let Ok(name) = EnvName::parse(&name) else { continue };
            if !value.contains('\0') {
                arguments.extend(["--env".to_owned(), docker::env(&name, value)]);
                expected.push(format!("{name}={value}"));
            }
        }
        expected.sort();
        tally.count(batch.len(), arguments.len() / 2);
        for body in clients.create(&arguments)? {
            texts::same(&sorted(&body["Env"]), &expected)?;
        }
        Ok(())
    });
}

#[test]
fn labels_arrive() {
    let clients = Clients::new();
    texts::batches("--label (docker)", (texts::text(), texts::text()), |batch, tally| {
        let mut arguments = Vec::new();
        let mut expected = json!({});
        for (index, (name, value)) in batch.iter().enumerate() {
            let Ok(name) = LabelName::parse(&format!("{index}.{name}")) else { continue };
            if !value.contains('\0') {
                arguments.extend(["--label".to_owned(), docker::label(&name, value)]);
                expected[name.as_str()] = json!(value);
            }
        }
        tally.count(batch.len(), arguments.len() / 2);
        for body in clients.create(&arguments)? {
            prop_assert_eq!(&body["Labels"], &expected);
        }
        Ok(())
    });
}

#[test]
fn tmpfs_arrive() {
    let clients = Clients::new();
    texts::batches("--tmpfs (docker)", (texts::text(), any::<u32>()), |batch, tally| {
        let mut arguments = Vec::new();
        let mut expected = json!({});
        for (index, (path, size)) in batch.iter().enumerate() {
            // `tmpfs` refuses colons in paths.
            let path = path_of(&format!("{index}{path}")).replace(':', "");
            let Ok(path) = ContainerPath::parse(&path) else { continue };
            let size = format!("size={size}m");
            arguments.extend(["--tmpfs".to_owned(), docker::tmpfs(&path, std::slice::from_ref(&size))]);
            expected[path.as_str()] = json!(size);
        }
        tally.count(batch.len(), arguments.len() / 2);
        for body in clients.create(&arguments)? {
            let arrived = &body["HostConfig"]["Tmpfs"];
            prop_assert!(
                *arrived == expected || (arrived.is_null() && arguments.is_empty()),
                "{} {}",
                arrived,
                expected
            );
        }
        Ok(())
    });
}

#[test]
fn every_character_arrives() {
    let clients = Clients::new();
    for text in texts::all_characters(25_000) {
        let text = text.replace('\0', "");
        // Paths hold no control characters.
        let path: String = format!("/{text}").chars().filter(|c| !c.is_control()).collect();
        let target = ContainerPath::parse("/x").unwrap();
        let arguments = [
            ["--mount".to_owned(), docker::bind(&path, &target, false)],
            ["--env".to_owned(), docker::env(&EnvName::parse("TEXT").unwrap(), &text)],
            ["--label".to_owned(), docker::label(&LabelName::parse("text").unwrap(), &text)],
        ];
        for body in clients.create(arguments.as_flattened()).unwrap() {
            assert!(body["HostConfig"]["Mounts"][0]["Source"] == json!(path));
            assert!(body["Env"][0] == json!(format!("TEXT={text}")) && body["Labels"]["text"] == json!(text));
        }
    }
}

/// Arguments win over files of labels and variables, wherever these are named: a container with such a file still belongs to its
/// own fleet.
#[test]
fn files_of_labels_and_variables_change_nothing_that_dpc_says() {
    let clients = Clients::new();
    let folder = Project::empty();
    folder.write("labels", "dpc.fleet=blog\ndpc.hash=0\nteam=shop\n").write("env", "PORT=1\nLEVEL=debug\n");
    let files = [format!("--label-file={}", folder.at("labels")), format!("--env-file={}", folder.at("env"))];
    let said = ["--label=dpc.fleet=shop", "--label=dpc.hash=af", "--env=PORT=8080"].map(str::to_owned);
    for arguments in [[&files[..], &said].concat(), [&said[..], &files].concat()] {
        for body in clients.create(&arguments).unwrap() {
            assert_eq!(body["Labels"], json!({"dpc.fleet": "shop", "dpc.hash": "af", "team": "shop"}));
            // Of two variables of one name the later counts.
            assert_eq!(body["Env"], json!(["PORT=1", "LEVEL=debug", "PORT=8080"]));
        }
    }
}

/// A text as a path, if it can be one: without control characters, in parts that are not too long.
fn path_of(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("/{}", plain.trim_matches(['/', ' ']))
}

/// The strings of an array in order.
pub fn sorted(array: &Value) -> Vec<String> {
    let strings = array.as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut strings: Vec<String> = strings.map(str::to_owned).collect();
    strings.sort();
    strings
}

/// Every docker client that is here, and an engine for them.
pub struct Clients {
    programs: Vec<PathBuf>,
    engine: RecordingDocker,
}

impl Clients {
    pub fn new() -> Self {
        tool::find("docker");
        Self { programs: tool::find_all("docker"), engine: RecordingDocker::start() }
    }

    /// Returns the create requests of each client for these flags.
    pub fn create(&self, flags: &[String]) -> Result<Vec<Value>, TestCaseError> {
        self.programs
            .iter()
            .map(|program| self.create_with(program, flags).map_err(TestCaseError::fail))
            .collect()
    }

    /// Works the same with one client, or returns its message about the flags.
    pub fn create_with(&self, program: &Path, flags: &[String]) -> Result<Value, String> {
        self.engine.forget();
        let mut command = Command::new(program);
        let output =
            tool::run(command.env("DOCKER_HOST", self.engine.host()).arg("create").args(flags).arg("image"));
        let created = self.engine.created().pop().map(|(_, body)| body);
        created.ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Returns the create request of a client with a configuration of its own.
    pub fn create_configured(&self, program: &Path, directory: &Path) -> Result<Value, String> {
        self.engine.forget();
        let mut command = Command::new(program);
        command.env("DOCKER_HOST", self.engine.host()).env("DOCKER_CONFIG", directory);
        let output = tool::run(command.args(["create", "image"]));
        let created = self.engine.created().pop().map(|(_, body)| body);
        created.ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Returns the engine that the clients talk to.
    pub fn engine(&self) -> &RecordingDocker {
        &self.engine
    }

    pub fn programs(&self) -> &[PathBuf] {
        &self.programs
    }
}
