//! Times of `OnCalendar=`: checked, so that a timer that systemd would ignore does not compile.
//!
//! Rule: `weekdays year-month-day hour:minute:second zone`, each part optional, of lists of numbers, ranges (`1..5`)
//! and repetitions (`0/15`); or a word such as `daily`. Source: systemd.time(7), "CALENDAR EVENTS"; the limits of the
//! numbers were tried with systemd-analyze(1) 252. What systemd accepts besides the manual is refused: a comma behind the
//! last weekday, `Mon-Fri`, and seconds since the epoch, which come only once. A zone's name is checked for its form only.

use super::{Refused, terminal};

/// `text` as it is, where systemd takes it.
pub fn check(text: &str) -> Result<&str, Refused> {
    let shown = terminal::line(text);
    match parse(text) {
        Ok(()) => Ok(text),
        Err(fault) => Err(Refused::new(format!("`{shown}` is not a time of systemd: {fault}"))),
    }
}

const SHORTHANDS: &[&str] =
    &["minutely", "hourly", "daily", "monthly", "weekly", "yearly", "annually", "quarterly", "semiannually"];

const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const SHAPE: &str = "write it like `Mon..Fri *-*-* 03:00:00` or `daily`";

fn parse(text: &str) -> Result<(), String> {
    let (time, zone) = split_zone(text);
    if let Some(zone) = zone {
        check_zone(zone)?;
    }
    if SHORTHANDS.contains(&time.to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    let mut parts: Vec<_> = time.split(' ').collect();
    if parts.iter().any(|part| part.is_empty()) {
        return Err(format!("{SHAPE}, with one space between the parts"));
    }
    if parts[0].starts_with(|c: char| c.is_ascii_alphabetic()) {
        check_weekdays(parts.remove(0))?;
    }
    match parts[..] {
        [] => Ok(()),
        [one] if one.contains(':') => check_time(one),
        [one] => check_date(one),
        [date, time] => check_date(date).and_then(|()| check_time(time)),
        _ => Err(SHAPE.to_owned()),
    }
}

/// The last word is a zone when it is `UTC` or has a letter that no other last word has; a weekday stands first.
fn split_zone(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(' ') {
        Some((time, zone)) if zone.contains(|c: char| c.is_ascii_alphabetic()) => (time, Some(zone)),
        _ => (text, None),
    }
}

fn check_zone(zone: &str) -> Result<(), String> {
    let named = zone.split_once('/').is_some_and(|(area, city)| !area.is_empty() && !city.is_empty());
    let allowed = zone.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte));
    if zone == "UTC" || (named && allowed && !zone.ends_with('/') && !zone.contains("//")) {
        return Ok(());
    }
    Err(format!("`{}` is not a time zone: write `UTC` or one like `Europe/Berlin`", terminal::line(zone)))
}

fn check_weekdays(list: &str) -> Result<(), String> {
    for range in list.split(',') {
        match range.split_once("..") {
            Some((first, last)) if weekday(first)? > weekday(last)? => {
                return Err(format!("`{range}` runs backwards: a week starts on Monday"));
            }
            Some(_) => {}
            None => drop(weekday(range)?),
        }
    }
    Ok(())
}

fn weekday(name: &str) -> Result<usize, String> {
    let lower = name.to_ascii_lowercase();
    let found = WEEKDAYS.iter().position(|day| *day == lower || day[..3] == lower);
    found.ok_or_else(|| format!("`{}` is not a day of the week: {SHAPE}", terminal::line(name)))
}

fn check_date(date: &str) -> Result<(), String> {
    let (months, days, limits) = match date.split_once('~') {
        Some((months, days)) => (months, days, END_OF_MONTH),
        None => date.rsplit_once('-').map(|(months, days)| (months, days, DAY)).ok_or(SHAPE)?,
    };
    check_list(days, &limits.for_list(days))?;
    match months.split_once('-') {
        Some((year, month)) => check_list(year, &YEAR).and_then(|()| check_list(month, &MONTH)),
        None => check_list(months, &MONTH),
    }
}

fn check_time(time: &str) -> Result<(), String> {
    match time.split(':').collect::<Vec<_>>()[..] {
        [hour, minute] => check_list(hour, &HOUR).and_then(|()| check_list(minute, &MINUTE)),
        [hour, minute, second] => {
            check_list(hour, &HOUR)?;
            check_list(minute, &MINUTE)?;
            check_list(second, &SECOND)
        }
        _ => Err(SHAPE.to_owned()),
    }
}

/// What one part of a date or time can be, in millionths for seconds.
struct Limits {
    name: &'static str,
    first: u64,
    last: u64,
    unit: u64,
    from_end: bool,
}

const fn limits(name: &'static str, first: u64, last: u64) -> Limits {
    Limits { name, first, last, unit: 1, from_end: false }
}

