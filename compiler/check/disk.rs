//! What is mounted, and what is written: every written path has a volume or tmpfs, and nothing is mounted that must not be.

use super::Placed;
use crate::container::{Container, Volume};
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::fleet::{Host, Placement, Workload};
use crate::located::Located;
use crate::source::Span;
use crate::value::path::{ContainerPath, HostPath, covers};
use std::collections::BTreeMap;

/// A path that is written and lies in the image's layer.
pub const UNCOVERED_WRITE: Fault = Fault::error(
    "uncovered-write",
    "every path that a service is said to write lies in a volume or a tmpfs",
    "What is written into an image's layers is lost with the container, and the first write to a file that the image has \
     copies it whole (1.4 s for a file of 1 GiB on overlay2, where a volume took milliseconds). The root filesystem is read-only \
     unless the service says otherwise, so the write would fail.",
);
/// A root filesystem that can be written.
pub const WRITABLE_ROOT: Fault = Fault::warning(
    "writable-root",
    "the root filesystem of a container should be read-only",
    "What is written there is lost with the container, and found by nobody. With a read-only root the application says at \
     its first start which path needs a volume.",
);
/// One directory of a host, written by two services.
pub const SHARED_VOLUME: Fault = Fault::error(
    "shared-volume",
    "a directory of a host is written by one service, or all say `shared`",
    "Two services that write one directory without knowing of each other corrupt it: two databases on one data directory \
     do so within seconds.",
);
/// A mount that hides or opens what belongs to the system.
pub const SYSTEM_MOUNT: Fault = Fault::error(
    "system-mount",
    "nothing is mounted over a system directory of the image, and no system directory of the host is mounted writable",
    "A mount over `/usr` or `/etc` hides what the image needs to start. A writable `/etc` or `/` of the host gives the \
     container the host.",
);
/// docker's socket, mounted by the way.
pub const DOCKER_SOCKET: Fault = Fault::error(
    "docker-socket",
    "docker's socket is mounted only where the volume says `docker-socket=#true`",
    "Who can write to docker's socket can start a container with the host's root filesystem: it is root on the host.",
);
/// Two mounts at one path.
pub const MOUNT_CONFLICT: Fault = Fault::error(
    "mount-conflict",
    "one path in a container has one mount",
    "docker refuses two mounts at one path, or the later one hides the earlier.",
);

/// Everything that one container mounts.
pub fn check(workload: &Workload, placement: &Placement, report: &mut Report) {
    let container = &placement.container;
    check_targets(container, report);
    check_sources(container, report);
    for path in &container.writes {
        check_write(workload, container, path, report);
    }
    if !container.read_only.value {
        report.push(
            Diagnostic::new(
                &WRITABLE_ROOT,
                format!("the root filesystem of `{}` can be written", workload.name),
            )
            .at(container.read_only.span, "")
            .help("remove this, and add a `volume` or `tmpfs` for each path that the application writes"),
        );
    }
}

struct Mount<'c> {
    path: &'c str,
    span: Span,
    what: &'static str,
    writable: bool,
}

fn mounts(container: &Container) -> Vec<Mount<'_>> {
    let mount = |path: &'_ Located<String>, what, writable| (path.span, what, writable);
    let volumes = container
        .volumes
        .iter()
        .map(|volume| (&volume.path, mount(&volume.path, "volume", !volume.read_only)));
    let tmpfs = container.tmpfs.iter().map(|tmpfs| (&tmpfs.path, mount(&tmpfs.path, "tmpfs", true)));
    let files = container.files.iter().map(|file| (&file.path, mount(&file.path, "file", false)));
    let secrets = container
        .secrets
        .iter()
        .filter_map(|secret| secret.path.as_ref())
        .map(|path| (path, mount(path, "secret", false)));
    let all = volumes.chain(tmpfs).chain(files).chain(secrets);
    all.map(|(path, (span, what, writable))| Mount { path: &path.value, span, what, writable }).collect()
}

fn check_targets(container: &Container, report: &mut Report) {
    let mut seen: BTreeMap<&str, Mount<'_>> = BTreeMap::new();
    for mount in mounts(container) {
        let reason = ContainerPath::parse(mount.path).ok().and_then(|path| path.must_not_be_mounted());
        if let Some(reason) = reason {
            report.push(
                Diagnostic::new(
                    &SYSTEM_MOUNT,
                    format!("a {} must not be mounted over `{}`", mount.what, mount.path),
                )
                .at(mount.span, reason)
                .help("mount at a path of the application's own, such as `/data` or `/etc/app`"),
            );
        }
        if let Some(first) = seen.get(mount.path) {
            report.push(
                Diagnostic::new(&MOUNT_CONFLICT, format!("two mounts at `{}`", mount.path))
                    .at(mount.span.max(first.span), format!("a {} here", later(&mount, first).what))
                    .at(mount.span.min(first.span), format!("a {} here", earlier(&mount, first).what))
                    .help("keep one of them"),
            );
        }
        seen.entry(mount.path).or_insert(mount);
    }
}

fn later<'m, 'c>(one: &'m Mount<'c>, other: &'m Mount<'c>) -> &'m Mount<'c> {
    if one.span >= other.span { one } else { other }
}

