//! Ports, ranges of ports and protocols: `8080`, `10000-10100`, `udp`.

use super::choice::choice;
use super::{Invalid, quoted};
use std::{fmt, num::NonZeroU16};

/// A port that a process can listen on: 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(NonZeroU16);

impl Port {
    /// The port of sshd.
    pub(crate) const SSH: Self = Self::known(22);

    /// The lowest port.
    pub(crate) const FIRST: Self = Self(NonZeroU16::MIN);

    /// The highest port.
    pub(crate) const LAST: Self = Self(NonZeroU16::MAX);

    /// Reads a port.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if !is_digits(text) {
            return Err(no_port(text));
        }
        if text.len() > 1 && text.starts_with('0') {
            let instead = Some(text.trim_start_matches('0')).filter(|digits| Self::parse(digits).is_ok());
            return Err(Invalid::new(format!("{} starts with a zero", quoted(text))).write_or(instead, RANGE));
        }
        text.parse().ok().and_then(NonZeroU16::new).map(Self).ok_or_else(|| out_of_range(quoted(text)))
    }

    /// The port of a number, where it is one.
    pub fn of(number: u16) -> Option<Self> {
        NonZeroU16::new(number).map(Self)
    }

    /// Returns the port `by` ports above: instance n of a service listens `n - 1` above its first.
    pub(crate) fn offset(self, by: u32) -> Result<Self, Invalid> {
        let port = u16::try_from(by).ok().and_then(|by| self.0.checked_add(by));
        port.map(Self).ok_or_else(|| {
            Invalid::new(format!("{by} above port `{self}` there is no port"))
                .help("the last port is `65535`")
        })
    }

    /// The number.
    pub fn get(self) -> u16 {
        self.0.get()
    }

    const fn known(number: u16) -> Self {
        match NonZeroU16::new(number) {
            Some(number) => Self(number),
            None => panic!("zero is not a port"),
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The ports from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRange {
    first: Port,
    last: Port,
}

impl PortRange {
    /// Reads `10000-10100`, or one port as a range of one.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let Some((first, last)) = text.split_once('-') else { return Ok(Port::parse(text)?.into()) };
        if first.is_empty() {
            return Err(no_port(text));
        }
        if last.is_empty() {
            return Err(Invalid::new(format!("the range {} has no end", quoted(text)))
                .write_or(Port::parse(first).ok(), RANGE));
        }
        if text.contains(' ') {
            let plain = text.replace(' ', "");
            return Err(Invalid::new(format!("the range {} holds a blank", quoted(text)))
                .write_or(Self::parse(&plain).ok(), RANGE));
        }
        let range = Self { first: Port::parse(first)?, last: Port::parse(last)? };
        if range.first > range.last {
            return Err(Invalid::new(format!("the range {} ends before it starts", quoted(text)))
                .write(format_args!("{}-{}", range.last, range.first)));
        }
        Ok(range)
    }

    /// The range `by` ports above.
    pub(crate) fn offset(self, by: u32) -> Result<Self, Invalid> {
        Ok(Self { first: self.first.offset(by)?, last: self.last.offset(by)? })
    }

    /// Returns as many ports from another first port, cut at the last port.
    pub(crate) fn starting_at(self, first: Port) -> Self {
        let last = first.offset(self.count() - 1).unwrap_or(Port::LAST);
        Self { first, last }
    }

    /// The first port.
    pub fn first(self) -> Port {
        self.first
    }

    /// The last port.
    pub fn last(self) -> Port {
        self.last
    }

    /// Returns whether it is a single port.
    pub(crate) fn is_one(self) -> bool {
        self.first == self.last
    }

    /// Counts the ports of the range; there is at least one.
    pub(crate) fn count(self) -> u32 {
        u32::from(self.last.get() - self.first.get()) + 1
    }

    /// Returns whether both ranges share a port.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

impl From<(Port, Port)> for PortRange {
    /// The range between two ports, whichever is the lower.
    fn from((one, other): (Port, Port)) -> Self {
        Self { first: one.min(other), last: one.max(other) }
    }
}

impl From<Port> for PortRange {
    fn from(port: Port) -> Self {
        Self { first: port, last: port }
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.first.fmt(f)?;
        if self.first == self.last { Ok(()) } else { write!(f, "-{}", self.last) }
    }
}

/// The protocol of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

choice!(Protocol { Tcp = "tcp", Udp = "udp", Sctp = "sctp" });

const RANGE: &str = "write a number from `1` to `65535`";

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn out_of_range(shown: String) -> Invalid {
    Invalid::new(format!("{shown} is not a port: ports go from 1 to 65535")).help(RANGE)
}

/// Habits from `docker run -p` get an explanation: there is nothing to map.
fn no_port(text: &str) -> Invalid {
    let invalid = Invalid::new(match text {
        "" => "the port is empty".to_owned(),
        _ => format!("{} is not a port", quoted(text)),
    });
    let digits: String = text.chars().filter(|c| !matches!(c, '_' | ' ')).collect();
    let instead = Some(&digits)
        .filter(|digits| *digits != text && is_digits(digits))
        .and_then(|digits| Port::parse(digits).ok());
    match text.split_once(['/', ':']) {
        Some((port, _)) if text.contains('/') && is_digits(port) && port.len() <= 5 => {
            invalid.help(format!("write `{port}`, and the protocol as a property of its own"))
        }
        Some(_) => invalid.help("nothing is mapped: write only the port that the process listens on"),
        None => invalid.write_or(instead, RANGE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(Port::parse, &[("1", "1"), ("80", "80"), ("8080", "8080"), ("65535", "65535")]);
        accepted(
            PortRange::parse,
            &[("10000-10100", "10000-10100"), ("80", "80"), ("80-80", "80"), ("1-65535", "1-65535")],
        );
        accepted(Protocol::parse, &[("tcp", "tcp"), ("udp", "udp"), ("sctp", "sctp")]);
    }

    #[test]
    fn refuses() {
        let mapped = "nothing is mapped: write only the port that the process listens on";
        refused(
            Port::parse,
            &[
                ("", "the port is empty", RANGE),
                ("0", "`0` is not a port: ports go from 1 to 65535", RANGE),
                ("65536", "`65536` is not a port: ports go from 1 to 65535", RANGE),
                (
                    "99999999999999999999",
                    "`99999999999999999999` is not a port: ports go from 1 to 65535",
                    RANGE,
                ),
                ("080", "`080` starts with a zero", "write `80`"),
                ("00", "`00` starts with a zero", RANGE),
                ("-1", "`-1` is not a port", RANGE),
                ("+80", "`+80` is not a port", RANGE),
                ("http", "`http` is not a port", RANGE),
                (" 80", "` 80` is not a port", "write `80`"),
                ("8_080", "`8_080` is not a port", "write `8080`"),
                ("٨٠", "`٨٠` is not a port", RANGE),
                (
                    "8080/udp",
                    "`8080/udp` is not a port",
                    "write `8080`, and the protocol as a property of its own",
                ),
                ("8080:80", "`8080:80` is not a port", mapped),
                ("0.0.0.0:80", "`0.0.0.0:80` is not a port", mapped),
            ],
        );
        refused(
            PortRange::parse,
            &[
                ("90-80", "the range `90-80` ends before it starts", "write `80-90`"),
                ("80-", "the range `80-` has no end", "write `80`"),
                ("-80", "`-80` is not a port", RANGE),
                ("-1", "`-1` is not a port", RANGE),
                ("80 - 90", "the range `80 - 90` holds a blank", "write `80-90`"),
                ("-", "`-` is not a port", RANGE),
                ("1-2-3", "`2-3` is not a port", RANGE),
                ("80-65536", "`65536` is not a port: ports go from 1 to 65535", RANGE),
            ],
        );
        refused(
            Protocol::parse,
            &[
                ("TCP", "`TCP` is none of `tcp`, `udp`, `sctp`", "did you mean `tcp`?"),
                ("http", "`http` is none of `tcp`, `udp`, `sctp`", "write one of `tcp`, `udp`, `sctp`"),
                ("", "`` is none of `tcp`, `udp`, `sctp`", "write one of `tcp`, `udp`, `sctp`"),
            ],
        );
    }

    #[test]
    fn numbers_and_offsets() {
        let port = |number| Port::of(number).unwrap();
        assert_eq!(port(8080).offset(2), Ok(port(8082)));
        assert_eq!(port(65534).offset(1), Ok(port(65535)));
        let beyond = port(65534).offset(2).unwrap_err();
        assert_eq!(beyond.message, "2 above port `65534` there is no port");
        assert!(port(1).offset(70_000).is_err() && port(1).offset(u32::MAX).is_err());
        assert_eq!(Port::of(0), None);
        let ephemeral = PortRange::parse("32768-60999").unwrap();
        let is_ephemeral = |number| ephemeral.overlaps(port(number).into());
        assert!(is_ephemeral(32768) && is_ephemeral(60999) && !is_ephemeral(32767) && !is_ephemeral(61000));
    }

    #[test]
    fn ranges() {
        let range = |text| PortRange::parse(text).unwrap();
        assert_eq!(range("10-19").count(), 10);
        assert_eq!(range("10-19").offset(10), Ok(range("20-29")));
        assert!(range("65000-65535").offset(1).is_err());
        assert!(range("10-19").overlaps(range("19-30")) && !range("10-19").overlaps(range("20-30")));
        assert!(range("10-19").overlaps(range("12")) && range("12").overlaps(range("10-19")));
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(one in 1..=u16::MAX, two in 1..=u16::MAX) {
            let text = format!("{}-{}", one.min(two), one.max(two));
            prop_assert!(round_trips(PortRange::parse, &text));
        }

        #[test]
        fn any_text(text in "[0-9]{0,7}[-/: ]?[0-9]{0,7}|\\PC*") {
            round_trips(Port::parse, &text);
            round_trips(PortRange::parse, &text);
        }
    }
}
