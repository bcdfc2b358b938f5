//! The files of one commit. A folder is read when somebody asks for it: a commit of a few kilobytes can have more paths than
//! fit into the memory of any machine.

use super::objects::Objects;
use super::{GitError, Repository};
use crate::large::parallel::locked;
use crate::project::{MOST_ENTRIES, Project, Unreadable, is_of_git};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

/// A commit, or the project in it.
pub(crate) struct Commit {
    objects: Mutex<Objects>,
    /// Folders that were read, by their ids.
    folders: Mutex<TreeListings>,
    /// The tree of the whole commit.
    root: TreeEntry,
    /// The path of the project in the tree, links followed.
    project: Vec<TreeName>,
    outside: bool,
}

impl fmt::Debug for Commit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Commit({})", self.root.id)
    }
}

#[derive(Default)]
struct TreeListings {
    known: HashMap<String, Arc<TreeListing>>,
    entries: usize,
}

/// The entries of a folder, sorted by name.
type TreeListing = Vec<(TreeName, TreeEntry)>;

/// A name of a file, in bytes as git has it.
type TreeName = Vec<u8>;

#[derive(Clone, Debug, PartialEq, Eq)]
struct TreeEntry {
    kind: TreeEntryKind,
    id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TreeEntryKind {
    File,
    Folder,
    Link,
    Submodule,
}

/// Maximum number of links in one path, as in Linux (path_resolution(7)).
const MOST_LINKS: usize = 40;
/// Maximum number of folders in a path: no path of a file is longer (PATH_MAX, limits.h).
const DEEPEST: usize = 2048;

impl Repository {
    /// The files of a commit.
    pub(crate) fn open(&self, commit: &str, outside: bool) -> Result<Commit, GitError> {
        let tree = self.ask(&["rev-parse", "--verify", "--end-of-options", &format!("{commit}^{{tree}}")])?;
        let id = String::from_utf8_lossy(&super::line(tree)).into_owned();
        let prefix: Vec<TreeName> = parts(self.place.prefix()).collect();
        let mut commit = Commit {
            objects: Mutex::new(Objects::start(self)?),
            folders: Mutex::default(),
            root: TreeEntry { kind: TreeEntryKind::Folder, id },
            project: Vec::new(),
            outside,
        };
        // A directory that the commit does not have holds nothing.
        commit.project = commit.walk(self.place.prefix()).map_or(prefix, |(path, _)| path);
        Ok(commit)
    }
}

impl Commit {
    /// Finds the entry and the place that a path of the project leads to.
    fn locate(&self, path: &str) -> Result<TreeEntry, Unreadable> {
        if is_of_git(path) {
            return Err(Unreadable::OfGit);
        }
        let (located, entry) = self.walk(path.as_bytes())?;
        if !self.outside && !located.starts_with(&self.project) {
            return Err(Unreadable::Outside);
        }
        entry.ok_or(Unreadable::Missing)
    }

    /// Follows a path, and links on the way. Returns where it ends, and the entry there.
    fn walk(&self, path: &[u8]) -> Result<(Vec<TreeName>, Option<TreeEntry>), Unreadable> {
        if path.starts_with(b"/") {
            return Err(Unreadable::Outside);
        }
        let mut ahead: Vec<TreeName> = parts(path).rev().chain(self.project.iter().rev().cloned()).collect();
        // The folders on the way, each with its name.
        let mut way: TreeListing = Vec::new();
        let mut links = 0;
        while let Some(part) = ahead.pop() {
            if part == b".." {
                way.pop().ok_or(Unreadable::Outside)?;
                continue;
            }
            let here = way.last().map_or(&self.root, |(_, entry)| entry);
            let Some(entry) = self.entry(here, &part)? else {
                let names = way.into_iter().map(|(name, _)| name);
                return Ok((
                    names.chain(std::iter::once(part)).chain(ahead.into_iter().rev()).collect(),
                    None,
                ));
            };
            match entry.kind {
                TreeEntryKind::Submodule => return Err(Unreadable::Submodule),
                TreeEntryKind::Link => {
                    links += 1;
                    ahead.extend(parts(&self.target(&entry, links)?).rev());
                }
                TreeEntryKind::File | TreeEntryKind::Folder => way.push((part, entry)),
            }
            if way.len() + ahead.len() > DEEPEST {
                return Err(Unreadable::TooDeep);
            }
        }
        let end = way.last().map_or(&self.root, |(_, entry)| entry).clone();
        Ok((way.into_iter().map(|(name, _)| name).collect(), Some(end)))
    }

