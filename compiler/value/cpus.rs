//! Shares of processors: `1`, `1.5`, `0.25`, as text or as the number's text in KDL.

use super::{Invalid, quoted};
use std::fmt;

/// Processors, to the thousandth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpus(u32);

/// docker: "Range of CPUs is from 0.01 to" what the host has; Linux is built for 8192 at most.
const RANGE: std::ops::RangeInclusive<u32> = 10..=8_192_000;

impl Cpus {
    /// Reads a decimal number with at most three places.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let Some((whole, places)) = split(text) else { return Err(no_number(text)) };
        if places.len() > 3 {
            return Err(fault(text, "is finer than a thousandth")
                .help("write at most three places, for example `0.333`"));
        }
        let thousandths = format!("{whole}{places:0<3}").parse().unwrap_or(u32::MAX);
        if thousandths < *RANGE.start() {
            return Err(fault(text, "is less than docker gives").help("write at least `0.01`"));
        }
        if thousandths > *RANGE.end() {
            return Err(fault(text, "is more than any host has").help("write at most `8192`"));
        }
        Ok(Self(thousandths))
    }
}

impl fmt::Display for Cpus {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let places = format!("{:03}", self.0 % 1_000);
        match places.trim_end_matches('0') {
            "" => write!(f, "{}", self.0 / 1_000),
            places => write!(f, "{}.{places}", self.0 / 1_000),
        }
    }
}

fn fault(text: &str, what: &str) -> Invalid {
    Invalid::new(format!("the number of processors {} {what}", quoted(text)))
}

/// Splits a number at its point: digits, no zero in front, no point without places.
fn split(text: &str) -> Option<(&str, &str)> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, places) = match text.split_once('.') {
        Some((whole, places)) if is_digits(places) => (whole, places),
        Some(_) => return None,
        None => (text, ""),
    };
    (is_digits(whole) && (whole == "0" || !whole.starts_with('0'))).then_some((whole, places))
}

/// Thousandths as Kubernetes writes them (`500m`), a bare point and a sign get what they mean.
fn no_number(text: &str) -> Invalid {
    let milli = text
        .strip_suffix('m')
        .filter(|digits| digits.len() < 8)
        .and_then(|digits| digits.parse().ok())
        .filter(|milli| RANGE.contains(milli));
    let completed = format!("0{text}").trim_end_matches('.').to_owned();
    let completed =
        Some(if text.starts_with('.') { completed } else { text.trim_matches(['+', '.', ' ']).to_owned() });
    let completed = completed
        .filter(|instead| instead != text && split(instead).is_some_and(|(_, places)| places.len() <= 3));
    let instead = milli.map(|milli| Cpus(milli).to_string()).or(completed);
    fault(text, "is not a decimal number").write_or(instead, "write for example `1.5`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            Cpus::parse,
            &[
                ("1", "1"),
                ("1.5", "1.5"),
                ("0.25", "0.25"),
                ("1.50", "1.5"),
                ("2.000", "2"),
                ("0.01", "0.01"),
                ("0.125", "0.125"),
                ("8192", "8192"),
            ],
        );
    }

    #[test]
    fn refuses() {
        let example = "write for example `1.5`";
        refused(
            Cpus::parse,
            &[
                ("", "the number of processors `` is not a decimal number", example),
                ("0", "the number of processors `0` is less than docker gives", "write at least `0.01`"),
                (
                    "0.009",
                    "the number of processors `0.009` is less than docker gives",
                    "write at least `0.01`",
                ),
                (
                    "0.3333",
                    "the number of processors `0.3333` is finer than a thousandth",
                    "write at most three places, for example `0.333`",
                ),
                ("9000", "the number of processors `9000` is more than any host has", "write at most `8192`"),
                (
                    "99999999999",
                    "the number of processors `99999999999` is more than any host has",
                    "write at most `8192`",
                ),
                ("-1", "the number of processors `-1` is not a decimal number", example),
                (".5", "the number of processors `.5` is not a decimal number", "write `0.5`"),
                ("1.", "the number of processors `1.` is not a decimal number", "write `1`"),
                ("+2", "the number of processors `+2` is not a decimal number", "write `2`"),
                ("500m", "the number of processors `500m` is not a decimal number", "write `0.5`"),
                ("1e2", "the number of processors `1e2` is not a decimal number", example),
                ("0x2", "the number of processors `0x2` is not a decimal number", example),
                ("1_0", "the number of processors `1_0` is not a decimal number", example),
                ("#inf", "the number of processors `#inf` is not a decimal number", example),
                ("01", "the number of processors `01` is not a decimal number", example),
                ("1,5", "the number of processors `1,5` is not a decimal number", example),
                ("1.5.1", "the number of processors `1.5.1` is not a decimal number", example),
            ],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(thousandths in RANGE, text in "[0-9.m+]{0,8}|\\PC*") {
            prop_assert_eq!(Cpus::parse(&Cpus(thousandths).to_string()), Ok(Cpus(thousandths)));
            round_trips(Cpus::parse, &text);
        }
    }
}
