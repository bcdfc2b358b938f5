//! What git holds, by ids (git-cat-file(1)). One git is asked what an object is (`--batch-check`), another for its content
//! (`--batch`): it writes all of it, so what is too large is not asked for. Before git 2.36 one alone cannot do both.

use super::{GitError, Repository, not_run};
use crate::project::Unreadable;
use crate::project::allowance::Allowance;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// The objects of a repository.
pub(crate) struct Objects {
    sizes: CatFile,
    contents: CatFile,
    allowance: Allowance,
}

impl Objects {
    /// Starts git.
    pub(crate) fn start(repository: &Repository) -> Result<Self, GitError> {
        Ok(Self {
            sizes: CatFile::start(repository, "--batch-check")?,
            contents: CatFile::start(repository, "--batch")?,
            allowance: Allowance::of_bytes(),
        })
    }

    /// The content of an object of a kind (`blob`, `tree`) that has so many bytes at most.
    pub(super) fn read(&mut self, kind: &str, id: &str, most: u64) -> Result<Vec<u8>, Unreadable> {
        let size = self.sizes.ask(kind, id)?;
        if size > most {
            return Err(Unreadable::TooLarge { most });
        }
        self.allowance.take(size)?;
        if self.contents.ask(kind, id)? != size {
            return Err(Unreadable::Broken);
        }
        self.contents.content(size).map_err(|_| Unreadable::Broken)
    }
}

/// A git that answers one question after the other.
struct CatFile {
    child: Child,
    asked: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl CatFile {
    fn start(repository: &Repository, how: &str) -> Result<Self, GitError> {
        let mut command = repository.command(&["cat-file", how]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| not_run(&error))?;
        match (child.stdin.take(), child.stdout.take()) {
            (asked, Some(answers)) => Ok(Self { child, asked, answers: BufReader::new(answers) }),
            _ => Err(GitError::new("`git` has no output")),
        }
    }

    /// The size of an object. An id in, `ID TYPE SIZE` out.
    fn ask(&mut self, wanted: &str, id: &str) -> Result<u64, Unreadable> {
        let about = self.line(id).map_err(|_| Unreadable::Broken)?;
        let words: Vec<&str> = about.split_whitespace().collect();
        let [_, kind, size] = words[..] else { return Err(Unreadable::Broken) };
        let size = size.parse().map_err(|_| Unreadable::Broken)?;
        if kind == wanted { Ok(size) } else { Err(Unreadable::NotAFile) }
    }

    fn line(&mut self, id: &str) -> io::Result<String> {
        let asked = self.asked.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(asked, "{id}")?;
        asked.flush()?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line)
    }

    /// The content that stands behind an answer, and a newline.
    fn content(&mut self, size: u64) -> io::Result<Vec<u8>> {
        let length = usize::try_from(size).map_err(io::Error::other)?;
        let mut content = vec![0; length + 1];
        self.answers.read_exact(&mut content)?;
        content.pop();
        Ok(content)
    }
}

impl Drop for CatFile {
    fn drop(&mut self) {
        // Ends the program, since it reads nothing more.
        self.asked = None;
        let _ = self.child.wait();
    }
}
