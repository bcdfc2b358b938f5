//! Names of units and containers: each belongs to one service, and none to the host itself.

use super::PlacedOnHost;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::fleet::{Fleet, Workload};
use crate::model::plan::{register_name, unit_name};
use std::collections::BTreeMap;

/// Two units with one name.
pub(crate) const NAME_CONFLICT: Fault = Fault::error(
    "name-conflict",
    "every unit and container of a host has a name of its own",
    "Instance 1 of the service `api` is `shop-api-1`, and so would be a task `api-1`. The second container cannot be \
     created while the first has its name. A unit in /etc/systemd/system takes the place of the host's own of that \
     name: a task `db` of a fleet `man` would run instead of what keeps the manual's index.",
);

/// Units with a dash in their names, like those of a fleet, from Debian 12 and 13 and systemd up to 258. Names with `systemd-…`
/// are left out: no fleet has them.
const HOST_UNITS: &[&str] = &[
    "apt-daily",
    "apt-daily-upgrade",
    "breakpoint-pre-basic",
    "breakpoint-pre-mount",
    "breakpoint-pre-switch-root",
    "breakpoint-pre-udev",
    "cloud-config",
    "cloud-final",
    "cloud-init",
    "cloud-init-local",
    "console-getty",
    "console-setup",
    "cryptdisks-early",
    "debug-shell",
    "dpkg-db-backup",
    "getty-static",
    "initrd-cleanup",
    "initrd-parse-etc",
    "initrd-switch-root",
    "initrd-udevadm-cleanup-db",
    "keyboard-setup",
    "kmod-static-nodes",
    "man-db",
    "networkd-dispatcher",
    "quotaon-root",
    "rc-local",
    "system-update-cleanup",
    "unattended-upgrades",
    "wpa-supplicant",
    "x11-common",
];

/// The names on one host.
pub(crate) fn check(fleet: &Fleet, placed: &PlacedOnHost<'_>, report: &mut Report) {
    let mut seen: BTreeMap<String, &Workload> = BTreeMap::new();
    for (workload, placement) in placed {
        let unit = unit_name(&fleet.name, workload, placement.instance);
        let register = (!placement.registrations.is_empty()).then(|| register_name(&unit));
        if HOST_UNITS.contains(&unit.as_str()) {
            report.push(
                Diagnostic::new(&NAME_CONFLICT, format!("`{unit}` is the name of a unit of the host itself"))
                    .at(workload.span, format!("from `{}` and the fleet's name", workload.name))
                    .help("give it another name"),
            );
        }
        for name in [Some(unit), register].into_iter().flatten() {
            if let Some(first) = seen.insert(name.clone(), workload) {
                report.push(
                    Diagnostic::new(&NAME_CONFLICT, format!("two units are called `{name}`"))
                        .at(workload.span, format!("from `{}`", workload.name))
                        .at(first.span, format!("from `{}`", first.name))
                        .help("give one of them another name"),
                );
            }
        }
    }
}
