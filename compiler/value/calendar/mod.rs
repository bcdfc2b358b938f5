//! Schedules: `daily`, `Mon..Fri *-*-* 03:00`, `*:0/15 UTC`.
//!
//! The grammar is that of `OnCalendar=` (systemd.time(7), "Calendar Events") as systemd 252 reads it. dpc also refuses days
//! that no month has, which systemd takes and never reaches, and time zones other than `UTC` and an area with a city, which
//! depend on the host's own zone.

mod chain;
mod cron;
mod date;
mod plain;
mod spoken;
mod weekdays;
mod zone;

use super::{Invalid, quoted, text::text_value};
use std::sync::Arc;

text_value! {
    /// A schedule as it was written, without blanks at the end.
    Calendar
}

impl Calendar {
    /// Reads a schedule.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        match check(text) {
            Ok(()) => Ok(Self(Arc::from(text.trim_end_matches(' ')))),
            Err(fault) => {
                let instead = [cron::schedule(text), spelling(text), spoken::schedule(text)]
                    .into_iter()
                    .flatten()
                    .find(|instead| check(instead).is_ok());
                let what = if text.is_empty() {
                    "the schedule is empty".to_owned()
                } else {
                    format!("the schedule {} {fault}", quoted(text))
                };
                Err(Invalid::new(what).write_or(instead, EXAMPLE))
            }
        }
    }
}

impl Calendar {
    /// Returns whether all its times lie before the year that this dpc is from.
    pub(crate) fn is_past(&self) -> bool {
        let times = zone::without(self.as_str()).unwrap_or_default();
        weekdays::read(times).is_ok_and(date::is_past)
    }

    /// One spelling for all that mean the same times.
    pub(crate) fn plain(&self) -> String {
        plain::spelling(self.as_str())
    }
}

const EXAMPLE: &str = "write for example `daily`, `*-*-* 03:00`, `Mon..Fri 08:30` or `*:0/15`";

/// Words that stand for a schedule, in any case.
const WORDS: [&str; 13] = [
    "minutely",
    "hourly",
    "daily",
    "monthly",
    "annually",
    "yearly",
    "anually",
    "weekly",
    "quarterly",
    "biannually",
    "bi-annually",
    "semiannually",
    "semi-annually",
];

/// Says what is wrong with a schedule, as the end of a sentence about it.
fn check(text: &str) -> Result<(), String> {
    if text.is_empty() || text.starts_with(' ') {
        return Err("starts with a blank".to_owned());
    }
    let text = zone::without(text)?;
    if WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Ok(());
    }
    let rest = weekdays::read(text)?;
    date::read(rest)
}

