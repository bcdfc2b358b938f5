//! The flags of `docker run` (28.2.2, with hidden and older names), and those of `podman run` that differ: whether they take a
//! value, their short names, and what becomes of them in `docker-args`.

use InArguments::{Also, Raw, Refused, Said};

/// The arity of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arity {
    /// A switch, without a value.
    Switch,
    /// A value follows.
    Value,
}

/// What becomes of a flag in `docker-args`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InArguments {
    /// It is refused: this node says it, and is checked.
    Said(&'static str),
    /// This node says what most need. The rest is passed on as it is.
    Also(&'static str),
    /// No node says it: it is passed on as it is.
    Raw,
    /// It is refused, for this reason.
    Refused(&'static str),
}

/// A flag.
pub(super) struct Row {
    /// Its long name.
    pub(super) name: &'static str,
    /// Whether it takes a value.
    pub(super) arity: Arity,
    /// What becomes of it.
    pub(super) fate: InArguments,
}

const fn switch(name: &'static str, fate: InArguments) -> Row {
    Row { name, arity: Arity::Switch, fate }
}

const fn value(name: &'static str, fate: InArguments) -> Row {
    Row { name, arity: Arity::Value, fate }
}

/// Every flag of docker, by name.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    value("add-host", Also("extra-host \"legacy.internal\" \"10.0.0.5\"")),
    value("annotation", Raw),
    value("attach", Refused("the script detaches the container")),
    value("blkio-weight", Raw),
    value("blkio-weight-device", Raw),
    value("cap-add", Also("capabilities { add \"NET_ADMIN\" }")),
    value("cap-drop", Also("capabilities { drop \"ALL\" }")),
    value("cgroup-parent", Raw),
    value("cgroupns", Raw),
    value("cidfile", Refused("the container is found by its name")),
    value("cpu-count", Refused("Windows alone has it")),
    value("cpu-percent", Refused("Windows alone has it")),
    value("cpu-period", Raw),
    value("cpu-quota", Raw),
    value("cpu-rt-period", Raw),
    value("cpu-rt-runtime", Raw),
    value("cpu-shares", Said("resources cpu-shares=512")),
    value("cpus", Said("resources cpus=1.5")),
    value("cpuset-cpus", Said("resources cpuset=\"0-3\"")),
    value("cpuset-mems", Raw),
    switch("detach", Refused("the script detaches the container already")),
    value("detach-keys", Refused("no terminal is there")),
    value("device", Also("device \"/dev/ttyUSB0\"")),
    value("device-cgroup-rule", Raw),
    value("device-read-bps", Raw),
    value("device-read-iops", Raw),
    value("device-write-bps", Raw),
    value("device-write-iops", Raw),
    switch("disable-content-trust", Raw),
    value("dns", Also("dns \"10.0.0.2\"")),
    value("dns-option", Raw),
    value("dns-search", Also("dns \"10.0.0.2\" search=\"shop.internal\"")),
    value("domainname", Raw),
    value("entrypoint", Also("entrypoint \"/usr/bin/tini\"")),
    value("env", Also("env { NAME \"value\" }")),
    value("env-file", Also("env-file \"/etc/shop/api.env\"")),
    value("expose", Raw),
    value("gpus", Also("gpu \"all\"")),
    value("group-add", Said("group-add \"video\"")),
    value("health-cmd", Said("health command=\"…\" interval=\"5s\"")),
    value("health-interval", Said("health command=\"…\" interval=\"5s\"")),
    value("health-retries", Said("health command=\"…\" interval=\"5s\"")),
    value("health-start-interval", Said("health command=\"…\" interval=\"5s\"")),
    value("health-start-period", Said("health command=\"…\" interval=\"5s\"")),
    value("health-timeout", Said("health command=\"…\" interval=\"5s\"")),
    switch("help", Refused("docker would print its help and start nothing")),
    value("hostname", Said("hostname \"web\"")),
    switch("init", Said("init #true")),
    switch("interactive", Refused("no terminal is there")),
    value("io-maxbandwidth", Refused("Windows alone has it")),
    value("io-maxiops", Refused("Windows alone has it")),
    value("ip", Refused("docker takes no address on the host's network and on its own bridge")),
    value("ip6", Refused("docker takes no address on the host's network and on its own bridge")),
    value("ipc", Said("ipc \"host\"")),
    value("isolation", Refused("Windows alone has it")),
    value("kernel-memory", Raw),
    value("label", Also("label \"com.example.team\" \"checkout\"")),
    value("label-file", Also("label-file \"/etc/shop/labels\"")),
    value("link", Refused("no other container looks for it by a name: write `needs` and `{{ needs.….address }}`, or `extra-host`")),
    value("link-local-ip", Refused("docker takes no address on the host's network and on its own bridge")),
    value("log-driver", Said("logs driver=\"fluentd\"")),
    value("log-opt", Said("logs { option \"mode\" \"non-blocking\" }")),
    value("mac-address", Raw),
    value("memory", Said("resources memory=\"1g\"")),
    value("memory-reservation", Said("resources memory-reservation=\"512m\"")),
    value("memory-swap", Also("resources memory-swap=\"2g\"")),
    value("memory-swappiness", Said("resources memory-swappiness=10")),
    value("mount", Also("volume \"/data\"")),
    value("name", Refused("dpc names the container after its fleet, service and instance")),
    value("network", Said("network \"bridge\"")),
    value("network-alias", Refused("no other container looks for it by a name: write `needs` and `{{ needs.….address }}`, or `extra-host`")),
    switch("no-healthcheck", Raw),
    switch("oom-kill-disable", Raw),
    value("oom-score-adj", Said("resources oom-score-adj=-500")),
    value("pid", Said("pid \"host\"")),
    value("pids-limit", Said("resources pids=256")),
    value("platform", Said("platform \"linux/amd64\"")),
    switch("privileged", Said("privileged #true")),
    value("publish", Said("port \"http\" 8080")),
    switch("publish-all", Refused("docker would choose the ports, and nothing could check or register them: name each with `port`")),
    value("pull", Refused("`activate` pulls images, and the unit never does")),
    switch("quiet", Raw),
    switch("read-only", Said("read-only #false")),
    value("restart", Refused("systemd restarts it; docker must not")),
    switch("rm", Refused("the container's exit status is read after it ended; the unit removes it")),
    value("runtime", Raw),
    value("security-opt", Also("security-opt seccomp=\"unconfined\"")),
    value("shm-size", Said("shm-size \"256m\"")),
    switch("sig-proxy", Refused("no terminal is there")),
    value("stop-signal", Said("stop signal=\"SIGTERM\"")),
    value("stop-timeout", Said("stop grace=\"30s\"")),
    value("storage-opt", Raw),
    value("sysctl", Said("sysctl \"kernel.shmmax\" \"68719476736\"")),
    value("tmpfs", Also("tmpfs \"/tmp\"")),
    switch("tty", Refused("no terminal is there")),
    value("ulimit", Also("ulimit \"nofile\" 65536")),
    switch("use-api-socket", Raw),
    value("user", Said("user \"1000:1000\"")),
    value("userns", Raw),
    value("uts", Raw),
    value("volume", Also("volume \"/data\"")),
    value("volume-driver", Raw),
    value("volumes-from", Refused("what it mounts stands elsewhere, and cannot be checked: name each path with `volume`")),
    value("workdir", Said("workdir \"/app\"")),
];

/// Flags that podman has in addition.
const PODMAN: &[(&str, Arity)] = &[
    ("conmon-pidfile", Arity::Value),
    ("no-hosts", Arity::Switch),
    ("pod", Arity::Value),
    ("replace", Arity::Switch),
    ("rmi", Arity::Switch),
    ("sdnotify", Arity::Value),
    ("systemd", Arity::Value),
];

const ALIASES: &[(&str, &str)] = &[
    ("net", "network"),
    ("net-alias", "network-alias"),
    ("dns-opt", "dns-option"),
    ("stop-time", "stop-timeout"),
];

const SHORT: &[(char, &str)] = &[
    ('a', "attach"),
    ('c', "cpu-shares"),
    ('d', "detach"),
    ('e', "env"),
    ('h', "hostname"),
    ('i', "interactive"),
    ('l', "label"),
    ('m', "memory"),
    ('p', "publish"),
    ('P', "publish-all"),
    ('q', "quiet"),
    ('t', "tty"),
    ('u', "user"),
    ('v', "volume"),
    ('w', "workdir"),
];

/// Returns the arity of a flag of docker; none if docker has no such flag.
pub(crate) fn docker(long: &str) -> Option<Arity> {
    row(long).map(|row| row.arity)
}

/// Returns what becomes of a flag of docker in `docker-args`.
pub(crate) fn in_arguments(long: &str) -> Option<InArguments> {
    row(long).map(|row| row.fate)
}

fn row(long: &str) -> Option<&'static Row> {
    ROWS.binary_search_by(|row| row.name.cmp(long)).ok().map(|at| &ROWS[at])
}

/// Returns the arity of a flag of docker or podman.
pub(crate) fn either(long: &str) -> Option<Arity> {
    docker(long).or_else(|| PODMAN.iter().find(|(name, _)| *name == long).map(|(_, arity)| *arity))
}

/// The name that a flag goes by today.
pub(crate) fn long_name(name: &str) -> &str {
    ALIASES.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| new)
}

/// Returns the long name of a letter.
pub(crate) fn short(letter: char) -> Option<&'static str> {
    SHORT.iter().find(|(short, _)| *short == letter).map(|(_, long)| *long)
}

/// Returns the letter of a flag.
pub(super) fn letter(long: &str) -> Option<char> {
    SHORT.iter().find(|(_, name)| *name == long).map(|(letter, _)| *letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_by_name() {
        assert!(ROWS.is_sorted_by(|one, other| one.name < other.name));
        assert!(ROWS.iter().all(|row| row.name == long_name(row.name)));
    }
}
