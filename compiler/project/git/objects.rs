//! `git cat-file --batch` (git-cat-file(1)): an id in, `ID TYPE SIZE`, the content and a newline out.

use super::{GitError, Repository, not_run};
use crate::project::{LARGEST_FILE, Unreadable};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// The objects of a repository.
pub(crate) struct Objects {
    child: Child,
    asked: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// The number of bytes that may still be read.
    left: u64,
}

/// Maximum bytes that are read of one commit: a few kilobytes of objects can repeat the same text a million times.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

impl Objects {
    /// Starts git.
    pub(crate) fn start(repository: &Repository) -> Result<Self, GitError> {
        let mut command = repository.command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| not_run(&error))?;
        match (child.stdin.take(), child.stdout.take()) {
            (asked, Some(answers)) => {
                Ok(Self { child, asked, answers: BufReader::new(answers), left: MOST_BYTES })
            }
            _ => Err(GitError::new("`git` has no output")),
        }
    }

    /// The content of an object of a kind: `blob`, `tree`.
    pub(super) fn read(&mut self, kind: &str, id: &str) -> Result<Vec<u8>, Unreadable> {
        self.answer(kind, id).unwrap_or(Err(Unreadable::Broken))
    }

    fn answer(&mut self, wanted: &str, id: &str) -> io::Result<Result<Vec<u8>, Unreadable>> {
        let Some(asked) = &mut self.asked else { return Ok(Err(Unreadable::Broken)) };
        writeln!(asked, "{id}")?;
        asked.flush()?;
        let mut about = String::new();
        self.answers.read_line(&mut about)?;
        let words: Vec<&str> = about.split_whitespace().collect();
        let [_, kind, size] = words[..] else { return Ok(Err(Unreadable::Broken)) };
        let Ok(size) = size.parse::<u64>() else { return Ok(Err(Unreadable::Broken)) };
        let refused =
            [(size > LARGEST_FILE, Unreadable::TooLarge), (size > self.left, Unreadable::TooMuchRead)];
        if let Some((_, why)) = refused.into_iter().find(|(is, _)| *is) {
            io::copy(&mut self.answers.by_ref().take(size + 1), &mut io::sink())?;
            return Ok(Err(why));
        }
        let Ok(length) = usize::try_from(size) else { return Ok(Err(Unreadable::TooLarge)) };
        self.left -= size;
        let mut content = vec![0; length + 1];
        self.answers.read_exact(&mut content)?;
        content.pop();
        Ok(if kind == wanted { Ok(content) } else { Err(Unreadable::NotAFile) })
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // Ends the program, since it reads nothing more.
        self.asked = None;
        let _ = self.child.wait();
    }
}
