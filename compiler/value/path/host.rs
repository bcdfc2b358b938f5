//! Where something lies on a host.

use super::normal::{check_absolute, covers};
use super::real::real;
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

    /// Where it leads on a host.
    pub fn real(&self) -> String {
        real(&self.0)
    }
}

/// Why a container must not write at a real path: it could take over the host, or take it down.
pub fn must_not_be_writable(real: &str) -> Option<&'static str> {
    let controls = "who writes here controls the host";
    if SYSTEM.iter().any(|system| covers(system, real)) || is_login(real) {
        return Some(controls);
    }
    if SYSTEM.iter().any(|system| covers(real, system)) {
        return Some("it holds what controls the host");
    }
    SHARED.contains(&real).then_some("it is the host's own, and holds more than one service's data")
}

/// The engine's socket that is at a real path or below: who may write to it is root on the host.
pub fn engine_socket(real: &str) -> Option<&'static str> {
    SOCKETS.into_iter().find(|socket| covers(real, socket))
}

/// A home, or what programs read there when its user logs in: `/home/ann`, `/home/ann/.ssh`.
fn is_login(real: &str) -> bool {
    let Some(below) = real.strip_prefix("/home/") else { return false };
    below.split_once('/').is_none_or(|(_, inside)| inside.starts_with('.'))
}

/// Directories that hold much beside one service's data. A path below them may be one service's own.
const SHARED: [&str; 13] = [
    "/dev",
    "/home",
    "/media",
    "/mnt",
    "/srv",
    "/tmp",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/mail",
    "/var/opt",
    "/var/spool",
    "/var/tmp",
];

/// What decides what the host runs and who it lets in, with all that is below; real paths. Nothing that is above them may be
/// written either.
const SYSTEM: [&str; 98] = [
    "/boot",
    "/efi",
    "/etc",
    "/nix",
    "/opt/cni",
    "/opt/containerd",
    "/opt/dpc",
    "/ostree",
    "/proc",
    "/root",
    "/run/atd.pid",
    "/run/binfmt.d",
    "/run/cdi",
    "/run/confexts",
    "/run/containerd",
    "/run/credentials",
    "/run/credstore",
    "/run/crio",
    "/run/crond.pid",
    "/run/cryptsetup",
    "/run/dbus",
    "/run/depmod.d",
    "/run/docker",
    "/run/docker.pid",
    "/run/docker.sock",
    "/run/dpc",
    "/run/environment.d",
    "/run/extensions",
    "/run/initctl",
    "/run/initramfs",
    "/run/lock",
    "/run/log",
    "/run/lvm",
    "/run/modprobe.d",
    "/run/modules-load.d",
    "/run/mount",
    "/run/netns",
    "/run/nextroot",
    "/run/podman",
    "/run/polkit-1",
    "/run/runc",
    "/run/sudo",
    "/run/sysctl.d",
    "/run/systemd",
    "/run/sysusers.d",
    "/run/tmpfiles.d",
    "/run/udev",
    "/run/user",
    "/snap",
    "/sys",
    "/sysroot",
    "/usr",
    "/var/cache/apt",
    "/var/cache/debconf",
    "/var/cache/dnf",
    "/var/cache/ldconfig",
    "/var/cache/man",
    "/var/lib/AccountsService",
    "/var/lib/alternatives",
    "/var/lib/apt",
    "/var/lib/buildkit",
    "/var/lib/cloud",
    "/var/lib/cni",
    "/var/lib/confexts",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/dbus",
    "/var/lib/dkms",
    "/var/lib/dnf",
    "/var/lib/docker",
    "/var/lib/dpc",
    "/var/lib/dpkg",
    "/var/lib/extensions",
    "/var/lib/flatpak",
    "/var/lib/initramfs-tools",
    "/var/lib/kubelet",
    "/var/lib/libvirt",
    "/var/lib/lxd",
    "/var/lib/machines",
    "/var/lib/pacman",
    "/var/lib/pam",
    "/var/lib/polkit-1",
    "/var/lib/portables",
    "/var/lib/private",
    "/var/lib/rancher",
    "/var/lib/rpm",
    "/var/lib/snapd",
    "/var/lib/sudo",
    "/var/lib/systemd",
    "/var/lib/ucf",
    "/var/lib/yum",
    "/var/lib/zypp",
    "/var/snap",
    "/var/spool/anacron",
    "/var/spool/at",
    "/var/spool/cron",
    "/var/spool/incron",
    "/var/spool/mail",
];

/// Where engines and their parts listen; real paths.
const SOCKETS: [&str; 10] = [
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/run/containerd/containerd.sock.ttrpc",
    "/run/docker/containerd/containerd.sock",
    "/run/podman/podman.sock",
    "/run/crio/crio.sock",
    "/run/buildkit/buildkitd.sock",
    "/run/cri-dockerd.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/snap.docker/docker.sock",
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
        for refused in [
            "/",
            "/etc",
            "/etc/shop",
            "/etc/cron.d",
            "/usr/local/bin",
            "/usr/share/x",
            "/bin",
            "/sbin/x",
            "/lib",
            "/lib64",
            "/boot",
            "/root",
            "/root/.ssh",
            "/home",
            "/home/ann",
            "/home/ann/.ssh",
            "/home/ann/.bashrc",
            "/proc/sys",
            "/sys",
            "/dev",
            "/run",
            "/run/systemd",
            "/run/dbus",
            "/run/docker",
            "/run/containerd/x",
            "/run/lock",
            "/var",
            "/var/lib",
            "/var/lib/docker/volumes",
            "/var/lib/containerd",
            "/var/lib/systemd",
            "/var/lib/dpc",
            "/var/spool",
            "/var/spool/cron",
            "/var/spool/cron/crontabs",
            "/var/run",
            "/var/run/systemd",
            "/var/lock",
            "/opt",
            "/opt/dpc",
            "/opt/dpc/shop/current",
            "/srv",
            "/tmp",
            "/proc/1/root",
        ] {
            let path = HostPath::parse(refused).unwrap();
            assert!(must_not_be_writable(&path.real()).is_some(), "{refused}");
        }
        for taken in [
            "/srv/shop",
            "/var/lib/shop",
            "/var/log/shop",
            "/opt/shop",
            "/run/shop",
            "/var/run/shop",
            "/home/ann/data",
            "/mnt/disk",
            "/etcetera",
            "/var/spool/shop",
            "/tmp/x",
            "/data",
        ] {
            let path = HostPath::parse(taken).unwrap();
            assert_eq!(must_not_be_writable(&path.real()), None, "{taken}");
        }
    }

    #[test]
    fn knows_the_sockets() {
        for (text, socket) in [
            ("/var/run/docker.sock", Some("/run/docker.sock")),
            ("/run", Some("/run/docker.sock")),
            ("/", Some("/run/docker.sock")),
            ("/proc/1/root", Some("/run/docker.sock")),
            ("/run/shop", None),
            ("/var/run", Some("/run/docker.sock")),
            ("/run/docker.sock.d", None),
        ] {
            assert_eq!(engine_socket(&HostPath::parse(text).unwrap().real()), socket, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "/|(/[a-z0-9_,:-]([A-Z_ ,:-]{0,7}[a-z0-9])?){1,4}") {
            prop_assert!(same_again(HostPath::parse, &text));
        }
    }
}