const YEAR: Limits = limits("year", 1970, 2199);
const MONTH: Limits = limits("month", 1, 12);
const DAY: Limits = limits("day", 1, 31);
const END_OF_MONTH: Limits = Limits { from_end: true, ..limits("day before the end of a month", 1, 28) };
const HOUR: Limits = limits("hour", 0, 23);
const MINUTE: Limits = limits("minute", 0, 59);
const SECOND: Limits = Limits { unit: 1_000_000, ..limits("second", 0, 59_999_999) };

fn check_list(list: &str, limits: &Limits) -> Result<(), String> {
    if list == "*" {
        return Ok(());
    }
    list.split(',').try_for_each(|item| check_item(item, limits))
}

/// `start`, `start..stop`, `start/repeat` or `start..stop/repeat`. A repetition must happen at least once.
fn check_item(item: &str, limits: &Limits) -> Result<(), String> {
    let (range, repeat) = item.split_once('/').map_or((item, None), |(range, repeat)| (range, Some(repeat)));
    let (start, stop) = range.split_once("..").map_or((range, None), |(start, stop)| (start, Some(stop)));
    let start = limits.number(start)?;
    let stop = stop.map(|stop| limits.number(stop)).transpose()?;
    let repeat = repeat.map(|repeat| limits.millionths(repeat)).transpose()?;
    if stop.is_some_and(|stop| start > stop) {
        return Err(format!("`{item}` runs backwards"));
    }
    let Some(repeat) = repeat else { return Ok(()) };
    let reached = match stop {
        Some(stop) => start + repeat <= stop,
        None if limits.from_end => limits.first + repeat <= start,
        None => start + repeat <= limits.last,
    };
    if repeat > 0 && reached {
        Ok(())
    } else {
        Err(format!("`{item}` never repeats within its {}", limits.name))
    }
}

impl Limits {
    /// systemd takes three days off the end of a month for each item of a list instead of once (252).
    fn for_list(self, list: &str) -> Self {
        let others = list.matches(',').count() as u64;
        if self.from_end { Self { last: self.last.saturating_sub(3 * others), ..self } } else { self }
    }

    fn number(&self, text: &str) -> Result<u64, String> {
        let number = self.millionths(text)?;
        let number = if self.name == "year" && text.len() <= 2 { century(number) } else { number };
        if (self.first..=self.last).contains(&number) {
            return Ok(number);
        }
        let (first, last) = (self.first / self.unit, self.last / self.unit);
        Err(format!("{} `{text}` is not between {first} and {last}", self.name))
    }

    /// Digits, and where the unit has a fraction up to six behind a dot.
    fn millionths(&self, text: &str) -> Result<u64, String> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits =
            |part: &str| (1..=6).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || (self.unit == 1 && text.contains('.')) {
            return Err(format!("`{}` is not a {}: {SHAPE}", terminal::line(text), self.name));
        }
        let number = |part: &str| part.parse::<u64>().map_err(|_| SHAPE.to_owned());
        let scale = 10_u64.pow(6 - fraction.len() as u32);
        Ok(number(whole)? * self.unit + if self.unit == 1 { 0 } else { number(fraction)? * scale })
    }
}

/// Years of two digits as systemd reads them.
fn century(year: u64) -> u64 {
    if year < 70 { year + 2000 } else { year + 1900 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_the_manual_pass() {
        for text in [
            "*-*-* 03:00:00",
            "daily",
            "Mon..Fri 9:30",
            "Mon,Wed *-*~1 12:00",
            "Sat,Thu,Mon..Wed,Sat..Sun",
            "Wed,Wed 2012-1-2",
            "*-*-* *:*:00",
            "10-15",
            "*:0/15",
            "hourly UTC",
            "1:0:0/0.5",
            "Mon 2028-01-01 10:00 Europe/Berlin",
            "2003-02..04-05",
            "*-05~07/1",
            "weekly",
            "Saturday",
        ] {
            assert_eq!(check(text), Ok(text));
        }
    }

    #[test]
    fn other_times_are_refused() {
        for text in [
            "",
            " ",
            "10",
            "foo",
            "25:00",
            "1:60",
            "Mon,",
            "Mon..",
            "Sat..Mon",
            "Mon-Fri 1:0",
            "*-13-1",
            "*-1-0",
            "*:0/0",
            "*:5/70",
            "*/5:0",
            "1::0",
            "1:0:",
            " 1:0",
            "1:0 ",
            "1:0  UTC",
            "1:0 Nowhere",
            "@12",
            "1:0\n",
            "*-*~29",
            "5..3:0",
            "1:0:0.1234567",
            "1:0.5",
            "+1:0",
            "1:0 %n",
            "*-*-* 1:0 2:0",
        ] {
            assert!(check(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_fault_is_named() {
        assert_eq!(
            check("25:00").unwrap_err().to_string(),
            "`25:00` is not a time of systemd: hour `25` is not between 0 and 23"
        );
    }
}
