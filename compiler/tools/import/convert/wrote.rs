//! Directories that a container wrote in its layer → a volume, or a tmpfs for temporary files.

use super::draft::WorkloadDraft;
use super::target::target;
use crate::kdl::write::NodeDraft;
use crate::tools::import::found::Setting;
use crate::tools::import::place::Place;
use crate::value::path::covers;

/// Turns a directory of the container's own layer into a volume. A mount there hides the files of the image.
pub(crate) fn written_directory(
    draft: &mut WorkloadDraft<'_, '_>,
    path: &str,
    in_image: bool,
    place: &Place,
) {
    let container = draft.container();
    let held = container.settings.iter().any(|setting| match &setting.value {
        Setting::Mount(mount) => covers(&mount.target, path),
        Setting::Tmpfs(tmpfs) => covers(&tmpfs.path, path),
        _ => false,
    });
    // Files in there get other names the next time.
    let shared = ["/tmp", "/var/tmp"].into_iter().find(|shared| covers(shared, path));
    let path = shared.unwrap_or(path);
    if held || !target(draft, path, place) {
        return;
    }
    let passing = ["/tmp", "/run", "/var/run", "/var/tmp", "/var/cache", "/var/lock"];
    let passes = passing.iter().any(|parent| covers(parent, path))
        || path.ends_with("/cache")
        || path.contains("/tmp/");
    let (name, words, hidden) = if passes {
        (
            "tmpfs",
            "it was written; what is here is gone at every start",
            "; what the image has here is hidden",
        )
    } else {
        (
            "volume",
            "it was written: keep it here, or make it a tmpfs",
            "; what the image has here is hidden: copy it into the directory on the host",
        )
    };
    let words = format!("{words}{}", if in_image && shared.is_none() { hidden } else { "" });
    draft.carry_doubtful(NodeDraft::new(name).argument(path), place, words);
}
