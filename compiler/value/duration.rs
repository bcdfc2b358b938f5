//! Lengths of time: `500ms`, `5s`, `1m30s`, `1d` → milliseconds.
//!
//! docker (Go's `time.ParseDuration`, which knows no days) and systemd (systemd.time(7), "Parsing Time Spans", where `m` is a
//! minute) read the printed form alike.

use super::{Invalid, quoted};
use std::fmt;

/// A length of time, to the millisecond, of at most a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(u64);

/// The units and their milliseconds, in the order in which they are written.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

impl Duration {
    /// No time.
    pub(crate) const ZERO: Self = Self(0);
    /// The longest duration. A longer one is a slip in nearly every case, and readers overflow somewhere.
    pub(crate) const LONGEST: Self = Self(365 * UNITS[0].1);

    /// Reads a duration that is not zero.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match Self::parse_or_zero(text)? {
            Self::ZERO => {
                Err(Invalid::new(format!("{} is no time", quoted(text))).help("write at least `1ms`"))
            }
            duration => Ok(duration),
        }
    }

    /// Reads a duration where zero has a meaning.
    pub(crate) fn parse_or_zero(text: &str) -> Result<Self, Invalid> {
        let millis = exactly(text).map_err(|message| {
            Invalid::new(message).write_or(
                loosely(text),
                "write numbers with the units `d`, `h`, `m`, `s`, `ms`, for example `5s` or `1m30s`",
            )
        })?;
        match millis {
            Some(millis) if millis <= Self::LONGEST.0 => Ok(Self(millis)),
            _ => {
                Err(Invalid::new(format!("{} is longer than a year", quoted(text)))
                    .help("write at most `365d`"))
            }
        }
    }

    /// Returns whole seconds, for shells and for flags that take nothing finer; never shorter than the duration.
    pub(crate) fn as_seconds_ceil(self) -> u64 {
        self.0.div_ceil(1_000)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (unit, millis) in &UNITS[1..] {
            if rest >= *millis {
                write!(f, "{}{unit}", rest / millis)?;
                rest %= millis;
            }
        }
        Ok(())
    }
}

/// Returns the milliseconds (`None` if they are too many), or what is wrong.
fn exactly(text: &str) -> Result<Option<u64>, String> {
    if text.is_empty() {
        return Err("the duration is empty".to_owned());
    }
    let (mut rest, mut total, mut allowed) = (text, Some(0u64), &UNITS[..]);
    while !rest.is_empty() {
        let (number, unit, behind) = part(rest);
        if number.is_empty() || number.contains('.') {
            return Err(format!("{} is not a duration", quoted(text)));
        }
        if unit.is_empty() {
            return Err(format!("{} has no unit", quoted(rest)));
        }
        let Some(index) = allowed.iter().position(|(name, _)| *name == unit) else {
            return Err(unexpected(unit, text));
        };
        total = total
            .and_then(|total| number.parse::<u64>().ok()?.checked_mul(allowed[index].1)?.checked_add(total));
        (rest, allowed) = (behind, &allowed[index + 1..]);
    }
    Ok(total)
}

/// A unit in the wrong place, or no unit.
fn unexpected(unit: &str, text: &str) -> String {
    let bare = unit.trim();
    if bare != unit && (bare.is_empty() || UNITS.iter().any(|(name, _)| *name == bare)) {
        return format!("{} holds a blank", quoted(text));
    }
    let unit = bare;
    if UNITS.iter().any(|(name, _)| *name == unit) {
        format!("the units of {} do not go from large to small, each once", quoted(text))
    } else {
        format!("{} is not a unit of time", quoted(unit))
    }
}

/// Splits a text into digits and points, then other characters, then the rest.
fn part(text: &str) -> (&str, &str, &str) {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let (number, behind) = text.split_at(text.find(|c| !is_number(c)).unwrap_or(text.len()));
    let (unit, rest) = behind.split_at(behind.find(is_number).unwrap_or(behind.len()));
    (number, unit, rest)
}

