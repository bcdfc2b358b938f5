//! The names of hosts in a project.

use super::{Invalid, address::HostAddress, dns::Fqdn, quoted, text::text_value};
use std::sync::Arc;

text_value! {
    /// The name of a host: a DNS name in lower case of at most 253 characters, such as `app-1` or `app-1.example.com`.
    ///
    /// A directory has this name and keys in etcd hold it. There two spellings would be two hosts, so only lower case is
    /// allowed, though DNS does not care.
    Hostname
}

impl Hostname {
    /// Reads the name of a host.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if HostAddress::parse(text).is_ok() {
            return Err(Invalid::new(format!("{} is an address, not the name of a host", quoted(text)))
                .help(format!("write a name such as `app-1`, and `address=\"{text}\"` behind it")));
        }
        if RESERVED.contains(&text) {
            return Err(Invalid::new(format!(
                "{} cannot name a host: a file of that name stands beside the hosts",
                quoted(text)
            ))
            .help("name it after what it is for, for example `app-1`"));
        }
        let name = Fqdn::parse(text).map_err(|invalid| Invalid {
            message: invalid.message.replacen("the DNS name", "the name of the host", 1),
            help: invalid.help.map(|help| help.replace("api.shop.internal", "app-1.example.com")),
        })?;
        Ok(Self(Arc::from(name.as_str())))
    }
}

/// Files that a build writes beside the directories of the hosts.
const RESERVED: [&str; 2] = ["plan.json", "plan.txt"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            Hostname::parse,
            &[
                ("app-1", "app-1"),
                ("app-1.example.com", "app-1.example.com"),
                ("1a", "1a"),
                ("localhost", "localhost"),
            ],
        );
    }

    #[test]
    fn refuses() {
        let letters =
            "write lower-case letters, digits and dashes between the dots, for example `app-1.example.com`";
        refused(
            Hostname::parse,
            &[
                ("App-1", "the name of the host `App-1` holds capital letters", "write `app-1`"),
                ("", "the name of the host `` is empty", letters),
                ("../etc", "the name of the host `../etc` holds `/`", letters),
                ("..", "the name of the host `..` ends with a dot", letters),
                (
                    "10.0.0.11",
                    "`10.0.0.11` is an address, not the name of a host",
                    "write a name such as `app-1`, and `address=\"10.0.0.11\"` behind it",
                ),
                (
                    "plan.json",
                    "`plan.json` cannot name a host: a file of that name stands beside the hosts",
                    "name it after what it is for, for example `app-1`",
                ),
            ],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "([a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?\\.){0,5}[a-z]{5,10}") {
            prop_assert!(round_trips(Hostname::parse, &text));
        }
    }
}
