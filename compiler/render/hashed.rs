//! A file that is written and hashed at once.

use crate::resolve::hexadecimal;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// Passes on what is written to it.
pub struct Hashed<'w> {
    file: &'w mut (dyn Write + Send),
    digest: Sha256,
}

impl<'w> Hashed<'w> {
    /// Nothing was written yet.
    pub fn new(file: &'w mut (dyn Write + Send)) -> Self {
        Self { file, digest: Sha256::new() }
    }

    /// SHA-256 of all that was written, hexadecimal.
    pub fn digest(self) -> String {
        hexadecimal(&self.digest.finalize())
    }
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.digest.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
