//! Flags of `docker run` against docker's clients and the recording engine.

use std::path::{Path, PathBuf};
use std::process::Command;

use dpc::encode::mount;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::recording_docker::RecordingDocker;
use crate::{texts, tool};

#[test]
fn mounts_arrive() {
    let clients = Clients::new();
    texts::batches("--mount (docker)", (texts::text(), texts::text()), |batch, tally| {
        let mut arguments = Vec::new();
        let mut expected = Vec::new();
        for (source, target) in &batch {
            let target = format!("/{target}");
            // The target comes last: the end of the record is where Go's reader drops a carriage return.
            let paths = [("source", Some(source.as_str())), ("target", Some(target.as_str()))];
            let fields = [[("type", Some("bind")), ("readonly", None)], paths].concat();
            let refused = [source, &target].iter().any(|path| path.contains('\0') || path.contains("\r\n"));
            let written = mount::mount(&fields);
            prop_assert_eq!(written.is_err(), refused || source.starts_with('.'), "{:?}", fields);
            if let Ok(written) = written {
                arguments.extend(["--mount".to_owned(), written]);
                expected.push((source.clone(), target));
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
            let refused = name.is_empty() || name.contains(['=', '\0']) || value.contains('\0');
            let written = mount::env(&name, value);
            prop_assert_eq!(written.is_err(), refused, "{:?}", (name, value));
            if let Ok(written) = written {
                arguments.extend(["--env".to_owned(), written]);
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
            let refused =
                name.contains(|c: char| c == '=' || c == '\0' || c.is_whitespace()) || value.contains('\0');
            let name = format!("{index}.{name}");
            let written = mount::label(&name, value);
            prop_assert_eq!(written.is_err(), refused, "{:?}", (name, value));
            if let Ok(written) = written {
                arguments.extend(["--label".to_owned(), written]);
                expected[name] = json!(value);
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
    texts::batches("--tmpfs (docker)", (texts::text(), texts::text()), |batch, tally| {
        let mut arguments = Vec::new();
        let mut expected = json!({});
        for (index, (path, option)) in batch.iter().enumerate() {
            let path = format!("/{index}{path}");
            let bad_option = option.is_empty() || option.contains(['\0', ',']);
            let written = mount::tmpfs(&path, &["size=64m", option]);
            prop_assert_eq!(
                written.is_err(),
                path.contains(['\0', ':']) || bad_option,
                "{:?}",
                (path, option)
            );
            if let Ok(written) = written {
                arguments.extend(["--tmpfs".to_owned(), written]);
                expected[path] = json!(format!("size=64m,{option}"));
            }
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
        let fields = [("type", Some("bind")), ("source", Some(text.as_str())), ("target", Some("/x"))];
        let arguments = [
            ["--mount".to_owned(), mount::mount(&fields).unwrap()],
            ["--env".to_owned(), mount::env("TEXT", &text).unwrap()],
            ["--label".to_owned(), mount::label("text", &text).unwrap()],
        ];
        for body in clients.create(arguments.as_flattened()).unwrap() {
            assert!(body["HostConfig"]["Mounts"][0]["Source"] == json!(text));
            assert!(body["Env"][0] == json!(format!("TEXT={text}")) && body["Labels"]["text"] == json!(text));
        }
    }
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

    /// What each client asks the engine to create for these flags.
    pub fn create(&self, flags: &[String]) -> Result<Vec<Value>, TestCaseError> {
        self.programs
            .iter()
            .map(|program| self.create_with(program, flags).map_err(TestCaseError::fail))
            .collect()
    }

    /// The same with one client, or what it says against the flags.
    pub fn create_with(&self, program: &Path, flags: &[String]) -> Result<Value, String> {
        self.engine.forget();
        let mut command = Command::new(program);
        let output =
            tool::run(command.env("DOCKER_HOST", self.engine.host()).arg("create").args(flags).arg("image"));
        let created = self.engine.created().pop().map(|(_, body)| body);
        created.ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// What a client with a configuration of its own asks for.
    pub fn create_configured(&self, program: &Path, directory: &Path) -> Result<Value, String> {
        self.engine.forget();
        let mut command = Command::new(program);
        command.env("DOCKER_HOST", self.engine.host()).env("DOCKER_CONFIG", directory);
        let output = tool::run(command.args(["create", "image"]));
        let created = self.engine.created().pop().map(|(_, body)| body);
        created.ok_or_else(|| String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// What the clients talk to.
    pub fn engine(&self) -> &RecordingDocker {
        &self.engine
    }

    pub fn programs(&self) -> &[PathBuf] {
        &self.programs
    }
}
