//! Calls of dpc with all that is expected of them, and the project that most of them are made in.

use crate::project::{Project, plain};
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

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
pub const WARNED: &str = "host \"app-1\" address=\"10.0.0.11\"\nservice \"api\" {\n    image \"api\"\n    on \"app-1\"\n    port \"http\" 8080\n}\nfleet \"shop\"\n";

impl Project {
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

    /// A call of dpc in the project.
    pub fn call<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Call {
        Call::new(Path::new(env!("CARGO_BIN_EXE_dpc")), &self.root, arguments)
    }
}

/// One call and its expected result: silence and success, unless something else is said.
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
        plain(&mut command);
        let silence = || Expected::Exactly(String::new());
        Self { command, code: 0, stdout: silence(), stderr: silence() }
    }

    /// Sets the environment.
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

    /// Runs it, compares the result with what is expected, and returns stdout.
    pub fn run(self) -> String {
        self.run_both().0
    }

    /// Works the same, and returns stdout and stderr.
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
                texts.iter().for_each(|text| assert!(found.contains(text.as_str()), "no `{text}` in {told}"));
            }
        }
    }
}
