//! Images: the version that runs is written down.

use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::fleet::{Fleet, Placement};

/// An image that names no version, so that the last push decides.
pub(crate) const FLOATING_TAG: Fault = Fault::warning(
    "floating-tag",
    "an image has a tag other than `latest`, or a digest",
    "`latest`, or no tag, is whatever was pushed last. Two hosts that pull at different times run different versions, and a \
     roll-back pulls the broken one again.",
);
/// An image without a digest in a fleet that asks for one.
pub(crate) const UNPINNED_IMAGE: Fault = Fault::error(
    "unpinned-image",
    "with `pin \"digest\"` every image has a digest",
    "A tag can be pushed again; a digest cannot. What was reviewed is then what runs.",
);

/// The image of one container.
pub(crate) fn check(fleet: &Fleet, placement: &Placement, report: &mut Report) {
    let image = &placement.container.image;
    if fleet.pin_digest && image.digest().is_none() {
        report.push(
            Diagnostic::new(&UNPINNED_IMAGE, format!("the image `{}` has no digest", image.value))
                .at(image.span, "the fleet says `pin \"digest\"`")
                .help("write `name:tag@sha256:…`; `docker inspect --format '{{index .RepoDigests 0}}' IMAGE` prints it"),
        );
    } else if image.is_floating() {
        let label = image.tag().map_or("no tag", |_| "whatever was pushed last");
        report.push(
            Diagnostic::new(
                &FLOATING_TAG,
                format!("the image `{}` may be another one tomorrow", image.value),
            )
            .at(image.span, label)
            .help("write a version as the tag, or a digest"),
        );
    }
}
