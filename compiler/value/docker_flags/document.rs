//! The table of flags → `docs/docker-run.md`.

use super::table::{Arity, InArguments, ROWS, letter};
use std::fmt::Write;

const HEAD: &str = "# Flags of `docker run`

What each flag of `docker run` (20.10 to 28) is in dpc. `docker-args` passes flags on as they are, but not those that a node says and
dpc checks, and not those that its units depend on: these are refused.

| flag | in KDL | in `docker-args` |
|---|---|---|
";

/// The page.
pub fn page() -> String {
    let mut page = HEAD.to_string();
    for row in ROWS {
        let short = letter(row.name).map(|letter| format!("`-{letter}`, ")).unwrap_or_default();
        let (node, fate) = match row.fate {
            InArguments::Said(node) => (format!("`{node}`"), "refused".to_string()),
            InArguments::Also(node) => {
                (format!("`{node}`"), "passed on, for what the node does not take".to_string())
            }
            InArguments::Raw => (String::new(), "passed on".to_string()),
            InArguments::Refused(why) => (String::new(), format!("refused: {why}")),
        };
        let _ = writeln!(page, "| {short}`--{}` | {node} | {fate} |", row.name);
    }
    page
}

/// The names of all flags, and whether each takes a value.
pub fn flags() -> impl Iterator<Item = (&'static str, bool)> {
    ROWS.iter().map(|row| (row.name, row.arity == Arity::Value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::service_node;

    #[test]
    fn every_node_that_a_flag_is_sent_to_is_one() {
        for row in ROWS {
            if let InArguments::Said(node) | InArguments::Also(node) = row.fate {
                let name = node.split(' ').next().unwrap_or_default();
                assert!(service_node(name).is_some(), "{node} of --{}", row.name);
            }
        }
    }

    #[test]
    fn the_flags_of_an_older_docker_are_there() {
        // `docker run --help` of 20.10.24.
        let older = "add-host attach blkio-weight blkio-weight-device cap-add cap-drop cgroup-parent cgroupns cidfile cpu-period \
            cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems detach detach-keys device \
            device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops disable-content-trust dns \
            dns-option dns-search domainname entrypoint env env-file expose gpus group-add health-cmd health-interval \
            health-retries health-start-period health-timeout help hostname init interactive ip ip6 ipc isolation kernel-memory \
            label label-file link link-local-ip log-driver log-opt mac-address memory memory-reservation memory-swap \
            memory-swappiness mount name network network-alias no-healthcheck oom-kill-disable oom-score-adj pid pids-limit \
            platform privileged publish publish-all pull read-only restart rm runtime security-opt shm-size sig-proxy \
            stop-signal stop-timeout storage-opt sysctl tmpfs tty ulimit user userns uts volume volume-driver volumes-from workdir";
        for name in older.split_whitespace() {
            assert!(flags().any(|(known, _)| known == name), "{name}");
        }
    }
}
