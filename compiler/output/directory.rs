//! A directory that stays open: what is in it is reached without walking the way to it again. The only module that knows
//! rustix.

use rustix::fs::{Mode, OFlags, mkdirat, openat, statfs};
use rustix::time::{ClockId, clock_getres};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

/// A directory, to make files and folders in.
#[derive(Debug)]
pub struct Directory(OwnedFd);

impl Directory {
    /// Opens the directory at a path; a symbolic link at its end is not followed.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(rustix::fs::open(path, DIRECTORY, Mode::empty())?))
    }

    /// Opens the folder at a path below it.
    pub fn folder(&self, path: &str) -> io::Result<Self> {
        Ok(Self(openat(&self.0, path, DIRECTORY, Mode::empty())?))
    }

    /// Makes a folder at a path below it, with the bits of the mode that the umask leaves.
    pub fn make(&self, path: &str, mode: u32) -> io::Result<()> {
        Ok(mkdirat(&self.0, path, Mode::from_raw_mode(mode))?)
    }

    /// Makes a file at a path below it, with the bits of the mode that the umask leaves, to write to.
    pub fn create(&self, path: &str, mode: u32) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(openat(&self.0, path, flags, Mode::from_raw_mode(mode))?.into())
    }
}

/// Two changes of a file may have one time that are nearer to each other than this. Local file systems take the time from the
/// kernel's coarse clock (inode_set_ctime_current in its fs/inode.c); of others nothing is known but that they tick every few
/// milliseconds.
pub fn tick(path: &Path) -> Duration {
    let is_local = statfs(path).is_ok_and(|about| LOCAL.contains(&(about.f_type as u64)));
    let coarse = clock_getres(ClockId::RealtimeCoarse);
    match (is_local, u64::try_from(coarse.tv_sec), u32::try_from(coarse.tv_nsec)) {
        (true, Ok(0), Ok(nanoseconds)) => Duration::from_nanos(2 * u64::from(nanoseconds)),
        _ => Duration::from_millis(20),
    }
}

/// The magic numbers of tmpfs, ext2 to ext4, XFS and Btrfs (statfs(2)).
const LOCAL: [u64; 4] = [0x0102_1994, 0xef53, 0x5846_5342, 0x9123_683e];

const DIRECTORY: OFlags =
    OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
