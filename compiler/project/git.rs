//! A project in a commit: its files are read from git's objects, and the work tree is neither read nor touched.
//!
//! The `git` program does it, without a shell: git-rev-parse(1), git-show-ref(1), git-cat-file(1) (`--batch`). Nothing is
//! fetched, and no program of a configuration is run. A submodule is another repository, so files in one are refused, and so
//! are links to the outside.

mod commit;
mod name;
mod objects;
mod place;

pub(crate) use place::folders_above;

use place::{WorkTree, place};
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The reason why a repository cannot answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GitError {
    /// The message: what is wrong.
    pub(crate) message: String,
    /// Help: what to do.
    pub(crate) help: Option<String>,
}

impl GitError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(self, text: impl Into<String>) -> Self {
        Self { help: Some(text.into()), ..self }
    }
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// The repository of the work tree that a directory is in.
#[derive(Clone, Debug)]
pub(crate) struct Repository {
    place: WorkTree,
}

impl Repository {
    /// Finds the repository. git itself decides whether the caller may trust it (`safe.directory`, git-config(1)).
    pub(crate) fn of(directory: &Path) -> Result<Self, GitError> {
        let here = Self { place: place(directory)? };
        let root = here.ask(&["rev-parse", "--show-toplevel"])?;
        let is_its_own =
            std::fs::canonicalize(OsString::from_vec(line(root))).is_ok_and(|root| root == here.place.root);
        if !is_its_own {
            let said = format!("`{}` is not the work tree of its repository", here.place.root.display());
            return Err(
                GitError::new(said).help("name a directory in the work tree that `core.worktree` names")
            );
        }
        Ok(here)
    }

    /// Returns the commit that a text names; or, with `...` behind it, the newest commit in common with `head`.
    pub(crate) fn commit(&self, text: &str, head: &str) -> Result<String, GitError> {
        match text.strip_suffix("...") {
            Some(name) => self.merge_base(name, head),
            None => self.named(text),
        }
    }

    /// Returns the remote's default branch in this clone, such as `refs/remotes/origin/main`.
    pub(crate) fn default_branch(&self) -> Result<String, GitError> {
        let remotes = String::from_utf8_lossy(&self.ask(&["remote"])?).into_owned();
        let mut names: Vec<&str> = remotes.lines().collect();
        names.sort_by_key(|name| *name != "origin");
        let Some(remote) = names.first() else {
            return Err(GitError::new(
                "this repository has no remote, so there is nothing to compare with by itself",
            )
            .help("name the base: `dpc diff --base main`, or a directory, or a `plan.json`"));
        };
        let below = format!("refs/remotes/{remote}/");
        let known = self.run(&["symbolic-ref", "--quiet", &format!("{below}HEAD")])?;
        let known = String::from_utf8_lossy(&line(known.stdout)).into_owned();
        let usual = ["main", "master"].map(|name| format!("{below}{name}"));
        let branches = std::iter::once(known).filter(|name| name.starts_with(&below)).chain(usual);
        branches.into_iter().find(|name| self.knows(name)).ok_or_else(|| {
            GitError::new(format!("the default branch of the remote `{remote}` is not known here")).help(
                if self.is_shallow() {
                    SHALLOW.to_string()
                } else {
                    format!(
                        "`git remote set-head {remote} --auto` asks for it; or name the base: `--base REF`"
                    )
                },
            )
        })
    }

    /// Returns the newest commit that two have in common.
    pub(crate) fn merge_base(&self, base: &str, head: &str) -> Result<String, GitError> {
        let (base_id, head_id) = (self.commit(base, head)?, self.commit(head, head)?);
        let output = self.run(&["merge-base", "--end-of-options", &base_id, &head_id])?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&line(output.stdout)).into_owned());
        }
        let error = GitError::new(format!("`{base}` and `{head}` have no commit in common here"));
        Err(if self.is_shallow() {
            error.help(SHALLOW)
        } else {
            error.help(format!("compare with the commit itself: `--base {base}`"))
        })
    }

    fn is_shallow(&self) -> bool {
        self.ask(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer.starts_with(b"true"))
    }

    fn ask(&self, words: &[&str]) -> Result<Vec<u8>, GitError> {
        let output = self.run(words)?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.trim().trim_start_matches("fatal: ");
            Err(GitError::new(format!("git: {said}")))
        }
    }

    fn run(&self, words: &[&str]) -> Result<Output, GitError> {
        self.command(words).output().map_err(|error| not_run(&error))
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("--no-pager").arg("-C").arg(&self.place.root).args(SETTINGS);
        command.args(words).stdin(Stdio::null());
        // The caller's environment may speak of another repository, its objects or its history. That does not count here.
        let is_theirs =
            |name: &str| name.starts_with("GIT_") && !KEPT.iter().any(|kept| name.starts_with(kept));
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_theirs(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        command.envs(SURROUNDINGS).env("LC_ALL", "C");
        command
    }
}

/// Variables that say where git is and how the caller has configured it.
const KEPT: [&str; 2] = ["GIT_CONFIG", "GIT_EXEC_PATH"];

/// Settings that no configuration may change: a repository is that of a work tree, and git runs no other program.
const SETTINGS: [&str; 6] =
    ["-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];

/// Takes no lock that could disturb somebody who works in the tree, fetches nothing that a partial clone lacks (before git 2.44
/// by allowing no protocol), and replaces neither objects nor parents.
const SURROUNDINGS: [(&str, &str); 5] = [
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_ALLOW_PROTOCOL", ""),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_GRAFT_FILE", "/dev/null"),
];

const SHALLOW: &str = "this clone is shallow: its history is cut off. In CI fetch all of it (`fetch-depth: 0` for \
                       actions/checkout, `GIT_DEPTH: 0` for GitLab), or run `git fetch --unshallow`";

fn not_run(error: &io::Error) -> GitError {
    GitError::new(format!("`git` cannot be run: {error}")).help("install git, or compare with a directory")
}

/// The answer without the newline at its end.
fn line(mut answer: Vec<u8>) -> Vec<u8> {
    if answer.last() == Some(&b'\n') {
        answer.pop();
    }
    answer
}
