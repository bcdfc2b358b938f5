//! The trees in `golden/`: the output of an example, and its plan.

use crate::tree::Tree;
use dpc::model::plan::Plan;
use std::fs;
use std::path::{Path, PathBuf};

/// One tree.
pub struct GoldenTree {
    /// The name, such as `shop@staging`.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// Its plan.json, read.
    pub plan: Plan,
}

/// Every tree, sorted by name.
pub fn all() -> Vec<GoldenTree> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(golden()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("plan.json").is_file());
    folders.sort();
    assert!(!folders.is_empty(), "golden/ has no tree with a plan.json");
    folders.into_iter().map(open).collect()
}

/// The tree of this name.
pub fn named(name: &str) -> GoldenTree {
    open(golden().join(name))
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn open(folder: PathBuf) -> GoldenTree {
    let json = fs::read(folder.join("plan.json")).unwrap();
    let plan = serde_json::from_slice(&json).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    GoldenTree { name: folder.file_name().unwrap().to_string_lossy().into_owned(), folder, plan }
}

impl GoldenTree {
    /// Returns the files that dpc wrote itself; those below `files/` are the user's own.
    pub fn written(&self) -> Vec<PathBuf> {
        let hosts = self.plan.hosts.iter().map(|host| self.folder.join(&host.name).join("files"));
        let users: Vec<PathBuf> = hosts.collect();
        let all = below(&self.folder).into_iter();
        all.filter(|path| !users.iter().any(|folder| path.starts_with(folder))).collect()
    }
}

/// Every file below a folder, sorted.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = Tree::read(folder).files().map(|(path, ..)| folder.join(path)).collect();
    files.sort();
    files
}
