//! Directories of one host: their writers, and everything that lies in them.

use super::PlacedOnHost;
use super::host_paths::{self, HostPath, PathRole};
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::fleet::{Etcd, Fleet, Host};
use crate::value::log_driver::LOG_DRIVER_SOCKET;
use crate::value::mounting::VolumeLabel;
use crate::value::path::{covers, must_not_be_writable, path_to_root};

/// A directory of a host with two services that write to it.
pub(crate) const SHARED_VOLUME: Fault = Fault::error(
    "shared-volume",
    "a directory of a host is written by one service, or all say `shared`",
    "Two services that write one directory without knowing of each other corrupt it: two databases on one data directory \
     do so within seconds.",
);
/// A mount from within a directory that a container writes.
pub(crate) const NESTED_VOLUME: Fault = Fault::error(
    "nested-volume",
    "nothing is mounted out of a directory of the host that a container writes",
    "Who breaks into the container that writes the outer directory can put a link in the place of the inner one, or of a \
     directory on the way to it. The next start mounts what the link leads to, which can be any directory of the host.",
);
/// A file that root reads out of a directory that a container writes.
pub(crate) const SECRET_IN_VOLUME: Fault = Fault::error(
    "secret-in-volume",
    "what root reads on the host does not lie in a directory that a container writes",
    "Secrets, certificates and devices are opened by root when a service starts. Who breaks into a container that writes \
     the directory can put a link in the place of the file, and is given what the link leads to.",
);

/// A label that one container alone has, on what several mount.
pub(crate) const PRIVATE_LABEL: Fault = Fault::error(
    "private-label",
    "a directory with `selinux=\"private\"` is mounted by one container",
    "docker gives every file there a label that only this container has, at each of its starts. Where SELinux is on, all others lose the \
     directory with the start of the last one.",
);

/// A path of the host, and whose it is.
struct Use<'f> {
    owner: &'f str,
    instance: u32,
    path: HostPath<'f>,
}

/// Checks everything that one host mounts and reads.
pub(crate) fn check(fleet: &Fleet, host: &Host, placed: &PlacedOnHost<'_>, report: &mut Report) {
    let uses = uses(fleet, placed);
    // Written directories above the present one, the deepest last.
    let mut above: Vec<&Use<'_>> = Vec::new();
    for same in uses.chunk_by(|one, other| one.path.real == other.path.real) {
        let Some(first) = same.first() else { continue };
        while above.pop_if(|outer| !covers(&outer.path.real, &first.path.real)).is_some() {}
        check_shared(host, same, report);
        check_label(host, same, report);
        check_mounted(above.last().copied(), same, report);
        above.extend(same.iter().find(|one| one.path.role.is_written() && is_own(one)));
        check_read(above.last().copied(), same, report);
    }
}

/// Returns whether a service may write there at all. Other checks report the rest.
fn is_own(one: &Use<'_>) -> bool {
    matches!(one.path.role, PathRole::Named { .. }) || must_not_be_writable(&one.path.real).is_none()
}

/// Returns all uses, sorted by parts: a directory stands right before what lies in it.
fn uses<'f>(fleet: &'f Fleet, placed: &PlacedOnHost<'f>) -> Vec<Use<'f>> {
    let mut uses: Vec<Use<'f>> = Vec::new();
    for (workload, placement) in placed {
        let paths = host_paths::of(&placement.container);
        uses.extend(paths.into_iter().map(|path| Use {
            owner: &workload.name,
            instance: placement.instance,
            path,
        }));
    }
    let etcd = fleet.etcd.iter().flat_map(Etcd::files);
    uses.extend(etcd.map(|file| {
        let path = HostPath::new(file, file.span, PathRole::Read("file of etcd's client"));
        Use { owner: "etcd", instance: 0, path }
    }));
    uses.sort_by(|one, other| {
        let (left, right) = (one.path.real.split('/'), other.path.real.split('/'));
        left.cmp(right).then(one.owner.cmp(other.owner)).then(one.path.span.cmp(&other.path.span))
    });
    uses
}

