//! The files of one commit. A folder is read when somebody asks for it: a commit of a few kilobytes can have more paths than
//! fit into the memory of any machine.

use super::objects::Objects;
use super::{GitError, Repository};
use crate::large::parallel::locked;
use crate::project::allowance::Allowance;
use crate::project::{LARGEST_FILE, MOST_ENTRIES, MOST_LINKS, Project, Unreadable, is_of_git};
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
    /// Located folders, by their paths.
    located: Mutex<HashMap<String, Arc<Located>>>,
    /// Targets of links, by their ids.
    targets: Mutex<HashMap<String, Result<Arc<LinkTarget>, Unreadable>>>,
    steps: Allowance,
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

/// The parts of a link's text.
type LinkTarget = Vec<TreeName>;

/// Where a path leads.
#[derive(Clone, Default)]
struct Located {
    /// The folders on the way, and the last thing that is there, each with its name.
    way: Vec<Arc<(TreeName, TreeEntry)>>,
    /// The rest of the path, which is not there.
    absent: Vec<TreeName>,
    /// How many links it led through.
    links: usize,
}

impl Located {
    fn names(&self) -> impl Iterator<Item = &TreeName> {
        self.way.iter().map(|step| &step.0).chain(&self.absent)
    }
}

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

/// Maximum number of folders in a path: no path of a file is longer (PATH_MAX, limits.h).
const DEEPEST: usize = 2048;
/// Maximum bytes of a link's text on Linux (PATH_MAX, limits.h).
const LONGEST_TARGET: u64 = 4096;
/// Maximum number of folders that are cached by their paths.
const MOST_LOCATED: usize = 64;
/// Maximum bytes of a tree object: 128 for each of [`MOST_ENTRIES`].
const LARGEST_TREE: u64 = 64 * 1024 * 1024;

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
            located: Mutex::default(),
            targets: Mutex::default(),
            steps: Allowance::of_steps(),
        };
        // A directory that the commit does not have holds nothing.
        let located = commit.walk(&Located::default(), self.place.prefix());
        commit.project = located.map_or(prefix, |located| located.names().cloned().collect());
        Ok(commit)
    }
}

impl Commit {
    /// Finds the entry and the place that a path of the project leads to.
    fn locate(&self, path: &str) -> Result<Located, Unreadable> {
        if is_of_git(path) {
            return Err(Unreadable::OfGit);
        }
        if path.starts_with('/') {
            return Err(Unreadable::Outside);
        }
        let located = self.follow(path)?;
        if !self.outside && !self.holds(&located) {
            return Err(Unreadable::Outside);
        }
        if located.absent.is_empty() { Ok(located) } else { Err(Unreadable::Missing) }
    }

    /// Whether a path leads into the project.
    fn holds(&self, located: &Located) -> bool {
        located.names().take(self.project.len()).eq(&self.project)
    }

    /// Follows a path. Its folder is located once for all files in it.
    fn follow(&self, path: &str) -> Result<Located, Unreadable> {
        match path.rsplit_once('/') {
            Some((folder, name)) => self.walk(&*self.folder_at(folder)?, name.as_bytes()),
            None => self.walk(&*self.folder_at("")?, path.as_bytes()),
        }
    }

    fn folder_at(&self, path: &str) -> Result<Arc<Located>, Unreadable> {
        if let Some(known) = locked(&self.located).get(path) {
            return Ok(known.clone());
        }
        let project = Located { absent: self.project.clone(), ..Located::default() };
        let folder = Arc::new(self.walk(&project, path.as_bytes())?);
        let mut located = locked(&self.located);
        if located.len() < MOST_LOCATED {
            located.insert(path.to_string(), folder.clone());
        }
        Ok(folder)
    }

