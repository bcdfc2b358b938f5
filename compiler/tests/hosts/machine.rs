//! In: this machine. Out: whether hosts can run on it, and if not, why.

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

/// Made by an earlier run, so that nothing must be fetched.
fn has_roots() -> bool {
    let found = std::fs::read_dir(crate::cache()).into_iter().flatten().flatten();
    found.filter(|entry| entry.file_name().to_string_lossy().starts_with("services-")).count() > 0
}
