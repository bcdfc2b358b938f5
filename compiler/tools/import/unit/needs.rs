//! Units that a unit is ordered after → what its service needs.

use super::file::{Assignment, UnitFile};
use super::sidekick;
use crate::tools::import::found::{FoundNeed, NeedCondition, Setting};
use crate::value::unit_name::UnitName;

/// Units of the host itself. dpc orders its units after them where that matters.
const HOST: [&str; 12] = [
    "basic",
    "containerd",
    "docker",
    "early-docker",
    "etcd",
    "etcd2",
    "fleet",
    "flanneld",
    "local-fs",
    "multi-user",
    "systemd-resolved",
    "time-sync",
];

/// Reads one assignment.
pub(crate) fn needs(unit: &UnitFile, line: &Assignment, all: &[UnitFile]) -> Vec<Setting> {
    line.value.split_whitespace().map(|name| need(unit, name, all)).collect()
}

fn runs_container(unit: &UnitFile) -> bool {
    let programs = ["docker", "podman", "nerdctl"];
    let lines = ["ExecStart", "ExecStartPre"].iter().flat_map(|key| unit.all(key));
    lines.into_iter().any(|line| programs.iter().any(|program| line.value.contains(program)))
}

fn need(unit: &UnitFile, name: &str, all: &[UnitFile]) -> Setting {
    let (whole, kind) = name.rsplit_once('.').unwrap_or((name, "service"));
    let stem = whole.split('@').next().unwrap_or(whole);
    if HOST.contains(&stem) || stem.starts_with("network") || stem.starts_with("nss-") {
        return Setting::Kept(format!("`{name}` is ordered before by dpc's unit where it matters"));
    }
    let other = all.iter().find(|other| other.stem() == stem && other.name != unit.name && !other.is_timer());
    match other {
        Some(other) if sidekick::registration(other, "ExecStart").is_some() => {
            Setting::Kept(format!("`{name}` registers it, as dpc's own unit does"))
        }
        Some(other) if !other.is_quadlet() && !runs_container(other) => {
            Setting::Lost(format!("`{name}` runs no container: dpc does not wait for it"))
        }
        Some(_) => Setting::Need(FoundNeed {
            name: stem.to_string(),
            until: NeedCondition::Started,
            alias: None,
            required: true,
        }),
        None if matches!(kind, "mount" | "automount" | "target") && UnitName::parse(name).is_ok() => {
            Setting::After(name.to_string())
        }
        None => Setting::Decide(format!("`{name}` is not here: a `needs` with an `external`, or nothing")),
    }
}
