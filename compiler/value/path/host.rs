//! Where something lies on a host.

use super::normal::{check_absolute, covers};
use crate::value::{Invalid, text::text_value};
use std::sync::Arc;

text_value! {
    /// An absolute path on a host, in normal form.
    HostPath
}

impl HostPath {
    /// Reads a path on a host.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_absolute(text)?;
        Ok(Self(Arc::from(text)))
    }

    /// The path of a child.
    pub fn join(&self, child: &str) -> Result<Self, Invalid> {
        Self::parse(&format!("{}/{child}", self.0.trim_end_matches('/')))
    }

    /// Whether `child` is this path or lies below it.
    pub fn covers(&self, child: &Self) -> bool {
        covers(&self.0, &child.0)
    }

    /// Why a container must not write here: it could take over the host, or take it down.
    pub fn must_not_be_writable(&self) -> Option<&'static str> {
        if SHARED.contains(&self.as_str()) {
            return Some("it is the host's own, and holds more than one service's data");
        }
        SYSTEM.iter().any(|system| covers(system, &self.0)).then_some("who writes here controls the host")
    }

    /// The engine's socket that is here or below: who may write to it is root on the host.
    pub fn engine_socket(&self) -> Option<&'static str> {
        SOCKETS.into_iter().find(|socket| covers(&self.0, socket))
    }
}

/// Directories that hold much beside one service's data. A path below them may be one service's own.
const SHARED: [&str; 21] = [
    "/",
    "/dev",
    "/etc",
    "/home",
    "/media",
    "/mnt",
    "/opt",
    "/root",
    "/run",
    "/srv",
    "/tmp",
    "/usr",
    "/usr/local",
    "/usr/share",
    "/var",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/run",
    "/var/spool",
    "/var/tmp",
];

/// Directories that decide what the host runs, with all that is below.
const SYSTEM: [&str; 38] = [
    "/bin",
    "/boot",
    "/etc/cron.d",
    "/etc/cron.daily",
    "/etc/cron.hourly",
    "/etc/cron.weekly",
    "/etc/crontab",
    "/etc/docker",
    "/etc/group",
    "/etc/ld.so.conf.d",
    "/etc/ld.so.preload",
    "/etc/modprobe.d",
    "/etc/pam.d",
    "/etc/passwd",
    "/etc/profile.d",
    "/etc/shadow",
    "/etc/ssh",
    "/etc/sudoers",
    "/etc/sudoers.d",
    "/etc/sysctl.d",
    "/etc/systemd",
    "/etc/udev",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/proc",
    "/root/.ssh",
    "/run/systemd",
    "/sbin",
    "/sys",
    "/usr/bin",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/bin",
    "/usr/local/sbin",
    "/usr/sbin",
    "/var/lib/docker",
];

/// Where engines and their parts listen.
const SOCKETS: [&str; 8] = [
    "/run/docker.sock",
    "/var/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/var/run/containerd/containerd.sock",
    "/run/podman/podman.sock",
    "/var/run/podman/podman.sock",
    "/run/crio/crio.sock",
    "/var/run/crio/crio.sock",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, same_again};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(HostPath::parse, &[("/", "/"), ("/srv/shop", "/srv/shop"), ("/srv/a b%$", "/srv/a b%$")]);
    }

    #[test]
    fn refuses() {
        refused(
            HostPath::parse,
            &[
                ("srv", "the path `srv` is not absolute", "write `/srv`"),
                (
                    "/srv/../etc",
                    "the path `/srv/../etc` has a part `..`, and nobody sees where it leads",
                    "write the path that it means",
                ),
            ],
        );
    }

    #[test]
    fn joins() {
        let path = |text| HostPath::parse(text).unwrap();
        assert_eq!(path("/srv").join("shop/redis"), Ok(path("/srv/shop/redis")));
        assert_eq!(path("/").join("shop"), Ok(path("/shop")));
        assert!(path("/srv").join("../etc").is_err() && path("/srv").join("").is_err());
        assert!(path("/srv").covers(&path("/srv/shop")) && !path("/srv/shop").covers(&path("/srv")));
    }

    #[test]
    fn knows_what_must_not_be_writable() {
        for (text, refused) in [
            ("/", true),
            ("/etc", true),
            ("/etc/shop", false),
            ("/etc/systemd/system", true),
            ("/usr/bin/x", true),
            ("/srv", true),
            ("/srv/shop", false),
            ("/proc/sys", true),
            ("/var/lib/docker/volumes", true),
            ("/var/lib/shop", false),
            ("/etcetera", false),
        ] {
            assert_eq!(HostPath::parse(text).unwrap().must_not_be_writable().is_some(), refused, "{text}");
        }
    }

    #[test]
    fn knows_the_sockets() {
        for (text, socket) in [
            ("/var/run/docker.sock", Some("/var/run/docker.sock")),
            ("/run", Some("/run/docker.sock")),
            ("/", Some("/run/docker.sock")),
            ("/run/shop", None),
            ("/var/run", Some("/var/run/docker.sock")),
            ("/run/docker.sock.d", None),
        ] {
            assert_eq!(HostPath::parse(text).unwrap().engine_socket(), socket, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "/|(/[a-zA-Z0-9_ ,:-]{1,9}){1,4}") {
            prop_assert!(same_again(HostPath::parse, &text));
        }
    }
}
