//! Well-known images: what their processes write has a mount.

use super::disk::mounted_paths;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::front::known_images::known;
use crate::model::fleet::{Fleet, Kind, Placement, Workload};
use crate::model::image::KnownImage;
use crate::value::path::{covers, real};

/// A path that a well-known image writes, with nothing mounted there.
pub(crate) const IMAGE_PATH: Fault = Fault::warning(
    "image-path",
    "a service of a well-known image has a mount at each path that it writes",
    "The root filesystem is read-only unless the service says otherwise. A process that cannot write its socket or its file of its process \
     number does not start; and what has no volume is lost with the container. `templates/images.kdl` of dpc says what is known of \
     an image, and a project can say better in a file of that name.",
);

/// What is known of the image of a service; nothing of one that starts something else.
pub(super) fn image_of<'f>(
    fleet: &'f Fleet,
    workload: &Workload,
    placement: &Placement,
) -> Option<&'f KnownImage> {
    let container = &placement.container;
    let is_its_own = workload.kind == Kind::Service && container.entrypoint.is_empty();
    known(&fleet.images.known, container.image.name()).filter(|_| is_its_own)
}

/// Looks at one service.
pub(super) fn check(fleet: &Fleet, workload: &Workload, placement: &Placement, report: &mut Report) {
    let Some(known) = image_of(fleet, workload, placement) else { return };
    let container = &placement.container;
    let mounted: Vec<String> = mounted_paths(container).iter().map(|path| real(path)).collect();
    let is_covered = |path: &str| mounted.iter().any(|mount| covers(mount, &real(path)));
    // A mount below a directory that is kept holds a part of it, by whatever the image was told.
    let is_kept = |path: &str| is_covered(path) || mounted.iter().any(|mount| covers(&real(path), mount));
    let locked = placement.locked.as_ref().and_then(|locked| locked.config.as_ref());
    let is_said =
        |path: &str| locked.is_some_and(|config| config.volumes.iter().any(|volume| covers(path, volume)));
    let kept = known.kept(container.image.tag()).filter(|path| !is_kept(path) && !is_said(path));
    let kept = kept.map(|path| format!("`volume \"{path}\"`"));
    let read_only = container.read_only.value;
    let scratch = known.scratch.iter().filter(|path| read_only && !is_covered(path));
    let scratch = scratch.map(|path| format!("`tmpfs \"{path}\"`"));
    let changed = known.writable.iter().filter(|path| read_only && !is_covered(path)).take(1);
    let changed = changed.map(|path| format!("`read-only #false`, since its start changes `{path}`"));
    let missing: Vec<String> = kept.chain(scratch).chain(changed).collect();
    if missing.is_empty() {
        return;
    }
    let message = format!("`{}` cannot write where its image does", workload.name);
    report.push(
        Diagnostic::new(&IMAGE_PATH, message)
            .at(container.image.span, "a well-known image")
            .help(format!("add {}", missing.join(", "))),
    );
}
