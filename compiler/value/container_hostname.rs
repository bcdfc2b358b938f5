//! The host names of containers: `web`, `db-1.shop.internal`.

use super::{Invalid, quoted, text::text_value};
use std::sync::Arc;

text_value! {
    /// The name that a container has for itself (sethostname(2)). docker takes at most 63 bytes.
    ContainerHostname
}

const MOST: usize = 63;

impl ContainerHostname {
    /// Reads a host name. Unlike DNS, the kernel and docker take `_` too.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fault = |what: &str| Invalid::new(format!("the host name {} {what}", quoted(text)));
        let is_name = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphanumeric())
                && part.ends_with(|c: char| c.is_ascii_alphanumeric())
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        };
        if text.len() > MOST {
            return Err(fault("is longer than the 63 characters that docker takes").help("shorten it"));
        }
        if !text.split('.').all(is_name) {
            return Err(fault("is not letters, digits, `-` and `_`, with dots between its parts")
                .help("write for example `web` or `{{ host.name }}`"));
        }
        Ok(Self(Arc::from(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            ContainerHostname::parse,
            &[("web", "web"), ("Web_1", "Web_1"), ("db-1.shop.internal", "db-1.shop.internal"), ("1", "1")],
        );
        assert!(ContainerHostname::parse(&"a".repeat(63)).is_ok());
        assert!(ContainerHostname::parse(&"a".repeat(64)).is_err());
    }

    #[test]
    fn refuses() {
        let help = "write for example `web` or `{{ host.name }}`";
        for text in ["", "-web", "web-", "a..b", "a b", "käse", "a/b"] {
            let what = format!(
                "the host name `{text}` is not letters, digits, `-` and `_`, with dots between its parts"
            );
            refused(ContainerHostname::parse, &[(text, &what, help)]);
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "[a-z0-9._-]{0,66}|\\PC*") {
            round_trips(ContainerHostname::parse, &text);
        }
    }
}
