//! The real path of a host → the path at it, above it or below it by which anyone who reaches it can become root. A read-only
//! mount does not protect a socket: whoever may open it may write to it. In `/proc` each process has links to all that it sees.

/// Returns the path by which a container can become root on the host, if `real` is such a path or holds one.
pub(crate) fn path_to_root(real: &str) -> Option<String> {
    if is_processes(real) {
        return Some("/proc".to_string());
    }
    if let Some(socket) = SOCKETS.into_iter().find(|socket| meet(socket, real)) {
        let below = parts(socket).skip(parts(real).count());
        return Some(below.fold(real.trim_end_matches('/').to_string(), |path, part| {
            format!("{path}/{}", part.strip_suffix('*').filter(|part| !part.is_empty()).unwrap_or(part))
        }));
    }
    let name = real.rsplit('/').next().unwrap_or_default();
    NAMES.into_iter().any(|known| is_part(known, name)).then(|| real.to_string())
}

/// Names a path to root in a sentence.
pub(crate) fn named_way(way: &str) -> String {
    if way.ends_with("/docker.sock") { "docker's socket".to_string() } else { format!("`{way}`") }
}

/// Returns whether a path is such a socket itself, and holds nothing else.
pub(crate) fn is_root_socket(real: &str) -> bool {
    !is_processes(real) && path_to_root(real).is_some_and(|socket| socket == real)
}

/// Returns whether a path is all processes, or one of them: `/proc/1`, `/proc/self/task`.
fn is_processes(real: &str) -> bool {
    let mut parts = parts(real);
    let is_process =
        |part: &str| matches!(part, "self" | "thread-self") || part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next() == Some("proc") && parts.next().is_none_or(is_process)
}

/// Returns whether one path lies in the other, or both are the same.
fn meet(pattern: &str, real: &str) -> bool {
    parts(pattern).zip(parts(real)).all(|(pattern, part)| is_part(pattern, part))
}

fn is_part(pattern: &str, part: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == part,
        Some((start, end)) => {
            part.len() >= start.len() + end.len() && part.starts_with(start) && part.ends_with(end)
        }
    }
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// Names of these sockets, wherever they lie.
const NAMES: [&str; 9] = [
    "docker*.sock",
    "podman*.sock",
    "containerd.sock*",
    "crio.sock",
    "buildkitd.sock",
    "balena*.sock",
    "libvirt-sock*",
    "snapd*.socket",
    "system_bus_socket",
];

/// Sockets of engines, machines, systemd and others that start programs as root. They are real paths; `*` stands for a part or
/// some letters of one.
const SOCKETS: [&str; 49] = [
    "/run/docker.sock",
    "/run/docker/containerd/containerd.sock*",
    "/run/docker/plugins/*",
    "/run/docker/*.sock",
    "/run/snap.docker/docker.sock",
    "/run/containerd/containerd.sock*",
    "/run/podman/podman.sock",
    "/run/crio/crio.sock",
    "/run/buildkit/*.sock",
    "/run/cri-dockerd.sock",
    "/run/dockershim.sock",
    "/run/balena*.sock",
    "/run/nri/nri.sock",
    "/run/k3s/containerd/containerd.sock*",
    "/run/k0s/*",
    "/run/systemd/private",
    "/run/systemd/io.systemd.*",
    "/run/systemd/initctl/fifo",
    "/run/initctl",
    "/run/dbus/system_bus_socket",
    "/run/udev/control",
    "/run/snapd*.socket",
    "/run/libvirt/*",
    "/run/incus/unix.socket*",
    "/run/lxd*.socket",
    "/run/lxd/unix.socket*",
    "/run/fail2ban/*.sock",
    "/run/multipathd.socket",
    "/run/rpm-ostreed.socket",
    "/run/salt/*",
    "/run/supervisor*.sock",
    "/run/supervisor/*.sock",
    "/run/user/*/bus",
    "/run/user/*/containerd*",
    "/run/user/*/docker*.sock",
    "/run/user/*/libvirt/*",
    "/run/user/*/podman/*.sock",
    "/run/user/*/systemd/private",
    "/var/lib/incus/unix.socket*",
    "/var/lib/lxd/unix.socket*",
    "/var/snap/*/common/run/*.sock",
    "/var/snap/docker/*",
    "/var/snap/lxd/common/lxd/unix.socket*",
    "/var/snap/lxd/common/lxd-user/unix.socket*",
    "/var/snap/microk8s/common/run/*",
    "/root/.docker/*/docker*.sock",
    "/home/*/.docker/*/docker*.sock",
    "/var/home/*/.docker/*/docker*.sock",
    "/var/roothome/.docker/*/docker*.sock",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::path::real;

    #[test]
    fn knows_the_sockets_and_what_holds_them() {
        for text in [
            "/",
            "/run",
            "/var",
            "/var/run",
            "/var/run/docker.sock",
            "/run/docker",
            "/run/docker/plugins/x.sock",
            "/run/systemd",
            "/run/systemd/private",
            "/run/dbus",
            "/run/dbus/system_bus_socket",
            "/run/snapd.socket",
            "/run/containerd",
            "/run/containerd/containerd.sock",
            "/run/podman/podman.sock",
            "/run/crio",
            "/run/libvirt",
            "/run/libvirt/libvirt-sock",
            "/run/libvirt/virtqemud-sock",
            "/run/user",
            "/run/user/1000",
            "/run/user/1000/docker.sock",
            "/run/user/1000/podman",
            "/run/user/0/bus",
            "/root",
            "/root/.docker/run/docker.sock",
            "/home",
            "/home/u",
            "/home/u/.docker/desktop/docker.sock",
            "/home/u/.colima/default/docker.sock",
            "/var/lib/lxd",
            "/var/lib/incus/unix.socket",
            "/var/snap/lxd/common/lxd/unix.socket",
            "/srv/docker.sock",
            "/proc",
            "/proc/1",
            "/proc/1/root",
            "/proc/self/task/7",
            "/proc/self/fd/3",
        ] {
            assert!(path_to_root(&real(text)).is_some(), "{text}");
        }
        for text in [
            "/run/shop",
            "/run/docker.sock.d",
            "/run/systemd/journal/dev-log",
            "/run/udev/data",
            "/run/user/1000/pulse",
            "/home/u/data",
            "/proc/cpuinfo",
            "/proc/sys/net",
            "/var/lib/docker",
            "/srv/docker",
            "/srv/var-run-docker.sock",
        ] {
            assert_eq!(path_to_root(&real(text)), None, "{text}");
        }
    }

    #[test]
    fn says_which_socket_it_is() {
        for (path, socket) in [
            ("/", "/run/docker.sock"),
            ("/run", "/run/docker.sock"),
            ("/run/docker.sock", "/run/docker.sock"),
            ("/home/u", "/home/u/.docker/*/docker*.sock"),
            ("/var/lib/lxd", "/var/lib/lxd/unix.socket"),
            ("/srv/docker.sock", "/srv/docker.sock"),
            ("/proc/1", "/proc"),
        ] {
            assert_eq!(path_to_root(path).as_deref(), Some(socket), "{path}");
        }
    }

    #[test]
    fn tells_a_socket_from_what_holds_it() {
        for text in ["/run/docker.sock", "/srv/docker.sock", "/run/user/1/bus", "/run/libvirt/libvirt-sock"] {
            assert!(is_root_socket(text), "{text}");
        }
        for text in ["/", "/run", "/run/dbus", "/proc", "/proc/1/task", "/home/u", "/srv/shop"] {
            assert!(!is_root_socket(text), "{text}");
        }
    }
}
