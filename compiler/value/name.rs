//! The names of what a project declares: fleets, services, bases, tasks, externals, environments, ports.

use super::{Invalid, quoted, text::text_value};
use std::sync::Arc;

text_value! {
    /// A name: lower-case letters, digits and dashes, a letter first, no dash last, at most 40 characters.
    ///
    /// This is stricter than any single reader, since one name becomes all of a container's name, a unit's
    /// name, a key in etcd, a label in DNS (63 characters, beside the fleet's name and an instance) and a
    /// file's name.
    Name
}

impl Name {
    /// The most characters that a name may have.
    pub(crate) const LONGEST: usize = 40;

    /// Reads a name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match fault(text) {
            None => Ok(Self(Arc::from(text))),
            Some(message) => Err(Invalid::new(message).write_or(
                spelling(text),
                "write lower-case letters, digits and dashes, a letter first, for example `my-api`",
            )),
        }
    }

    /// Reads the name of a fleet, which is also the name of a systemd target: the names of the host's own targets are taken.
    /// All units of the fleet begin with it, and `systemd-…` belongs to the host.
    pub(crate) fn parse_fleet(text: &str) -> Result<Self, Invalid> {
        let name = Self::parse(text)?;
        if TARGETS.contains(&text) {
            return Err(Invalid::new(format!(
                "`{text}` cannot name a fleet: systemd has a target of that name"
            ))
            .help("name it after what it serves, for example `shop`"));
        }
        if let Some((_, whose)) = ROOTS.iter().find(|(root, _)| *root == text) {
            return Err(Invalid::new(format!(
                "`{text}` cannot name a fleet: keys in etcd that begin so are {whose}"
            ))
            .help("name it after what it serves, for example `shop`"));
        }
        if text == "systemd" || text.starts_with("systemd-") {
            return Err(Invalid::new(format!(
                "`{text}` cannot name a fleet: units whose names begin so are systemd's own"
            ))
            .help("name it after what it serves, for example `shop`"));
        }
        Ok(name)
    }
}

fn fault(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() {
        return Some("the name is empty".to_owned());
    }
    if let Some(bad) = text.chars().find(|c| !allowed(*c)) {
        return Some(format!("the name {} holds {}", quoted(text), held(bad)));
    }
    if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Some(format!("the name {} does not start with a letter", quoted(text)));
    }
    if text.ends_with('-') {
        return Some(format!("the name {} ends with a dash", quoted(text)));
    }
    (text.len() > Name::LONGEST).then(|| {
        format!("the name {} has {} characters, and {} is the most", quoted(text), text.len(), Name::LONGEST)
    })
}

fn held(c: char) -> String {
    match c {
        'A'..='Z' => "capital letters".to_owned(),
        ' ' => "a blank".to_owned(),
        _ => quoted(c.encode_utf8(&mut [0; 4])),
    }
}

/// The nearest valid spelling: `My_API` → `my-api`, `paymentService` → `payment-service`.
fn spelling(text: &str) -> Option<String> {
    let mut spelled = String::new();
    let mut previous = ' ';
    for c in text.chars().take(200) {
        let new_word = c.is_ascii_uppercase() && (previous.is_ascii_lowercase() || previous.is_ascii_digit());
        if (new_word || !c.is_ascii_alphanumeric()) && !spelled.ends_with('-') {
            spelled.push('-');
        }
        if c.is_ascii_alphanumeric() {
            spelled.push(c.to_ascii_lowercase());
        }
        previous = c;
    }
    let spelled = spelled.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let spelled = spelled[..spelled.len().min(Name::LONGEST)].trim_end_matches('-');
    (!spelled.is_empty()).then(|| spelled.to_owned())
}

/// Prefixes of keys in etcd that are no fleet's, with their owners. A target of gRPC begins with the fleet's name.
const ROOTS: [(&str, &str); 3] =
    [("ports", "claims of ports"), ("skydns", "names in DNS"), ("traefik", "Traefik's")];

