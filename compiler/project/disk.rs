//! A project that is a directory.

use super::allowance::Allowance;
use super::{LARGEST_FILE, MOST_LINKS, Project, Unreadable, folders_above, is_of_git, within};
use crate::large::parallel::locked;
use crate::output::artifacts::below;
use crate::project::directory::Directory;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The files below one directory; a link that leads out of it counts as outside.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    outside: bool,
    /// Folders of git's own files for the repository around the project.
    of_git: Vec<PathBuf>,
    /// Folders that were asked for, by their paths: following the links on the way to each file takes longer than reading it.
    folders: Mutex<BTreeMap<String, Arc<OpenFolder>>>,
    allowance: Allowance,
    steps: Allowance,
}

#[derive(Debug)]
struct OpenFolder {
    directory: Directory,
    /// The place, as in [`Project::place`].
    place: String,
}

/// Bytes of a path that count as one folder that is gone through.
const LONG_PATH: usize = 128;
/// Maximum number of folders that stay open.
const MOST_OPEN: usize = 64;

impl Disk {
    /// Opens the project in `root`. Fails if that is no directory that can be entered.
    pub fn open(root: &Path, allow_outside: bool) -> io::Result<Self> {
        let root = fs::canonicalize(root)?;
        fs::read_dir(&root)?;
        let of_git = folders_above(&root);
        Ok(Self {
            root,
            outside: allow_outside,
            of_git,
            folders: Mutex::default(),
            allowance: Allowance::of_bytes(),
            steps: Allowance::of_steps(),
        })
    }

    /// The place that a path leads to, without links.
    fn locate(&self, path: &str) -> Result<PathBuf, Unreadable> {
        if is_of_git(path) {
            return Err(Unreadable::OfGit);
        }
        let located = self.follow(Path::new(path))?;
        if !self.outside && !located.starts_with(&self.root) {
            return Err(Unreadable::Outside);
        }
        let within = located.strip_prefix(&self.root).unwrap_or(&located);
        let is_kept = self.of_git.iter().any(|folder| located.starts_with(folder));
        if is_kept || is_of_git(&within.to_string_lossy()) { Err(Unreadable::OfGit) } else { Ok(located) }
    }

    /// Follows a path, and links on the way, as the system does, but through a bounded number of folders.
    fn follow(&self, path: &Path) -> Result<PathBuf, Unreadable> {
        let parts = |path: &Path| -> Vec<OsString> {
            path.components().rev().map(|part| part.as_os_str().to_os_string()).collect()
        };
        let (mut here, mut ahead, mut links) = (self.root.clone(), parts(path), 0);
        while let Some(part) = ahead.pop() {
            if part == ".." {
                here.pop();
            } else if part != "." {
                here.push(part);
                if let Some(target) = self.target(&here)? {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(Unreadable::Broken);
                    }
                    here.pop();
                    let target = parts(&target);
                    self.steps.take(1 + target.len() as u64)?;
                    ahead.extend(target);
                }
            }
        }
        Ok(here)
    }

    /// Returns the target of the link at a place, if a link is there. The system goes through all of a long path for that.
    fn target(&self, place: &Path) -> Result<Option<PathBuf>, Unreadable> {
        let depth = place.as_os_str().len().saturating_sub(self.root.as_os_str().len()) / LONG_PATH;
        self.steps.take(depth as u64)?;
        let about = fs::symlink_metadata(place).map_err(|error| reason(&error))?;
        let target = about.is_symlink().then(|| fs::read_link(place)).transpose();
        target.map_err(|error| reason(&error))
    }

    /// Returns a place as others see it: below the root, without the root.
    fn below_root(&self, located: &Path) -> Result<String, Unreadable> {
        let inside = located.strip_prefix(&self.root).unwrap_or(located);
        // A name that is not UTF-8 cannot be written in KDL either.
        inside.to_str().map(String::from).ok_or(Unreadable::Missing)
    }

    /// Returns a regular file that is no link. Other entries are all treated alike.
    fn plain(&self, path: &str) -> Option<(File, Metadata)> {
        let (folder, name) = split(path);
        if is_of_git(name) {
            return None;
        }
        let file = self.folder(folder)?.directory.file(name).ok()?;
        let about = file.metadata().ok().filter(Metadata::is_file)?;
        Some((file, about))
    }

    /// A folder whose files may be read.
    fn folder(&self, path: &str) -> Option<Arc<OpenFolder>> {
        let known = locked(&self.folders).get(path).cloned();
        if known.is_some() {
            return known;
        }
        let located = self.locate(path).ok()?;
        let (directory, place) = (Directory::open(&located).ok()?, self.below_root(&located).ok()?);
        let folder = Arc::new(OpenFolder { directory, place });
        let mut folders = locked(&self.folders);
        if folders.len() < MOST_OPEN {
            folders.insert(path.to_string(), folder.clone());
        }
        Some(folder)
    }

    fn regular(&self, path: &str) -> Result<(File, Metadata), Unreadable> {
        let located = self.locate(path)?;
        let about = fs::metadata(&located).map_err(|error| reason(&error))?;
        if !about.is_file() {
            return Err(Unreadable::NotAFile);
        }
        Ok((File::open(&located).map_err(|error| reason(&error))?, about))
    }
}

