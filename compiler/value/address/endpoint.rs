//! Addresses that others reach over the network: `pay.example.com:443`, `10.0.0.1:5432`, `[fd00::1]:80`.

use super::literal::{address, bracketed};
use crate::value::{Invalid, dns::Fqdn, port::Port, quoted};
use std::{fmt, net::IpAddr};

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Endpoint {
    /// The host.
    pub(crate) host: EndpointHost,
    /// The port.
    pub(crate) port: Port,
}

/// A host by address or by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum EndpointHost {
    /// An address. It prints in brackets if it is IPv6.
    Address(IpAddr),
    /// A name in DNS.
    Name(Fqdn),
}

impl Endpoint {
    /// Reads `host:port`.
    pub(crate) fn parse(text: &str) -> Result<Self, Invalid> {
        if let Some((_, behind)) = text.rsplit_once("://") {
            let instead = Self::parse(behind.trim_end_matches('/')).ok();
            return Err(Invalid::new(format!("{} is a URL, not a host and a port", quoted(text)))
                .write_or(instead, EXAMPLE));
        }
        let Some((host, port)) = split(text) else { return Err(no_port(text)) };
        Ok(Self { host: EndpointHost::parse(host)?, port: Port::parse(port)? })
    }
}

impl EndpointHost {
    /// Reads a host as it stands before a port: an IPv6 address in brackets.
    pub(crate) fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() {
            return Err(Invalid::new("there is no host before the port").help(EXAMPLE));
        }
        if let Some(v6) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            return match address(v6)? {
                IpAddr::V4(v4) => Err(Invalid::new(format!("{} has brackets", quoted(text))).write(v4)),
                v6 => checked(v6).map(Self::Address),
            };
        }
        if text.contains(':') {
            return Err(Invalid::new(format!("{} is not a host", quoted(text)))
                .help("write an IPv6 address in brackets: `[fd00::1]:80`"));
        }
        let is_name = text.chars().any(|c| !c.is_ascii_digit() && c != '.');
        if is_name { Fqdn::parse(text).map(Self::Name) } else { checked(address(text)?).map(Self::Address) }
    }
}

const OTHER: &str = "write the address or name by which it is reached";

/// Accepts only addresses that can be sent to.
fn checked(address: IpAddr) -> Result<IpAddr, Invalid> {
    if address.is_unspecified() {
        Err(Invalid::new(format!("the address `{address}` means every address, and nobody can send to it"))
            .help(OTHER))
    } else {
        Ok(address)
    }
}

impl From<IpAddr> for EndpointHost {
    fn from(address: IpAddr) -> Self {
        Self::Address(address)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl fmt::Display for EndpointHost {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Address(address) => f.pad(&bracketed(*address)),
            Self::Name(name) => name.fmt(f),
        }
    }
}

const EXAMPLE: &str = "write a host and a port, for example `pay.example.com:443`";

/// Splits host and port at the last colon outside the brackets of an IPv6 address.
fn split(text: &str) -> Option<(&str, &str)> {
    let (host, port) = text.rsplit_once(':')?;
    let bare_v6 = host.contains(':') && !host.starts_with('[');
    (!port.ends_with(']') && !bare_v6).then_some((host, port))
}

fn no_port(text: &str) -> Invalid {
    if text.parse::<std::net::Ipv6Addr>().is_ok() {
        return Invalid::new(format!("{} leaves open where the address ends", quoted(text)))
            .help(format!("write the address in brackets and a port behind: `[{text}]:443`"));
    }
    Invalid::new(format!("{} has no port", quoted(text))).help(EXAMPLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            Endpoint::parse,
            &[
                ("pay.example.com:443", "pay.example.com:443"),
                ("10.0.0.1:5432", "10.0.0.1:5432"),
                ("[fd00::1]:80", "[fd00::1]:80"),
                ("[FD00:0::1]:80", "[fd00::1]:80"),
                ("localhost:80", "localhost:80"),
                ("127.0.0.1:1", "127.0.0.1:1"),
            ],
        );
    }

    #[test]
    fn refuses() {
        let labels =
            "write lower-case letters, digits and dashes between the dots, for example `api.shop.internal`";
        let range = "write a number from `1` to `65535`";
        refused(
            Endpoint::parse,
            &[
                ("", "`` has no port", EXAMPLE),
                ("pay.example.com", "`pay.example.com` has no port", EXAMPLE),
                ("[fd00::1]", "`[fd00::1]` has no port", EXAMPLE),
                (
                    "https://pay.example.com:443/",
                    "`https://pay.example.com:443/` is a URL, not a host and a port",
                    "write `pay.example.com:443`",
                ),
                (
                    "https://pay.example.com",
                    "`https://pay.example.com` is a URL, not a host and a port",
                    EXAMPLE,
                ),
                (
                    "fd00::1",
                    "`fd00::1` leaves open where the address ends",
                    "write the address in brackets and a port behind: `[fd00::1]:443`",
                ),
                (":80", "there is no host before the port", EXAMPLE),
                ("a:", "the port is empty", range),
                ("a:0", "`0` is not a port: ports go from 1 to 65535", range),
                ("a:b:1", "`a:b:1` has no port", EXAMPLE),
                ("Pay:1", "the DNS name `Pay` holds capital letters", "write `pay`"),
                ("a_b:1", "the DNS name `a_b` holds `_`", labels),
                (
                    "10.0.0:1",
                    "the address `10.0.0` is not an IPv4 address",
                    "write an IPv4 or IPv6 address, for example `10.0.0.11`",
                ),
                ("0.0.0.0:1", "the address `0.0.0.0` means every address, and nobody can send to it", OTHER),
                ("[10.0.0.1]:1", "`[10.0.0.1]` has brackets", "write `10.0.0.1`"),
                ("user@a:1", "the DNS name `user@a` holds `@`", labels),
            ],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(address: IpAddr, port in 1..=u16::MAX) {
            round_trips(Endpoint::parse, &format!("{}:{port}", bracketed(address)));
        }

        #[test]
        fn any_text(text in "[a-z0-9.:\\[\\]-]{0,20}(:[0-9]{1,5})?|\\PC*") {
            round_trips(Endpoint::parse, &text);
        }
    }
}
