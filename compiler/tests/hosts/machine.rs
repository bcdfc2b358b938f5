//! In: this machine. Out: that hosts can run on it and nobody else runs some there, or the reason why not.

use std::fs::File;

use crate::command::{answers, run};

/// Root, the programs, and a way to Debian's packages.
pub fn can_run_hosts() -> Result<(), String> {
    if run("id", &["-u"])? != "0" {
        return Err("hosts need root".into());
    }
    let programs =
        [("docker", "docker.io"), ("dockerd", "docker.io"), ("debootstrap", "debootstrap"), ("tar", "tar")];
    for (program, package) in programs {
        if !answers(program, &["--version"]) {
            return Err(format!("`{program}` is not installed (Debian package `{package}`)"));
        }
    }
    if !has_roots() && !answers("apt-get", &["update", "-qq", "--error-on=any"]) {
        return Err("no Debian mirror answers, and no root of an earlier run is there".into());
    }
    Ok(())
}

/// Every run needs the names of the hosts, their networks and the engine's socket for itself.
const LOCK: &str = "/run/lock/dpc-hosts.lock";

/// Waits until no other run, from any clone, is on this machine. No other run begins until this is dropped.
pub fn alone() -> Result<File, String> {
    let failed = |error: std::io::Error| format!("cannot lock `{LOCK}`: {error}");
    let file = File::create(LOCK).map_err(failed)?;
    if file.try_lock().is_err() {
        println!("hosts: waits for another run on this machine, which holds {LOCK}");
        file.lock().map_err(failed)?;
    }
    Ok(file)
}

/// Made by an earlier run, so that nothing must be fetched.
fn has_roots() -> bool {
    let found = std::fs::read_dir(crate::cache()).into_iter().flatten().flatten();
    found.filter(|entry| entry.file_name().to_string_lossy().starts_with("services-")).count() > 0
}
