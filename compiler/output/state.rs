//! A folder or file as it is told from what it was before: by the inode, the size, the mode and the time of the last change
//! (`st_ctime` of inode(7), which no program can set) of every file in it.

use super::stage::FOLDER;
use crate::digest::sha256_numbers;
use crate::directory;
use crate::parallel::locked;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
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
        let mut sights = Sights::default();
        sights.add(b"", &about);
        let mut open = Vec::new();
        if about.is_dir() {
            open.push((Vec::new(), place.to_path_buf()));
        }
        while let Some((mut path, place)) = open.pop() {
            let folder = path.len();
            for entry in fs::read_dir(place)? {
                let entry = entry?;
                let about = entry.metadata()?;
                path.truncate(folder);
                path.push(b'/');
                path.extend_from_slice(entry.file_name().as_bytes());
                sights.add(&path, &about);
                if about.is_dir() {
                    open.push((path.clone(), entry.path()));
                }
            }
        }
        Ok(sights.state(about.is_dir()))
    }

    /// A state from which every later change will differ; none where that cannot be had.
    fn settled(place: &Path) -> Option<Self> {
        loop {
            let clock = directory::clock(place);
            let state = Self::of(place).ok()?;
            if !state.has_fine_time() {
                return None;
            }
            if state.is_settled(place, clock) {
                return Some(state);
            }
            while directory::clock(place) <= state.newest {
                std::thread::sleep(SHORT);
            }
        }
    }

    /// Whether the file system tells more than whole seconds, which is too little.
    fn has_fine_time(&self) -> bool {
        self.newest.subsec_nanos() != 0
    }

    /// Whether every change from now on, which can get no earlier time than `clock`, will differ from it.
    fn is_settled(&self, place: &Path, clock: Duration) -> bool {
        clock > self.newest || directory::tells_changes_apart(place)
    }
}

/// The clocks of file systems tick every few milliseconds.
const SHORT: Duration = Duration::from_micros(250);

/// What a state is made of, seen in any order: the sum of the digests is that of the state. Whoever can choose what is seen
/// could find others of the same sum, but the numbers in it are the file system's.
#[derive(Clone, Default)]
struct Sights {
    sum: [u64; 4],
    newest: Duration,
    /// Room for what one digest is of.
    bytes: Vec<u8>,
}

impl Sights {
    /// Adds what is at a path, which begins with `/` below the place that is looked at.
    fn add(&mut self, path: &[u8], about: &Metadata) {
        if about.is_dir() {
            return self.add_folder(path, about.mode());
        }
        let (seconds, nanoseconds) = (about.ctime(), about.ctime_nsec());
        let changed = [seconds as u64, nanoseconds as u64];
        self.add_numbers(path, &[u64::from(about.mode()), about.ino(), about.size(), changed[0], changed[1]]);
        let changed = Duration::new(seconds.try_into().unwrap_or(0), nanoseconds.try_into().unwrap_or(0));
        self.newest = self.newest.max(changed);
    }

    /// A folder is told by what is in it.
    fn add_folder(&mut self, path: &[u8], mode: u32) {
        self.add_numbers(path, &[u64::from(mode)]);
    }

    /// No path holds the byte behind it.
    fn add_numbers(&mut self, path: &[u8], numbers: &[u64]) {
        self.bytes.clear();
        self.bytes.extend_from_slice(path);
        self.bytes.push(0);
        numbers.iter().for_each(|number| self.bytes.extend_from_slice(&number.to_le_bytes()));
        self.add_sum(sha256_numbers(&self.bytes));
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
    folders: Mutex<BTreeMap<String, (Sights, BTreeSet<String>)>>,
}

/// The mode of a folder that was staged, as stat(2) tells it; where it is another one, the folder is only looked at again.
const STAGED: u32 = 0o040_000 | FOLDER;

impl Staged {
    /// Learns what was written to a folder that is not there yet, by path below it.
    pub fn add<'f>(&self, folder: &str, files: impl Iterator<Item = (&'f str, Metadata)>) {
        let (mut sights, mut folders) = (Sights::default(), BTreeSet::from([String::new()]));
        for (path, about) in files {
            let whole = format!("/{path}");
            for (end, _) in whole.match_indices('/').skip(1) {
                if !folders.contains(&whole[..end]) {
                    folders.insert(whole[..end].to_string());
                }
            }
            sights.add(whole.as_bytes(), &about);
        }
        let mut known = locked(&self.folders);
        let (all, seen) = known.entry(folder.to_string()).or_default();
        all.add_sum(sights.sum);
        all.newest = all.newest.max(sights.newest);
        for path in folders {
            if !seen.contains(&path) {
                all.add_folder(path.as_bytes(), STAGED);
                seen.insert(path);
            }
        }
    }

    /// The state of a folder or file from which every later change will differ; none where that cannot be had.
    pub fn settled(&self, out: &Path, path: &str) -> Option<State> {
        let place = out.join(path);
        let folders = locked(&self.folders);
        let known = folders.get(path).map(|(sights, _)| sights.state(true));
        drop(folders);
        let is_settled =
            |state: &State| state.has_fine_time() && state.is_settled(&place, directory::clock(&place));
        known.filter(is_settled).or_else(|| State::settled(&place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_in_the_next_moment_is_seen() {
        let file = std::env::temp_dir().join(format!("dpc-moment-{}", std::process::id()));
        for number in 100..200 {
            fs::write(&file, format!("{number}")).unwrap();
            let state = State::settled(&file).unwrap();
            fs::write(&file, format!("{}", number + 1)).unwrap();
            assert_ne!(State::of(&file).unwrap().digest, state.digest, "{number}");
        }
        fs::remove_file(file).unwrap();
    }

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