fn earlier<'m, 'c>(one: &'m Mount<'c>, other: &'m Mount<'c>) -> &'m Mount<'c> {
    if one.span >= other.span { other } else { one }
}

/// The engine's socket that mounting `from` opens.
fn socket(from: &str) -> Option<&'static str> {
    HostPath::parse(from).ok()?.engine_socket()
}

fn check_sources(container: &Container, report: &mut Report) {
    for secret in container.secrets.iter().filter(|secret| secret.path.is_some()) {
        if let Some(socket) = socket(&secret.from) {
            report.push(docker_socket(socket, secret.from.span).help(
                "a secret is a file; if the socket is meant, mount it with `volume … docker-socket=#true`",
            ));
        }
    }
    for argument in &container.docker_args {
        if let Some(socket) =
            argument.split(['=', ',', ':']).find_map(socket).filter(|_| argument.contains("sock"))
        {
            report.push(
                docker_socket(socket, argument.span)
                    .help("if it is meant, mount it with `volume … docker-socket=#true`"),
            );
        }
    }
    for volume in &container.volumes {
        let Ok(from) = HostPath::parse(&volume.from) else { continue };
        let opened = from.engine_socket();
        if let Some(socket) = opened.filter(|_| !volume.docker_socket) {
            report.push(
                docker_socket(socket, volume.from.span)
                    .help("add `docker-socket=#true` if it is meant, or remove the volume"),
            );
            continue;
        }
        // The socket itself was asked for by name; a directory that holds it is still the host's.
        if opened.is_some_and(|socket| socket == volume.from.value) {
            continue;
        }
        if let Some(reason) = from.must_not_be_writable().filter(|_| !volume.read_only) {
            report.push(
                Diagnostic::new(
                    &SYSTEM_MOUNT,
                    format!("`{}` of the host must not be mounted writable", volume.from.value),
                )
                .at(volume.from.span, reason)
                .help("mount a directory of the service's own, such as one below `/srv`, or add `read-only=#true`"),
            );
        }
    }
}

fn docker_socket(socket: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&DOCKER_SOCKET, format!("this mounts docker's socket `{socket}`"))
        .at(span, "root on the host for whoever can write to it")
}

fn check_write(workload: &Workload, container: &Container, path: &Located<String>, report: &mut Report) {
    let mounts = mounts(container);
    let deepest = mounts.iter().filter(|mount| covers(mount.path, path)).max_by_key(|mount| mount.path.len());
    let diagnostic = |reason: String| {
        Diagnostic::new(&UNCOVERED_WRITE, format!("`{}` writes `{}`, {reason}", workload.name, path.value))
            .at(path.span, "written here")
    };
    match deepest {
        Some(mount) if mount.writable => {}
        Some(mount) => report.push(
            diagnostic(format!("which a read-only {} holds", mount.what))
                .at(mount.span, format!("this {} is read-only", mount.what))
                .help(match mount.what {
                    "volume" => "remove `read-only=#true` from the volume, or write elsewhere",
                    _ => "config files and secrets are mounted read-only: write elsewhere",
                }),
        ),
        None => report.push(diagnostic("which no volume or tmpfs holds".to_string()).help(format!(
            "add `volume \"{0}\"` for what must outlive the container, or `tmpfs \"{0}\"` for what need not",
            path.value
        ))),
    }
}

/// Directories of a host that two services write.
pub fn check_shared(host: &Host, placed: &Placed<'_>, report: &mut Report) {
    let mut writable: Vec<(&Workload, &Volume)> = placed
        .iter()
        .flat_map(|(workload, placement)| {
            placement.container.volumes.iter().map(|volume| (*workload, volume))
        })
        .filter(|(_, volume)| !volume.read_only && socket(&volume.from).is_none())
        .collect();
    // Sorted by parts, a directory stands right before all that is below it.
    writable.sort_by(|(a, one), (b, other)| {
        one.from.split('/').cmp(other.from.split('/')).then(a.name.cmp(&b.name))
    });
    let mut open: Vec<(&Workload, &Volume)> = Vec::new();
    for (workload, volume) in writable {
        open.retain(|(_, above)| covers(&above.from, &volume.from));
        for (other, above) in &open {
            if other.name != workload.name && !(above.shared && volume.shared) {
                report.push(shared(host, (other, above), (workload, volume)));
            }
        }
        open.push((workload, volume));
    }
}

fn shared(host: &Host, one: (&Workload, &Volume), other: (&Workload, &Volume)) -> Diagnostic {
    let (first, second) = if one.1.from.span <= other.1.from.span { (one, other) } else { (other, one) };
    let message = format!(
        "`{}` and `{}` both write `{}` on host `{}`",
        first.0.name, second.0.name, other.1.from.value, host.name
    );
    Diagnostic::new(&SHARED_VOLUME, message)
        .at(second.1.from.span, format!("`{}` writes `{}`", second.0.name, second.1.from.value))
        .at(first.1.from.span, format!("`{}` writes `{}`", first.0.name, first.1.from.value))
        .help("give each a directory of its own, make one `read-only=#true`, or say `shared=#true` in both")
}
