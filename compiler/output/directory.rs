//! A directory that stays open: what is in it is reached without walking the way to it again. The only module that knows
//! rustix.

use rustix::fs::{Mode, OFlags, mkdirat, openat};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

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

const DIRECTORY: OFlags =
    OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
