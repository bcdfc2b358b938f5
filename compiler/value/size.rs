//! Sizes of memory and files: `512k`, `64m`, `1.5g` → bytes.
//!
//! The grammar is that of docker's flags (go-units, `RAMInBytes`): multiples of 1024 in any case, an optional `b` or `ib`
//! behind the letter, fractions cut to whole bytes. Unlike docker, dpc requires a unit, and refuses zero, which would mean "no
//! limit".

use super::{Invalid, quoted};
use std::fmt;

/// A number of bytes, at least one and no more than docker's signed 64 bits hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size(u64);

const EXAMPLE: &str = "write a number and a unit, for example `64m`, `1g` or `1.5g`";

/// The units and their bytes, the largest first.
const UNITS: [(&str, u64); 6] =
    [("p", 1 << 50), ("t", 1 << 40), ("g", 1 << 30), ("m", 1 << 20), ("k", 1 << 10), ("b", 1)];

impl Size {
    /// The least memory that docker gives a container (`--memory`: "Minimum memory limit allowed is 6MB").
    pub(crate) const LEAST_MEMORY: Self = Self(6 << 20);

    /// Reads a size with its unit.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (number, unit) = split(text);
        if number.is_empty() {
            return Err(no_size(text));
        }
        if unit.is_empty() {
            let help =
                format!("write `{number}m` for mebibytes, `{number}g` for gibibytes, `{number}b` for bytes");
            let help = if number.len() > 20 { EXAMPLE.to_owned() } else { help };
            return Err(Invalid::new(format!("{} has no unit", quoted(text))).help(help));
        }
        let bytes = bytes_of(unit).ok_or_else(|| unknown_unit(number, unit))?;
        match product(number, bytes).ok_or_else(|| no_size(text))? {
            0 => Err(Invalid::new(format!("{} is no size", quoted(text))).help("leave it out for no limit")),
            bytes => u64::try_from(bytes).ok().and_then(Self::of).ok_or_else(|| {
                Invalid::new(format!("{} is more than docker can count", quoted(text)))
                    .help("write less, or leave it out for no limit")
            }),
        }
    }

    /// A size of `bytes`, if docker can count them.
    pub fn of(bytes: u64) -> Option<Self> {
        (bytes > 0 && i64::try_from(bytes).is_ok()).then_some(Self(bytes))
    }

    /// Returns this size, if it is not below `least`.
    pub(crate) fn at_least(self, least: Self) -> Result<Self, Invalid> {
        if self < least {
            return Err(Invalid::new(format!("`{self}` is too little here"))
                .help(format!("write at least `{least}`")));
        }
        Ok(self)
    }

    /// Returns the size in bytes.
    pub fn bytes(self) -> u64 {
        self.0
    }
}

/// Prints it for docker's flags. The kernel's mount options know no `b`: they take [`Size::bytes`].
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (unit, bytes) =
            UNITS.iter().find(|(_, bytes)| self.0.is_multiple_of(*bytes)).unwrap_or(&UNITS[5]);
        write!(f, "{}{unit}", self.0 / bytes)
    }
}

/// The number, and the unit behind at most one blank.
fn split(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.strip_prefix(' ').unwrap_or(unit))
}

fn bytes_of(unit: &str) -> Option<u64> {
    let unit = unit.to_ascii_lowercase();
    let letter = match unit.strip_suffix("ib").or(unit.strip_suffix('b')) {
        None => unit.as_str(),
        Some("") if unit == "b" => "b",
        Some("" | "b") => return None,
        Some(letter) => letter,
    };
    UNITS.iter().find(|(name, _)| *name == letter).map(|(_, bytes)| *bytes)
}

/// Returns `1.5` of `bytes`, cut to a whole number; `u128::MAX` if it is too much; `None` if the text is no number.
fn product(number: &str, bytes: u64) -> Option<u128> {
    let (whole, fraction) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (number, ""),
    };
    if whole.is_empty() || fraction.contains('.') {
        return None;
    }
    // The eighteenth place of the largest unit is less than a byte.
    let fraction = &fraction[..fraction.len().min(18)];
    let scale = 10u128.pow(u32::try_from(fraction.len()).ok()?);
    let parts = whole.parse::<u64>().map_or(u128::MAX, |whole| u128::from(whole) * scale);
    let parts = parts.saturating_add(fraction.parse().unwrap_or(0));
    Some(parts.saturating_mul(u128::from(bytes)) / scale)
}

