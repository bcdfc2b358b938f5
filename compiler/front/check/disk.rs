//! Checks mounts and written paths: every written path has a volume or tmpfs, and nothing is mounted that must not be.

use super::host_paths::{self, HostPath, PathRole};
use super::known;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::container::{Container, Volume};
use crate::model::fleet::{Fleet, Placement, Workload};
use crate::text::Located;
use crate::text::Span;
use crate::value::docker_flags::{self, Flag, MountTarget};
use crate::value::log_driver::LOG_DRIVER_SOCKET;
use crate::value::path::{
    ContainerPath, covers, holds_accounts, is_root_socket, must_not_be_mounted, must_not_be_writable,
    path_to_root,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A path that is written and lies in the image's layer.
pub(crate) const UNCOVERED_WRITE: Fault = Fault::error(
    "uncovered-write",
    "every path that a service is said to write lies in a volume or a tmpfs",
    "What is written into an image's layers is lost with the container, and the first write to a file that the image has \
     copies it whole (1.4 s for a file of 1 GiB on overlay2, where a volume took milliseconds). The root filesystem is read-only \
     unless the service says otherwise, so the write would fail.",
);
/// A root filesystem that can be written.
pub(crate) const WRITABLE_ROOT: Fault = Fault::warning(
    "writable-root",
    "the root filesystem of a container should be read-only",
    "What is written there is lost with the container, and found by nobody. With a read-only root the application says at \
     its first start which path needs a volume.",
);
/// A mount that hides or opens files of the system.
pub(crate) const SYSTEM_MOUNT: Fault = Fault::error(
    "system-mount",
    "nothing is mounted over a system directory of the image, and no system directory of the host is mounted writable",
    "A mount over `/usr` or `/etc` hides what the image needs to start. A writable `/etc` or `/` of the host gives the \
     container the host.",
);
/// docker's socket, or another way to root, inside a mount.
pub(crate) const DOCKER_SOCKET: Fault = Fault::error(
    "docker-socket",
    "docker's socket, and what else makes root on the host, is mounted only where the volume says `docker-socket=#true`",
    "Who can write to docker's socket can start a container with the host's root filesystem: it is root on the host. So it is \
     with the sockets of other engines, of libvirt, LXD, snapd, systemd and D-Bus, and a read-only mount does not stop \
     anybody from writing to a socket. The host's `/proc` has a link to the root of each process.",
);
/// Two mounts at one path.
pub(crate) const MOUNT_CONFLICT: Fault = Fault::error(
    "mount-conflict",
    "one path in a container has one mount",
    "docker refuses two mounts at one path, or the later one hides the earlier.",
);

/// Two volumes with one directory of the host.
pub(crate) const VOLUME_CONFLICT: Fault = Fault::error(
    "volume-conflict",
    "each volume that does not say `from` has a directory of the host of its own",
    "Without `from` a volume lies in a directory that is called after its path, with `-` between the parts: `/a/b` and \
     `/a-b` meet there.",
);

/// A directory that the service may not be able to write.
pub(crate) const VOLUME_OWNER: Fault = Fault::warning(
    "volume-owner",
    "a volume that is written belongs to the user that the service runs as",
    "`activate` makes the directory, and only the image knows the number of a user's name. So the directory belongs to root, and the \
     first write fails.",
);

/// Everything that one container mounts.
pub(crate) fn check(fleet: &Fleet, workload: &Workload, placement: &Placement, report: &mut Report) {
    let container = &placement.container;
    check_targets(container, report);
    check_below_files(container, report);
    check_defaults(container, report);
    check_sources(container, report);
    check_owners(container, report);
    if !container.writes.is_empty() {
        let mounts = mounts(container);
        let mounts = mounts.iter().map(|mount| (&*mount.path, mount)).collect();
        container.writes.iter().for_each(|path| check_write(workload, &mounts, path, report));
    }
    // No mount can take the place of what such an image changes in itself.
    let must_be =
        || known::image_of(fleet, workload, placement).is_some_and(|image| !image.writable.is_empty());
    if !container.read_only.value && !must_be() {
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

struct MountedPath<'c> {
    path: Cow<'c, str>,
    span: Span,
    what: &'static str,
    writable: bool,
}

fn mounts(container: &Container) -> Vec<MountedPath<'_>> {
    let mount = |path: &'_ Located<ContainerPath>, what, writable| (path.span, what, writable);
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
    let said = all.map(|(path, (span, what, writable))| MountedPath {
        path: Cow::Borrowed(path),
        span,
        what,
        writable,
    });
    said.chain(arguments(container)).collect()
}

/// The paths at which a container has a mount.
pub(super) fn mounted_paths(container: &Container) -> Vec<String> {
    mounts(container).into_iter().map(|mount| mount.path.into_owned()).collect()
}

/// Returns the mounts of `docker-args`.
fn arguments(container: &Container) -> Vec<MountedPath<'_>> {
    let arguments = &container.docker_args;
    let read = docker_flags::read(arguments.iter().map(|word| word.as_str()), docker_flags::docker);
    let mount = |flag: &Flag<'_>| {
        let MountTarget { path, what, writable } = docker_flags::target(flag)?;
        Some(MountedPath { path: Cow::Owned(path), span: arguments[flag.value_at].span, what, writable })
    };
    read.flags.iter().filter_map(mount).collect()
}