/// Guesses what was meant by blanks, capitals, words for units, fractions and a missing unit.
fn loosely(text: &str) -> Option<Duration> {
    let text = text.to_lowercase();
    let (mut rest, mut total) = (text.trim(), 0u64);
    while !rest.is_empty() {
        let (number, unit, behind) = part(rest);
        total = total.checked_add(fraction_of(number, millis_of(unit.trim_matches([' ', ',']))?)?)?;
        rest = behind;
    }
    (0 < total && total <= Duration::LONGEST.0).then_some(Duration(total))
}

fn millis_of(unit: &str) -> Option<u64> {
    Some(match unit {
        "d" | "day" | "days" => UNITS[0].1,
        "h" | "hr" | "hrs" | "hour" | "hours" => UNITS[1].1,
        "m" | "min" | "mins" | "minute" | "minutes" => UNITS[2].1,
        "" | "s" | "sec" | "secs" | "second" | "seconds" => UNITS[3].1,
        "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => UNITS[4].1,
        _ => return None,
    })
}

/// Returns `1.5` of `millis`, if that is a whole number.
fn fraction_of(number: &str, millis: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let scale = 10u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let parts: u64 = format!("{whole}{fraction}").parse().ok()?;
    let product = parts.checked_mul(millis)?;
    product.is_multiple_of(scale).then_some(product / scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            Duration::parse,
            &[
                ("500ms", "500ms"),
                ("5s", "5s"),
                ("90s", "1m30s"),
                ("2m", "2m"),
                ("1h", "1h"),
                ("1m30s", "1m30s"),
                ("1d", "24h"),
                ("1d12h", "36h"),
                ("1500ms", "1s500ms"),
                ("007s", "7s"),
                ("365d", "8760h"),
                ("1h0m5s", "1h5s"),
            ],
        );
        accepted(Duration::parse_or_zero, &[("0s", "0s"), ("0ms", "0s"), ("0h0m", "0s"), ("3s", "3s")]);
    }

    #[test]
    fn refuses() {
        let units = "write numbers with the units `d`, `h`, `m`, `s`, `ms`, for example `5s` or `1m30s`";
        refused(
            Duration::parse,
            &[
                ("5", "`5` has no unit", "write `5s`"),
                ("1m30", "`30` has no unit", "write `1m30s`"),
                ("", "the duration is empty", units),
                ("soon", "`soon` is not a duration", units),
                ("-5s", "`-5s` is not a duration", units),
                ("1.5s", "`1.5s` is not a duration", "write `1s500ms`"),
                ("0.3333s", "`0.3333s` is not a duration", units),
                ("5S", "`S` is not a unit of time", "write `5s`"),
                ("5 s", "`5 s` holds a blank", "write `5s`"),
                ("1m 30s", "`1m 30s` holds a blank", "write `1m30s`"),
                ("2 minutes", "`minutes` is not a unit of time", "write `2m`"),
                ("10us", "`us` is not a unit of time", units),
                ("30s1m", "the units of `30s1m` do not go from large to small, each once", "write `1m30s`"),
                ("1s1s", "the units of `1s1s` do not go from large to small, each once", "write `2s`"),
                ("0s", "`0s` is no time", "write at least `1ms`"),
                ("0", "`0` has no unit", units),
                ("366d", "`366d` is longer than a year", "write at most `365d`"),
                (
                    "99999999999999999999d",
                    "`99999999999999999999d` is longer than a year",
                    "write at most `365d`",
                ),
                ("5s\n", "`5s\\n` holds a blank", "write `5s`"),
            ],
        );
    }

    #[test]
    fn counts() {
        let duration = Duration::parse("1s1ms").unwrap();
        assert_eq!(duration.as_seconds_ceil(), 2);
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(millis in 0..=Duration::LONGEST.0) {
            prop_assert_eq!(Duration::parse_or_zero(&Duration(millis).to_string()), Ok(Duration(millis)));
        }

        #[test]
        fn any_text(text in "([0-9.]{0,21}[dhms ]{0,2}){0,4}|\\PC*") {
            round_trips(Duration::parse_or_zero, &text);
        }
    }
}
