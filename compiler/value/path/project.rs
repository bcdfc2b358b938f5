//! Paths of files in a project.

use super::normal::{check_characters, check_parts, fault};
use crate::value::{Invalid, text::text_value};
use std::sync::Arc;

text_value! {
    /// A path relative to the project's directory, in normal form. It cannot leave the project, except by a symbolic link.
    ProjectPath
}

impl ProjectPath {
    /// Reads a path in the project.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_characters(text, "write it relative to the project, for example `files/api.json`")?;
        if text.starts_with('/') {
            return Err(fault(text, "is absolute, and only files of the project can be read")
                .help("write it relative to the project, for example `files/api.json`"));
        }
        if text.starts_with('~') || text.starts_with('$') {
            return Err(fault(text, "stands for a path that depends on who asks")
                .help("write it relative to the project, for example `files/api.json`"));
        }
        if text.contains('\\') {
            let instead = text.replace('\\', "/");
            return Err(fault(text, "has a backslash").write_or(
                Some(&instead).filter(|path| Self::parse(path).is_ok()),
                "write `/` between the parts",
            ));
        }
        if text.split('/').any(|part| part == "..") {
            return Err(fault(text, "has a part `..`, and a project's paths stay in the project")
                .help("write it relative to the project, for example `files/api.json`"));
        }
        check_parts(text, text)?;
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
            ProjectPath::parse,
            &[("files/api.json", "files/api.json"), ("a", "a"), (".env", ".env"), ("a b/ü", "a b/ü")],
        );
    }

    #[test]
    fn refuses() {
        let relative = "write it relative to the project, for example `files/api.json`";
        refused(
            ProjectPath::parse,
            &[
                ("", "the path is empty", relative),
                (
                    "/etc/passwd",
                    "the path `/etc/passwd` is absolute, and only files of the project can be read",
                    relative,
                ),
                (
                    "../a",
                    "the path `../a` has a part `..`, and a project's paths stay in the project",
                    relative,
                ),
                (
                    "a/../../b",
                    "the path `a/../../b` has a part `..`, and a project's paths stay in the project",
                    relative,
                ),
                ("~/a", "the path `~/a` stands for a path that depends on who asks", relative),
                ("./a", "the path `./a` has a part `.`", "write `a`"),
                (".", "the path `.` has a part `.`", "write the path that it means"),
                ("a/", "the path `a/` ends with a slash", "write `a`"),
                ("a//b", "the path `a//b` has two slashes in a row", "write `a/b`"),
                ("files\\api.json", "the path `files\\api.json` has a backslash", "write `files/api.json`"),
                ("a\0", "the path `a\\u{0}` holds a control character", "write `a`"),
            ],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "[a-z]{1,9}(/[a-z0-9_-]([A-Z_ -]{0,7}[a-z0-9])?){0,4}") {
            prop_assert!(round_trips(ProjectPath::parse, &text));
        }

        #[test]
        fn stays_inside(text in "[a./\\\\]{0,20}|.*") {
            if round_trips(ProjectPath::parse, &text) {
                prop_assert!(!text.starts_with('/') && text.split('/').all(|part| part != ".."));
            }
        }
    }
}