impl Project for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, Unreadable> {
        self.read_up_to(path, LARGEST_FILE)
    }

    fn read_up_to(&self, path: &str, most: u64) -> Result<Vec<u8>, Unreadable> {
        let (file, about) = self.plain(path).map_or_else(|| self.regular(path), Ok)?;
        let size = about.len();
        if size > most {
            return Err(Unreadable::TooLarge { most });
        }
        self.allowance.take(size)?;
        // Bytes that are added during the read are not read. A file that the system makes up says that it is empty.
        let length = if size == 0 { most + 1 } else { size };
        let mut content = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        file.take(length).read_to_end(&mut content).map_err(|error| reason(&error))?;
        self.allowance.take((content.len() as u64).saturating_sub(size))?;
        within(content, most)
    }

    fn list(&self, directory: &str) -> Result<Vec<(String, bool)>, Unreadable> {
        let located = match self.locate(directory) {
            Err(Unreadable::Missing) => return Ok(Vec::new()),
            located => located?,
        };
        let mut names = Vec::new();
        for entry in fs::read_dir(located).map_err(|error| reason(&error))? {
            let entry = entry.map_err(|error| reason(&error))?;
            // A name that is not UTF-8 cannot be written in KDL either.
            if let Ok(name) = entry.file_name().into_string() {
                names.push((name, entry.file_type().is_ok_and(|kind| kind.is_dir())));
            }
        }
        names.sort();
        Ok(names)
    }

    fn place(&self, path: &str) -> Result<String, Unreadable> {
        if is_of_git(path) {
            return Err(Unreadable::OfGit);
        }
        let (folder, name) = split(path);
        match self.folder(folder).filter(|folder| folder.directory.has_file(name)) {
            Some(folder) => Ok(below(&folder.place, name)),
            None => self.below_root(&self.locate(path)?),
        }
    }

    fn allows_outside(&self) -> bool {
        self.outside
    }
}

/// The folder of a file and its name there.
fn split(path: &str) -> (&str, &str) {
    match path.rfind('/') {
        None => ("", path),
        Some(0) => path.split_at(1),
        Some(slash) => (&path[..slash], &path[slash + 1..]),
    }
}

