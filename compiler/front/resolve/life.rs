//! `restart` and `schedule` → when something is started.

use super::merge::{Layered, Merged};
use super::reading::{Reading, refused};
use crate::language::service::life;
use crate::model::fleet::{Restart, Schedule};
use crate::text::{Located, Span};
use crate::value::Invalid;
use crate::value::calendar::Calendar;
use crate::value::unit_name::UnitName;
use std::collections::BTreeMap;

/// How a service or a task is started again.
pub(crate) fn restart(merged: &Merged<'_, '_>, reading: &mut Reading<'_>) -> Restart {
    let property = |name: &str| merged.get(life::RESTART.name)?.property(name);
    Restart {
        delay_seconds: reading.field_or_default(&life::DELAY, property).as_seconds_ceil(),
        max_delay_seconds: reading.field_or_default(&life::MAX_DELAY, property).as_seconds_ceil(),
        retries: reading.field(&life::RESTART_RETRIES, property).map(|count| count.map(i64::unsigned_abs)),
        within_seconds: reading.field_or_default(&life::WITHIN, property).as_seconds_ceil(),
    }
}

/// The units of the host that are started before it, sorted.
pub(crate) fn after(merged: &Merged<'_, '_>, reading: &mut Reading<'_>) -> Vec<Located<UnitName>> {
    let entries = merged.all(life::AFTER.name).flat_map(|setting| setting.node().arguments());
    let units = entries.filter_map(|entry| reading.parsed(entry, UnitName::parse));
    let by_name: BTreeMap<UnitName, Span> = units.map(|unit| (unit.value, unit.span)).collect();
    by_name.into_iter().map(|(unit, span)| Located::new(unit, span)).collect()
}

/// When a task runs: by the calendar, or some time after its last run.
pub(crate) fn schedule(setting: &Layered<'_, '_>, reading: &mut Reading<'_>) -> Option<Schedule> {
    let node = setting.node();
    let property = |name: &str| setting.property(name);
    let every = reading.field(&life::EVERY, property);
    let random_delay = reading.field(&life::RANDOM_DELAY, property);
    let persistent = property("persistent");
    let wrong = match (node.arguments().next(), property(life::EVERY.row.name), persistent) {
        (None, None, _) => {
            let invalid = Invalid::new("`schedule` does not say when");
            Some((
                invalid.help("write a calendar, such as `schedule \"03:00\"`, or `schedule every=\"15m\"`"),
                node.span(),
            ))
        }
        (Some(_), Some(every), _) => {
            let invalid = Invalid::new("a task runs by the calendar, or some time after its last run");
            Some((invalid.help("keep one of the two"), every.span()))
        }
        (None, Some(_), Some(persistent)) => {
            let invalid = Invalid::new("`persistent` goes with a calendar: with `every`, no run is missed");
            Some((invalid.help("remove it"), persistent.span()))
        }
        _ => None,
    };
    if let Some((invalid, span)) = wrong {
        reading.push(refused(invalid, span));
    }
    let calendars: Vec<Located<Calendar>> =
        node.arguments().filter_map(|entry| reading.parsed(entry, Calendar::parse)).collect();
    check_calendars(&calendars, reading);
    Some(Schedule {
        calendars: calendars.into_iter().map(|calendar| calendar.value).collect(),
        every_seconds: every.map(|time| time.as_seconds_ceil()),
        persistent: persistent
            .and_then(|entry| reading.boolean(entry))
            .is_none_or(|persistent| persistent.value),
        random_delay_seconds: random_delay.map(|time| time.as_seconds_ceil()),
    })
}

/// Reports times that are over, and times that are said twice, which is a slip: systemd starts the task once.
fn check_calendars(calendars: &[Located<Calendar>], reading: &mut Reading<'_>) {
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for calendar in calendars {
        if calendar.is_past() {
            let invalid = Invalid::new(format!(
                "the schedule `{}` lies in the past: the task would never run",
                calendar.value
            ));
            reading.push(refused(
                invalid.help("write `*` for the year: `*-01-01` is each first of January"),
                calendar.span,
            ));
        }
        let Some(first) = seen.insert(calendar.plain(), calendar.span) else { continue };
        let invalid = Invalid::new("this calendar is the same as another one").help("remove one of the two");
        reading.push(refused(invalid, calendar.span).at(first, "the same times"));
    }
}
