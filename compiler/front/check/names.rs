//! Names of units and containers: each belongs to one service, and none to the host itself.

use super::PlacedOnHost;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::fleet::Fleet;
use crate::model::plan::{register_name, unit_name};
use crate::text::Span;
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
    // A host has one registrar, for all of its services that register.
    let registering = placed.iter().find(|(_, placement)| !placement.registrations.is_empty());
    let registrar = registering.map(|(workload, _)| {
        (register_name(&fleet.name), (workload.span, "for what registers here".to_string()))
    });
    let mut seen: BTreeMap<String, (Span, String)> = registrar.into_iter().collect();
    for (workload, placement) in placed {
        let unit = unit_name(&fleet.name, workload, placement.instance);
        let from = format!("from `{}`", workload.name);
        if HOST_UNITS.contains(&unit.as_str()) {
            report.push(
                Diagnostic::new(&NAME_CONFLICT, format!("`{unit}` is the name of a unit of the host itself"))
                    .at(workload.span, format!("{from} and the fleet's name"))
                    .help("give it another name"),
            );
        }
        if let Some((first, why)) = seen.insert(unit.clone(), (workload.span, from.clone())) {
            report.push(
                Diagnostic::new(&NAME_CONFLICT, format!("two units are called `{unit}`"))
                    .at(workload.span, from)
                    .at(first, why)
                    .help("give one of them another name"),
            );
        }
    }
}
