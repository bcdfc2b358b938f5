//! In: Debian packages. Out: the image of a host that also holds the programs to measure with, and a tarball of the
//! images of iperf3 and fio that run on it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::engine::docker;
use crate::image::{bootable, debian_with, import_program};

const PACKAGES: &str = "redis-server nodejs busybox-static iperf3 fio wrk";
const STREAM: &str = "claim/iperf3:3.12";
const DISK: &str = "claim/fio:3.33";
/// Number of layers of the image that writes go to: as many as a small application has.
const LAYERS: usize = 5;

/// The tag of the host's image, and the folder that holds `tools.tar`.
pub fn images(cache: &Path) -> Result<(String, PathBuf), String> {
    let root = debian_with(cache, "claim", PACKAGES)?;
    let folder = root.with_extension("images");
    if !folder.join("tools.tar").exists() {
        import_program(cache, &root, "/usr/bin/iperf3", STREAM)?;
        import_program(cache, &root, "/usr/bin/fio", DISK)?;
        (1..LAYERS).try_for_each(|_| add_layer())?;
        save(&folder)?;
    }
    Ok((bootable(cache, &root)?, folder))
}

/// One more layer, which holds a file of its own.
fn add_layer() -> Result<(), String> {
    let container =
        docker(&["run", "--detach", "--network", "none", DISK, "sh", "-c", "ls / >>/app/layers"])?;
    docker(&["wait", &container])?;
    docker(&["commit", &container, DISK])?;
    docker(&["rm", &container]).map(drop)
}

/// Under another name first, so that a tarball that is there is complete.
fn save(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("cannot make `{}`: {error}", folder.display()))?;
    let new = folder.join("new.tar");
    docker(&["save", "--output", &new.to_string_lossy(), STREAM, DISK])?;
    fs::rename(&new, folder.join("tools.tar")).map_err(|error| format!("cannot name the images: {error}"))
}
