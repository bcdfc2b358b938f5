//! A project that is a commit: its files are read from git's objects, and the work tree is neither read nor touched.
//!
//! The `git` program does it, without a shell: gitrevisions(7), git-ls-tree(1), git-cat-file(1) (`--batch`). Nothing is
//! fetched. A submodule is another repository, so what is in one is refused, and so is what a link names outside.

use super::{LARGEST_FILE, Project, Unreadable};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use std::sync::Mutex;

/// Why a repository does not give what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
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

/// The repository that a directory is in.
#[derive(Clone, Debug)]
pub struct Repository {
    directory: PathBuf,
    /// The directory below the repository's root, with a slash at its end; empty for the root itself.
    prefix: Vec<u8>,
}

impl Repository {
    /// Finds it.
    pub fn of(directory: &Path) -> Result<Self, GitError> {
        let here = Self { directory: directory.to_path_buf(), prefix: Vec::new() };
        let prefix = here.ask(&["rev-parse", "--show-prefix"])?;
        Ok(Self { prefix: line(prefix), ..here })
    }

    /// The commit that a text names: a branch, a tag, the beginning of an id, `HEAD~2`; or, with `...` behind it, the
    /// newest commit that it has in common with `HEAD`.
    pub fn commit(&self, text: &str, head: &str) -> Result<String, GitError> {
        if let Some(name) = text.strip_suffix("...") {
            return self.merge_base(name, head);
        }
        // No name begins so (git-check-ref-format(1)), and git would take it for an option.
        if text.starts_with('-') || text.is_empty() || text.contains(['\0', '\n']) {
            return Err(GitError::new(format!("`{}` cannot be the name of a commit", text.escape_debug())));
        }
        let asked = format!("{text}^{{commit}}");
        let output = self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &asked])?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&line(output.stdout)).into_owned());
        }
        let error = GitError::new(format!("there is no commit `{text}`"));
        Err(match self.is_shallow() {
            true => error.help(SHALLOW),
            false => {
                error.help("`git fetch` brings what the remote has; `git branch --all` lists what is here")
            }
        })
    }

    /// Whether a text names a commit.
    pub fn knows(&self, text: &str) -> bool {
        self.commit(text, "HEAD").is_ok()
    }

    /// What the default branch of the remote is called here, such as `origin/main`.
    pub fn default_branch(&self) -> Result<String, GitError> {
        let remotes = String::from_utf8_lossy(&self.ask(&["remote"])?).into_owned();
        let mut names: Vec<&str> = remotes.lines().collect();
        names.sort_by_key(|name| *name != "origin");
        let Some(remote) = names.first() else {
            return Err(GitError::new(
                "this repository has no remote, so there is nothing to compare with by itself",
            )
            .help("name the base: `dpc diff --base main`, or a directory, or a `plan.json`"));
        };
        let known =
            self.run(&["symbolic-ref", "--quiet", "--short", &format!("refs/remotes/{remote}/HEAD")])?;
        if known.status.success() {
            return Ok(String::from_utf8_lossy(&line(known.stdout)).into_owned());
        }
        let usual = ["main", "master"].map(|name| format!("{remote}/{name}"));
        usual.into_iter().find(|name| self.knows(&format!("refs/remotes/{name}"))).ok_or_else(|| {
            GitError::new(format!("the default branch of the remote `{remote}` is not known here")).help(
                match self.is_shallow() {
                    true => SHALLOW.to_string(),
                    false => format!(
                        "`git remote set-head {remote} --auto` asks for it; or name the base: `--base REF`"
                    ),
                },
            )
        })
    }

    /// The newest commit that two have in common.
    pub fn merge_base(&self, base: &str, head: &str) -> Result<String, GitError> {
        let (base_id, head_id) = (self.commit(base, head)?, self.commit(head, head)?);
        let output = self.run(&["merge-base", "--end-of-options", &base_id, &head_id])?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&line(output.stdout)).into_owned());
        }
        let error = GitError::new(format!("`{base}` and `{head}` have no commit in common here"));
        Err(match self.is_shallow() {
            true => error.help(SHALLOW),
            false => error.help(format!("compare with the commit itself: `--base {base}`")),
        })
    }

    /// The files of a commit.
    pub fn open(&self, commit: &str, outside: bool) -> Result<Commit, GitError> {
        // Paths are relative to the project, or, where it may look outside, to the repository.
        let prefix = match outside {
            true => String::from_utf8(self.prefix.clone())
                .map_err(|_| GitError::new("`--allow-outside` needs a directory whose name is UTF-8"))?,
            false => String::new(),
        };
        let mut tree = OsString::from(format!("{commit}:"));
        if !outside {
            let folder = self.prefix.strip_suffix(b"/").unwrap_or(&self.prefix);
            tree.push(OsString::from_vec(folder.to_vec()));
        }
        let listing =
            self.command(&["ls-tree", "-r", "-z", "--full-tree", "--end-of-options"]).arg(tree).output();
        let listing = listing.map_err(|error| not_run(&error))?;
        // A directory that the commit does not have holds nothing.
        let entries = if listing.status.success() { entries(&listing.stdout) } else { BTreeMap::new() };
        let objects = Objects::start(self)?;
        Ok(Commit { entries, prefix, outside, objects: Mutex::new(objects) })
    }

    fn is_shallow(&self) -> bool {
        self.ask(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer.starts_with(b"true"))
    }

    fn ask(&self, words: &[&str]) -> Result<Vec<u8>, GitError> {
        let output = self.run(words)?;
        match output.status.success() {
            true => Ok(output.stdout),
            false => {
                let said = String::from_utf8_lossy(&output.stderr);
                let said = said.trim().trim_start_matches("fatal: ");
                Err(GitError::new(format!("git: {said}")))
            }
        }
    }

    fn run(&self, words: &[&str]) -> Result<Output, GitError> {
        self.command(words).output().map_err(|error| not_run(&error))
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.directory).args(words).stdin(Stdio::null());
        // No lock for anyone who works in the tree, no fetching of what a partial clone lacks, no objects in place of others.
        command
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_NO_REPLACE_OBJECTS", "1");
        command.env("LC_ALL", "C");
        command
    }
}

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

