//! Digests of contents: `sha256:7cc4…`.

use super::text::text_value;
use super::{Invalid, quoted};
use std::sync::Arc;

text_value! {
    /// The name of some bytes, which no others have (OCI image specification, "Digests").
    Digest
}

impl Digest {
    /// The digest of bytes whose SHA-256 is known, in hexadecimal.
    #[cfg(feature = "registry")]
    pub(crate) fn of_sha256(hex: &str) -> Self {
        Self(Arc::from(format!("sha256:{hex}")))
    }

    /// Reads an algorithm that docker registers, and as many digits as it gives.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check(text, || quoted(text))?;
        Ok(Self(Arc::from(text)))
    }
}

/// Checks a digest like go-digest, for the algorithms that docker registers.
pub(super) fn check(digest: &str, shown: impl Fn() -> String) -> Result<(), Invalid> {
    let (algorithm, hex) = digest.split_once(':').unwrap_or((digest, ""));
    let digits = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => {
            return Err(Invalid::new(format!("{} has a digest by {}", shown(), quoted(algorithm)))
                .help("docker takes `sha256:` (or `sha384:`, `sha512:`) and the digits behind it"));
        }
    };
    if hex.len() == digits && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        Ok(())
    } else {
        Err(Invalid::new(format!("{} has a broken digest", shown()))
            .help(format!("`{algorithm}:` is followed by {digits} digits of `0-9a-f`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        for (algorithm, length) in [("sha256", 64), ("sha384", 96), ("sha512", 128)] {
            let text = format!("{algorithm}:{}", "7c".repeat(length / 2));
            accepted(Digest::parse, &[(&text, &text)]);
        }
    }

    #[test]
    fn refuses() {
        let algorithm = "docker takes `sha256:` (or `sha384:`, `sha512:`) and the digits behind it";
        let digits = "`sha256:` is followed by 64 digits of `0-9a-f`";
        refused(
            Digest::parse,
            &[
                ("md5:00", "`md5:00` has a digest by `md5`", algorithm),
                ("sha256:abc", "`sha256:abc` has a broken digest", digits),
            ],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "sha256:[0-9a-f]{63,65}|\\PC*") {
            round_trips(Digest::parse, &text);
        }
    }
}
