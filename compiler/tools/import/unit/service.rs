//! A service unit → the container that it runs.

use super::around::command_settings;
use super::exec::{commands, words};
use super::file::{Assignment, UnitFile};
use super::needs::needs;
use super::sidekick;
use super::span::span;
use crate::encode::env_file;
use crate::tools::import::error::ImportError;
use crate::tools::import::found::{FoundContainer, Setting};
use crate::tools::import::limits::Lists;
use crate::tools::import::place::At;
use crate::tools::import::run::{self, DockerRun};
use crate::tools::import::shell::{CLOSE, OPEN, ShellCommand};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The container of a unit; none if it runs none.
pub(crate) fn container(
    unit: &UnitFile,
    all: &[UnitFile],
    lists: &Lists<'_>,
) -> Result<Option<FoundContainer>, ImportError> {
    let variables = variables(unit, lists);
    let mut found = None;
    let mut filled = 0;
    for line in ["ExecStart", "ExecStartPre"].iter().flat_map(|key| unit.all(key)) {
        // A shell in the line sets variables for the rest of the line.
        let mut exported = BTreeMap::new();
        for mut command in commands(unit, line, &variables) {
            run::fill_known(&mut command, &exported, &mut filled);
            if let Some(split) = DockerRun::new(&command, &mut exported).filter(|_| found.is_none()) {
                found = Some((split, line.number));
            }
        }
    }
    let Some((mut split, from)) = found else { return Ok(None) };
    let file: Arc<str> = unit.place(0, "").file;
    let unfilled = without_flags(&mut split);
    let mut container = run::container(&file, &split, &variables, lists)?;
    container.aliases.extend([unit.stem().to_string(), container.name.value.clone()]);
    let unnamed = !split.flags.iter().any(|flag| flag.name == "name");
    if unnamed || container.name.value.contains(OPEN) || container.name.value == unit.name {
        container.name = At::new(unit.stem().to_string(), unit.place(0, "Unit"));
    }
    for name in unfilled {
        let words = format!("`${name}` stood for words that are not here: write what they say");
        container.settings.push(At::new(Setting::Decide(words), unit.place(from, "ExecStart")));
    }
    for line in &unit.lines {
        for setting in assignment_settings(unit, line, from, &variables, all, lists) {
            container.settings.push(At::new(setting, unit.place(line.number, &line.key)));
        }
    }
    container.settings.extend(
        sidekick::registration(unit, "ExecStartPost").map(|(setting, place)| At::new(setting, place)),
    );
    Ok(Some(container))
}

/// Removes the words before the image that are variables for flags, as their names say, and returns their names.
fn without_flags(split: &mut DockerRun) -> Vec<String> {
    let mut names = Vec::new();
    while split.words.len() > 1 {
        let word = split.words[0].text.clone();
        let name = word.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE)).unwrap_or_default();
        let upper = name.to_ascii_uppercase();
        if name.contains(OPEN) || !["OPT", "ARG", "FLAG", "PARAM"].iter().any(|part| upper.contains(part)) {
            break;
        }
        names.push(name.to_string());
        split.words.remove(0);
        let behind = std::mem::take(&mut split.words);
        split.append_words(behind);
    }
    names
}

/// Reads `Environment=`, and the files of `EnvironmentFile=` that exist.
pub(super) fn variables(unit: &UnitFile, lists: &Lists<'_>) -> BTreeMap<String, String> {
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
        let Some(text) = lists.text(path) else { continue };
        for variable in env_file::parse(text.as_bytes()).unwrap_or_default() {
            let value = variable.value.trim_matches(['"', '\'']);
            all.insert(variable.name.to_string(), value.to_string());
        }
    }
    all
}

/// Prefixes of keys that limit a process.
const LIMITS: [&str; 7] = ["Limit", "Memory", "CPU", "TasksMax", "Nice", "OOM", "IO"];
/// Prefixes of keys that sandbox a process.
const SANDBOX: [&str; 9] = [
    "Protect",
    "Private",
    "Restrict",
    "ReadOnlyPaths",
    "ReadWritePaths",
    "CapabilityBoundingSet",
    "AmbientCapabilities",
    "NoNewPrivileges",
    "SystemCall",
];

/// Returns the settings of an assignment of a Quadlet that is not about its container.
pub(super) fn other_settings(
    unit: &UnitFile,
    line: &Assignment,
    all: &[UnitFile],
    lists: &Lists<'_>,
) -> Vec<Setting> {
    assignment_settings(unit, line, 0, &BTreeMap::new(), all, lists)
}

fn is_oneshot(unit: &UnitFile) -> bool {
    unit.all("Type").any(|line| line.value == "oneshot") && !detached(unit)
}

/// Returns whether the command only starts the container, which then runs on.
fn detached(unit: &UnitFile) -> bool {
    let starts = |word: &str| matches!(word, "-d" | "--detach" | "--detach=true" | "start" | "create");
    unit.all("ExecStart").any(|line| line.value.split_whitespace().any(starts))
}

