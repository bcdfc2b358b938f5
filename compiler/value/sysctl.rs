//! Kernel settings that a container can have of its own: `net.core.somaxconn`, `kernel.shmmax`.
//!
//! docker takes only settings with a namespace (docker/cli, `ValidateSysctl`).

use super::{Invalid, quoted, suggest, text::text_value};
use std::sync::Arc;

text_value! {
    /// The name of a setting, with dots between its parts.
    Sysctl
}

impl Sysctl {
    /// Reads the name of a setting.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.contains('/') && !text.contains('.') {
            let instead = Some(text.replace('/', ".")).filter(|instead| Self::parse(instead).is_ok());
            return Err(fault(text, "has slashes").write_or(instead, EXAMPLE));
        }
        if !text.split('.').all(is_part) {
            return Err(fault(text, "is not parts with dots between them").help(EXAMPLE));
        }
        if !KERNEL.contains(&text) && !PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
            let nearest = suggest::nearest(text, KERNEL);
            return Err(fault(
                text,
                "is not a container's own: it would be set for the whole host, and docker refuses it",
            )
            .write_or(nearest, "set it on the host, in `/etc/sysctl.d`"));
        }
        Ok(Self(Arc::from(text)))
    }

    /// Returns whether it belongs to the network. A container with the host's network has no such settings of its own.
    pub(crate) fn is_network(&self) -> bool {
        self.0.starts_with("net.")
    }

    /// Returns whether it belongs to shared memory and message queues. A container with those of the host has none of its own.
    pub(crate) fn is_ipc(&self) -> bool {
        !self.is_network()
    }
}

const EXAMPLE: &str = "write for example `net.core.somaxconn`";

const KERNEL: [&str; 8] = [
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.sem",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
    "kernel.shm_rmid_forced",
];

const PREFIXES: [&str; 2] = ["net.", "fs.mqueue."];

fn fault(text: &str, what: &str) -> Invalid {
    Invalid::new(format!("the kernel setting {} {what}", quoted(text)))
}

/// A slash stands for a dot in the name of a network device: `net.ipv4.conf.eth0/100.rp_filter`
/// (sysctl.d(5)).
fn is_part(part: &str) -> bool {
    !part.is_empty()
        && part.split('/').all(|part| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            Sysctl::parse,
            &[
                ("net.core.somaxconn", "net.core.somaxconn"),
                ("kernel.shmmax", "kernel.shmmax"),
                ("fs.mqueue.msg_max", "fs.mqueue.msg_max"),
                ("net.ipv4.conf.eth0/100.rp_filter", "net.ipv4.conf.eth0/100.rp_filter"),
            ],
        );
        let is_network = |text| Sysctl::parse(text).unwrap().is_network();
        assert!(is_network("net.core.somaxconn") && !is_network("kernel.sem"));
    }

    #[test]
    fn refuses() {
        let own = "is not a container's own: it would be set for the whole host, and docker refuses it";
        let host = "set it on the host, in `/etc/sysctl.d`";
        refused(
            Sysctl::parse,
            &[
                ("vm/swappiness", "the kernel setting `vm/swappiness` has slashes", EXAMPLE),
                ("", "the kernel setting `` is not parts with dots between them", EXAMPLE),
                ("vm.swappiness", &format!("the kernel setting `vm.swappiness` {own}"), host),
                (
                    "kernel.shmax",
                    &format!("the kernel setting `kernel.shmax` {own}"),
                    "write `kernel.shmmax`",
                ),
                ("fs.file-max", &format!("the kernel setting `fs.file-max` {own}"), host),
                ("net", &format!("the kernel setting `net` {own}"), host),
                ("net.", "the kernel setting `net.` is not parts with dots between them", EXAMPLE),
                ("net..a", "the kernel setting `net..a` is not parts with dots between them", EXAMPLE),
                (
                    "net/core/somaxconn",
                    "the kernel setting `net/core/somaxconn` has slashes",
                    "write `net.core.somaxconn`",
                ),
                (
                    "net.core.a=1",
                    "the kernel setting `net.core.a=1` is not parts with dots between them",
                    EXAMPLE,
                ),
                ("net.a b", "the kernel setting `net.a b` is not parts with dots between them", EXAMPLE),
            ],
        );
    }

    proptest! {
        #[test]
        fn any_text(text in "(net\\.|kernel\\.|fs\\.mqueue\\.)?[a-z0-9._/=-]{0,12}") {
            if round_trips(Sysctl::parse, &text) {
                prop_assert!(!text.contains('='));
            }
        }
    }
}
