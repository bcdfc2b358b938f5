//! In: the images. Out: one host, up, with directories of the machine's own disk for its volumes and its docker engine.

use std::path::Path;

use crate::booted;
use crate::engine::docker;

/// The address that the fleet declares.
pub const ADDRESS: &str = "10.78.0.11";
const CONTAINER: &str = "dpc-claim";
const NETWORK: &str = "dpc-claim";
const DISK: &str = "dpc-claim-srv";

/// The host; gone when this is dropped.
pub struct Bench;

impl Bench {
    /// Boots it, with each of these folders mounted at the path beside it. First it removes the rest of an earlier run.
    pub fn boot(image: &str, folders: [(&Path, &str); 5]) -> Result<Bench, String> {
        remove();
        docker(&["network", "create", "--subnet", "10.78.0.0/24", NETWORK])?;
        let bench = Bench;
        let mut mounts = vec![format!("{DISK}:/srv")];
        mounts.extend(folders.map(|(folder, path)| format!("{}:{path}:ro", folder.display())));
        let mounts: Vec<&str> = mounts.iter().flat_map(|mount| ["--volume", mount.as_str()]).collect();
        booted::create(CONTAINER, "bench", [NETWORK, ADDRESS], &mounts, image)?;
        booted::until_up(CONTAINER)?;
        Ok(bench)
    }

    /// Runs a shell script in it, and returns its stdout.
    pub fn sh(&self, script: &str) -> Result<String, String> {
        booted::sh(CONTAINER, script)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        remove();
    }
}

fn remove() {
    // Each may be absent, which is as good.
    let _ = docker(&["rm", "--force", "--volumes", CONTAINER]);
    let _ = docker(&["volume", "rm", CONTAINER, DISK]);
    let _ = docker(&["network", "rm", NETWORK]);
    booted::remove_cgroups();
}
