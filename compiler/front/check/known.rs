//! Well-known images: what their processes write has a mount.

use super::disk::mounted_paths;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::front::known_images::{Lacking, known};
use crate::model::fleet::{Fleet, Kind, Placement, Workload};
use crate::model::image::KnownImage;
use crate::value::path::covers;

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
    let locked = placement.image_config();
    let is_said =
        |path: &str| locked.is_some_and(|config| config.volumes.iter().any(|volume| covers(path, volume)));
    let lacking = known.lacking(container.image.tag(), &mounted_paths(container), container.read_only.value);
    let missing: Vec<String> = lacking
        .into_iter()
        .filter_map(|lacking| match lacking {
            Lacking::Volume(path) if is_said(path) => None,
            Lacking::Volume(path) => Some(format!("`volume \"{path}\"`")),
            Lacking::Tmpfs(path) => Some(format!("`tmpfs \"{path}\"`")),
            Lacking::WritableRoot(path) => {
                Some(format!("`read-only #false`, since its start changes `{path}`"))
            }
        })
        .collect();
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
