//! A report says of each unit what `activate` does with its bundle. The test compares it with the bytes of both sides.

use crate::diff::pairs::{Side, compared, pairs};
use dpc::model::fleet::Kind;
use dpc::model::plan::{HostPlan, Unit};
use dpc::tools::diff::{Action, Diff};

#[test]
fn what_is_said_of_a_unit_is_what_its_files_say() {
    let mut seen = [0; 4];
    for (name, (base, head)) in pairs() {
        for (base, head) in [(base, head), (head, base)] {
            let report = compared(base, head, false);
            for host in head.0.hosts.iter().filter(|_| base.0.fleet == head.0.fleet) {
                for unit in &host.units {
                    let said = said(&report, &host.name, &unit.name);
                    let done = done(base, head, host, unit);
                    assert_eq!(said, done, "{name}: {} on {}", unit.name, host.name);
                    seen[done.map_or(3, |action| match action {
                        Action::Restart => 0,
                        Action::Reregister => 1,
                        _ => 2,
                    })] += 1;
                }
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 5), "{seen:?}");
}

fn said(report: &Diff, host: &str, unit: &str) -> Option<Action> {
    let host = report.hosts.iter().find(|found| found.host == host)?;
    let unit = host.units.iter().find(|found| found.unit == unit)?;
    assert!(!unit.reasons.is_empty(), "{}", unit.unit);
    Some(unit.action)
}

/// Decides like `templates/activate/start.sh`.
fn done(base: &Side, head: &Side, host: &HostPlan, unit: &Unit) -> Option<Action> {
    let before = base.0.hosts.iter().find(|old| old.name == host.name);
    let Some(old) = before.and_then(|old| old.units.iter().find(|old| old.name == unit.name)) else {
        return Some(Action::Start);
    };
    let file = |side: &Side, path: &str| {
        side.1.files.get(&format!("{}/{path}", host.name)).map(|file| file.content.clone())
    };
    let differs = |path: String| file(base, &path) != file(head, &path);
    let name = &unit.name;
    let replaced = old.hash != unit.hash && unit.kind != Kind::Scheduled;
    if replaced || old.kind == Kind::Scheduled && unit.kind == Kind::Task {
        return Some(Action::Restart);
    }
    let registers = !unit.registrations.is_empty();
    if differs(format!("etcd/{name}.registration")) || registers && differs("etcd/register.sh".into()) {
        return Some(Action::Reregister);
    }
    let files = ["docker/{}.sh", "systemd/{}.service", "systemd/{}.timer"];
    let other = files.iter().any(|path| differs(path.replace("{}", name)));
    // `activate` sets the owners of directories, for all units of the host together.
    let owners = |unit: &Unit| {
        let volumes = unit.container.volumes.iter();
        volumes.map(|volume| (volume.owner, volume.mode)).collect::<Vec<_>>()
    };
    (other || owners(old) != owners(unit)).then_some(Action::FileOnly)
}
