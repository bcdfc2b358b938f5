//! The trees in `golden/`: what an example compiles to, and its plan.

use dpc::model::plan::Plan;
use std::fs;
use std::path::{Path, PathBuf};

/// One tree.
pub struct Tree {
    /// Such as `shop@staging`.
    pub name: String,
    /// Where it is.
    pub folder: PathBuf,
    /// Its plan.json, read.
    pub plan: Plan,
}

/// Every tree, sorted by name.
pub fn all() -> Vec<Tree> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(golden).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("plan.json").is_file());
    folders.sort();
    assert!(!folders.is_empty(), "golden/ has no tree with a plan.json");
    folders.into_iter().map(open).collect()
}

fn open(folder: PathBuf) -> Tree {
    let json = fs::read(folder.join("plan.json")).unwrap();
    let plan = serde_json::from_slice(&json).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    Tree { name: folder.file_name().unwrap().to_string_lossy().into_owned(), folder, plan }
}

impl Tree {
    /// The files that dpc wrote itself; those below `files/` are the user's own.
    pub fn written(&self) -> Vec<PathBuf> {
        let hosts = self.plan.hosts.iter().map(|host| self.folder.join(&host.name).join("files"));
        let users: Vec<PathBuf> = hosts.collect();
        let all = below(&self.folder).into_iter();
        all.filter(|path| !users.iter().any(|folder| path.starts_with(folder))).collect()
    }
}

/// Every file below a folder, sorted.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut open) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(next) = open.pop() {
        for path in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}