/// The targets of systemd.special(7) and of the units that systemd 252 to 258 bring, without `.target`.
const TARGETS: &[&str] = &[
    "basic",
    "blockdev",
    "bluetooth",
    "boot-complete",
    "cryptsetup",
    "cryptsetup-pre",
    "ctrl-alt-del",
    "default",
    "emergency",
    "exit",
    "factory-reset",
    "factory-reset-now",
    "final",
    "first-boot-complete",
    "getty",
    "getty-pre",
    "graphical",
    "graphical-session",
    "graphical-session-pre",
    "halt",
    "hibernate",
    "hybrid-sleep",
    "initrd",
    "initrd-fs",
    "initrd-root-device",
    "initrd-root-fs",
    "initrd-switch-root",
    "initrd-usr-fs",
    "integritysetup",
    "integritysetup-pre",
    "kbrequest",
    "kexec",
    "local-fs",
    "local-fs-pre",
    "machines",
    "multi-user",
    "network",
    "network-online",
    "network-pre",
    "nss-lookup",
    "nss-user-lookup",
    "paths",
    "poweroff",
    "printer",
    "reboot",
    "remote-cryptsetup",
    "remote-fs",
    "remote-fs-pre",
    "remote-veritysetup",
    "rescue",
    "rpcbind",
    "runlevel0",
    "runlevel1",
    "runlevel2",
    "runlevel3",
    "runlevel4",
    "runlevel5",
    "runlevel6",
    "shutdown",
    "sigpwr",
    "sleep",
    "slices",
    "smartcard",
    "sockets",
    "soft-reboot",
    "sound",
    "ssh-access",
    "storage-target-mode",
    "suspend",
    "suspend-then-hibernate",
    "swap",
    "sysinit",
    "system-update",
    "system-update-pre",
    "time-set",
    "time-sync",
    "timers",
    "tpm2",
    "umount",
    "usb-gadget",
    "veritysetup",
    "veritysetup-pre",
    "xdg-desktop-autostart",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            Name::parse,
            &[
                ("a", "a"),
                ("api", "api"),
                ("my-api", "my-api"),
                ("a1", "a1"),
                ("redis-7", "redis-7"),
                ("a--b", "a--b"),
                ("docker", "docker"),
                ("a123456789012345678901234567890123456789", "a123456789012345678901234567890123456789"),
            ],
        );
        accepted(Name::parse_fleet, &[("shop", "shop"), ("docker", "docker")]);
    }

    #[test]
    fn refuses() {
        let letters = "write lower-case letters, digits and dashes, a letter first, for example `my-api`";
        refused(
            Name::parse,
            &[
                ("", "the name is empty", letters),
                ("My_API", "the name `My_API` holds capital letters", "write `my-api`"),
                (
                    "paymentService",
                    "the name `paymentService` holds capital letters",
                    "write `payment-service`",
                ),
                ("my_api", "the name `my_api` holds `_`", "write `my-api`"),
                ("my api", "the name `my api` holds a blank", "write `my-api`"),
                ("9lives", "the name `9lives` does not start with a letter", "write `lives`"),
                ("-v/:/host", "the name `-v/:/host` holds `/`", "write `v-host`"),
                ("--rm", "the name `--rm` does not start with a letter", "write `rm`"),
                ("api-", "the name `api-` ends with a dash", "write `api`"),
                ("42", "the name `42` does not start with a letter", letters),
                ("../etc", "the name `../etc` holds `.`", "write `etc`"),
                ("a.b", "the name `a.b` holds `.`", "write `a-b`"),
                ("a\nb", "the name `a\\nb` holds `\\n`", "write `a-b`"),
                ("größe", "the name `größe` holds `ö`", "write `gr-e`"),
                ("日本", "the name `日本` holds `日`", letters),
                (
                    "a1234567890123456789012345678901234567890",
                    "the name `a1234567890123456789012345678901234567890` has 41 characters, and 40 is the most",
                    "write `a123456789012345678901234567890123456789`",
                ),
            ],
        );
        refused(
            Name::parse_fleet,
            &[
                (
                    "network",
                    "`network` cannot name a fleet: systemd has a target of that name",
                    "name it after what it serves, for example `shop`",
                ),
                (
                    "soft-reboot",
                    "`soft-reboot` cannot name a fleet: systemd has a target of that name",
                    "name it after what it serves, for example `shop`",
                ),
                (
                    "traefik",
                    "`traefik` cannot name a fleet: keys in etcd that begin so are Traefik's",
                    "name it after what it serves, for example `shop`",
                ),
                (
                    "ports",
                    "`ports` cannot name a fleet: keys in etcd that begin so are claims of ports",
                    "name it after what it serves, for example `shop`",
                ),
                ("Shop", "the name `Shop` holds capital letters", "write `shop`"),
            ],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "[a-z]([a-z0-9-]{0,38}[a-z0-9])?") {
            prop_assert!(round_trips(Name::parse, &text));
        }

        #[test]
        fn what_is_suggested_is_accepted(text in "[A-Za-z0-9_ .-]{0,60}|\\PC*") {
            if let Some(spelled) = spelling(&text) {
                prop_assert!(Name::parse(&spelled).is_ok(), "{spelled}");
            }
        }
    }
}
