//! A service unit → the container that it runs.

use super::exec::{commands, words};
use super::file::{Line, Unit};
use crate::encode::env_file;
use crate::import::found::{Container, Need, Setting, Until};
use crate::import::place::At;
use crate::import::run::{self, Split};
use crate::import::shell::Command;
use crate::import::trouble::Trouble;
use crate::project::Project;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The container of a unit; none if it runs none.
pub fn container(unit: &Unit, all: &[Unit], project: &dyn Project) -> Result<Option<Container>, Trouble> {
    let variables = variables(unit, project);
    let mut found = None;
    for line in ["ExecStart", "ExecStartPre"].iter().flat_map(|key| unit.all(key)) {
        for command in commands(unit, line, &variables) {
            if let Some(split) = Split::new(&command, &mut BTreeMap::new()).filter(|_| found.is_none()) {
                found = Some((split, line.number));
            }
        }
    }
    let Some((split, from)) = found else { return Ok(None) };
    let file: Arc<str> = unit.place(0, "").file;
    let mut container = run::container(&file, &split, &variables, project)?;
    container.aliases.push(unit.stem().to_string());
    let unnamed = !split.flags.iter().any(|flag| flag.name == "name");
    if unnamed || container.name.value.contains('\u{e000}') {
        container.name = At::new(unit.stem().to_string(), unit.place(0, "Unit"));
    }
    for line in &unit.lines {
        for setting in said(unit, line, from, &variables, all) {
            container.settings.push(At::new(setting, unit.place(line.number, &line.key)));
        }
    }
    Ok(Some(container))
}

/// `Environment=`, and those files of `EnvironmentFile=` that are there.
fn variables(unit: &Unit, project: &dyn Project) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for line in unit.all("Environment") {
        for word in words(&line.value, unit, &BTreeMap::new()) {
            if let Some((name, value)) = word.split_once('=') {
                all.insert(name.to_string(), value.to_string());
            }
        }
    }
    for line in unit.all("EnvironmentFile") {
        let path = line.value.trim_start_matches('-');
        let Ok(bytes) = project.read(path) else { continue };
        for variable in env_file::parse(&bytes).unwrap_or_default() {
            let value = variable.value.trim_matches(['"', '\'']);
            all.insert(variable.name.to_string(), value.to_string());
        }
    }
    all
}

/// What one assignment says beside the command itself.
fn said(
    unit: &Unit,
    line: &Line,
    from: u32,
    variables: &BTreeMap<String, String>,
    all: &[Unit],
) -> Vec<Setting> {
    let kept = |words: &str| vec![Setting::Kept(words.to_string())];
    let changed = |words: &str| vec![Setting::Changed(words.to_string())];
    let lost = |words: &str| vec![Setting::Lost(words.to_string())];
    match line.key.as_str() {
        _ if line.number == from => Vec::new(),
        "Description" | "Documentation" => changed("dpc describes its units itself"),
        "After" | "Requires" | "Wants" | "BindsTo" | "PartOf" | "Requisite" => needs(unit, line, all),
        "Before" | "RequiredBy" | "Conflicts" => {
            lost("what comes after a service says so itself, by `needs`")
        }
        "WantedBy" => kept("the fleet's target wants it"),
        "Restart" => vec![Setting::Restart(line.value.clone())],
        "RestartSec" => vec![Setting::RestartDelay(line.value.replace("min", "m").replace("sec", "s"))],
        "ExecStartPre" | "ExecStop" | "ExecStopPost" | "ExecStart" | "ExecStartPost" | "ExecReload" => {
            commands(unit, line, variables).iter().flat_map(|command| around(line, command)).collect()
        }
        "EnvironmentFile" => changed("its variables are written out where they were used"),
        "Environment" => kept("it is written out where it was used"),
        "TimeoutStartSec" => changed("dpc waits for the health check: `health start-period=`"),
        "TimeoutStopSec" | "TimeoutSec" => {
            changed("dpc waits for the container's own grace period: `stop grace=`")
        }
        "User" | "Group" => changed("it was the user of docker's client; the container's is `user`"),
        "StartLimitInterval" | "StartLimitIntervalSec" | "StartLimitBurst" => {
            changed("a service never gives up")
        }
        "Type"
        | "NotifyAccess"
        | "RemainAfterExit"
        | "KillMode"
        | "SuccessExitStatus"
        | "StandardOutput"
        | "StandardError"
        | "SyslogIdentifier"
        | "DefaultDependencies"
        | "KillSignal"
        | "Slice"
        | "Delegate" => changed("dpc's unit has its own way"),
        key if key.starts_with("Limit")
            || key.starts_with("Memory")
            || key.starts_with("CPU")
            || key == "TasksMax" =>
        {
            lost("it binds docker's client, not the container: write `resources` or `ulimit`")
        }
        _ if line.section == "X-Fleet" => vec![Setting::Decide("write the hosts it runs on: `on`".into())],
        _ => lost("dpc's unit has nothing like it"),
    }
}

