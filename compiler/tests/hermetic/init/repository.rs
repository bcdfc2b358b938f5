//! A repository that `dpc init` and `dpc fmt` run in.

use crate::project::{Ended, Project};
use crate::tree::Kind;
use std::fs;
use std::io::Write;
use std::process::Stdio;

impl Project {
    /// The top of a repository of git's, so that nothing above it counts.
    pub fn top(files: &[(&str, &str)]) -> Self {
        let project = Self::empty();
        fs::create_dir(project.path(".git")).unwrap();
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// Returns whether something is there, be it a link that leads nowhere.
    pub fn has(&self, path: &str) -> bool {
        fs::symlink_metadata(self.path(path)).is_ok()
    }

    /// Every file but git's, sorted.
    pub fn files(&self) -> Vec<String> {
        let of_git = |path: &str| path.split('/').any(|part| part == ".git");
        let tree = self.tree("");
        let files = tree.0.iter().filter(|(path, entry)| entry.kind != Kind::Folder && !of_git(path));
        files.map(|(path, _)| path.clone()).collect()
    }

    /// Runs dpc in a folder of the repository, with this on its stdin.
    pub fn dpc_in(&self, folder: &str, arguments: &[&str], stdin: &str) -> Ended {
        fs::create_dir_all(self.path(folder)).unwrap();
        let mut command = self.command(arguments);
        command.current_dir(self.path(folder)).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    }

    /// Checks that a folder compiles without warnings, and is laid out.
    #[track_caller]
    pub fn is_good(&self, folder: &str) {
        for arguments in [&["check", "--strict", "--quiet"][..], &["fmt", "--check"]] {
            let ended = self.dpc_in(folder, arguments, "");
            assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (0, "", ""), "{arguments:?}");
        }
    }
}
