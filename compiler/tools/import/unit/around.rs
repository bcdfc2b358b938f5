//! Commands around the container's own → the settings by which dpc does the same.

use super::file::Assignment;
use crate::tools::import::found::Setting;
use crate::tools::import::shell::ShellCommand;

/// Returns the settings of one command.
pub(crate) fn command_settings(line: &Assignment, command: &ShellCommand) -> Vec<Setting> {
    let words: Vec<&str> = command
        .words
        .iter()
        .map(|word| word.text.as_str())
        .skip_while(|word| matches!(word.rsplit('/').next(), Some("env" | "sudo" | "exec" | "command")))
        .collect();
    let program = words.first().and_then(|word| word.rsplit('/').next()).unwrap_or_default();
    let verb = words
        .iter()
        .skip(1)
        .copied()
        .find(|word| !word.starts_with('-') && *word != "container")
        .unwrap_or_default();
    let kept = |words: &str| Setting::Kept(words.to_string());
    let changed = |words: &str| Setting::Changed(words.to_string());
    let setting = match (program, verb) {
        ("docker" | "podman", "stop") if line.key != "ExecStop" => kept("the unit's script stops it"),
        ("docker" | "podman", "stop") => match value(&words, &["-t", "--time", "--timeout"]) {
            Some(seconds) => Setting::StopGrace(seconds.to_string()),
            None => kept("the unit's script stops it"),
        },
        ("docker" | "podman", "kill") if line.key == "ExecStop" => match value(&words, &["-s", "--signal"]) {
            Some(signal) => Setting::StopSignal(signal.to_string()),
            None => Setting::StopSignal("SIGKILL".to_string()),
        },
        ("docker" | "podman", "kill" | "rm" | "rmi") => {
            kept("the unit's script removes what was left before")
        }
        ("docker" | "podman", "pull") => changed("`activate` pulls images, the unit never does"),
        ("docker" | "podman", "start" | "wait" | "logs" | "attach" | "inspect" | "ps") => {
            kept("the unit's script starts and watches it")
        }
        ("docker" | "podman", "network" | "volume") => {
            changed("services share the host's network, volumes are directories of the host")
        }
        ("docker" | "podman", "run" | "create") => Setting::Decide(
            "another container, around this one: write it as a `task` that is needed, where it is needed"
                .into(),
        ),
        ("mkdir" | "install" | "chown" | "chmod", _) => {
            changed("`activate` makes the directories of volumes: `volume owner= mode=`")
        }
        ("etcdctl", _) if words.iter().any(|word| matches!(*word, "rm" | "rmdir" | "del")) => deregistered(),
        ("curl", _) if words.iter().any(|word| word.ends_with("DELETE")) && is_key(&words) => deregistered(),
        ("sleep" | "true" | ":" | "echo", _) => kept("nothing to do"),
        (program, _) => Setting::Lost(format!("dpc's unit runs no `{program}` in {}", line.key)),
    };
    vec![setting]
}

fn is_key(words: &[&str]) -> bool {
    words.iter().any(|word| word.contains("/v2/keys/") || word.contains("/v3/kv/"))
}

fn deregistered() -> Setting {
    Setting::Changed("a registration of dpc takes its keys away itself".to_string())
}

/// The value of a flag: `-t 30`, `-t=30`, `-t30`, `--time=30`.
fn value<'w>(words: &[&'w str], flags: &[&str]) -> Option<&'w str> {
    words.iter().enumerate().find_map(|(at, word)| {
        let rest = flags.iter().find_map(|flag| word.strip_prefix(flag))?;
        match rest {
            "" => words.get(at + 1).copied(),
            _ if rest.starts_with('=') => Some(&rest[1..]),
            _ => (!word.starts_with("--")).then_some(rest),
        }
    })
}
