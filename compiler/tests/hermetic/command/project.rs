//! A project in a temporary directory, and calls of dpc in it with all that is expected of them.

use crate::command::tree::Tree;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A small project that compiles without a warning.
pub const SHOP: &str = r#"fleet "shop"
host "app-1" address="10.0.0.11"
service "api" {
    image "registry.example.com/shop/api:1.0"
    on "app-1"
    port "http" 8080
    file "/app/config.json" source="api.json"
}
"#;

/// A line that makes [`SHOP`] compile with one warning.
pub const WARNED: &str = "host \"app-1\" address=\"10.0.0.11\"\nservice \"api\" {\n    image \"redis\"\n    on \"app-1\"\n    port \"http\" 8080\n}\nfleet \"shop\"\n";

/// A directory that goes when the test ends.
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// An empty directory.
    pub fn empty() -> Self {
        Self::empty_in(&std::env::temp_dir())
    }

    /// An empty directory in memory, where that can be had: for tests that write and remove many files.
    pub fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() { Self::empty_in(memory) } else { Self::empty() }
    }

    fn empty_in(parent: &Path) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = parent.join(format!("dpc-command-{}-{number}", std::process::id()));
        fs::create_dir(&root).unwrap();
        Self { root: root.canonicalize().unwrap() }
    }

    /// [`SHOP`].
    pub fn shop() -> Self {
        Self::empty().file("dpc.kdl", SHOP).file("api.json", "{}\n")
    }

    /// [`SHOP`], built once.
    pub fn built() -> Self {
        let project = Self::shop();
        project.call(["build", "--quiet"]).run();
        project
    }

    /// With this file.
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(path, content);
        self
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let place = self.path(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, content).unwrap();
    }

    /// Replaces a word in a file.
    pub fn edit(&self, path: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert!(text.contains(old), "{path} does not hold `{old}`");
        self.write(path, text.replace(old, new));
    }

    /// A path in the project.
    pub fn path(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.root.clone() } else { self.root.join(path) }
    }

    /// Every file below a folder.
    pub fn tree(&self, folder: &str) -> Tree {
        Tree::read(&self.path(folder))
    }

    /// A call of dpc in the project.
    pub fn call<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Call {
        Call::new(Path::new(env!("CARGO_BIN_EXE_dpc")), &self.root, arguments)
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// One call, and what is expected: without a word to the contrary, silence and success.
pub struct Call {
    command: Command,
    code: i32,
    stdout: Expected,
    stderr: Expected,
}

enum Expected {
    Exactly(String),
    Holding(Vec<String>),
}

impl Call {
    /// A call of the program at `program`.
    pub fn new<S: AsRef<OsStr>>(
        program: &Path,
        directory: &Path,
        arguments: impl IntoIterator<Item = S>,
    ) -> Self {
        let mut command = Command::new(program);
        command.current_dir(directory).args(arguments);
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"] {
            command.env_remove(name);
        }
        let silence = || Expected::Exactly(String::new());
        Self { command, code: 0, stdout: silence(), stderr: silence() }
    }

    /// In this environment.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// The command itself, for what has no word here.
    pub fn with(mut self, change: impl FnOnce(&mut Command)) -> Self {
        change(&mut self.command);
        self
    }

    /// Exits so.
    pub fn code(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    /// Prints this, and nothing else.
    pub fn stdout(mut self, text: &str) -> Self {
        self.stdout = Expected::Exactly(text.to_string());
        self
    }

    /// Says this, and nothing else.
    pub fn stderr(mut self, text: &str) -> Self {
        self.stderr = Expected::Exactly(text.to_string());
        self
    }

    /// Prints these among others.
    pub fn prints<const N: usize>(mut self, texts: [&str; N]) -> Self {
        self.stdout = Expected::Holding(texts.map(str::to_string).to_vec());
        self
    }

    /// Says these among others.
    pub fn says<const N: usize>(mut self, texts: [&str; N]) -> Self {
        self.stderr = Expected::Holding(texts.map(str::to_string).to_vec());
        self
    }

    /// Runs it and holds it against what is expected; gives what was printed.
    pub fn run(self) -> String {
        self.run_both().0
    }

    /// The same; gives what was printed and what was said.
    pub fn run_both(mut self) -> (String, String) {
        let output = self.output();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let told = format!("{:?}\nstdout:\n{stdout}\nstderr:\n{stderr}", self.command);
        assert_eq!(output.status.code(), Some(self.code), "{told}");
        self.stderr.check(&stderr, &told);
        self.stdout.check(&stdout, &told);
        (stdout, stderr)
    }

    fn output(&mut self) -> Output {
        self.command.stdin(Stdio::null()).output().unwrap()
    }
}

impl Expected {
    fn check(&self, found: &str, told: &str) {
        match self {
            Expected::Exactly(text) => assert_eq!(found, text, "{told}"),
            Expected::Holding(texts) => {
                texts.iter().for_each(|text| assert!(found.contains(text.as_str()), "no `{text}` in {told}"))
            }
        }
    }
}
