//! A folder or file as it is told from what it was before: by the inode, the size, the mode and the time of the last change
//! (`st_ctime` of inode(7), which no program can set) of every file in it.

use super::directory;
use super::stage::FOLDER;
use crate::digest::sha256_numbers;
use crate::parallel::locked;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

/// What a folder or file is told by.
#[derive(Clone, Debug)]
pub struct State {
    /// Of all that is looked at.
    pub digest: String,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// The newest time of a change of a file, since 1970.
    newest: Duration,
}

impl State {
    /// Looks at every file in a folder, or at one file.
    pub fn of(place: &Path) -> io::Result<Self> {
        let about = fs::symlink_metadata(place)?;
        let mut lines = Lines::default();
        lines.add("", &about);
        let mut open = Vec::new();
        if about.is_dir() {
            open.push((String::new(), place.to_path_buf()));
        }
        while let Some((folder, place)) = open.pop() {
            for entry in fs::read_dir(place)? {
                let entry = entry?;
                let about = entry.metadata()?;
                let path = folder.clone() + &part(&entry.file_name());
                lines.add(&path, &about);
                if about.is_dir() {
                    open.push((path, entry.path()));
                }
            }
        }
        Ok(lines.state(about.is_dir()))
    }

    /// A state from which every later change will differ; none where that cannot be had.
    fn settled(place: &Path) -> Option<Self> {
        loop {
            let clock = directory::clock(place);
            let state = Self::of(place).ok()?;
            // A file system that tells whole seconds tells too little.
            if state.newest.subsec_nanos() == 0 {
                return None;
            }
            if clock > state.newest {
                return Some(state);
            }
            while directory::clock(place) <= state.newest {
                std::thread::sleep(SHORT);
            }
        }
    }
}

/// The clocks of file systems tick every few milliseconds.
const SHORT: Duration = Duration::from_micros(250);

/// One part of a path, on one line whatever is in it.
fn part(name: &OsStr) -> String {
    format!("/{name:?}")
}

/// What a state is made of, line by line in any order: the sum of their digests is that of the state. Whoever can choose lines
/// could find others of the same sum, but the numbers in them are the file system's.
#[derive(Clone, Default)]
struct Lines {
    sum: [u64; 4],
    newest: Duration,
}

impl Lines {
    fn add(&mut self, path: &str, about: &Metadata) {
        if about.is_dir() {
            return self.add_folder(path, about.mode());
        }
        let (mode, inode, size) = (about.mode(), about.ino(), about.size());
        let (seconds, nanoseconds) = (about.ctime(), about.ctime_nsec());
        self.add_line(&format!("{path} {mode:o} {inode} {size} {seconds} {nanoseconds}"));
        let changed = Duration::new(seconds.try_into().unwrap_or(0), nanoseconds.try_into().unwrap_or(0));
        self.newest = self.newest.max(changed);
    }

    /// A folder is told by what is in it.
    fn add_folder(&mut self, path: &str, mode: u32) {
        self.add_line(&format!("{path} {mode:o}"));
    }

    fn add_line(&mut self, line: &str) {
        self.add_sum(sha256_numbers(line.as_bytes()));
    }

    fn add_sum(&mut self, numbers: [u64; 4]) {
        for (sum, number) in self.sum.iter_mut().zip(numbers) {
            *sum = sum.wrapping_add(number);
        }
    }

    fn state(&self, is_folder: bool) -> State {
        let digest = self.sum.map(|number| format!("{number:016x}")).concat();
        State { digest, is_folder, newest: self.newest }
    }
}

/// What was staged of folders that are moved to their place as a whole: nobody needs to look at them again.
#[derive(Default)]
pub struct Staged {
    folders: Mutex<BTreeMap<String, (Lines, BTreeSet<String>)>>,
}

/// The mode of a folder that was staged, as stat(2) tells it; where it is another one, the folder is only looked at again.
const STAGED: u32 = 0o040_000 | FOLDER;

impl Staged {
    /// Learns what was written to a folder that is not there yet, by path below it.
    pub fn add<'f>(&self, folder: &str, files: impl Iterator<Item = (&'f str, Metadata)>) {
        let (mut lines, mut folders) = (Lines::default(), BTreeSet::from([String::new()]));
        for (path, about) in files {
            let mut whole = String::new();
            let mut parts = path.split('/').peekable();
            while let Some(name) = parts.next() {
                whole.push_str(&part(OsStr::new(name)));
                if parts.peek().is_some() && !folders.contains(&whole) {
                    folders.insert(whole.clone());
                }
            }
            lines.add(&whole, &about);
        }
        let mut known = locked(&self.folders);
        let (all, seen) = known.entry(folder.to_string()).or_default();
        all.add_sum(lines.sum);
        all.newest = all.newest.max(lines.newest);
        for path in folders {
            if !seen.contains(&path) {
                all.add_folder(&path, STAGED);
                seen.insert(path);
            }
        }
    }

    /// The state of a folder or file from which every later change will differ; none where that cannot be had.
    pub fn settled(&self, out: &Path, path: &str) -> Option<State> {
        let place = out.join(path);
        let folders = locked(&self.folders);
        let known = folders.get(path).map(|(lines, _)| lines.state(true));
        drop(folders);
        let is_past =
            |state: &State| state.newest.subsec_nanos() != 0 && directory::clock(&place) > state.newest;
        known.filter(is_past).or_else(|| State::settled(&place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_staged_is_told_like_what_is_looked_at() {
        let folder = std::env::temp_dir().join(format!("dpc-state-{}", std::process::id()));
        let files = ["MANIFEST", "docker/a.sh", "files/a/etc/it's \"x\".conf", "systemd/a.service"];
        let place = folder.join("host");
        for path in files {
            fs::create_dir_all(place.join(path).parent().unwrap()).unwrap();
            fs::write(place.join(path), path).unwrap();
        }
        for path in ["", "docker", "files", "files/a", "files/a/etc", "systemd"] {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(FOLDER);
            fs::set_permissions(place.join(path), mode).unwrap();
        }
        let written = || files.iter().map(|path| (*path, fs::symlink_metadata(place.join(path)).unwrap()));
        let looked_at = State::settled(&place).unwrap();
        let staged = Staged::default();
        staged.add("host", written().skip(2));
        staged.add("host", written().take(2));
        assert_eq!(staged.folders.lock().unwrap()["host"].0.state(true).digest, looked_at.digest);
        assert_eq!(staged.settled(&folder, "host").unwrap().digest, looked_at.digest);
        staged.add("host", written().take(1));
        assert_ne!(staged.settled(&folder, "host").unwrap().digest, looked_at.digest);
        assert_eq!(
            staged.settled(&folder, "host/docker").unwrap().digest,
            State::of(&place.join("docker")).unwrap().digest
        );
        fs::remove_dir_all(folder).unwrap();
    }
}