fn reason(error: &io::Error) -> Unreadable {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Unreadable::Missing,
        ErrorKind::IsADirectory => Unreadable::NotAFile,
        ErrorKind::PermissionDenied => Unreadable::Denied,
        _ => Unreadable::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("dpc-disk-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("project/in")).unwrap();
        fs::create_dir_all(folder.join("other")).unwrap();
        fs::write(folder.join("project/in/a.kdl"), "a").unwrap();
        fs::write(folder.join("other/b.kdl"), "b").unwrap();
        folder
    }

    #[test]
    fn links_lead_where_they_may() {
        let folder = folder("links");
        for (from, to) in [
            ("project/in/a-too.kdl", "a.kdl"),
            ("project/in/b.kdl", "../../other/b.kdl"),
            ("project/in-too", "in"),
            ("project/out", "../other"),
            ("project/in/none.kdl", "nowhere"),
        ] {
            symlink(to, folder.join(from)).unwrap();
        }
        fs::write(folder.join("project/top.kdl"), "").unwrap();
        let other = fs::canonicalize(folder.join("other/b.kdl")).unwrap();
        let open = |allow_outside| Disk::open(&folder.join("project"), allow_outside).unwrap();
        let read = |path: &str, allow_outside| open(allow_outside).read(path);
        let place = |path: &str, allow_outside| open(allow_outside).place(path);
        for path in ["in/a.kdl", "in/a-too.kdl", "in-too/a.kdl", "in-too/a-too.kdl"] {
            assert_eq!(read(path, false), Ok(b"a".to_vec()), "{path}");
            assert_eq!(place(path, false).as_deref(), Ok("in/a.kdl"), "{path}");
        }
        for path in ["in/b.kdl", "out/b.kdl", "in-too/b.kdl", "../other/b.kdl"] {
            assert_eq!(read(path, false), Err(Unreadable::Outside), "{path}");
            assert_eq!(read(path, true), Ok(b"b".to_vec()), "{path}");
            assert_eq!(place(path, false), Err(Unreadable::Outside), "{path}");
            assert_eq!(place(path, true).unwrap(), other.to_str().unwrap(), "{path}");
        }
        let inside = folder.join("project/in/a.kdl");
        assert_eq!(place(inside.to_str().unwrap(), true).as_deref(), Ok("in/a.kdl"));
        assert_eq!(place("in/none.kdl", false), Err(Unreadable::Missing));
        // The root of the system is not the root of the project.
        assert_eq!(read("/in", true), Err(Unreadable::Missing));
        assert_eq!(read("/top.kdl", true), Err(Unreadable::Missing));
        assert_eq!(read("in/none.kdl", false), Err(Unreadable::Missing));
        assert_eq!(read("in", false), Err(Unreadable::NotAFile));
        assert_eq!(read("in/a.kdl/c.kdl", false), Err(Unreadable::Missing));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn links_lead_through_so_many_folders_together() {
        let folder = folder("ways");
        for link in ["l", "m"] {
            symlink("in/../".repeat(600), folder.join("project").join(link)).unwrap();
        }
        let disk = Disk::open(&folder.join("project"), false).unwrap();
        let way = |number: usize| -> String {
            (0..38).map(|bit| if number >> bit & 1 == 0 { "l/" } else { "m/" }).collect()
        };
        let led: Vec<_> = (0..30).map(|number| disk.place(&format!("{}in/a.kdl", way(number)))).collect();
        assert_eq!(led.first().unwrap().as_deref(), Ok("in/a.kdl"));
        assert_eq!(*led.last().unwrap(), Err(Unreadable::TooManySteps));
        assert_eq!(disk.place("in/a.kdl").as_deref(), Ok("in/a.kdl"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn so_much_is_read_and_no_more() {
        let folder = folder("much");
        File::create(folder.join("project/x")).unwrap().set_len(200 << 20).unwrap();
        let disk = Disk::open(&folder.join("project"), false).unwrap();
        let most = 1 << 20;
        assert_eq!(disk.read_up_to("x", most), Err(Unreadable::TooLarge { most }));
        for _ in 0..2 {
            assert_eq!(disk.read("x").map(|content| content.len()), Ok(200 << 20));
        }
        for _ in 0..2 {
            assert_eq!(disk.read("x"), Err(Unreadable::TooMuchRead));
        }
        assert_eq!(disk.read("in/a.kdl"), Ok(b"a".to_vec()));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn every_file_is_read_whole() {
        let folder = folder("whole");
        let disk = Disk::open(&folder.join("project"), true).unwrap();
        for number in 0..2 * MOST_OPEN {
            let path = format!("in/{number}/c.kdl");
            fs::create_dir(folder.join(format!("project/in/{number}"))).unwrap();
            fs::write(folder.join("project").join(&path), "c".repeat(number)).unwrap();
            assert_eq!(disk.read(&path).unwrap().len(), number);
        }
        // It says that it has nothing.
        assert!(!disk.read("/proc/self/status").unwrap().is_empty());
        fs::remove_dir_all(folder).unwrap();
    }
}
