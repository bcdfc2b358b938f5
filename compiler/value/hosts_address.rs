//! Addresses of lines in /etc/hosts: `10.0.0.5`, `host-gateway`.

use super::Invalid;
use super::address::ListenAddress;
use std::fmt;

/// The address of a name in a container's /etc/hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostsAddress {
    /// An IP address.
    Ip(ListenAddress),
    /// The host, as seen from docker's bridge (docker-run(1), `--add-host`).
    Gateway,
}

const GATEWAY: &str = "host-gateway";

impl HostsAddress {
    /// Reads an IP address or `host-gateway`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text == GATEWAY { Ok(Self::Gateway) } else { ListenAddress::parse(text).map(Self::Ip) }
    }
}

impl fmt::Display for HostsAddress {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Ip(address) => address.fmt(f),
            Self::Gateway => f.pad(GATEWAY),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            HostsAddress::parse,
            &[("10.0.0.5", "10.0.0.5"), ("2001:db8::5", "2001:db8::5"), ("host-gateway", "host-gateway")],
        );
        assert!(HostsAddress::parse("gateway").is_err());
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(text in "[0-9a-f.:-]{0,12}|\\PC*") {
            round_trips(HostsAddress::parse, &text);
        }
    }
}
