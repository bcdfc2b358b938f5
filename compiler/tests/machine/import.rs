//! The judge of command lines: the real docker client. What it asks the engine to create for the original and for the
//! script that dpc makes of it is the same in every field, but for what the report names and dpc's stated defaults.

use crate::import_examples::{Imported, examples, options};
use crate::project::Project;
use crate::recording_docker::{Options, RecordingDocker};
use dpc::front::resolve::Request;
use dpc::pipeline::compile;
use dpc::tools::import::{self, Handling, ImportReport};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Examples that no shell and no docker client takes as they are, with the reason.
const NOT_RUN: &[(&str, &str)] = &[
    ("prompt", "prompts are no commands"),
    ("prompt-root", "a comment to a shell"),
    ("podman", "another program"),
    ("global-flags", "names an engine of its own"),
    ("unknown-flag", "docker refuses it"),
    ("continued", "a shell ends the command at the comment"),
    ("network-alias", "docker refuses an address on a network that is not there"),
];

/// Fields that follow from dpc's stated defaults alone.
const DEFAULTS: &[&str] = &[
    "AttachStdin",
    "AttachStdout",
    "AttachStderr",
    "HostConfig.NetworkMode",
    "HostConfig.ReadonlyRootfs",
    "HostConfig.RestartPolicy",
    "HostConfig.LogConfig",
    "HostConfig.ConsoleSize",
];

/// Fields that differ if the report says so, by the flags that it must name.
const EXPLAINED: &[(&str, &[&str])] = &[
    ("OpenStdin", &["--interactive"]),
    ("StdinOnce", &["--interactive"]),
    ("Tty", &["--tty"]),
    ("ExposedPorts", &["--publish", "--expose"]),
    ("HostConfig.PortBindings", &["--publish"]),
    ("HostConfig.PublishAllPorts", &["--publish-all"]),
    ("HostConfig.AutoRemove", &["--rm"]),
    ("HostConfig.ContainerIDFile", &["--cidfile"]),
    ("HostConfig.Links", &["--link"]),
    ("HostConfig.VolumesFrom", &["--volumes-from"]),
    ("HostConfig.ExtraHosts", &["--add-host", "--link"]),
    ("HostConfig.Sysctls", &["--sysctl"]),
    ("HostConfig.DeviceRequests", &["--gpus"]),
    ("HostConfig.PidsLimit", &["--pids-limit"]),
    ("Healthcheck", &["--health-cmd", "--health-interval", "--no-healthcheck"]),
    ("NetworkingConfig", &["--network", "--ip", "--mac-address", "--network-alias"]),
    ("MacAddress", &["--mac-address"]),
];

#[test]
fn every_command_line_creates_what_it_created() {
    if !Path::new("/usr/bin/docker").exists() || !Path::new("/usr/bin/script").exists() {
        drop(writeln!(
            std::io::stderr(),
            "SKIPPED: docker's client or `script` is not installed, so nothing is judged"
        ));
        return;
    }
    let work = Work::new();
    let (mut judged, mut wrong) = (0, Vec::new());
    for example in examples("run", &[".sh"]) {
        let name = example.file_stem().unwrap().to_string_lossy().into_owned();
        if NOT_RUN.iter().any(|(other, _)| *other == name) {
            continue;
        }
        let originals = work.original(&example);
        let (report, made) = work.imported(&example);
        if originals.is_empty() {
            drop(writeln!(std::io::stderr(), "SKIPPED: {name}: this docker client refuses it"));
            continue;
        }
        if originals.len() != made.len() {
            wrong.push(format!("{name}: {} containers became {}", originals.len(), made.len()));
            continue;
        }
        for (original, made) in originals.iter().zip(&made) {
            judged += 1;
            wrong.extend(
                judge(original, made, &report, &work.0.root)
                    .into_iter()
                    .map(|what| format!("{name}: {what}")),
            );
        }
    }
    drop(writeln!(std::io::stderr(), "{judged} create requests judged"));
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged >= 80, "{judged}");
}

/// The examples, and programs that answer in the place of systemd's.
struct Work(Project);

impl Work {
    fn new() -> Self {
        let work = Project::empty();
        for program in ["systemctl", "systemd-notify"] {
            work.program(&format!("bin/{program}"), "#!/bin/sh\nexit 0\n");
        }
        for file in examples("run", &[""]) {
            fs::copy(&file, work.root.join(file.file_name().unwrap())).unwrap();
        }
        Self(work)
    }