fn no_size(text: &str) -> Invalid {
    Invalid::new(match text {
        "" => "the size is empty".to_owned(),
        _ => format!("{} is not a size", quoted(text)),
    })
    .help(EXAMPLE)
}

fn unknown_unit(number: &str, unit: &str) -> Invalid {
    let first = unit.trim().chars().next().map(|c| c.to_ascii_lowercase()).filter(|c| "kmgtpb".contains(*c));
    Invalid::new(format!("{} is not a unit of size", quoted(unit))).write_or(
        first.map(|unit| format!("{number}{unit}")),
        "write one of `b`, `k`, `m`, `g`, `t`, `p`, for example `64m`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            Size::parse,
            &[
                ("64m", "64m"),
                ("1g", "1g"),
                ("512k", "512k"),
                ("16g", "16g"),
                ("1024b", "1k"),
                ("1000b", "1000b"),
                ("1G", "1g"),
                ("64MiB", "64m"),
                ("64mb", "64m"),
                ("64 MB", "64m"),
                ("1.5g", "1536m"),
                ("0.5k", "512b"),
                ("2048m", "2g"),
                ("1t", "1t"),
                ("2p", "2p"),
                ("9007199254740993b", "9007199254740993b"),
                ("9223372036854775807b", "9223372036854775807b"),
                ("1B", "1b"),
            ],
        );
        assert_eq!(Size::parse("0.3g").unwrap().bytes(), 322_122_547);
    }

    #[test]
    fn refuses() {
        refused(
            Size::parse,
            &[
                ("64", "`64` has no unit", "write `64m` for mebibytes, `64g` for gibibytes, `64b` for bytes"),
                ("", "the size is empty", EXAMPLE),
                ("m", "`m` is not a size", EXAMPLE),
                ("-1", "`-1` is not a size", EXAMPLE),
                (".5g", "`.5g` is not a size", EXAMPLE),
                ("5.g", "`5.g` is not a size", EXAMPLE),
                ("1.2.3g", "`1.2.3g` is not a size", EXAMPLE),
                ("64  m", "` m` is not a unit of size", "write `64m`"),
                ("64megs", "`megs` is not a unit of size", "write `64m`"),
                ("64bb", "`bb` is not a unit of size", "write `64b`"),
                (
                    "64ib",
                    "`ib` is not a unit of size",
                    "write one of `b`, `k`, `m`, `g`, `t`, `p`, for example `64m`",
                ),
                (
                    "1e3m",
                    "`e3m` is not a unit of size",
                    "write one of `b`, `k`, `m`, `g`, `t`, `p`, for example `64m`",
                ),
                ("0m", "`0m` is no size", "leave it out for no limit"),
                ("0.0001b", "`0.0001b` is no size", "leave it out for no limit"),
                (
                    "8192p",
                    "`8192p` is more than docker can count",
                    "write less, or leave it out for no limit",
                ),
                (
                    "99999999999999999999999999999999999999999g",
                    "`99999999999999999999999999999999999999999g` is more than docker can count",
                    "write less, or leave it out for no limit",
                ),
            ],
        );
    }

    #[test]
    fn has_a_least() {
        assert!(Size::LEAST_MEMORY.at_least(Size::LEAST_MEMORY).is_ok());
        let little = Size::parse("4m").unwrap().at_least(Size::LEAST_MEMORY).unwrap_err();
        assert_eq!(
            (&*little.message, little.help.as_deref()),
            ("`4m` is too little here", Some("write at least `6m`"))
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(bytes in prop_oneof![1..=i64::MAX as u64, (1u64..9, 0u32..60).prop_map(|(n, shift)| n << shift)]) {
            prop_assert_eq!(Size::parse(&Size(bytes).to_string()), Ok(Size(bytes)));
        }

        #[test]
        fn any_text(text in "[0-9.]{0,25} ?[kmgtpibKMGTPIB]{0,4}|\\PC*") {
            round_trips(Size::parse, &text);
        }
    }
}
