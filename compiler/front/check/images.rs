//! Images: the version that runs is written down.

use super::PlacedOnHost;
use crate::diagnostic::{Diagnostic, Fault, Report};
use crate::model::container::Container;
use crate::model::fleet::{Fleet, Host, Placement};
use crate::model::image::{Lock, Locked};
use crate::value::image::Image;
use crate::value::pin::Pin;
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
    "with `pin` every image has a digest, or is in `dpc.lock`",
    "A tag can be pushed again; a digest cannot. What was reviewed is then what runs.",
);
/// An image that the lock does not have.
pub(crate) const UNLOCKED_IMAGE: Fault = Fault::warning(
    "unlocked-image",
    "a project with a lock has all its images in it",
    "Of an image that `dpc.lock` does not have, dpc knows neither which bytes will run nor which volumes and ports it needs.",
);
/// A lock of other versions.
pub(crate) const STALE_LOCK: Fault = Fault::error(
    "stale-lock",
    "`dpc.lock` has the images that the KDL names",
    "The lock was written for another version, or another platform, of this image. A build would run what nobody has looked at, and \
     the review of the lock would be about something else.",
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
    if fleet.pin == Some(Pin::Lock) && placement.locked.is_none() {
        report.push(
            Diagnostic::new(&UNPINNED_IMAGE, format!("the image `{}` is not in `dpc.lock`", image.value))
                .at(image.span, "the fleet says `pin \"lock\"`")
                .help(AGAIN),
        );
    } else if fleet.pin.is_some() && image.digest().is_none() {
        report.push(
            Diagnostic::new(&UNPINNED_IMAGE, format!("the image `{}` has no digest", image.value))
                .at(image.span, "the fleet says `pin \"digest\"`")
                .help("write `name:tag@sha256:…`; `docker inspect --format '{{index .RepoDigests 0}}' IMAGE` prints it"),
        );
    } else if let Some(diagnostic) = unlocked(&fleet.images.lock, placement) {
        report.push(diagnostic);
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

const AGAIN: &str = "run `dpc lock`, and commit `dpc.lock`";

/// An image that the lock should have and does not, or not for its platform.
fn unlocked(lock: &Lock, placement: &Placement) -> Option<Diagnostic> {
    let image = &placement.container.image;
    let begin = lock.span?;
    if let Some(Locked { span, platform, config }) = &placement.locked {
        let message = format!("the lock has this image for other platforms than `{platform}`");
        let diagnostic = Diagnostic::new(&STALE_LOCK, message)
            .at(image.span, format!("`{}` needs it", placement.host))
            .at(*span, "not here");
        return config.is_none().then(|| diagnostic.help(AGAIN));
    }
    if image.digest().is_some() {
        return None;
    }
    let other = lock.images.iter().find(|(known, _)| known.name() == image.name());
    let diagnostic = match other {
        Some((known, locked)) => {
            Diagnostic::new(&STALE_LOCK, format!("the lock has `{known}`, and not `{}`", image.value))
                .at(image.span, "this is another one")
                .at(locked.span, "the lock has this")
        }
        None => Diagnostic::new(&UNLOCKED_IMAGE, format!("the image `{}` is not in `dpc.lock`", image.value))
            .at(image.span, "may be another one tomorrow")
            .at(begin, "the lock"),
    };
    Some(diagnostic.help(AGAIN))
}
