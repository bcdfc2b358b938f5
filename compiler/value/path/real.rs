//! An absolute path of a host → the path that it leads to on a Debian-like host, by the links that all of them have.

/// Links and where they lead.
const LINKS: [(&str, &str); 16] = [
    ("/bin", "/usr/bin"),
    ("/lib", "/usr/lib"),
    ("/lib32", "/usr/lib32"),
    ("/lib64", "/usr/lib64"),
    ("/libx32", "/usr/libx32"),
    ("/sbin", "/usr/sbin"),
    ("/dev/core", "/proc/kcore"),
    ("/dev/fd", "/proc/self/fd"),
    ("/dev/stderr", "/proc/self/fd"),
    ("/dev/stdin", "/proc/self/fd"),
    ("/dev/stdout", "/proc/self/fd"),
    ("/run/shm", "/dev/shm"),
    ("/usr/tmp", "/var/tmp"),
    ("/var/lock", "/run/lock"),
    ("/var/run", "/run"),
    ("/var/spool/mail", "/var/mail"),
];

/// Returns the path that a path leads to, in normal form. The caller has refused parts `..`.
pub(crate) fn real(path: &str) -> String {
    let mut real = String::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        real.push('/');
        real.push_str(part);
        if let Some((_, target)) = LINKS.iter().find(|(link, _)| *link == real) {
            real = target.to_string();
        }
        match of_process(&real) {
            Some("root" | "cwd") => real.clear(),
            // An open file can be any file of the host.
            Some("fd" | "map_files") => return "/".to_string(),
            _ => {}
        }
    }
    if real.is_empty() { "/".to_string() } else { real }
}

/// Returns the part behind a process or a thread: `root` of `/proc/1/root`.
fn of_process(path: &str) -> Option<&str> {
    let (_, name) = path.strip_prefix("/proc/")?.rsplit_once('/')?;
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_links_of_a_host() {
        for (path, leads) in [
            ("/", "/"),
            ("//", "/"),
            ("/.", "/"),
            ("/srv/./a//b/", "/srv/a/b"),
            ("run/x", "/run/x"),
            ("/var/run/docker.sock", "/run/docker.sock"),
            ("/var/./run", "/run"),
            ("/var/running", "/var/running"),
            ("/var/lock", "/run/lock"),
            ("/var/run/shm/x", "/dev/shm/x"),
            ("/var/spool/mail/x", "/var/mail/x"),
            ("/dev/stdin", "/"),
            ("/sbin/init", "/usr/sbin/init"),
            ("/proc/1/root", "/"),
            ("/proc/1/root/var/run", "/run"),
            ("/proc/self/task/1/root/proc/1/cwd/run", "/run"),
            ("/dev/fd/3/x", "/"),
            ("/proc/sys/net", "/proc/sys/net"),
            ("/proc/root", "/proc/root"),
        ] {
            assert_eq!(real(path), leads, "{path}");
        }
    }
}
