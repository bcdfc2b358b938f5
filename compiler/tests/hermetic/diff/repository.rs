//! Repositories of git's own making, and `dpc diff` run in them.

use crate::project::{Ended, Project};
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

impl Project {
    /// An empty repository whose branch is `main`.
    pub fn repository() -> Self {
        let project = Self::in_memory();
        project.git(["init", "--quiet", "--initial-branch=main"]);
        project
    }

    /// Commits everything.
    pub fn commit(&self, subject: &str) -> &Self {
        self.git(["add", "--all"]);
        self.git(["commit", "--quiet", "--allow-empty", "--message", subject]);
        self
    }

    /// Runs git, which must succeed, and returns its output.
    pub fn git<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> String {
        let output = quiet(Command::new("git").arg("-C").arg(&self.root).args(words)).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_string()
    }

    /// Runs `dpc diff` here.
    pub fn diff(&self, words: &[&str]) -> Ended {
        Self::diff_in(&self.root, words)
    }

    /// Runs `dpc diff` here with something in its environment.
    pub fn diff_with(&self, words: &[&str], variables: &[(&str, &Path)]) -> Ended {
        let mut command = self.command(["diff"]);
        quiet(command.args(words)).envs(variables.iter().copied()).output().unwrap().into()
    }

    /// Runs `dpc diff` in any directory.
    pub fn diff_in(path: &Path, words: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dpc"));
        command.arg("diff").args(words).current_dir(path);
        quiet(&mut command).output().unwrap().into()
    }
}

/// Hides the settings of the user and the environment.
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
