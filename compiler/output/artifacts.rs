//! The files that a build writes: path → content and mode. They alone decide what is in `out/`.

use crate::encode::digest::sha256;
use std::collections::BTreeMap;

/// Files by path below a folder, with `/` between the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Artifacts {
    /// The files.
    pub files: BTreeMap<String, Artifact>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its bytes.
    pub content: Vec<u8>,
    /// Its mode, such as [`SCRIPT`] or [`DATA`].
    pub mode: u32,
}

/// The mode of programs.
pub(crate) const SCRIPT: u32 = 0o755;
/// The mode of other files.
pub(crate) const DATA: u32 = 0o644;
/// The file of a folder that lists the others.
pub(crate) const MANIFEST: &str = "MANIFEST";

impl Artifacts {
    /// Adds a file.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>, mode: u32) {
        // All files of a host are kept until they are written: what a text was grown by is not.
        let mut content = content.into();
        content.shrink_to_fit();
        self.files.insert(path.into(), Artifact { content, mode });
    }

    /// Adds the files of a folder.
    pub(crate) fn insert_folder(&mut self, folder: &str, files: Artifacts) {
        self.files.extend(files.files.into_iter().map(|(path, file)| (below(folder, &path), file)));
    }

    /// The path of each file with the SHA-256 of its bytes, in hexadecimal.
    pub(crate) fn digests(&self) -> Vec<(String, String)> {
        self.files.iter().map(|(path, file)| (path.clone(), sha256(&file.content))).collect()
    }
}

/// Joins a path below a folder, which is empty for the outermost.
pub(crate) fn below(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_string() } else { format!("{folder}/{path}") }
}
