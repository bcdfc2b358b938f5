//! Images: the version that runs is written down.

use super::PlacedOnHost;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::container::Container;
use crate::model::fleet::{Fleet, Host, Placement};
use crate::value::image::Image;
use std::collections::BTreeMap;

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

/// One image for two platforms.
pub(crate) const PLATFORM_CONFLICT: Fault = Fault::error(
    "platform-conflict",
    "an image has one platform on a host",
    "An engine keeps one image under a name. Pulled for a second platform, it takes the place of the first, whose service \
     then finds no image at its next start.",
);

/// The platforms of the images of one host.
pub(super) fn check_platforms(host: &Host, placed: &PlacedOnHost<'_>, report: &mut Report) {
    let mut first: BTreeMap<&Image, &Placement> = BTreeMap::new();
    for (_, placement) in placed {
        let container = &placement.container;
        let before = &first.entry(&container.image.value).or_insert(placement).container;
        if before.platform == container.platform {
            continue;
        }
        let named = |one: &Container| match &one.platform {
            Some(platform) => format!("for `{platform}` here"),
            None => "for the platform of the host here".to_string(),
        };
        let message = format!("host `{}` runs `{}` for two platforms", host.name, container.image.value);
        report.push(
            Diagnostic::new(&PLATFORM_CONFLICT, message)
                .at(container.image.span, named(container))
                .at(before.image.span, named(before))
                .help("say the same `platform` in both, or name each image by the digest of its platform"),
        );
    }
}

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
