//! A project in a directory of its own, and what dpc prints and says there.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory that goes with the value.
pub struct Place(PathBuf);

impl Place {
    /// An empty one.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("dpc-secrets-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// A path in it as text.
    pub fn at(&self, path: &str) -> String {
        self.0.join(path).to_str().unwrap().to_owned()
    }

    /// Writes a file and the folders above it; programs can be run.
    pub fn write(&self, path: &str, text: &str) {
        let place = self.0.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, text).unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Whether a command of dpc ended well, and all that it printed and said.
    pub fn dpc(&self, arguments: &[&str]) -> (bool, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
        let output = command.args(arguments).current_dir(&self.0).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        assert!(output.status.code().is_some_and(|code| code < 3), "{arguments:?}: {:?}", output.status);
        (output.status.success(), String::from_utf8(text).unwrap())
    }

    /// Every file below a folder with its content.
    pub fn files(&self, folder: &str) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        let mut open = vec![self.0.join(folder)];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => open.push(path),
                    false => found.push((path.clone(), fs::read_to_string(path).unwrap())),
                }
            }
        }
        found
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}
