//! The platforms of images: `linux/amd64`, `linux/arm/v7`.

use super::{Invalid, quoted, suggest::nearest, text::text_value};
use std::sync::Arc;

text_value! {
    /// The system and processor that an image is built for (OCI image index, `platform`).
    Platform
}

/// Processors by the names of Go (`go tool dist list`).
const PROCESSORS: [&str; 10] =
    ["386", "amd64", "arm", "arm64", "loong64", "mips64le", "ppc64le", "riscv64", "s390x", "wasm"];

/// Processors by the names of uname(1).
const OTHER_NAMES: [(&str, &str); 5] =
    [("x86_64", "amd64"), ("aarch64", "arm64"), ("i386", "386"), ("armv7l", "arm/v7"), ("armhf", "arm/v7")];

impl Platform {
    /// Reads `linux/PROCESSOR[/VARIANT]`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fault = || Invalid::new(format!("{} is not the platform of an image", quoted(text)));
        let mut parts = text.strip_prefix("linux/").unwrap_or(text).splitn(2, '/');
        let (processor, variant) = (parts.next().unwrap_or_default(), parts.next());
        let other = OTHER_NAMES.iter().find(|(name, _)| *name == processor).map(|(_, name)| *name);
        let processor = other.or_else(|| PROCESSORS.into_iter().find(|name| *name == processor));
        let meant = processor.or_else(|| nearest(text.rsplit('/').next().unwrap_or(text), PROCESSORS));
        let is_variant = |text: &str| {
            text.starts_with('v') && text.len() > 1 && text.bytes().skip(1).all(|b| b.is_ascii_alphanumeric())
        };
        let valid = text.starts_with("linux/") && other.is_none() && variant.is_none_or(is_variant);
        match (processor, valid) {
            (Some(_), true) => Ok(Self(Arc::from(text))),
            _ => Err(fault()
                .write_or(meant.map(|name| format!("linux/{name}")), "write for example `linux/amd64`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        for text in ["linux/amd64", "linux/arm64", "linux/arm/v7", "linux/arm64/v8", "linux/386"] {
            accepted(Platform::parse, &[(text, text)]);
        }
    }

    #[test]
    fn refuses() {
        for (text, help) in [
            ("", "write for example `linux/amd64`"),
            ("amd64", "write `linux/amd64`"),
            ("linux/x86_64", "write `linux/amd64`"),
            ("linux/aarch64", "write `linux/arm64`"),
            ("linux/amd46", "write `linux/amd64`"),
            ("linux/arm/7", "write `linux/arm`"),
            ("windows/amd64", "write `linux/amd64`"),
        ] {
            let message = format!("`{text}` is not the platform of an image");
            refused(Platform::parse, &[(text, &message, help)]);
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "(linux/)?[a-z0-9/]{0,9}|\\PC*") {
            round_trips(Platform::parse, &text);
        }
    }
}
