//! Units, as systemd-analyze(1) verifies them: it exits with 0 on settings that it does not know, so nothing may be said.

use crate::artifacts::golden::{self, GoldenTree};
use dpc::model::plan::HostPlan;
use std::path::PathBuf;
use std::process::Command;

#[test]
fn systemd_has_nothing_to_say() {
    for tree in golden::all() {
        for host in &tree.plan.hosts {
            // Its time grows with the square of the units in a call.
            units(&tree, host).chunks(100).for_each(verify);
        }
    }
}

fn units(tree: &GoldenTree, host: &HostPlan) -> Vec<PathBuf> {
    let units = golden::below(&tree.folder.join(&host.name).join("systemd"));
    assert!(!units.is_empty(), "{} has no unit for {}", tree.name, host.name);
    units
}

/// Units find each other in the directory that they are in. All that they name on the host is there where docker and
/// systemd are installed: `docker.service`, `docker`, `/bin/sh`; the scripts of `/opt/dpc` are arguments to a shell.
fn verify(units: &[PathBuf]) {
    let output = Command::new("systemd-analyze").args(["verify", "--man=no"]).args(units).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{}: {said}", units[0].display());
}