    /// Follows a path from a place, and links on the way.
    fn walk(&self, from: &Located, path: &[u8]) -> Result<Located, Unreadable> {
        let mut ahead: Vec<TreeName> = parts(path).rev().chain(from.absent.iter().rev().cloned()).collect();
        let Located { mut way, mut links, .. } = from.clone();
        while let Some(part) = ahead.pop() {
            if part == b".." {
                way.pop().ok_or(Unreadable::Outside)?;
                continue;
            }
            let here = way.last().map_or(&self.root, |last| &last.1);
            let Some(entry) = self.entry(here, &part)? else {
                let absent = std::iter::once(part).chain(ahead.into_iter().rev()).collect();
                return Ok(Located { way, absent, links });
            };
            match entry.kind {
                TreeEntryKind::Submodule => return Err(Unreadable::Submodule),
                TreeEntryKind::Link => {
                    links += 1;
                    ahead.extend(self.target(&entry, links)?.iter().rev().cloned());
                }
                TreeEntryKind::File | TreeEntryKind::Folder => way.push(Arc::new((part, entry))),
            }
            if way.len() + ahead.len() > DEEPEST {
                return Err(Unreadable::TooDeep);
            }
        }
        Ok(Located { way, absent: Vec::new(), links })
    }

    /// Where a link leads, in parts. `links` counts those of a path.
    fn target(&self, link: &TreeEntry, links: usize) -> Result<Arc<LinkTarget>, Unreadable> {
        if links > MOST_LINKS {
            return Err(Unreadable::Denied);
        }
        let known = locked(&self.targets).get(&link.id).cloned();
        let target = known.unwrap_or_else(|| {
            let target = locked(&self.objects)
                .read("blob", &link.id, LONGEST_TARGET)
                .map_err(too_deep)
                .and_then(target_parts);
            let target = target.map(Arc::new);
            locked(&self.targets).insert(link.id.clone(), target.clone());
            target
        })?;
        self.steps.take(1 + target.len() as u64)?;
        Ok(target)
    }

    /// Returns the entry at the end of a path.
    fn end<'l>(&'l self, located: &'l Located) -> &'l TreeEntry {
        located.way.last().map_or(&self.root, |last| &last.1)
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
        let content = locked(&self.objects).read("tree", id, LARGEST_TREE)?;
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
        // One more is too many, whatever follows.
        if found.len() > MOST_ENTRIES {
            break;
        }
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

/// Returns the reason why a link's text is not followed: a path that is too large to read is too deep.
fn too_deep(why: Unreadable) -> Unreadable {
    if matches!(why, Unreadable::TooLarge { .. }) { Unreadable::TooDeep } else { why }
}

/// Returns the parts of a link's text, which must not lead out of the repository.
fn target_parts(text: Vec<u8>) -> Result<LinkTarget, Unreadable> {
    match text {
        text if text.starts_with(b"/") => Err(Unreadable::Outside),
        text if is_of_git(&String::from_utf8_lossy(&text)) => Err(Unreadable::OfGit),
        text => Ok(parts(&text).collect()),
    }
}

/// The parts of a path that lead anywhere.
fn parts(path: &[u8]) -> impl DoubleEndedIterator<Item = TreeName> + '_ {
    let names = path.split(|byte| *byte == b'/');
    names.filter(|part| !part.is_empty() && *part != b".").map(<[u8]>::to_vec)
}

impl Project for Commit {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        self.read_up_to(path, LARGEST_FILE)
    }

    fn read_up_to(&self, path: &str, most: u64) -> Result<Vec<u8>, Unreadable> {
        let located = self.locate(path)?;
        let entry = self.end(&located);
        match entry.kind {
            TreeEntryKind::File => locked(&self.objects).read("blob", &entry.id, most),
            _ => Err(Unreadable::NotAFile),
        }
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        let located = match self.locate(directory) {
            Err(Unreadable::Missing) => return Ok(Vec::new()),
            located => located?,
        };
        let entry = self.end(&located);
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
        let located = self.locate(path)?;
        let is_below = self.holds(&located);
        let names = located.names().skip(if is_below { self.project.len() } else { 0 });
        let names: Vec<&[u8]> = names.map(Vec::as_slice).collect();
        let text = String::from_utf8(names.join(&b'/')).map_err(|_| Unreadable::Missing)?;
        Ok(if is_below { text } else { format!("/{text}") })
    }

    fn allows_outside(&self) -> bool {
        self.outside
    }
}