    /// Returns the target of a link, by its text. `links` counts those of a path.
    fn target(&self, link: &TreeEntry, links: usize) -> Result<Vec<u8>, Unreadable> {
        let target = locked(&self.objects).read("blob", &link.id)?;
        match target {
            _ if links > MOST_LINKS => Err(Unreadable::Denied),
            target if target.starts_with(b"/") => Err(Unreadable::Outside),
            target if is_of_git(&String::from_utf8_lossy(&target)) => Err(Unreadable::OfGit),
            target => Ok(target),
        }
    }

    fn entry(&self, folder: &TreeEntry, name: &[u8]) -> Result<Option<TreeEntry>, Unreadable> {
        if folder.kind != TreeEntryKind::Folder {
            return Ok(None);
        }
        let entries = self.folder(&folder.id)?;
        let found = entries.binary_search_by(|(other, _)| other.as_slice().cmp(name));
        Ok(found.ok().map(|index| entries[index].1.clone()))
    }

    fn folder(&self, id: &str) -> Result<Arc<TreeListing>, Unreadable> {
        let mut folders = locked(&self.folders);
        if let Some(known) = folders.known.get(id) {
            return Ok(known.clone());
        }
        let content = locked(&self.objects).read("tree", id)?;
        let folder = Arc::new(entries(&content, id.len() / 2));
        folders.entries += folder.len();
        if folders.entries > MOST_ENTRIES {
            return Err(Unreadable::TooManyEntries);
        }
        folders.known.insert(id.to_string(), folder.clone());
        Ok(folder)
    }
}

/// `MODE NAME\0` and the bytes of an id, again and again.
fn entries(tree: &[u8], id_length: usize) -> TreeListing {
    let mut found = TreeListing::new();
    let mut rest = tree;
    while let Some(end) = memchr::memchr(0, rest) {
        let (about, id) = (&rest[..end], rest.get(end + 1..end + 1 + id_length));
        let Some(id) = id else { break };
        rest = &rest[end + 1 + id_length..];
        let Some(space) = memchr::memchr(b' ', about) else { break };
        let kind = match &about[..space] {
            b"120000" => TreeEntryKind::Link,
            b"160000" => TreeEntryKind::Submodule,
            b"40000" => TreeEntryKind::Folder,
            _ => TreeEntryKind::File,
        };
        let id = id.iter().map(|byte| format!("{byte:02x}")).collect();
        found.push((about[space + 1..].to_vec(), TreeEntry { kind, id }));
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

/// The parts of a path that lead anywhere.
fn parts(path: &[u8]) -> impl DoubleEndedIterator<Item = TreeName> + '_ {
    let names = path.split(|byte| *byte == b'/');
    names.filter(|part| !part.is_empty() && *part != b".").map(<[u8]>::to_vec)
}

impl Project for Commit {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        let entry = self.locate(path)?;
        match entry.kind {
            TreeEntryKind::File => locked(&self.objects).read("blob", &entry.id),
            _ => Err(Unreadable::NotAFile),
        }
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        let entry = match self.locate(directory) {
            Err(Unreadable::Missing) => return Ok(Vec::new()),
            located => located?,
        };
        if entry.kind != TreeEntryKind::Folder {
            return Ok(Vec::new());
        }
        let folder = self.folder(&entry.id)?;
        // A name that is not UTF-8 cannot be written in KDL either.
        let text = |(name, entry): &(TreeName, TreeEntry)| {
            Some((String::from_utf8(name.clone()).ok()?, entry.kind == TreeEntryKind::Folder))
        };
        Ok(folder.iter().filter_map(text).collect())
    }

    fn place(&self, path: &str) -> Result<String, Unreadable> {
        self.locate(path)?;
        let (located, _) = self.walk(path.as_bytes())?;
        let below = located.strip_prefix(self.project.as_slice());
        let text =
            String::from_utf8(below.unwrap_or(&located).join(&b'/')).map_err(|_| Unreadable::Missing)?;
        Ok(if below.is_some() { text } else { format!("/{text}") })
    }

    fn allows_outside(&self) -> bool {
        self.outside
    }
}
