//! The date and the time of a schedule: `2030-01-01 03:00:00`, `*-*~1`, `*:0/15`, `@1893456000`.

use super::chain::{self, Chain, Field};
use crate::value::quoted;

const SECOND: i64 = 1_000_000;

const YEARS: Field = Field { name: "year", unit: 1, from: 1970, to: 2199, limits: "" };
const MONTHS: Field = Field { name: "month", unit: 1, from: 1, to: 12, limits: "" };
const DAYS: Field = Field { name: "day", unit: 1, from: 1, to: 31, limits: "" };
const DAYS_FROM_THE_END: Field =
    Field { name: "day", unit: 1, from: 1, to: 28, limits: " from the end of a month" };
const HOURS: Field = Field { name: "hour", unit: 1, from: 0, to: 23, limits: "" };
const MINUTES: Field = Field { name: "minute", unit: 1, from: 0, to: 59, limits: "" };
const SECONDS: Field = Field { name: "second", unit: SECOND, from: 0, to: 60 * SECOND - 1, limits: "" };

/// The last second of 2199, in seconds of Unix.
const LAST: u64 = 7_258_118_399;

/// Refuses a text that is not entirely a date, a time or both.
pub(super) fn read(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    if let Some(seconds) = text.strip_prefix('@') {
        return timestamp(seconds);
    }
    if super::cron::has_five_fields(text) {
        return Err("is a line of crontab".to_owned());
    }
    let (first, rest) = chain::read(text, 1)?;
    match rest.chars().next() {
        None | Some(':') => time(text),
        Some('-' | '~') => time(date(first, rest)?),
        _ => Err(format!("has {} where its date or time should end", quoted(rest))),
    }
}

/// The year that this dpc is from. It asks no clock: the same text compiles to the same files at any time.
const PRESENT: i64 = 2026;
/// Its first second, in seconds of Unix.
const PRESENT_SECOND: u64 = 1_767_225_600;

/// Returns whether a date has a year, and that is over.
pub(super) fn is_past(text: &str) -> bool {
    if let Some(seconds) = text.strip_prefix('@') {
        return seconds.parse::<u64>().is_ok_and(|seconds| seconds < PRESENT_SECOND);
    }
    let date = text.split(' ').next().unwrap_or_default();
    let has_year = date.matches(['-', '~']).count() == 2;
    let years = chain::read(date, 1).ok().filter(|_| has_year);
    let last = years.and_then(|(years, _)| years.with_centuries().last());
    last.is_some_and(|last| last < PRESENT)
}

fn timestamp(text: &str) -> Result<(), String> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("has no number behind its `@`".to_owned());
    }
    match text.parse::<u64>() {
        Ok(seconds) if seconds <= LAST => Ok(()),
        _ => Err("has a time after the year 2199".to_owned()),
    }
}

/// Reads the date behind its first field, and returns the text of the time.
fn date(first: Chain, text: &str) -> Result<&str, String> {
    let (second, rest) = chain::read(&text[1..], 1)?;
    if rest.is_empty() || rest.starts_with(' ') {
        days(None, first, second, text.starts_with('~'))?;
        return Ok(rest.trim_start_matches(' '));
    }
    if text.starts_with('~') || !rest.starts_with(['-', '~']) {
        return Err(format!("has {} where its date should end", quoted(rest)));
    }
    let from_the_end = rest.starts_with('~');
    let (third, rest) = chain::read(&rest[1..], 1)?;
    if !rest.is_empty() && !rest.starts_with(' ') {
        return Err(format!("has {} where its date should end", quoted(rest)));
    }
    days(Some(first), second, third, from_the_end)?;
    Ok(rest.trim_start_matches(' '))
}

fn days(year: Option<Chain>, month: Chain, day: Chain, from_the_end: bool) -> Result<(), String> {
    year.map_or(Ok(()), |year| year.with_centuries().check(&YEARS))?;
    month.check(&MONTHS)?;
    if from_the_end && !day.is_any() {
        return day.check(&DAYS_FROM_THE_END);
    }
    day.check(&DAYS)?;
    let reachable = (1..).zip([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
    let mut reachable = reachable.filter(|(number, _)| month.holds(*number));
    if reachable.any(|(_, last)| (1..=last).any(|number| day.holds(number))) {
        Ok(())
    } else {
        Err("has a day that its months do not have".to_owned())
    }
}

/// Reads hours, minutes and optional seconds; an empty text is midnight.
fn time(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    let (hours, rest) = chain::read(text, 1)?;
    let Some(rest) = rest.strip_prefix(':') else {
        return Err("has no minutes: `:` should follow the hours".to_owned());
    };
    let (minutes, rest) = chain::read(rest, 1)?;
    hours.check(&HOURS)?;
    minutes.check(&MINUTES)?;
    if rest.is_empty() {
        return Ok(());
    }
    let seconds = rest.strip_prefix(':').ok_or_else(|| format!("has {} behind its minutes", quoted(rest)))?;
    let (seconds, rest) = chain::read(seconds, SECOND)?;
    seconds.check(&SECONDS)?;
    match rest {
        "" => Ok(()),
        _ => Err(format!("has {} behind its seconds", quoted(rest))),
    }
}