/// Reports services that write one directory, each beside the first that does.
fn check_shared(host: &Host, same: &[Use<'_>], report: &mut Report) {
    let shared = |one: &&Use<'_>| matches!(one.path.role, PathRole::Volume { writable: true, .. });
    let mut volumes = same.iter().filter(shared).filter(|one| path_to_root(&one.path.real).is_none());
    let Some(first) = volumes.next() else { return };
    for other in volumes.filter(|other| other.owner != first.owner) {
        if !(says_shared(first) && says_shared(other)) {
            report.push(shared_volume(host, first, other));
        }
    }
}

/// Reports a directory whose label the last container that starts takes from the others.
fn check_label(host: &Host, same: &[Use<'_>], report: &mut Report) {
    let is_private = |one: &&Use<'_>| one.path.role.label() == Some(VolumeLabel::Private);
    let Some(private) = same.iter().find(is_private) else { return };
    let is_mount =
        |one: &&Use<'_>| matches!(one.path.role, PathRole::Volume { .. } | PathRole::Argument { .. });
    let is_other = |one: &&Use<'_>| (one.owner, one.instance) != (private.owner, private.instance);
    let Some(other) = same.iter().filter(is_mount).find(is_other) else { return };
    let who = if other.owner == private.owner {
        format!("all instances of `{}` mount", other.owner)
    } else {
        format!("`{}` and `{}` both mount", private.owner, other.owner)
    };
    let message = format!("{who} `{}` on host `{}`, and its label is of one", other.path.real, host.name);
    let diagnostic = Diagnostic::new(&PRIVATE_LABEL, message)
        .at(private.path.span, format!("for `{}` alone", private.owner));
    let diagnostic = if private.path.span == other.path.span {
        diagnostic
    } else {
        diagnostic.at(other.path.span, format!("`{}` mounts it too", other.owner))
    };
    report.push(
        diagnostic.help("write `selinux=\"shared\"` in all of them, or give each a directory of its own"),
    );
}

fn says_shared(one: &Use<'_>) -> bool {
    matches!(one.path.role, PathRole::Volume { shared: true, .. })
}

fn shared_volume(host: &Host, one: &Use<'_>, other: &Use<'_>) -> Diagnostic {
    let (first, second) = if one.path.span <= other.path.span { (one, other) } else { (other, one) };
    let message = format!(
        "`{}` and `{}` both write `{}` on host `{}`",
        first.owner, second.owner, other.path.real, host.name
    );
    Diagnostic::new(&SHARED_VOLUME, message)
        .at(second.path.span, format!("`{}` writes `{}`", second.owner, second.path.written))
        .at(first.path.span, format!("`{}` writes `{}`", first.owner, first.path.written))
        .help("give each a directory of its own, make one `read-only=#true`, or say `shared=#true` in both")
}

/// Reports mounts out of a directory that is written.
fn check_mounted(outer: Option<&Use<'_>>, same: &[Use<'_>], report: &mut Report) {
    let mounted =
        |one: &&Use<'_>| matches!(one.path.role, PathRole::Volume { .. } | PathRole::Argument { .. });
    let (Some(outer), Some(inner)) = (outer, same.iter().find(mounted)) else { return };
    let message =
        format!("`{}` lies in `{}`, which `{}` writes", inner.path.real, outer.path.real, outer.owner);
    let diagnostic = Diagnostic::new(&NESTED_VOLUME, message)
        .at(inner.path.span, format!("`{}` mounts the inner one", inner.owner))
        .at(outer.path.span, format!("`{}` writes the outer one", outer.owner));
    report.push(
        diagnostic.help("say with `from=` where the inner one lies, beside the outer one, or make the outer one `read-only=#true`"),
    );
}

/// Reports files that root reads out of a directory that is written.
fn check_read(outer: Option<&Use<'_>>, same: &[Use<'_>], report: &mut Report) {
    let Some(outer) = outer else { return };
    for one in same {
        let what = match one.path.role {
            PathRole::Read(what) => what,
            PathRole::Device => "device",
            _ => continue,
        };
        let message = format!(
            "the {what} `{}` lies in `{}`, which `{}` writes",
            one.path.real, outer.path.real, outer.owner
        );
        let diagnostic = Diagnostic::new(&SECRET_IN_VOLUME, message)
            .at(one.path.span, "root opens this")
            .at(outer.path.span, format!("`{}` writes here", outer.owner));
        report.push(diagnostic.help(if what == LOG_DRIVER_SOCKET {
            "let what takes the logs listen on a port, such as `tcp://127.0.0.1:24224`"
        } else {
            "keep it in a directory that no container writes, such as one below `/etc`"
        }));
    }
}
