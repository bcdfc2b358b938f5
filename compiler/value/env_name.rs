//! The names of environment variables in a container.

use super::{Invalid, quoted, text::text_value};
use std::sync::Arc;

text_value! {
    /// The name of an environment variable, as docker passes it by flag and by file.
    ///
    /// POSIX asks for letters, digits and `_`, but applications read `spring.profiles.active` and `discovery.type`, and docker
    /// passes them on. Names are refused that an env file reads in another way (docker/cli, `opts/envfile.go`: blanks, a
    /// leading `#`, a byte order mark), and characters that end a name or a line.
    EnvName
}

impl EnvName {
    /// Maximum bytes of a name. No reader has a limit worth knowing; a longer text is not a name.
    pub(crate) const LONGEST: usize = 255;

    /// Reads the name of an environment variable.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let fault = |what: &str| Invalid::new(format!("the environment variable {} {what}", quoted(text)));
        let is_blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
        if text.is_empty() {
            return Err(
                Invalid::new("the environment variable has no name").help("write for example `NODE_ENV`")
            );
        }
        if let Some((name, _)) = text.split_once('=') {
            // The text may be a secret, so it is not repeated.
            return Err(Invalid::new("the name of an environment variable cannot hold `=`")
                .help(format!("write the name {} and its value apart", quoted(name))));
        }
        if text.contains(is_blank) {
            let instead: String = text.chars().filter(|c| !is_blank(*c)).collect();
            return Err(fault("holds a blank or a control character")
                .write_or(Some(instead).filter(|name| !name.is_empty()), "leave it out"));
        }
        if text.starts_with('#') {
            return Err(fault("starts with `#`, which makes a comment of it").write_or(
                Some(text.trim_start_matches('#')).filter(|name| !name.is_empty()),
                "write for example `NODE_ENV`",
            ));
        }
        if text.len() > Self::LONGEST {
            return Err(fault("is longer than 255 bytes"));
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
            EnvName::parse,
            &[
                ("PORT", "PORT"),
                ("node_env", "node_env"),
                ("spring.profiles.active", "spring.profiles.active"),
                ("A-B", "A-B"),
                ("1ST", "1ST"),
                ("ÜMLAUT", "ÜMLAUT"),
                ("A$B", "A$B"),
                ("-e", "-e"),
                ("A#", "A#"),
            ],
        );
    }

    #[test]
    fn refuses() {
        let long = "A".repeat(256);
        refused(
            EnvName::parse,
            &[
                ("", "the environment variable has no name", "write for example `NODE_ENV`"),
                (
                    "A=b",
                    "the name of an environment variable cannot hold `=`",
                    "write the name `A` and its value apart",
                ),
                (
                    "=",
                    "the name of an environment variable cannot hold `=`",
                    "write the name `` and its value apart",
                ),
                (
                    "MY VAR",
                    "the environment variable `MY VAR` holds a blank or a control character",
                    "write `MYVAR`",
                ),
                (
                    "A\0",
                    "the environment variable `A\\u{0}` holds a blank or a control character",
                    "write `A`",
                ),
                (
                    "A\nB",
                    "the environment variable `A\\nB` holds a blank or a control character",
                    "write `AB`",
                ),
                (" ", "the environment variable ` ` holds a blank or a control character", "leave it out"),
                (
                    "\u{feff}A",
                    "the environment variable `\\u{feff}A` holds a blank or a control character",
                    "write `A`",
                ),
                (
                    "#A",
                    "the environment variable `#A` starts with `#`, which makes a comment of it",
                    "write `A`",
                ),
                (
                    &long,
                    &format!("the environment variable `{}…` is longer than 255 bytes", "A".repeat(60)),
                    "",
                ),
            ],
        );
    }

    proptest! {
        #[test]
        fn carries_no_separator(text in "[A-Za-z_.][A-Za-z0-9_.=# -]{0,20}|.*") {
            if round_trips(EnvName::parse, &text) {
                prop_assert!(!text.contains(['=', ' ', '\n', '\0']) && !text.is_empty());
            }
        }
    }
}
