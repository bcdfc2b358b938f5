//! Mount points in directories of the host: no other container can lead a mount elsewhere.

use super::PlacedOnHost;
use super::host_paths::{self, PathRole};
use crate::backend::{MountPoint, above, mount_points};
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::text::Span;
use std::collections::BTreeMap;

/// A mount point in a directory that another container writes.
pub(crate) const SHARED_MOUNT_POINT: Fault = Fault::warning(
    "shared-mount-point",
    "nothing is mounted below a volume that another container writes",
    "The mount point lies in the volume's directory on the host. Before a service starts, its script looks whether a link is \
     there, which would lead the mount elsewhere in the container: over its programs, or over what its first process reads \
     as root. The service's own container does not run then. Another one that writes the directory does, and who broke into \
     it can put the link there after that look.",
);

/// A container that writes a directory of the host.
struct Writer<'f> {
    container: usize,
    workload: &'f str,
    span: Span,
}

/// Checks all containers of one host.
pub(crate) fn check(placed: &PlacedOnHost<'_>, report: &mut Report) {
    let points = placed.iter().map(|(_, placement)| mount_points(&placement.container));
    let points: Vec<Vec<MountPoint<'_>>> = points.collect();
    if points.iter().all(Vec::is_empty) {
        return;
    }
    let writers = writers(placed);
    for (container, points) in points.iter().enumerate() {
        for point in points {
            if let Some(writer) = other_writer(&writers, container, point) {
                let workload = &placed[container].0.name;
                report.push(shared_mount_point(workload, point, writer));
            }
        }
    }
}

/// Returns the writers of each directory, each container once.
fn writers<'f>(placed: &PlacedOnHost<'f>) -> BTreeMap<String, Vec<Writer<'f>>> {
    let mut writers: BTreeMap<String, Vec<Writer<'f>>> = BTreeMap::new();
    for (container, (workload, placement)) in placed.iter().enumerate() {
        let paths = host_paths::of(&placement.container).into_iter();
        for path in paths.filter(|path| path.role.is_written() && !is_root_anyway(path.role)) {
            let known = writers.entry(path.real).or_default();
            if known.last().is_none_or(|last| last.container != container) {
                known.push(Writer { container, workload: &workload.name, span: path.span });
            }
        }
    }
    writers
}

/// Returns whether a container has docker's socket: it needs no other way to become root.
fn is_root_anyway(role: PathRole) -> bool {
    matches!(role, PathRole::Volume { docker_socket: true, .. })
}

/// Returns another container that writes a directory above the mount point.
fn other_writer<'w, 'f>(
    writers: &'w BTreeMap<String, Vec<Writer<'f>>>,
    container: usize,
    point: &MountPoint<'_>,
) -> Option<&'w Writer<'f>> {
    let place = point.place();
    let mut known = above(&place).filter_map(|directory| writers.get(directory)).flatten();
    known.find(|writer| writer.container != container)
}

fn shared_mount_point(workload: &str, point: &MountPoint<'_>, writer: &Writer<'_>) -> Diagnostic {
    let who = if writer.workload == workload {
        format!("another instance of `{workload}`")
    } else {
        format!("`{}`", writer.workload)
    };
    let message =
        format!("`{}` of `{workload}` lies in `{}`, which {who} writes", point.path, point.directory);
    let diagnostic = Diagnostic::new(&SHARED_MOUNT_POINT, message).at(point.span, "mounted below the volume");
    let diagnostic = match writer.span {
        span if span == point.outer => diagnostic.at(span, format!("{who} writes this too")),
        span => diagnostic.at(point.outer, "the volume").at(span, format!("{who} writes its directory")),
    };
    diagnostic.help("mount it beside the volume, not below it, or give each container a directory of its own")
}
