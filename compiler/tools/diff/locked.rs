//! What the lock knew of an image before and after → the reasons that tell them apart: an update of an image can bring another user, a
//! further volume or port, or another command, and none of that stands in the KDL.

use super::reason::Reasons;
use crate::model::container::Container;
use crate::model::image::ImageConfig;
use crate::model::plan::Plan;
use crate::text::Located;
use std::collections::BTreeSet;

/// What a plan knows of the image of a container.
pub(super) fn config<'p>(plan: &'p Plan, container: &Container) -> Option<&'p ImageConfig> {
    let platforms = plan.images.get(&container.image.value)?;
    let own = container.platform.as_ref().and_then(|platform| platforms.get(&platform.value));
    own.or_else(|| platforms.values().next())
}

/// Returns whether an image says no user but root.
pub(super) fn is_root(config: &ImageConfig) -> bool {
    config.user.as_ref().is_none_or(|user| user.is_root() == Some(true))
}

/// Everything that differs and makes a container behave otherwise.
pub(super) fn configs(before: &ImageConfig, after: &ImageConfig, found: &mut Reasons) {
    let ImageConfig {
        // The reference has it, or what follows from it.
        digest: _,
        created: _,
        bytes: _,
        labels: _,
        user,
        volumes,
        ports,
        variables,
        entrypoint,
        command,
        workdir,
        stop_signal,
        health,
    } = before;
    let name = |config: &Option<Located<_>>| config.as_ref().map_or("root".to_string(), ToString::to_string);
    found.one("image's user", name(user), name(&after.user));
    found.set("image's volume", volumes, &after.volumes);
    found.set("image's port", ports, &after.ports);
    let names = |variables: &BTreeSet<String>| variables.iter().cloned().collect::<Vec<_>>();
    found.set("image's variable", &names(variables), &names(&after.variables));
    found.words("image's entrypoint", entrypoint, &after.entrypoint);
    found.words("image's command", command, &after.command);
    found.maybe("image's workdir", workdir.as_ref(), after.workdir.as_ref());
    found.maybe("image's stop signal", stop_signal.as_ref(), after.stop_signal.as_ref());
    let words = |health: &Option<Located<Vec<String>>>| {
        health.as_ref().map_or(Vec::new(), |health| health.value.clone())
    };
    found.words("image's health", &words(health), &words(&after.health));
}