/// Units that this one is ordered after.
fn needs(unit: &Unit, line: &Line, all: &[Unit]) -> Vec<Setting> {
    let one = |name: &str| {
        let stem = name
            .rsplit_once('.')
            .map_or(name, |(stem, _)| stem)
            .split('@')
            .next()
            .unwrap_or(name)
            .to_string();
        let host = [
            "docker",
            "containerd",
            "etcd",
            "etcd2",
            "flanneld",
            "local-fs",
            "multi-user",
            "time-sync",
            "systemd-resolved",
        ];
        if host.contains(&&*stem) || stem.starts_with("network") || stem.starts_with("nss-") {
            return Setting::Kept(format!("`{name}` is ordered before by dpc's unit where it matters"));
        }
        let known =
            all.iter().any(|other| other.stem() == stem && other.name != unit.name && !other.is_timer());
        match known {
            true => Setting::Need(Need { name: stem, until: Until::Started, alias: None }),
            false => {
                Setting::Decide(format!("`{name}` is not here: a `needs` with an `external`, or nothing"))
            }
        }
    };
    line.value.split_whitespace().map(one).collect()
}

/// A command around the container's own.
fn around(line: &Line, command: &Command) -> Vec<Setting> {
    let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
    let program = words.first().and_then(|word| word.rsplit('/').next()).unwrap_or_default();
    let verb = words
        .iter()
        .skip(1)
        .copied()
        .find(|word| !word.starts_with('-') && *word != "container")
        .unwrap_or_default();
    let setting = match (program, verb) {
        ("docker" | "podman", "stop") => match grace(&words) {
            Some(seconds) => Setting::StopGrace(seconds.to_string()),
            None => Setting::Kept("the unit's script stops it".into()),
        },
        ("docker" | "podman", "kill" | "rm" | "rmi") => {
            Setting::Kept("the unit's script removes what was left before".into())
        }
        ("docker" | "podman", "pull") => {
            Setting::Changed("`activate` pulls images, the unit never does".into())
        }
        ("docker" | "podman", "start" | "wait" | "logs" | "attach") => {
            Setting::Kept("the unit's script starts and watches it".into())
        }
        ("docker" | "podman", "network" | "volume") => {
            Setting::Changed("services share the host's network, volumes are directories of the host".into())
        }
        ("mkdir" | "install" | "chown", _) => {
            Setting::Changed("`activate` makes the directories of volumes: `volume owner= mode=`".into())
        }
        ("sleep" | "true" | "echo", _) => Setting::Kept("nothing to do".into()),
        (program, _) => Setting::Lost(format!("dpc's unit runs no `{program}` in {}", line.key)),
    };
    vec![setting]
}

/// `docker stop -t 30 web`.
fn grace<'w>(words: &[&'w str]) -> Option<&'w str> {
    let at = words.iter().position(|word| matches!(*word, "-t" | "--time" | "--timeout" | "-t="))?;
    words.get(at + 1).copied().or_else(|| words.iter().find_map(|word| word.strip_prefix("--time=")))
}
