//! SHA-256, and lists of files with theirs. The only module that knows sha2.

use sha2::{Digest as _, Sha256};

/// A digest of what comes piece by piece.
#[derive(Clone, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// Adds the next piece.
    pub fn add(&mut self, piece: impl AsRef<[u8]>) {
        self.0.update(piece);
    }

    /// The same with one more piece.
    pub fn and(mut self, piece: impl AsRef<[u8]>) -> Self {
        self.add(piece);
        self
    }

    /// The digest of all pieces, in hexadecimal.
    pub fn finish(self) -> String {
        hexadecimal(&self.0.finalize())
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256(content: &[u8]) -> String {
    hexadecimal(&Sha256::digest(content))
}

/// SHA-256 as four numbers.
pub fn sha256_numbers(content: &[u8]) -> [u64; 4] {
    let digest = Sha256::digest(content);
    let mut numbers = [0; 4];
    for (number, bytes) in numbers.iter_mut().zip(digest.chunks_exact(8)) {
        *number = bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    }
    numbers
}

/// A file in a list as sha256sum(1) writes it and `sha256sum --check` reads it. A path with a backslash or a newline is
/// escaped, and the line then begins with a backslash.
pub fn line(path: &str, digest: &str) -> String {
    let escaped = path.replace('\\', "\\\\").replace('\n', "\\n");
    let mark = if escaped == path { "" } else { "\\" };
    format!("{mark}{digest}  {escaped}\n")
}

/// Two digits a byte.
fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)].into());
        text.push(DIGITS[usize::from(byte & 15)].into());
    }
    text
}
