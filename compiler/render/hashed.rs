//! A file that is written and hashed at once.

use crate::digest::Digest;
use std::io::{self, Write};

/// Passes on what is written to it.
pub struct Hashed<'w> {
    file: &'w mut (dyn Write + Send),
    digest: Digest,
}

impl<'w> Hashed<'w> {
    /// Nothing was written yet.
    pub fn new(file: &'w mut (dyn Write + Send)) -> Self {
        Self { file, digest: Digest::default() }
    }

    /// SHA-256 of all that was written, hexadecimal.
    pub fn digest(self) -> String {
        self.digest.finish()
    }
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.digest.add(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