/// Returns whether a command is a part of a loop or a condition.
fn is_compound(command: &ShellCommand) -> bool {
    let words =
        ["until", "while", "for", "if", "do", "done", "then", "else", "elif", "fi", "case", "esac", "{", "}"];
    command.words.first().is_some_and(|word| words.contains(&word.text.as_str()))
}

/// Returns the settings of one assignment other than the command itself.
fn assignment_settings(
    unit: &UnitFile,
    line: &Assignment,
    from: u32,
    variables: &BTreeMap<String, String>,
    all: &[UnitFile],
    lists: &Lists<'_>,
) -> Vec<Setting> {
    let kept = |words: &str| vec![Setting::Kept(words.to_string())];
    let changed = |words: &str| vec![Setting::Changed(words.to_string())];
    let lost = |words: &str| vec![Setting::Lost(words.to_string())];
    match line.key.as_str() {
        _ if line.number == from => Vec::new(),
        _ if line.section == "X-Fleet" => vec![Setting::Decide("write the hosts it runs on: `on`".into())],
        "RequiresMountsFor" => kept("the unit waits for the disks of its volumes"),
        "Description" | "Documentation" => changed("dpc describes its units itself"),
        "After" | "Requires" | "Wants" | "BindsTo" | "PartOf" | "Requisite" => needs(unit, line, all),
        "Before" | "RequiredBy" => lost("what comes after a service says so itself, by `needs`"),
        "Conflicts" => lost("units of dpc exclude none: where both are in the fleet, both run"),
        "WantedBy" => kept("the fleet's target wants it"),
        "Restart" => vec![Setting::Restart(line.value.clone())],
        "RestartSec" => vec![Setting::RestartDelay(span(&line.value))],
        "ExecStartPost"
            if sidekick::registration(unit, "ExecStartPost")
                .is_some_and(|(_, place)| place.line == line.number) =>
        {
            Vec::new()
        }
        "ExecReload" => lost("a service of dpc is restarted where its container changed, never reloaded"),
        "ExecStartPre" | "ExecStop" | "ExecStopPost" | "ExecStart" | "ExecStartPost" => {
            let commands = commands(unit, line, variables);
            if commands.is_empty() {
                lost("it runs nothing that can be read")
            } else if commands.iter().any(is_compound) {
                vec![Setting::Lost(format!("dpc's unit runs no script in {}", line.key))]
            } else {
                commands.iter().flat_map(|command| command_settings(line, command)).collect()
            }
        }
        "EnvironmentFile" if lists.project.read(line.value.trim_start_matches('-')).is_err() => {
            changed("it is not here: what it sets and the command uses is a `var`")
        }
        "EnvironmentFile" => changed("its variables are written out where they were used"),
        "Environment" => kept("it is written out where it was used"),
        "TimeoutStartSec" if is_oneshot(unit) => vec![Setting::RunTimeout(span(&line.value))],
        "OnFailure" => {
            line.value.split_whitespace().map(|unit| Setting::OnFailure(unit.to_string())).collect()
        }
        "TimeoutStartSec" => changed("dpc waits for the health check: `health start-period=`"),
        "Type" if is_oneshot(unit) => {
            vec![Setting::Once, Setting::Changed("it is a `task`: it runs and ends".into())]
        }
        "TimeoutStopSec" | "TimeoutSec" => {
            changed("dpc waits for the container's own grace period: `stop grace=`")
        }
        "User" | "Group" => changed("it was the user of docker's client; the container's is `user`"),
        "StartLimitInterval" | "StartLimitIntervalSec" if matches!(line.value.as_str(), "0" | "infinity") => {
            kept("a service never gives up")
        }
        "StartLimitInterval" | "StartLimitIntervalSec" => vec![Setting::RetriesWithin(span(&line.value))],
        "StartLimitBurst" if unit.all("StartLimitIntervalSec").any(|line| line.value == "0") => {
            kept("a service never gives up")
        }
        "StartLimitBurst" => match line.value.parse::<u64>() {
            Ok(starts) => {
                let retries = Setting::Retries(starts.saturating_sub(1).to_string());
                let bounded = ["StartLimitIntervalSec", "StartLimitInterval"];
                let own = bounded.iter().all(|key| unit.all(key).next().is_none());
                // systemd's own interval.
                let within = own.then(|| Setting::RetriesWithin("10s".to_string()));
                std::iter::once(retries).chain(within).collect()
            }
            Err(_) => changed("a service never gives up"),
        },
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
        key if LIMITS.iter().any(|limit| key.starts_with(limit)) => {
            lost("it binds docker's client, not the container: write `resources` or `ulimit`")
        }
        key if SANDBOX.iter().any(|begin| key.starts_with(begin)) => {
            lost("it is about docker's client, and says nothing about the container")
        }
        _ => lost("dpc's unit has nothing like it"),
    }
}