/// The files of one commit below one directory.
pub struct Commit {
    entries: BTreeMap<String, Entry>,
    /// Where the project is among the entries, with a slash at its end.
    prefix: String,
    outside: bool,
    objects: Mutex<Objects>,
}

impl fmt::Debug for Commit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Commit({} entries)", self.entries.len())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    kind: Kind,
    id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Link,
    Submodule,
}

/// `MODE TYPE ID\tPATH\0`. A path that is not UTF-8 cannot be written in KDL either.
fn entries(listing: &[u8]) -> BTreeMap<String, Entry> {
    let entry = |record: &[u8]| {
        let text = std::str::from_utf8(record).ok()?;
        let (about, path) = text.split_once('\t')?;
        let mut words = about.split(' ');
        let kind = match words.next()? {
            "120000" => Kind::Link,
            "160000" => Kind::Submodule,
            _ => Kind::File,
        };
        Some((path.to_string(), Entry { kind, id: words.nth(1)?.to_string() }))
    };
    listing.split(|byte| *byte == 0).filter_map(entry).collect()
}

/// The most links that one path may lead through, as Linux has it (path_resolution(7)).
const MOST_LINKS: usize = 40;

impl Commit {
    /// Where a path of the project is among the entries, links followed.
    fn locate(&self, path: &str) -> Result<String, Unreadable> {
        if path.starts_with('/') {
            return Err(Unreadable::Outside);
        }
        let mut ahead: Vec<String> = parts(path).rev().collect();
        let mut here: Vec<String> = parts(&self.prefix).collect();
        let root = here.len();
        let mut links = 0;
        while let Some(part) = ahead.pop() {
            match part.as_str() {
                ".." => {
                    here.pop().ok_or(Unreadable::Outside)?;
                    continue;
                }
                _ => here.push(part),
            }
            let Some(entry) = self.entries.get(&here.join("/")) else { continue };
            match entry.kind {
                Kind::Submodule => return Err(Unreadable::Submodule),
                Kind::File => {}
                Kind::Link => {
                    links += 1;
                    let target = self.target(entry)?;
                    if links > MOST_LINKS || target.starts_with('/') {
                        return Err(if links > MOST_LINKS {
                            Unreadable::Denied
                        } else {
                            Unreadable::Outside
                        });
                    }
                    here.pop();
                    ahead.extend(parts(&target).rev());
                }
            }
        }
        let inside = self.outside || parts(&self.prefix).eq(here.iter().take(root).cloned());
        if inside { Ok(here.join("/")) } else { Err(Unreadable::Outside) }
    }