    fn command(&self, program: &str, engine: &RecordingDocker) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.0.root)
            .env("PATH", format!("{}:{}", self.0.path("bin").display(), std::env::var("PATH").unwrap()))
            .env("DOCKER_HOST", engine.host())
            .env("NOTIFY_SOCKET", "/dev/null")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Returns the requests of the example itself. A shell on a terminal runs it, as for a user who pasted it.
    fn original(&self, example: &Path) -> Vec<Value> {
        let engine = RecordingDocker::with(Options { exit_status: Some(0), ..Options::default() });
        let file = example.file_name().unwrap().to_string_lossy();
        let shell = format!("sh ./{file}");
        let mut command = self.command("script", &engine);
        command.args(["-qec", &shell, "/dev/null"]).status().unwrap();
        engine.created().into_iter().map(|(_, body)| body).collect()
    }

    /// Returns the requests of the scripts that dpc makes of it, in the order of the original.
    fn imported(&self, example: &Path) -> (ImportReport, Vec<Value>) {
        let text = fs::read_to_string(example).unwrap();
        let project = dpc::project::Disk::open(&self.0.root, false).unwrap();
        let found = import::run::text("run.sh", &text, &project).unwrap();
        let (kdl, report) = import::convert(&found, &options(), &project);
        let kdl = finished(&kdl, &self.0.root);
        // What the shell of the original does not set is nothing, and `id -u` is root's.
        let asked = [("id_u", "0"), ("public_name", "")].into_iter();
        let asked = asked.filter(|(name, _)| kdl.contains(&format!("var \"{name}\"")));
        let vars = asked.map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let request = Request { vars, ..Request::default() };
        let outcome = compile(&Imported::new(&kdl, &self.0.root), &request).unwrap();
        let Some((planned, artifacts)) = outcome.result else { return (report, Vec::new()) };
        let units = planned.plan.hosts.iter().flat_map(|host| &host.units);
        let mut order: Vec<(usize, String)> = units
            .map(|unit| (kdl.find(&format!("service \"{}\"", unit.service)).unwrap(), unit.name.clone()))
            .collect();
        order.sort();
        let made = order.into_iter().map(|(_, name)| {
            let script = &artifacts.files[&format!("web-1/docker/{name}.sh")];
            self.script(&name, &script.content)
        });
        (report, made.collect())
    }

    fn script(&self, name: &str, content: &[u8]) -> Value {
        let engine = RecordingDocker::with(Options { exit_status: Some(0), ..Options::default() });
        let path = self.0.root.join(format!("{name}.generated"));
        fs::write(&path, content).unwrap();
        let mut child = self.command("dash", &engine).arg(&path).spawn().unwrap();
        let start = Instant::now();
        while engine.created().is_empty() && start.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(5));
        }
        drop(child.kill());
        drop(child.wait());
        engine.created().pop().map_or(Value::Null, |(_, body)| body)
    }
}

/// Does what the report leaves to a person: a process that is not root gets a port that it may bind, and each secret has its
/// file.
fn finished(kdl: &str, folder: &Path) -> String {
    let mut kdl = kdl.to_string();
    if kdl.contains("user \"1000:1000\"") {
        kdl = kdl.replace("\"http\" 80\n", "\"http\" 8080\n");
    }
    // The report asks for a tmpfs in its place, which no command line of the originals has.
    kdl = kdl.replace("    volume \"/var/run\"\n", "");
    while let Some((_, rest)) = kdl.split_once("from=\"/etc/shop/") {
        let name = rest.split('"').next().unwrap().to_string();
        let path = folder.join(&name);
        fs::write(&path, "from a file").unwrap();
        kdl = kdl.replace(&format!("/etc/shop/{name}"), &path.to_string_lossy());
    }
    kdl
}

fn judge(original: &Value, made: &Value, report: &ImportReport, folder: &Path) -> Vec<String> {
    let (one, other) = (fields(original), fields(made));
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let mut wrong = Vec::new();
    for name in names {
        let (before, after) = (one.get(name), other.get(name));
        if before == after || DEFAULTS.contains(&name.as_str()) {
            continue;
        }
        let explained = match name.as_str() {
            "Env" => env(before, after, report),
            "Mounts" => mounts(before, after, report, folder),
            "HostConfig.Tmpfs" => tmpfs(before, after, report),
            "Cmd" => report.entries.iter().any(|entry| entry.words.starts_with("it is told where to listen")),
            "Image" | "User" => before.is_some() && named(report, &["decide"]),
            name => EXPLAINED.iter().any(|(field, flags)| *field == name && named(report, flags)),
        };
        if !explained {
            wrong.push(format!("{name}: {before:?} became {after:?}"));
        }
    }
    wrong
}