/// Guesses what was meant: crontab's words, a `T` between date and time, blanks around it.
fn spelling(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(word) = text.strip_prefix('@').map(str::to_lowercase) {
        return Some(if word == "midnight" { "daily".to_owned() } else { word });
    }
    Some(match text.split_once('T') {
        Some((date, time)) if date.ends_with(|c: char| c.is_ascii_digit()) => {
            format!("{date} {}", time.strip_suffix('Z').unwrap_or(time))
        }
        _ => text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        for text in [
            "daily",
            "DAILY",
            "weekly UTC",
            "semi-annually",
            "03:00",
            "*-*-* 03:00:00",
            "Mon..Fri 08:30",
            "mon,wed..fri *:0/15",
            "Sunday",
            "Mon-Fri",
            "Mon, 10:00",
            "*-02~03",
            "*-*~1..3/1 12:00",
            "2030-01-01",
            "30-1-1 1:2:3.5",
            "10-15",
            "*:*:*",
            "*:*:0/0.5",
            "*-*-1,15..20,31",
            "2030..2040/2-1-1",
            "@1893456000",
            "Mon @1",
            "10:00 Europe/Berlin",
            "daily America/Argentina/Buenos_Aires",
            "10:00 utc",
            "1,3,5:00",
            "*-2-29",
            "*-4-30,31",
        ] {
            accepted(Calendar::parse, &[(text, text)]);
        }
        accepted(Calendar::parse, &[("Mon ", "Mon"), ("10-15  ", "10-15")]);
    }

    #[test]
    fn refuses() {
        refused(
            Calendar::parse,
            &[
                ("", "the schedule is empty", EXAMPLE),
                ("3am", "the schedule `3am` has `am` where its date or time should end", "write `03:00`"),
                ("03", "the schedule `03` has no minutes: `:` should follow the hours", "write `03:00`"),
                ("24:00", "the schedule `24:00` has the hour 24, and hours go from 0 to 23", EXAMPLE),
                ("12:60", "the schedule `12:60` has the minute 60, and minutes go from 0 to 59", EXAMPLE),
                ("0:0:60", "the schedule `0:0:60` has the second 60, and seconds go from 0 to 59", EXAMPLE),
                ("*-13-1", "the schedule `*-13-1` has the month 13, and months go from 1 to 12", EXAMPLE),
                ("*-1-32", "the schedule `*-1-32` has the day 32, and days go from 1 to 31", EXAMPLE),
                (
                    "*-2~29",
                    "the schedule `*-2~29` has the day 29, and days go from 1 to 28 from the end of a month",
                    EXAMPLE,
                ),
                (
                    "1969-1-1",
                    "the schedule `1969-1-1` has the year 1969, and years go from 1970 to 2199",
                    EXAMPLE,
                ),
                ("*-2-30", "the schedule `*-2-30` has a day that its months do not have", EXAMPLE),
                ("*-4,6-31", "the schedule `*-4,6-31` has a day that its months do not have", EXAMPLE),
                (
                    "Sun..Mon",
                    "the schedule `Sun..Mon` has days of the week from last to first: the week starts on Monday",
                    EXAMPLE,
                ),
                ("Mon..", "the schedule `Mon..` has a range of days of the week that does not end", EXAMPLE),
                ("Mo", "the schedule `Mo` has `Mo` where a number or `*` is expected", EXAMPLE),
                ("Monn", "the schedule `Monn` has `n` behind a day of the week", EXAMPLE),
                (
                    "Mon..Tue..Wed",
                    "the schedule `Mon..Tue..Wed` has a range in a range of days of the week",
                    EXAMPLE,
                ),
                ("Mon,foo", "the schedule `Mon,foo` has `foo` where a day of the week is expected", EXAMPLE),
                ("*:0/0", "the schedule `*:0/0` repeats every 0", EXAMPLE),
                (
                    "*:0/60",
                    "the schedule `*:0/60` repeats every 60, which is more than there are minutes",
                    EXAMPLE,
                ),
                ("*:30/30", "the schedule `*:30/30` repeats past the last of its minutes", EXAMPLE),
                ("*:5..3", "the schedule `*:5..3` has a range that ends before it starts", EXAMPLE),
                ("*:99999999999", "the schedule `*:99999999999` has a number that is too large", EXAMPLE),
                (
                    "10:00 CET",
                    "the schedule `10:00 CET` has the time zone `CET`, and a host need not know it: use `UTC` or an area and a city, such as `Europe/Berlin`",
                    EXAMPLE,
                ),
                (
                    "10:00 Europe/",
                    "the schedule `10:00 Europe/` has the time zone `Europe/`, and a host need not know it: use `UTC` or an area and a city, such as `Europe/Berlin`",
                    EXAMPLE,
                ),
                ("0 3 * * *", "the schedule `0 3 * * *` is a line of crontab", "write `*-*-* 03:00:00`"),
                ("@daily", "the schedule `@daily` has no number behind its `@`", "write `daily`"),
                ("@midnight", "the schedule `@midnight` has no number behind its `@`", "write `daily`"),
                (
                    "2030-01-01T10:00Z",
                    "the schedule `2030-01-01T10:00Z` has `T10:00Z` where its date or time should end",
                    "write `2030-01-01 10:00`",
                ),
                (" daily", "the schedule ` daily` starts with a blank", "write `daily`"),
                (
                    "daily\n",
                    "the schedule `daily\\n` has `daily\\n` where a number or `*` is expected",
                    "write `daily`",
                ),
            ],
        );
    }

    #[test]
    fn years_that_are_over_are_past() {
        let past = |text: &str| Calendar::parse(text).unwrap().is_past();
        for text in [
            "2020-01-01",
            "Mon 2020-1-1 03:00 UTC",
            "20-1-1",
            "2019,2021-*-*",
            "2019..2024-1-1",
            "@1577836800",
        ] {
            assert!(past(text), "{text}");
        }
        for text in [
            "daily",
            "2030-01-01",
            "10-15",
            "*-1-1",
            "2020/2-1-1",
            "2020,2040-1-1",
            "2020..2040/2-2-1",
            "@1893456000",
            "03:00",
        ] {
            assert!(!past(text), "{text}");
        }
    }

    #[test]
    fn the_same_times_have_one_spelling() {
        let plain = |text: &str| Calendar::parse(text).unwrap().plain();
        for (one, other) in [
            ("daily", "*-*-* 00:00:00"),
            ("00:00", "Daily"),
            ("03:00", "*-*-* 3:00:00"),
            ("10-15", "*-10-15 00:00"),
            ("hourly UTC", "*:00 utc"),
            ("Mon 03:00", "mon *-*-* 3:0:0"),
            ("weekly", "Mon"),
        ] {
            assert_eq!(plain(one), plain(other), "{one} {other}");
        }
        for (one, other) in
            [("daily", "daily UTC"), ("03:00", "Mon 03:00"), ("*:*:0/0.5", "*:*:0/0.05"), ("*-1-1", "*~1-1")]
        {
            if let (Ok(one), Ok(other)) = (Calendar::parse(one), Calendar::parse(other)) {
                assert_ne!(one.plain(), other.plain());
            }
        }
    }

    proptest! {
        #[test]
        fn any_text(text in "(Mon|tue|Sunday)?[., ]{0,3}[0-9*/.,~-]{0,12} ?[0-9*/.,:]{0,12}( UTC| Europe/Berlin)?|\\PC*") {
            round_trips(Calendar::parse, &text);
        }
    }
}
