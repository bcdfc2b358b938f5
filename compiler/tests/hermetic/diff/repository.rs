//! Repositories made for one test, and the compiler run in them.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A directory that is removed again.
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
}

impl Folder {
    /// An empty one.
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("diff-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self { path }
    }

    /// An empty repository whose branch is `main`.
    pub fn repository(name: &str) -> Self {
        let folder = Self::new(name);
        folder.git(["init", "--quiet", "--initial-branch=main"]);
        folder
    }

    /// Writes a file.
    pub fn write(&self, path: impl AsRef<Path>, content: &str) -> &Self {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Commits everything.
    pub fn commit(&self, subject: &str) -> &Self {
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "--allow-empty", "--message", subject]);
        self
    }

    /// Runs git, which must succeed; gives what it says.
    pub fn git<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> String {
        let output = quiet(Command::new("git").arg("-C").arg(&self.path).args(words)).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_string()
    }

    /// Runs `dpc diff` here.
    pub fn diff(&self, words: &[&str]) -> Ran {
        Self::diff_in(&self.path, words)
    }

    /// Runs `dpc diff` here with something in its environment.
    pub fn diff_with(&self, words: &[&str], variables: &[(&str, &Path)]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
        command.arg("diff").args(words).current_dir(&self.path);
        quiet(&mut command).envs(variables.iter().copied()).output().unwrap().into()
    }

    /// Runs `dpc diff` in any directory.
    pub fn diff_in(path: &Path, words: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
        command.arg("diff").args(words).current_dir(path);
        quiet(&mut command).output().unwrap().into()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// What a run came to.
pub struct Ran {
    /// Its exit code.
    pub code: i32,
    /// What it printed.
    pub out: String,
    /// What it said.
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// Nothing of the user's or the surroundings' settings.
fn quiet(command: &mut Command) -> &mut Command {
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "test").env(format!("GIT_{who}_EMAIL"), "test@example.com");
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    // Repositories that the tests clone are directories.
    command.env("GIT_CONFIG_COUNT", "1");
    command.env("GIT_CONFIG_KEY_0", "protocol.file.allow").env("GIT_CONFIG_VALUE_0", "always")
}

/// A fleet of one service.
pub fn fleet(tag: &str) -> String {
    format!(
        "fleet \"shop\"\nhost \"app-1\" address=\"10.0.0.11\"\nservice \"api\" {{\n    image \"example.com/api:{tag}\"\n    \
         on \"app-1\"\n    port \"http\" 8080\n}}\n"
    )
}
