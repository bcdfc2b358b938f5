//! The state of a folder or file, which shows every change: the inode, the size, the mode and the time of the last change
//! (`st_ctime` of inode(7), which no program can set) of every file in it.

use crate::encode::digest::sha256_numbers;
use crate::project::directory;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

/// The state of a folder or file, and the time of its newest change.
#[derive(Clone, Debug)]
pub(crate) struct OutputStamp {
    /// The digest of all files.
    pub(crate) digest: String,
    /// The time of the newest change of a file, since 1970.
    newest: Duration,
}

impl OutputStamp {
    /// Looks at every file in a folder, or at one file.
    pub(super) fn of(place: &Path) -> io::Result<Self> {
        let about = fs::symlink_metadata(place)?;
        let mut sights = StateBuilder::default();
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
        Ok(sights.state())
    }

    /// Returns a state that differs after every later change; none if the file system cannot promise that.
    pub(crate) fn settled(place: &Path) -> Option<Self> {
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

    /// Returns whether the file system keeps times finer than whole seconds, which are too coarse.
    fn has_fine_time(&self) -> bool {
        self.newest.subsec_nanos() != 0
    }

    /// Returns whether every change from now on gets another time. It gets no earlier time than `clock`.
    fn is_settled(&self, place: &Path, clock: Duration) -> bool {
        clock > self.newest || directory::has_fine_timestamps(place)
    }
}

/// The clocks of file systems tick every few milliseconds.
const SHORT: Duration = Duration::from_micros(250);

/// Builds a state from files in any order: its digest is the sum of the digests of the files. Someone who chose the inputs
/// could find others with the same sum, but the numbers are the file system's.
#[derive(Clone, Default)]
struct StateBuilder {
    sum: [u64; 4],
    newest: Duration,
    /// A buffer for the input of one digest.
    bytes: Vec<u8>,
}

impl StateBuilder {
    /// Adds the file or folder at a path. The path is relative to the place, and begins with `/`.
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

    /// Adds what is in a folder.
    fn add_folder(&mut self, path: &[u8], mode: u32) {
        self.add_numbers(path, &[u64::from(mode)]);
    }

    /// No path contains the byte after it.
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

    fn state(&self) -> OutputStamp {
        let digest = self.sum.map(|number| format!("{number:016x}")).concat();
        OutputStamp { digest, newest: self.newest }
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
            let state = OutputStamp::settled(&file).unwrap();
            fs::write(&file, format!("{}", number + 1)).unwrap();
            assert_ne!(OutputStamp::of(&file).unwrap().digest, state.digest, "{number}");
        }
        fs::remove_file(file).unwrap();
    }
}
