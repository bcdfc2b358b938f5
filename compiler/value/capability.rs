//! Capabilities: `NET_BIND_SERVICE`, `CAP_NET_ADMIN`, `ALL` (capabilities(7)).

use super::{Invalid, quoted, suggest};
use std::fmt;

/// A capability, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capability(&'static str);

impl Capability {
    /// Every capability at once.
    pub(crate) const ALL: Self = Self("ALL");

    /// Reads a capability like docker: in any case, with or without `CAP_`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let upper = text.to_ascii_uppercase();
        if upper == "ALL" {
            return Ok(Self::ALL);
        }
        let name = upper.strip_prefix("CAP_").unwrap_or(&upper);
        NAMES.into_iter().find(|known| *known == name).map(Self).ok_or_else(|| {
            let nearest = suggest::nearest(&name.replace('-', "_"), NAMES);
            Invalid::new(format!("{} is not a capability", quoted(text)))
                .write_or(nearest, "write a name such as `NET_BIND_SERVICE`, or `ALL`")
        })
    }

    /// The name without `CAP_`, in capitals.
    pub(crate) fn as_str(self) -> &'static str {
        self.0
    }
}

/// Prints it like docker's manual.
impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.0)
    }
}

/// capabilities(7) of Linux 5.9 and later, in the kernel's order.
const NAMES: [&str; 41] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            Capability::parse,
            &[
                ("NET_BIND_SERVICE", "NET_BIND_SERVICE"),
                ("CAP_NET_ADMIN", "NET_ADMIN"),
                ("cap_sys_time", "SYS_TIME"),
                ("ALL", "ALL"),
                ("all", "ALL"),
                ("BPF", "BPF"),
            ],
        );
        NAMES.iter().for_each(|name| accepted(Capability::parse, &[(name, name)]));
    }

    #[test]
    fn refuses() {
        let example = "write a name such as `NET_BIND_SERVICE`, or `ALL`";
        refused(
            Capability::parse,
            &[
                ("", "`` is not a capability", example),
                ("NET_BIND", "`NET_BIND` is not a capability", example),
                ("NET-ADMIN", "`NET-ADMIN` is not a capability", "write `NET_ADMIN`"),
                ("SYS_PTARCE", "`SYS_PTARCE` is not a capability", "write `SYS_PTRACE`"),
                ("CAP_ALL", "`CAP_ALL` is not a capability", example),
                ("NET_ADMIN ", "`NET_ADMIN ` is not a capability", "write `NET_ADMIN`"),
            ],
        );
    }

    proptest! {
        #[test]
        fn any_text(text in "(CAP_|cap_)?[A-Za-z_]{0,12}") {
            round_trips(Capability::parse, &text);
        }
    }
}