/// Reports directories that `activate` makes for root, where the service runs as another user.
fn check_owners(container: &Container, report: &mut Report) {
    let Some(user) = container.user.as_ref().filter(|user| user.owner().is_none()) else { return };
    let unowned = |volume: &&Volume| {
        !volume.read_only && !volume.docker_socket && !volume.outside && volume.owner.is_none()
    };
    for volume in container.volumes.iter().filter(unowned) {
        report.push(
            Diagnostic::new(&VOLUME_OWNER, format!("`{}` cannot write to `{}`", user.value, volume.path.value))
                .at(volume.path.span, "made for root")
                .at(user.span, "only the image knows the number of this user")
                .help("write the numbers, such as `user \"1000:1000\"`, or give the volume an `owner=`: `docker run --rm --entrypoint id IMAGE` prints them"),
        );
    }
}

fn check_targets(container: &Container, report: &mut Report) {
    let mounts = mounts(container);
    let mut seen: BTreeMap<&str, &MountedPath<'_>> = BTreeMap::new();
    for mount in &mounts {
        if let Some(diagnostic) = over_system(mount) {
            report.push(diagnostic);
        }
        if let Some(first) = seen.get(&*mount.path) {
            report.push(
                Diagnostic::new(&MOUNT_CONFLICT, format!("two mounts at `{}`", mount.path))
                    .at(mount.span.max(first.span), format!("a {} here", later(mount, first).what))
                    .at(mount.span.min(first.span), format!("a {} here", earlier(mount, first).what))
                    .help("keep one of them"),
            );
        }
        seen.entry(&mount.path).or_insert(mount);
    }
}

/// A mount that hides files that the image needs, however it is mounted.
fn over_system(mount: &MountedPath<'_>) -> Option<Diagnostic> {
    let MountedPath { path, what, writable, .. } = mount;
    let is_kept = *what == "volume" && *writable && matches!(&**path, "/run" | "/var/run");
    let (reason, help) = match must_not_be_mounted(path) {
        Some(reason) => {
            (reason, "mount at a path of the application's own, such as `/data` or `/etc/app`".to_string())
        }
        None if is_kept => (
            "what is here must not outlive the container",
            format!("write `tmpfs \"{path}\"`, or mount below it"),
        ),
        None => return None,
    };
    let message = format!("a {what} must not be mounted over `{path}`");
    Some(Diagnostic::new(&SYSTEM_MOUNT, message).at(mount.span, reason).help(help))
}

/// Reports mounts below a path at which a file is mounted.
fn check_below_files(container: &Container, report: &mut Report) {
    let mounts = mounts(container);
    let files: BTreeMap<&str, &MountedPath<'_>> = mounts
        .iter()
        .filter(|mount| matches!(mount.what, "file" | "secret"))
        .map(|file| (&*file.path, file))
        .collect();
    if files.is_empty() {
        return;
    }
    for mount in &mounts {
        let above = mount.path.match_indices('/').find_map(|(at, _)| files.get(&mount.path[..at]));
        let Some(file) = above else { continue };
        report.push(
            Diagnostic::new(
                &MOUNT_CONFLICT,
                format!("`{}` is a file, and `{}` lies below it", file.path, mount.path),
            )
            .at(mount.span, format!("this {} needs a directory", mount.what))
            .at(file.span, format!("this {} is a file", file.what))
            .help("give one of them another path"),
        );
    }
}

/// Reports volumes without a source of their own that lie in one place.
fn check_defaults(container: &Container, report: &mut Report) {
    let mut seen: BTreeMap<&str, &Volume> = BTreeMap::new();
    for volume in container.volumes.iter().filter(|volume| volume.from.span == volume.path.span) {
        let Some(first) = seen.insert(&volume.from, volume) else { continue };
        report.push(
            Diagnostic::new(
                &VOLUME_CONFLICT,
                format!(
                    "`{}` and `{}` both lie in `{}`",
                    first.path.value, volume.path.value, volume.from.value
                ),
            )
            .at(volume.path.span.max(first.path.span), "here")
            .at(volume.path.span.min(first.path.span), "and here")
            .help("say with `from=` where one of them lies"),
        );
    }
}

fn later<'m, 'c>(one: &'m MountedPath<'c>, other: &'m MountedPath<'c>) -> &'m MountedPath<'c> {
    if one.span >= other.span { one } else { other }
}

fn earlier<'m, 'c>(one: &'m MountedPath<'c>, other: &'m MountedPath<'c>) -> &'m MountedPath<'c> {
    if one.span >= other.span { other } else { one }
}

