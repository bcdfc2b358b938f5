//! IPv4 and IPv6 addresses as literals, with advice for nearly correct ones.

use crate::value::{Invalid, quoted};
use std::net::IpAddr;

/// Reads an address: IPv4 without leading zeros, IPv6 without brackets and zone.
pub(crate) fn address(text: &str) -> Result<IpAddr, Invalid> {
    if text.is_empty() {
        return Err(Invalid::new("the address is empty").help(EXAMPLE));
    }
    match text.parse() {
        Ok(IpAddr::V6(v6)) => match v6.to_ipv4_mapped() {
            Some(v4) => Err(fault(text, "is an IPv4 address in the form of IPv6").write(v4)),
            None => Ok(IpAddr::V6(v6)),
        },
        Ok(v4) => Ok(v4),
        Err(_) => Err(advise(text)),
    }
}

/// A message about this address.
pub(crate) fn fault(text: &str, what: &str) -> Invalid {
    Invalid::new(format!("the address {} {what}", quoted(text)))
}

/// Returns the address in the form that a port can follow.
pub(crate) fn bracketed(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("[{v6}]"),
    }
}

const EXAMPLE: &str = "write an IPv4 or IPv6 address, for example `10.0.0.11`";

/// Words the fault of a literal with a prefix length, a port, brackets, a zone or leading zeros; or of a text that is no
/// literal.
fn advise(text: &str) -> Invalid {
    let literal = |text: &str| text.parse::<IpAddr>().ok();
    if let Some((address, bits)) = text.split_once('/').and_then(|(left, bits)| Some((literal(left)?, bits)))
    {
        return if is_base(address, bits) {
            fault(text, "is a network, and no address in it")
                .help("write one address of that network: the host's own, as `ip address` shows it there")
        } else {
            fault(text, "is a network").write(address)
        };
    }
    if let Ok(socket) = text.parse::<std::net::SocketAddr>() {
        return fault(text, "has a port").write(socket.ip());
    }
    if let Some(address) = text.strip_prefix('[').and_then(|text| literal(text.strip_suffix(']')?)) {
        return fault(text, "has brackets").write(address);
    }
    if let Some(address) = text.split_once('%').and_then(|(address, _)| literal(address)) {
        return fault(text, "has a zone, which only the host itself understands").write(address);
    }
    let is_numeric = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    fault(text, if is_numeric { "is not an IPv4 address" } else { "is not an IPv4 or IPv6 address" })
        .write_or(decimal(text), EXAMPLE)
}

/// Returns whether the address before a length is the network's own, which no host has: `10.0.0.0/24`.
fn is_base(address: IpAddr, bits: &str) -> bool {
    let (number, width) = match address {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)), 32),
        IpAddr::V6(v6) => (u128::from(v6), 128),
    };
    let free = bits.parse::<u32>().ok().and_then(|bits| u32::checked_sub(width, bits));
    free.is_some_and(|free| free > 0 && number & (u128::MAX >> (128 - free)) == 0)
}

/// `010.0.0.1` without its zeros: some readers take them for octal.
fn decimal(text: &str) -> Option<IpAddr> {
    if text.len() > 20 {
        return None;
    }
    let plain = |part: &str| format!("{:0>1}", part.trim_start_matches('0'));
    text.split('.').map(plain).collect::<Vec<_>>().join(".").parse().ok()
}
