//! A directory that is gone when the test ends, and the program run in it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// The top of a repository of git's, so that nothing above it counts.
pub struct Repository {
    pub root: PathBuf,
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub said: String,
}

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Repository {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let unique = format!("dpc-init-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let root = fs::canonicalize(std::env::temp_dir()).unwrap().join(unique);
        fs::create_dir_all(root.join(".git")).unwrap();
        let repository = Self { root };
        files.iter().for_each(|(path, text)| repository.write(path, text));
        repository
    }

    pub fn write(&self, path: &str, text: &str) {
        let place = self.root.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn has(&self, path: &str) -> bool {
        fs::symlink_metadata(self.root.join(path)).is_ok()
    }

    /// Every file but git's, sorted.
    pub fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        walk(&self.root, &self.root, &mut found);
        found.sort();
        found
    }

    pub fn dpc(&self, arguments: &[&str]) -> Ended {
        self.dpc_in("", arguments, "")
    }

    /// Runs the program in a folder of the repository, with this on its stdin.
    pub fn dpc_in(&self, folder: &str, arguments: &[&str], stdin: &str) -> Ended {
        fs::create_dir_all(self.root.join(folder)).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_dpc"))
            .args(arguments)
            .current_dir(self.root.join(folder))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code().unwrap(), out: text(output.stdout), said: text(output.stderr) }
    }

    /// What is in a folder compiles without a word, and is laid out.
    #[track_caller]
    pub fn is_good(&self, folder: &str) {
        for arguments in [&["check", "--strict", "--quiet"][..], &["fmt", "--check"]] {
            let ended = self.dpc_in(folder, arguments, "");
            assert_eq!((ended.code, ended.out.as_str(), ended.said.as_str()), (0, "", ""), "{arguments:?}");
        }
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() && !path.is_symlink() {
            true if path.ends_with(".git") => {}
            true => walk(root, &path, found),
            false => found.push(path.strip_prefix(root).unwrap().display().to_string()),
        }
    }
}
