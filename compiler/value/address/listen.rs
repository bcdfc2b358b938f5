//! The address that a process listens on.

use super::literal::{address, fault};
use crate::value::Invalid;
use std::{fmt, net::IpAddr};

/// An address to listen on: one of the host's own, loopback, or all of them (`0.0.0.0`, `::`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListenAddress(IpAddr);

impl ListenAddress {
    /// Every address, of IPv4 too.
    pub(crate) const EVERY: Self = Self(IpAddr::V6(std::net::Ipv6Addr::UNSPECIFIED));

    /// Reads an address to listen on.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let address = match text {
            "*" => Err(fault(text, "is not an IPv4 or IPv6 address")
                .help("write `0.0.0.0` for every IPv4 address, `::` for every address")),
            "localhost" => Err(fault(text, "is a name").help("write `127.0.0.1`")),
            _ => address(text),
        }?;
        match address {
            _ if address.is_multicast() => {
                Err(fault(text, "is multicast: nothing listens on it alone").help(OWN))
            }
            IpAddr::V4(v4) if v4.is_broadcast() => {
                Err(fault(text, "is broadcast: nothing listens on it alone").help(OWN))
            }
            _ => Ok(Self(address)),
        }
    }

    /// The address.
    pub(crate) fn ip(self) -> IpAddr {
        self.0
    }

    /// Returns whether it stands for every address of its kind.
    pub fn is_wildcard(self) -> bool {
        self.0.is_unspecified()
    }

    /// Returns whether two listeners on one port cannot both have their address: they are equal, or one is a wildcard that
    /// covers the other. The wildcard of IPv6 covers IPv4 too (`net.ipv6.bindv6only` is 0 on every distribution).
    pub(crate) fn overlaps(self, other: Self) -> bool {
        let covers =
            |wide: IpAddr, narrow: IpAddr| wide.is_unspecified() && (wide.is_ipv6() || narrow.is_ipv4());
        self == other || covers(self.0, other.0) || covers(other.0, self.0)
    }
}

const OWN: &str = "write an address of the host itself, or leave it out for every address";

impl From<super::HostAddress> for ListenAddress {
    fn from(address: super::HostAddress) -> Self {
        Self(address.ip())
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
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
            ListenAddress::parse,
            &[
                ("0.0.0.0", "0.0.0.0"),
                ("::", "::"),
                ("127.0.0.1", "127.0.0.1"),
                ("::1", "::1"),
                ("10.0.0.1", "10.0.0.1"),
            ],
        );
    }

    #[test]
    fn refuses() {
        let any = "write `0.0.0.0` for every IPv4 address, `::` for every address";
        let example = "write an IPv4 or IPv6 address, for example `10.0.0.11`";
        refused(
            ListenAddress::parse,
            &[
                ("*", "the address `*` is not an IPv4 or IPv6 address", any),
                ("localhost", "the address `localhost` is a name", "write `127.0.0.1`"),
                ("eth0", "the address `eth0` is not an IPv4 or IPv6 address", example),
                ("224.0.0.1", "the address `224.0.0.1` is multicast: nothing listens on it alone", OWN),
                (
                    "255.255.255.255",
                    "the address `255.255.255.255` is broadcast: nothing listens on it alone",
                    OWN,
                ),
                ("0.0.0.0:80", "the address `0.0.0.0:80` has a port", "write `0.0.0.0`"),
            ],
        );
    }

    #[test]
    fn overlaps() {
        let overlap = |one, two| {
            let (one, two) = (ListenAddress::parse(one).unwrap(), ListenAddress::parse(two).unwrap());
            assert_eq!(one.overlaps(two), two.overlaps(one));
            one.overlaps(two)
        };
        for (one, two, expected) in [
            ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.2", false),
            ("0.0.0.0", "10.0.0.1", true),
            ("::", "10.0.0.1", true),
            ("::", "0.0.0.0", true),
            ("0.0.0.0", "fd00::1", false),
            ("::", "fd00::1", true),
            ("fd00::1", "10.0.0.1", false),
        ] {
            assert_eq!(overlap(one, two), expected, "{one} {two}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(address: IpAddr) {
            round_trips(ListenAddress::parse, &address.to_string());
        }
    }
}
