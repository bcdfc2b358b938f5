//! A directory that stays open: what is in it is reached without walking the way to it again. The only module that knows
//! rustix.

use rustix::fs::{Mode, OFlags, mkdirat, openat, statfs};
use rustix::time::{ClockId, clock_gettime};
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

/// The earliest time, since 1970, that a change at a path can get from now on. Local file systems take the time from the
/// kernel's coarse clock (inode_set_ctime_current in its fs/inode.c), which stands still for some milliseconds; of others
/// nothing is known but that their clocks tick as slowly.
pub fn clock(path: &Path) -> Duration {
    let since_1970 = |clock| Duration::try_from(clock_gettime(clock)).unwrap_or_default();
    let is_local = statfs(path).is_ok_and(|about| LOCAL.contains(&(about.f_type as u64)));
    match is_local {
        true => since_1970(ClockId::RealtimeCoarse),
        false => since_1970(ClockId::Realtime).saturating_sub(SLOWEST_TICK),
    }
}

const SLOWEST_TICK: Duration = Duration::from_millis(20);

/// The magic numbers of tmpfs, ext2 to ext4, XFS and Btrfs (statfs(2)).
const LOCAL: [u64; 4] = [0x0102_1994, 0xef53, 0x5846_5342, 0x9123_683e];

const DIRECTORY: OFlags =
    OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
