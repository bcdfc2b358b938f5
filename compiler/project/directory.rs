//! Files and directories by features of the system that the standard library lacks: a directory that stays open, clocks. The
//! only module that knows rustix.

use rustix::fs::{AtFlags, FileType, Mode, OFlags, mkdirat, open, openat, statat, statfs};
use rustix::system::uname;
use rustix::time::{ClockId, clock_gettime};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

/// A directory, to make files and folders in.
#[derive(Debug)]
pub(crate) struct Directory(OwnedFd);

impl Directory {
    /// Opens the directory at a path; a symbolic link at its end is not followed.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(open(path, DIRECTORY, Mode::empty())?))
    }

    /// Opens the folder at a path below it.
    pub(crate) fn folder(&self, path: &str) -> io::Result<Self> {
        Ok(Self(openat(&self.0, path, DIRECTORY, Mode::empty())?))
    }

    /// Makes a folder at a path below it, with the bits of the mode that the umask leaves.
    pub(crate) fn make(&self, path: &str, mode: u32) -> io::Result<()> {
        Ok(mkdirat(&self.0, path, Mode::from_raw_mode(mode))?)
    }

    /// Makes a file at a path below it, with the bits of the mode that the umask leaves, to write to.
    pub(crate) fn create(&self, path: &str, mode: u32) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(openat(&self.0, path, flags, Mode::from_raw_mode(mode))?.into())
    }

    /// Opens the entry at a path below it, but no symbolic link, and without waiting for a pipe that nobody writes to.
    pub(crate) fn file(&self, path: &str) -> io::Result<File> {
        Ok(openat(&self.0, path, TO_READ, Mode::empty())?.into())
    }

    /// Returns whether what is at a path below it is a regular file, and no link to one.
    pub(crate) fn has_file(&self, path: &str) -> bool {
        let about = statat(&self.0, path, AtFlags::SYMLINK_NOFOLLOW);
        about.is_ok_and(|about| FileType::from_raw_mode(about.st_mode) == FileType::RegularFile)
    }
}

/// Opens the entry at a path for reading, but no symbolic link, and without waiting for a pipe that nobody writes to.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    Ok(open(path, TO_READ, Mode::empty())?.into())
}

/// Returns the earliest time, since 1970, that a change at a path can get from now on. Local file systems take the time from
/// the kernel's coarse clock (inode_set_ctime_current in its fs/inode.c), which stands still for some milliseconds. Other file
/// systems are only known to tick as slowly.
pub(crate) fn clock(path: &Path) -> Duration {
    let since_1970 = |clock| Duration::try_from(clock_gettime(clock)).unwrap_or_default();
    if is_local(path) {
        since_1970(ClockId::RealtimeCoarse)
    } else {
        since_1970(ClockId::Realtime).saturating_sub(SLOWEST_TICK)
    }
}

/// Returns whether each change of a file gets a new time, however soon it follows a read. That is so on local file systems
/// since Linux 6.13 (Documentation/filesystems/multigrain-ts.rst).
pub(crate) fn has_fine_timestamps(path: &Path) -> bool {
    static IS_NEW: LazyLock<bool> = LazyLock::new(|| {
        let uname = uname();
        let release = uname.release().to_str().unwrap_or_default();
        let mut numbers =
            release.split(|sign: char| !sign.is_ascii_digit()).map(|number| number.parse().unwrap_or(0));
        (numbers.next(), numbers.next()) >= (Some(6), Some(13))
    });
    *IS_NEW && is_local(path)
}

fn is_local(path: &Path) -> bool {
    statfs(path).is_ok_and(|about| LOCAL.contains(&(about.f_type as u64)))
}

const SLOWEST_TICK: Duration = Duration::from_millis(20);

/// The magic numbers of tmpfs, ext2 to ext4, XFS and Btrfs (statfs(2)).
const LOCAL: [u64; 4] = [0x0102_1994, 0xef53, 0x5846_5342, 0x9123_683e];

const DIRECTORY: OFlags =
    OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

const TO_READ: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY)
    .union(OFlags::CLOEXEC);
