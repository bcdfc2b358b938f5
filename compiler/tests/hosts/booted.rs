//! In: a container's name, a network, an address, an image. Out: a host: a container that booted systemd with a docker
//! engine inside, and runs shell scripts.

use crate::engine::docker;
use crate::patience::eventually;

/// Debian 13's systemd boots with the control groups of version 1 only where this says so.
const KERNEL: &str =
    "SYSTEMD_PROC_CMDLINE=systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1";

/// The recipe for systemd as PID 1 with a docker engine inside, without asking for `--privileged`, which fails where
/// the machine itself lacks a capability.
pub fn create(
    container: &str,
    hostname: &str,
    [network, address]: [&str; 2],
    more: &[&str],
    image: &str,
) -> Result<(), String> {
    let docker_data = format!("{container}:/var/lib/docker");
    docker(
        &[
            &["run", "--detach", "--name", container, "--hostname", hostname, "--network", network][..],
            &["--ip", address, "--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE"],
            &["--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"],
            &["--security-opt", "systempaths=unconfined", "--device-cgroup-rule", "a *:* rwm"],
            &["--cgroupns", "host", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"],
            &["--env", KERNEL, "--env", "container=docker", "--stop-signal", "SIGRTMIN+3"],
            &["--tmpfs", "/run:exec", "--tmpfs", "/tmp:exec", "--volume", &docker_data],
            more,
            &[image, "/sbin/init"],
        ]
        .concat(),
    )
    .map(drop)
}

/// Waits until systemd has done all that it starts by itself.
pub fn until_up(container: &str) -> Result<(), String> {
    let up = "docker info >/dev/null && systemctl show --property SystemState --value | grep -E 'running|degraded|starting'";
    eventually(&format!("{container} to boot"), || sh(container, up).is_ok()).map(drop).map_err(|error| {
        let why = sh(
            container,
            "systemctl list-jobs --no-pager; systemctl status docker --no-pager --lines 20; true",
        );
        format!("{error}\n{}", why.unwrap_or_else(|error| error))
    })
}

/// Runs a shell script in a host, and returns its stdout.
pub fn sh(container: &str, script: &str) -> Result<String, String> {
    docker(&["exec", container, "bash", "-c", script])
}

/// The cgroups of the containers in the hosts are siblings of the hosts' own, and outlive them, empty.
pub fn remove_cgroups() {
    let script = "find /sys/fs/cgroup -maxdepth 2 -name dpc-hosts -type d | while read -r top; do \
                  find \"$top\" -depth -type d -exec rmdir {} + ; done";
    let _ = crate::command::run("sh", &["-c", script]);
}
