//! The examples below `examples/import`, their import, and a project of the result.

use dpc::project::{Disk, Memory, Project, Unreadable};
use dpc::tools::import::Options;
use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The examples of one kind: the entry of each, sorted.
pub fn examples(kind: &str, ends: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("examples/import").join(kind)).unwrap();
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| ends.iter().any(|end| path.to_string_lossy().ends_with(end)))
        .collect();
    found.sort();
    found
}

/// The same options for all, so that `examples` stay short.
pub fn options() -> Options {
    Options {
        fleet: Some("shop".into()),
        hosts: vec![("web-1".into(), "10.0.0.11".into())],
        ..Options::default()
    }
}

/// An example's folder with the KDL that came out as its entry.
pub struct Imported {
    kdl: Memory,
    rest: Disk,
}

impl Imported {
    /// A project with this KDL in the folder of an example.
    pub fn new(kdl: &str, folder: &Path) -> Self {
        let mut memory = Memory::default();
        memory.insert("dpc.kdl", kdl);
        Self { kdl: memory, rest: Disk::open(folder, false).unwrap() }
    }
}

impl Project for Imported {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        self.kdl.read(path).or_else(|_| self.rest.read(path))
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        self.rest.list(directory)
    }
}