    fn target(&self, link: &Entry) -> Result<String, Unreadable> {
        String::from_utf8(self.content(&link.id)?).map_err(|_| Unreadable::Denied)
    }

    fn content(&self, id: &str) -> Result<Vec<u8>, Unreadable> {
        let mut objects = self.objects.lock().map_err(|_| Unreadable::Denied)?;
        objects.read(id)
    }
}

/// The parts of a path that lead anywhere.
fn parts(path: &str) -> impl DoubleEndedIterator<Item = String> + '_ {
    path.split('/').filter(|part| !part.is_empty() && *part != ".").map(String::from)
}

impl Project for Commit {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let located = self.locate(path)?;
        match self.entries.get(&located) {
            Some(entry) => self.content(&entry.id),
            None if below(&self.entries, &located).next().is_some() => Err(Unreadable::NotAFile),
            None => Err(Unreadable::Missing),
        }
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        let located = self.locate(directory)?;
        let mut names: Vec<(String, bool)> = Vec::new();
        for path in below(&self.entries, &located) {
            let (name, is_folder) = path.split_once('/').map_or((path, false), |(name, _)| (name, true));
            if names.last().is_none_or(|(last, _)| last != name) {
                names.push((name.to_string(), is_folder));
            }
        }
        names.sort();
        Ok(names)
    }

    fn place(&self, path: &str) -> Result<String, Unreadable> {
        let located = self.locate(path)?;
        Ok(located.strip_prefix(&self.prefix).map_or_else(|| format!("/{located}"), String::from))
    }

    fn allows_outside(&self) -> bool {
        self.outside
    }
}

/// Paths below a folder, without it.
fn below<'e>(entries: &'e BTreeMap<String, Entry>, folder: &str) -> impl Iterator<Item = &'e str> {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let from = entries.range(prefix.clone()..);
    from.map_while(move |(path, _)| path.strip_prefix(&prefix).map(|rest| (path.len() - rest.len(), path)))
        .map(|(start, path)| &path[start..])
}

/// `git cat-file --batch`: an id in, `ID TYPE SIZE`, the content and a newline out.
struct Objects {
    child: Child,
    asked: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Objects {
    fn start(repository: &Repository) -> Result<Self, GitError> {
        let mut command = repository.command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| not_run(&error))?;
        match (child.stdin.take(), child.stdout.take()) {
            (asked, Some(answers)) => Ok(Self { child, asked, answers: BufReader::new(answers) }),
            _ => Err(GitError::new("`git` has no output")),
        }
    }

    fn read(&mut self, id: &str) -> Result<Vec<u8>, Unreadable> {
        self.answer(id).unwrap_or(Err(Unreadable::Denied))
    }

    fn answer(&mut self, id: &str) -> io::Result<Result<Vec<u8>, Unreadable>> {
        let Some(asked) = &mut self.asked else { return Ok(Err(Unreadable::Denied)) };
        writeln!(asked, "{id}")?;
        asked.flush()?;
        let mut about = String::new();
        self.answers.read_line(&mut about)?;
        let words: Vec<&str> = about.split_whitespace().collect();
        let [_, kind, size] = words[..] else { return Ok(Err(Unreadable::Denied)) };
        let Ok(size) = size.parse::<u64>() else { return Ok(Err(Unreadable::Denied)) };
        if size > LARGEST_FILE {
            io::copy(&mut self.answers.by_ref().take(size + 1), &mut io::sink())?;
            return Ok(Err(Unreadable::TooLarge));
        }
        let mut content = vec![0; size as usize + 1];
        self.answers.read_exact(&mut content)?;
        content.pop();
        Ok(if kind == "blob" { Ok(content) } else { Err(Unreadable::NotAFile) })
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // It ends when there is nothing more to ask.
        self.asked = None;
        let _ = self.child.wait();
    }
}
