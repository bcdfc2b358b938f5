//! Digests of content: `sha256:…`.

use super::{Invalid, quoted, text::text_value};
use std::sync::Arc;

text_value! {
    /// The digest of an index, a manifest or a configuration (go-digest).
    Digest
}

impl Digest {
    /// Reads an algorithm that docker registers, and its digits.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check(text).map(|()| Self(Arc::from(text))).map_err(|invalid| Invalid {
            message: format!("{} is {}", quoted(text), invalid.message),
            ..invalid
        })
    }

    /// The name of the algorithm.
    pub fn algorithm(&self) -> &str {
        self.split_once(':').map_or("", |(algorithm, _)| algorithm)
    }

    /// The digits.
    pub fn digits(&self) -> &str {
        self.split_once(':').map_or("", |(_, digits)| digits)
    }
}

/// Checks a digest. The message says what the text is instead.
pub(super) fn check(text: &str) -> Result<(), Invalid> {
    let (algorithm, digits) = text.split_once(':').unwrap_or((text, ""));
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => {
            return Err(Invalid::new(format!("a digest by {}", quoted(algorithm)))
                .help("docker takes `sha256:` (or `sha384:`, `sha512:`) and the digits behind it"));
        }
    };
    if digits.len() == length && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        Ok(())
    } else {
        Err(Invalid::new("a broken digest")
            .help(format!("`{algorithm}:` is followed by {length} digits of `0-9a-f`")))
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
        let digest = Digest::parse(&format!("sha256:{}", "0".repeat(64))).unwrap();
        assert_eq!((digest.algorithm(), digest.digits()), ("sha256", "0".repeat(64).as_str()));
    }

    #[test]
    fn refuses() {
        let algorithm = "docker takes `sha256:` (or `sha384:`, `sha512:`) and the digits behind it";
        let digits = "`sha256:` is followed by 64 digits of `0-9a-f`";
        let capitals = format!("sha256:{}", "A".repeat(64));
        let shown = format!("`{}…` is a broken digest", &capitals[..60]);
        refused(
            Digest::parse,
            &[
                ("", "`` is a digest by ``", algorithm),
                ("md5:00", "`md5:00` is a digest by `md5`", algorithm),
                ("sha256:abc", "`sha256:abc` is a broken digest", digits),
                (&capitals, &shown, digits),
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
