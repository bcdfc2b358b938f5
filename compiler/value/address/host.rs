//! The address at which others reach a host.

use super::literal::{address, fault};
use crate::value::Invalid;
use std::{fmt, net::IpAddr};

/// An address that belongs to one host, and that other hosts can send to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostAddress(IpAddr);

impl HostAddress {
    /// Stands for a missing or wrong address of a host until that is mended.
    pub(crate) const UNKNOWN: Self = Self(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED));

    /// Reads the address of a host. Names are refused: the advertised host must be the one that answers, and a name may change.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let address = address(text).map_err(|invalid| {
            if text.contains(|c: char| c.is_ascii_alphabetic()) && !text.contains(':') {
                fault(text, "is a name")
                    .help("write the IPv4 or IPv6 address: it is advertised as it stands here")
            } else {
                invalid
            }
        })?;
        match why_not(address) {
            Some(reason) => {
                Err(fault(text, reason).help("write the address by which other hosts reach this one"))
            }
            None => Ok(Self(address)),
        }
    }

    /// The address.
    pub(crate) fn ip(self) -> IpAddr {
        self.0
    }
}

impl fmt::Display for HostAddress {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// RFC 6890 and its successors list what an address cannot be used for.
fn why_not(address: IpAddr) -> Option<&'static str> {
    if address.is_unspecified() {
        return Some("means every address, and nobody can send to it");
    }
    if address.is_loopback() {
        return Some("is loopback: on every host it means that host itself");
    }
    if address.is_multicast() {
        return Some("is multicast: it is no one host's");
    }
    match address {
        IpAddr::V4(v4) if v4.is_broadcast() => Some("is broadcast: it is every host's"),
        IpAddr::V4(v4) if v4.octets()[0] == 0 => Some("is in `0.0.0.0/8`, which no host can be sent to"),
        IpAddr::V6(v6) if v6.is_unicast_link_local() => {
            Some("is link-local: it means nothing without an interface")
        }
        _ => None,
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
            HostAddress::parse,
            &[
                ("10.0.0.11", "10.0.0.11"),
                ("192.0.2.1", "192.0.2.1"),
                ("fd00::1", "fd00::1"),
                ("FD00:0:0::1", "fd00::1"),
                ("169.254.1.1", "169.254.1.1"),
                ("255.255.255.254", "255.255.255.254"),
            ],
        );
    }

    #[test]
    fn refuses() {
        let other = "write the address by which other hosts reach this one";
        let example = "write an IPv4 or IPv6 address, for example `10.0.0.11`";
        let name = "write the IPv4 or IPv6 address: it is advertised as it stands here";
        refused(
            HostAddress::parse,
            &[
                ("", "the address is empty", example),
                ("app-1.internal", "the address `app-1.internal` is a name", name),
                ("localhost", "the address `localhost` is a name", name),
                ("0.0.0.0", "the address `0.0.0.0` means every address, and nobody can send to it", other),
                ("::", "the address `::` means every address, and nobody can send to it", other),
                (
                    "127.0.0.2",
                    "the address `127.0.0.2` is loopback: on every host it means that host itself",
                    other,
                ),
                ("::1", "the address `::1` is loopback: on every host it means that host itself", other),
                ("224.0.0.1", "the address `224.0.0.1` is multicast: it is no one host's", other),
                ("ff02::1", "the address `ff02::1` is multicast: it is no one host's", other),
                ("255.255.255.255", "the address `255.255.255.255` is broadcast: it is every host's", other),
                ("0.1.2.3", "the address `0.1.2.3` is in `0.0.0.0/8`, which no host can be sent to", other),
                (
                    "fe80::1",
                    "the address `fe80::1` is link-local: it means nothing without an interface",
                    other,
                ),
                (
                    "fe80::1%eth0",
                    "the address `fe80::1%eth0` has a zone, which only the host itself understands",
                    "write `fe80::1`",
                ),
                (
                    "::ffff:10.0.0.1",
                    "the address `::ffff:10.0.0.1` is an IPv4 address in the form of IPv6",
                    "write `10.0.0.1`",
                ),
                ("10.0.0.11/24", "the address `10.0.0.11/24` is a network", "write `10.0.0.11`"),
                (
                    "10.0.0.0/24",
                    "the address `10.0.0.0/24` is a network, and no address in it",
                    "write one address of that network: the host's own, as `ip address` shows it there",
                ),
                (
                    "fd00::/64",
                    "the address `fd00::/64` is a network, and no address in it",
                    "write one address of that network: the host's own, as `ip address` shows it there",
                ),
                ("fd00::1/64", "the address `fd00::1/64` is a network", "write `fd00::1`"),
                ("10.0.0.1/32", "the address `10.0.0.1/32` is a network", "write `10.0.0.1`"),
                ("10.0.0.0/99", "the address `10.0.0.0/99` is a network", "write `10.0.0.0`"),
                ("10.0.0.11:80", "the address `10.0.0.11:80` has a port", "write `10.0.0.11`"),
                ("[fd00::1]:80", "the address `[fd00::1]:80` has a port", "write `fd00::1`"),
                ("[fd00::1]", "the address `[fd00::1]` has brackets", "write `fd00::1`"),
                ("010.0.0.1", "the address `010.0.0.1` is not an IPv4 address", "write `10.0.0.1`"),
                ("10.0.0", "the address `10.0.0` is not an IPv4 address", example),
                ("10.0.0.256", "the address `10.0.0.256` is not an IPv4 address", example),
                ("fd00::g", "the address `fd00::g` is not an IPv4 or IPv6 address", example),
            ],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(address: IpAddr) {
            let address = address.to_string();
            prop_assert_eq!(round_trips(HostAddress::parse, &address), HostAddress::parse(&address).is_ok());
        }

        #[test]
        fn any_text(text in "[0-9a-f.:]{0,20}|\\PC*") {
            round_trips(HostAddress::parse, &text);
        }
    }
}
