//! What confines the process of a container: a profile of seccomp or AppArmor, a label of SELinux.

use super::path::HostPath;
use super::{Invalid, quoted, suggest::nearest, text::text_value};
use std::fmt;
use std::sync::Arc;

/// Which system calls the process may make (docker-run(1), `--security-opt seccomp=`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seccomp {
    /// All.
    Unconfined,
    /// Those of a profile on the host, which docker's client reads.
    Profile(HostPath),
}

impl Seccomp {
    /// Reads `unconfined` or the path of a profile.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match text {
            "unconfined" => Ok(Self::Unconfined),
            text if text.starts_with('/') => HostPath::parse(text).map(Self::Profile),
            _ => Err(Invalid::new(format!("{} is no seccomp profile", quoted(text)))
                .help("write `unconfined`, or the whole path of a profile on the host; without it docker's own holds")),
        }
    }
}

impl fmt::Display for Seccomp {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Unconfined => f.pad("unconfined"),
            Self::Profile(path) => f.pad(path.as_str()),
        }
    }
}

text_value! {
    /// The name of a profile of AppArmor that the host has loaded (apparmor.d(5)).
    Apparmor
}

impl Apparmor {
    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let is_name = !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
        if is_name {
            return Ok(Self(Arc::from(text)));
        }
        Err(Invalid::new(format!("{} is not the name of an AppArmor profile", quoted(text)))
            .help("write a name that `aa-status` prints on the host, or `unconfined`"))
    }
}

text_value! {
    /// A part of the process's label in SELinux, or `disable` (docker-run(1), `--security-opt label=`).
    SelinuxLabel
}

const PARTS: [&str; 5] = ["user", "role", "type", "level", "filetype"];

impl SelinuxLabel {
    /// Reads `disable` or a part such as `type:container_t`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (part, value) = text.split_once(':').unwrap_or((text, ""));
        let is_value = !value.is_empty() && value.chars().all(|c| c.is_ascii_graphic());
        if text == "disable" || (PARTS.contains(&part) && is_value) {
            return Ok(Self(Arc::from(text)));
        }
        let meant = nearest(part, PARTS.into_iter().chain(["disable"]));
        let meant = meant.map(|part| match part {
            "disable" => part.to_string(),
            part => format!("{part}:…"),
        });
        Err(Invalid::new(format!("{} is not a label of SELinux", quoted(text)))
            .write_or(meant, "write `disable`, or parts such as `type:container_t level:s0:c1,c2`"))
    }

    /// Reads several with spaces between them.
    pub(crate) fn parse_all(text: &str) -> Result<Vec<Self>, Invalid> {
        match text.split_whitespace().map(Self::parse).collect::<Result<Vec<_>, _>>()? {
            labels if labels.is_empty() => Self::parse("").map(|label| vec![label]),
            labels => Ok(labels),
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
        accepted(Seccomp::parse, &[("unconfined", "unconfined"), ("/etc/a.json", "/etc/a.json")]);
        accepted(Apparmor::parse, &[("unconfined", "unconfined"), ("docker-nginx", "docker-nginx")]);
        accepted(SelinuxLabel::parse, &[("disable", "disable"), ("type:svirt_t", "type:svirt_t")]);
        assert_eq!(SelinuxLabel::parse_all("type:a_t  level:s0:c1,c2").unwrap().len(), 2);
    }

    #[test]
    fn refuses() {
        let help =
            "write `unconfined`, or the whole path of a profile on the host; without it docker's own holds";
        refused(Seccomp::parse, &[("a.json", "`a.json` is no seccomp profile", help)]);
        refused(
            Apparmor::parse,
            &[(
                "a b",
                "`a b` is not the name of an AppArmor profile",
                "write a name that `aa-status` prints on the host, or `unconfined`",
            )],
        );
        let help = "write `disable`, or parts such as `type:container_t level:s0:c1,c2`";
        refused(
            SelinuxLabel::parse,
            &[
                ("disabled", "`disabled` is not a label of SELinux", "write `disable`"),
                ("types:x", "`types:x` is not a label of SELinux", "write `type:…`"),
                ("nested", "`nested` is not a label of SELinux", help),
            ],
        );
        assert!(SelinuxLabel::parse_all(" ").is_err());
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "(type:|/)?[a-z:]{0,6}|\\PC*") {
            round_trips(Seccomp::parse, &text);
            round_trips(Apparmor::parse, &text);
            round_trips(SelinuxLabel::parse, &text);
        }
    }
}
