//! Signals: `SIGTERM`, `TERM`, `15`, `SIGRTMIN+3`.
//!
//! The names are those of docker (moby/sys, `signal_linux.go`: in any case, with or without `SIG`, `RTMIN` up
//! to `+15`, `RTMAX` down to `-14`); the numbers are signal(7)'s for x86 and ARM. systemd reads the same
//! names.

use super::{Invalid, quoted, suggest};
use std::fmt;

/// A signal, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signal(u8);

impl Signal {
    /// Asks a process to end.
    pub(crate) const TERM: Self = Self(15);
    /// Reads a signal by name or number.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if let Some(number) = plain_number(text) {
            return Self::of_number(number).ok_or_else(|| {
                Invalid::new(format!("{} is not the number of a signal", quoted(text))).help(EXAMPLE)
            });
        }
        let upper = text.to_ascii_uppercase();
        let name = upper.strip_prefix("SIG").unwrap_or(&upper);
        if let Some(signal) = ordinary(name).or_else(|| real_time(name)) {
            return Ok(signal);
        }
        let nearest =
            suggest::nearest(name, NAMES.iter().map(|(name, _)| *name)).map(|name| format!("SIG{name}"));
        let instead = out_of_step(name).map(|signal| signal.to_string()).or(nearest);
        Err(Invalid::new(format!("{} is not a signal", quoted(text))).write_or(instead, EXAMPLE))
    }

    /// The number.
    pub(crate) fn number(self) -> u8 {
        self.0
    }

    /// Not 32 and 33: the C library keeps them for itself.
    fn of_number(number: u64) -> Option<Self> {
        matches!(number, 1..=31 | 34..=64).then(|| u8::try_from(number).ok().map(Self)).flatten()
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match (self.0, NAMES.iter().find(|(_, number)| *number == self.0)) {
            (_, Some((name, _))) => write!(f, "SIG{name}"),
            (34, _) => f.write_str("SIGRTMIN"),
            (64, _) => f.write_str("SIGRTMAX"),
            (number @ ..50, _) => write!(f, "SIGRTMIN+{}", number - 34),
            (number, _) => write!(f, "SIGRTMAX-{}", 64 - number),
        }
    }
}

const EXAMPLE: &str = "write a name such as `SIGTERM`";

/// Every signal with a name of its own. If it has several, the first is printed.
const NAMES: [(&str, u8); 34] = [
    ("HUP", 1),
    ("INT", 2),
    ("QUIT", 3),
    ("ILL", 4),
    ("TRAP", 5),
    ("ABRT", 6),
    ("BUS", 7),
    ("FPE", 8),
    ("KILL", 9),
    ("USR1", 10),
    ("SEGV", 11),
    ("USR2", 12),
    ("PIPE", 13),
    ("ALRM", 14),
    ("TERM", 15),
    ("STKFLT", 16),
    ("CHLD", 17),
    ("CONT", 18),
    ("STOP", 19),
    ("TSTP", 20),
    ("TTIN", 21),
    ("TTOU", 22),
    ("URG", 23),
    ("XCPU", 24),
    ("XFSZ", 25),
    ("VTALRM", 26),
    ("PROF", 27),
    ("WINCH", 28),
    ("IO", 29),
    ("PWR", 30),
    ("SYS", 31),
    ("IOT", 6),
    ("CLD", 17),
    ("POLL", 29),
];

fn ordinary(name: &str) -> Option<Signal> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, number)| Signal(*number))
}

/// `RTMIN+n` and `RTMAX-n` where docker knows them.
fn real_time(name: &str) -> Option<Signal> {
    match steps(name)? {
        (34, step @ 0..=15) | (64, step @ -14..=0) => out_of_step(name).filter(|_| step.abs() <= 15),
        _ => None,
    }
}

/// Returns the signal of `RTMIN+n` or `RTMAX-n`, even beyond docker's names.
fn out_of_step(name: &str) -> Option<Signal> {
    let (base, step) = steps(name)?;
    let number = base + step;
    (34..=64).contains(&number).then(|| u8::try_from(number).ok().map(Signal)).flatten()
}

/// The number that is counted from, and the steps.
fn steps(name: &str) -> Option<(i64, i64)> {
    match name {
        "RTMIN" => return Some((34, 0)),
        "RTMAX" => return Some((64, 0)),
        _ => {}
    }
    let up = name.strip_prefix("RTMIN+").map(|step| (34, 1, step));
    let (base, direction, step) = up.or(name.strip_prefix("RTMAX-").map(|step| (64, -1, step)))?;
    let step = plain_number(step).filter(|step| (1..=30).contains(step))?;
    Some((base, direction * i64::try_from(step).ok()?))
}

/// Digits without a zero in front.
fn plain_number(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    is_plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            Signal::parse,
            &[
                ("SIGTERM", "SIGTERM"),
                ("TERM", "SIGTERM"),
                ("term", "SIGTERM"),
                ("sigterm", "SIGTERM"),
                ("15", "SIGTERM"),
                ("9", "SIGKILL"),
                ("SIGRTMIN+3", "SIGRTMIN+3"),
                ("RTMIN+3", "SIGRTMIN+3"),
                ("37", "SIGRTMIN+3"),
                ("RTMIN", "SIGRTMIN"),
                ("49", "SIGRTMIN+15"),
                ("50", "SIGRTMAX-14"),
                ("RTMAX-14", "SIGRTMAX-14"),
                ("64", "SIGRTMAX"),
                ("SIGCLD", "SIGCHLD"),
                ("IOT", "SIGABRT"),
                ("POLL", "SIGIO"),
            ],
        );
        assert_eq!((Signal::TERM.number(), Signal::TERM.to_string()), (15, "SIGTERM".to_owned()));
    }

    #[test]
    fn refuses() {
        refused(
            Signal::parse,
            &[
                ("", "`` is not a signal", EXAMPLE),
                ("0", "`0` is not the number of a signal", EXAMPLE),
                ("32", "`32` is not the number of a signal", EXAMPLE),
                ("65", "`65` is not the number of a signal", EXAMPLE),
                ("015", "`015` is not a signal", EXAMPLE),
                ("-15", "`-15` is not a signal", EXAMPLE),
                ("SIGTREM", "`SIGTREM` is not a signal", "write `SIGTERM`"),
                ("SIG", "`SIG` is not a signal", EXAMPLE),
                ("SIGRTMIN+16", "`SIGRTMIN+16` is not a signal", "write `SIGRTMAX-14`"),
                ("RTMIN+31", "`RTMIN+31` is not a signal", EXAMPLE),
                ("RTMAX-30", "`RTMAX-30` is not a signal", "write `SIGRTMIN`"),
                ("RTMIN+03", "`RTMIN+03` is not a signal", EXAMPLE),
                ("SIGTERM ", "`SIGTERM ` is not a signal", "write `SIGTERM`"),
                ("graceful", "`graceful` is not a signal", EXAMPLE),
            ],
        );
    }

    proptest! {
        #[test]
        fn reads_what_it_prints(number in 1u64..=64, text in "(sig|SIG)?[a-zA-Z0-9+-]{0,8}") {
            if let Some(signal) = Signal::of_number(number) {
                prop_assert_eq!(Signal::parse(&signal.to_string()), Ok(signal));
            }
            round_trips(Signal::parse, &text);
        }
    }
}