fn check_sources(container: &Container, report: &mut Report) {
    for path in host_paths::of(container) {
        if let Some((way, help)) = path_to_root(&path.real).zip(unasked(&path)) {
            report.push(docker_socket(&way, &path).help(help));
            continue;
        }
        // The socket itself was asked for by name; a directory around it is still the host's.
        if is_root_socket(&path.real) {
            continue;
        }
        if let Some(diagnostic) = system_mount(&path) {
            report.push(diagnostic);
        }
    }
}

/// The socket that a log driver writes to.
const LOG_SOCKET: PathRole = PathRole::Read(LOG_DRIVER_SOCKET);

/// Returns the help for a mount of docker's socket without the property that allows it.
fn unasked(path: &HostPath<'_>) -> Option<&'static str> {
    match path.role {
        PathRole::Volume { docker_socket: true, .. } => None,
        PathRole::Volume { .. } => Some("add `docker-socket=#true` if it is meant, or remove the volume"),
        PathRole::Argument { .. } | PathRole::Named { .. } | PathRole::Device => {
            Some("if it is meant, mount it with `volume … docker-socket=#true`")
        }
        LOG_SOCKET => {
            Some("name the socket of what takes logs: the container would choose what is said to this one")
        }
        PathRole::Read(_) => {
            Some("a secret is a file; if the socket is meant, mount it with `volume … docker-socket=#true`")
        }
    }
}

/// A path that no container may have, or only for reading.
fn system_mount(path: &HostPath<'_>) -> Option<Diagnostic> {
    if let Some(diagnostic) = account_file(path).or_else(|| no_device(path)) {
        return Some(diagnostic);
    }
    if matches!(path.role, PathRole::Device) && covers(&path.real, "/dev") {
        let message = format!("`{}` of the host must not be given as a device", path.real);
        return Some(
            Diagnostic::new(&SYSTEM_MOUNT, message)
                .at(path.span, "every disk of the host is in it")
                .help("name each device that the service needs"),
        );
    }
    let is_written = path.role.is_written() && !matches!(path.role, PathRole::Named { .. });
    let reason = must_not_be_writable(&path.real).filter(|_| is_written)?;
    let (what, help) = match path.role {
        role if role.label().is_some() => (
            "get another label, which docker writes to every file there",
            "leave the label out, or mount a directory of the service's own",
        ),
        _ => (
            "be mounted writable",
            "mount a directory of the service's own, such as one below `/srv`, or add `read-only=#true`",
        ),
    };
    let message = format!("`{}` of the host must not {what}", path.real);
    Some(Diagnostic::new(&SYSTEM_MOUNT, message).at(path.span, reason).help(help))
}

/// A file that holds what the host lets its accounts in by.
fn account_file(path: &HostPath<'_>) -> Option<Diagnostic> {
    if !holds_accounts(&path.real) {
        return None;
    }
    let message = format!("`{}` of the host must not be given to a container", path.real);
    let reason = "the host lets its accounts in by this";
    Some(
        Diagnostic::new(&SYSTEM_MOUNT, message)
            .at(path.span, reason)
            .help("name a file of the service's own, such as one below `/etc/shop`"),
    )
}

/// A device that is none: docker looks for devices in directories, and the kernel's own files are no devices.
fn no_device(path: &HostPath<'_>) -> Option<Diagnostic> {
    let is_elsewhere = matches!(path.role, PathRole::Device) && !covers("/dev", &path.real);
    must_not_be_writable(&path.real).filter(|_| is_elsewhere && path.real != "/")?;
    let message = format!("`{}` of the host is no device", path.real);
    Some(Diagnostic::new(&SYSTEM_MOUNT, message).at(path.span, "devices lie below `/dev`").help(
        "name the device below `/dev`; what is only read of the system is a `volume … read-only=#true`",
    ))
}

fn docker_socket(way: &str, path: &HostPath<'_>) -> Diagnostic {
    let (what, why) = match way {
        "/proc" => (
            "the host's processes",
            "links to the root of each process are there, also where it is read-only",
        ),
        _ if way.ends_with("/docker.sock") => {
            ("docker's socket", "root on the host for whoever can write to it")
        }
        _ => ("the socket", "root on the host for whoever can write to it, also where it is read-only"),
    };
    let does = if path.role == LOG_SOCKET { "sends the logs to" } else { "mounts" };
    Diagnostic::new(&DOCKER_SOCKET, format!("this {does} {what} `{way}`")).at(path.span, why)
}

fn check_write(
    workload: &Workload,
    mounts: &BTreeMap<&str, &MountedPath<'_>>,
    path: &Located<ContainerPath>,
    report: &mut Report,
) {
    let folders = path.rmatch_indices('/').map(|(at, _)| &path[..at.max(1)]);
    let deepest = std::iter::once(path.as_str()).chain(folders).find_map(|path| mounts.get(path));
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
