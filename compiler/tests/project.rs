//! A project in a temporary directory, and dpc run in it.

use crate::tree::Tree;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory that goes when the test ends.
pub struct Project {
    /// The root of the project, without links.
    pub root: PathBuf,
}

impl Project {
    /// An empty directory.
    pub fn empty() -> Self {
        Self::empty_in(&std::env::temp_dir())
    }

    /// An empty directory in memory, if possible: for tests that write and remove many files.
    pub fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Self::empty_in(memory) } else { Self::empty() }
    }

    fn empty_in(parent: &Path) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = parent.join(format!("dpc-test-{}-{number}", std::process::id()));
        fs::create_dir(&root).unwrap();
        Self { root: root.canonicalize().unwrap() }
    }

    /// Adds a file.
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(path, content);
        self
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) -> &Self {
        let place = self.root.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, content).unwrap();
        self
    }

    /// Writes a program.
    pub fn program(&self, path: &str, text: &str) -> &Self {
        let (new, program) = (self.path(path).with_added_extension("new"), self.path(path));
        self.write(&new, text);
        // A process of its own installs it: a file that is still open for writing in a fork of this one cannot be run.
        let made = Command::new("install").arg("--mode=755").args([&new, &program]).status().unwrap();
        assert!(made.success());
        fs::remove_file(new).unwrap();
        self
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Replaces a word in a file.
    pub fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} does not hold `{old}`");
        self.write(path, text.replace(old, new));
    }

    /// A path in the project.
    pub fn path(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.root.clone() } else { self.root.join(path) }
    }

    /// Everything below a folder.
    pub fn tree(&self, folder: &str) -> Tree {
        Tree::read(&self.path(folder))
    }

    /// dpc in the project, without the user's settings of a terminal.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
        command.current_dir(&self.root).args(arguments).stdin(Stdio::null());
        plain(&mut command);
        command
    }

    /// Runs dpc in the project.
    pub fn dpc<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ended {
        self.command(arguments).output().unwrap().into()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// The end of a run.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code.
    pub code: i32,
    /// The output on stdout.
    pub out: String,
    /// The output on stderr.
    pub err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// Without the user's settings of a terminal.
pub fn plain(command: &mut Command) {
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
        command.env_remove(name);
    }
}