/// Returns whether each new directory in memory is one that the start of a well-known image writes, as the report says.
fn tmpfs(before: Option<&Value>, after: Option<&Value>, report: &ImportReport) -> bool {
    let paths = |value: Option<&Value>| -> BTreeSet<String> {
        value.and_then(Value::as_object).into_iter().flatten().map(|(path, _)| path.clone()).collect()
    };
    let (before, after) = (paths(before), paths(after));
    let is_said = |path: &&String| {
        let words = format!("its start writes `{path}`, which is in memory here");
        report.entries.iter().any(|entry| entry.words == words)
    };
    before.is_subset(&after) && after.difference(&before).all(|path| is_said(&path))
}

/// Returns whether the report says of one of these keys that it was not carried over as it is.
fn named(report: &ImportReport, keys: &[&str]) -> bool {
    report.entries.iter().any(|entry| {
        // A need replaces a link, a script removes: both say so as carried.
        keys.contains(&&*entry.place.key)
            && (entry.fate != Handling::Carried || !entry.words.starts_with("docker-args"))
    })
}

/// Each variable that differs has an entry that names it.
fn env(before: Option<&Value>, after: Option<&Value>, report: &ImportReport) -> bool {
    let (before, after) = (list(before), list(after));
    let differing =
        before.symmetric_difference(&after).map(|text| text.split('=').next().unwrap().to_string());
    let decided = |name: &String| {
        let mention = |entry: &import::report::ReportEntry| entry.words.contains(&format!("`{name}`"));
        // A name of another container becomes an address; a text that a shell filled in, a variable.
        let value = before.iter().find(|text| text.starts_with(&format!("{name}=")));
        let host = value.is_some_and(|value| {
            ["mysql:3306", "db:5432", "tcp://docker"].iter().any(|host| value.contains(host))
        });
        let variable = value.is_some_and(|value| value.contains("http:///"));
        let port = named(report, &["--publish"]) && name == "PORT";
        let left_out = report.of(Handling::Changed).any(mention);
        report.of(Handling::Decide).any(mention) || left_out || host || variable || port
    };
    differing.collect::<BTreeSet<_>>().iter().all(decided)
}

fn list(value: Option<&Value>) -> BTreeSet<String> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_string)
        .collect()
}

/// Each mount that differs is named: a volume by its name, a path of the host by the path.
fn mounts(before: Option<&Value>, after: Option<&Value>, report: &ImportReport, folder: &Path) -> bool {
    let empty = Map::new();
    let map = |value: Option<&'_ Value>| value.and_then(Value::as_object).unwrap_or(&empty).clone();
    let (before, after) = (map(before), map(after));
    let targets: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let said = |words: &str| {
        report
            .entries
            .iter()
            .any(|entry| entry.fate != Handling::Carried && entry.words.contains(&format!("`{words}`")))
    };
    targets.into_iter().filter(|target| before.get(*target) != after.get(*target)).all(|target| {
        let source = before.get(target).and_then(|mount| mount["source"].as_str()).unwrap_or_default();
        let own = source.strip_prefix(&*folder.to_string_lossy());
        match own {
            Some(own) => {
                let file = after
                    .get(target)
                    .is_some_and(|mount| mount["source"].as_str().unwrap().starts_with("/opt/dpc/"));
                file || said(&format!(".{own}"))
            }
            None => said(source) || said(target),
        }
    })
}

/// Returns a create request as fields that can be compared, without empty ones.
fn fields(body: &Value) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::new();
    let top = body.as_object().cloned().unwrap_or_default();
    for (name, value) in top {
        match (name.as_str(), value) {
            ("HostConfig", Value::Object(inner)) => {
                fields.extend(inner.into_iter().map(|(name, value)| (format!("HostConfig.{name}"), value)));
            }
            (name, value) => {
                fields.insert(name.to_string(), value);
            }
        }
    }
    let mounts = Value::Object(mounted(&mut fields));
    fields.insert("Mounts".to_string(), mounts);
    normalise(&mut fields);
    fields.retain(|_, value| !says_nothing(value));
    fields
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_i64() == Some(0),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(says_nothing),
        Value::Bool(true) => false,
    }
}

