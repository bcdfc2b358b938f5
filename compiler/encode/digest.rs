//! SHA-256, and lists of files with their digests; fingerprints, by which a build recognizes its inputs. The only module that
//! knows sha2 and blake3.

use sha2::{Digest as _, Sha256};
#[cfg(feature = "registry")]
use sha2::{Sha384, Sha512};
use std::io::{self, Write};

/// A BLAKE3 of pieces: only dpc compares it, and it takes a third of the time of SHA-256, even if the processor has
/// instructions for that.
#[derive(Clone, Default)]
pub(crate) struct Fingerprint(blake3::Hasher);

impl Fingerprint {
    /// Adds a piece.
    pub(crate) fn and(mut self, piece: impl AsRef<[u8]>) -> Self {
        self.0.update(piece.as_ref());
        self
    }

    /// The fingerprint of all pieces, in hexadecimal.
    pub(crate) fn finish(self) -> String {
        hexadecimal(self.0.finalize().as_bytes())
    }
}

impl Write for Fingerprint {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0.update(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256(content: &[u8]) -> String {
    hexadecimal(&Sha256::digest(content))
}

/// The digest of content by the name of its algorithm, in hexadecimal.
#[cfg(feature = "registry")]
pub(crate) fn by(algorithm: &str, content: &[u8]) -> Option<String> {
    match algorithm {
        "sha256" => Some(sha256(content)),
        "sha384" => Some(hexadecimal(&Sha384::digest(content))),
        "sha512" => Some(hexadecimal(&Sha512::digest(content))),
        _ => None,
    }
}

/// SHA-256 as four numbers.
pub(crate) fn sha256_numbers(content: &[u8]) -> [u64; 4] {
    let digest = Sha256::digest(content);
    let mut numbers = [0; 4];
    for (number, bytes) in numbers.iter_mut().zip(digest.chunks_exact(8)) {
        *number = bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    }
    numbers
}

/// Adds a file to a list as sha256sum(1) writes it and `sha256sum --check` reads it. A path with a backslash or a newline is
/// escaped, and the line then begins with a backslash.
pub(crate) fn add_line(list: &mut String, path: &str, digest: &str) {
    if path.contains(['\\', '\n']) {
        let escaped = path.replace('\\', "\\\\").replace('\n', "\\n");
        return list.extend(["\\", digest, "  ", &escaped, "\n"]);
    }
    list.extend([digest, "  ", path, "\n"]);
}

/// Two digits a byte.
fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |number: u8| DIGITS[usize::from(number)];
    let digits = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    String::from_utf8(digits.collect()).unwrap_or_default()
}