/// Binds, mounts and anonymous volumes, by their targets.
fn mounted(fields: &mut BTreeMap<String, Value>) -> Map<String, Value> {
    let mut all = Map::new();
    let take = |fields: &mut BTreeMap<String, Value>, name: &str| fields.remove(name).unwrap_or_default();
    let mut add = |source: &str, target: &str, read_only: bool| {
        let trimmed = |path: &str| {
            if path.len() > 1 { path.trim_end_matches('/').to_string() } else { path.to_string() }
        };
        all.insert(trimmed(target), json!({ "source": trimmed(source), "read-only": read_only }));
    };
    for bind in list(Some(&take(fields, "HostConfig.Binds"))) {
        let parts: Vec<&str> = bind.splitn(3, ':').collect();
        add(
            parts[0],
            parts[1],
            parts.get(2).is_some_and(|options| options.split(',').any(|option| option == "ro")),
        );
    }
    let mounts = take(fields, "HostConfig.Mounts");
    for mount in mounts.as_array().into_iter().flatten() {
        if mount["Type"] == "tmpfs" {
            let options = &mount["TmpfsOptions"];
            let size = options["SizeBytes"].as_i64().map(|bytes| format!("size={}m", bytes >> 20));
            let mode = options["Mode"].as_i64().map(|mode| format!("mode={mode:o}"));
            let text: Vec<String> = size.into_iter().chain(mode).collect();
            let tmpfs = fields.entry("HostConfig.Tmpfs".into()).or_insert_with(|| json!({}));
            tmpfs[mount["Target"].as_str().unwrap()] = json!(text.join(","));
            continue;
        }
        let read_only = mount["ReadOnly"] == true;
        add(mount["Source"].as_str().unwrap_or_default(), mount["Target"].as_str().unwrap(), read_only);
    }
    let volumes = take(fields, "Volumes");
    volumes.as_object().into_iter().flatten().for_each(|(target, _)| add("", target, false));
    all
}

/// Two spellings of one meaning become one.
fn normalise(fields: &mut BTreeMap<String, Value>) {
    if let Some(labels) = fields.get_mut("Labels").and_then(Value::as_object_mut) {
        labels.retain(|name, _| !name.starts_with("dpc."));
    }
    if let Some(Value::String(path)) = fields.get_mut("WorkingDir") {
        *path = path.trim_end_matches('/').to_string();
    }
    if let Some(Value::String(signal)) = fields.get_mut("StopSignal") {
        let name = signal.trim_start_matches("SIG").to_string();
        *signal = if name == "15" { "TERM".to_string() } else { name };
    }
    // Ten seconds are docker's own default.
    fields.retain(|name, value| name != "StopTimeout" || *value != json!(10));
    for name in [
        "Env",
        "HostConfig.SecurityOpt",
        "HostConfig.CapAdd",
        "HostConfig.CapDrop",
        "HostConfig.Ulimits",
        "HostConfig.Devices",
    ] {
        if let Some(Value::Array(list)) = fields.get_mut(name) {
            list.retain(|option| {
                let text = option.as_str().unwrap_or_default();
                !text.starts_with("no-new-privileges")
            });
            list.iter_mut()
                .filter_map(|item| item.as_str().map(str::to_string).map(|text| (item, text)))
                .for_each(|(item, text)| {
                    // docker reads `apparmor:x` and `apparmor=x` as the same.
                    if name.contains("SecurityOpt") && !text.contains('=') {
                        *item = json!(text.replacen(':', "=", 1));
                    }
                    if name.contains("Cap") {
                        *item = json!(text.to_ascii_uppercase().trim_start_matches("CAP_"));
                    }
                });
            list.sort_by_key(ToString::to_string);
        }
    }
    if let Some(Value::Object(tmpfs)) = fields.get_mut("HostConfig.Tmpfs") {
        for options in tmpfs.values_mut() {
            let text = options.as_str().unwrap_or_default().replace("65536k", "64m");
            let kept: Vec<&str> = text
                .split(',')
                .filter(|o| !matches!(*o, "rw" | "noexec" | "nosuid" | "nodev" | "mode=1777" | ""))
                .collect();
            *options = json!(kept.join(","));
        }
        // An entry without options is one all the same.
        tmpfs.values_mut().filter(|options| **options == "").for_each(|options| *options = json!("plain"));
    }
}
