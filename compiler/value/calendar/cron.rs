//! A line of crontab(5) → the same schedule for systemd, as advice for users of cron.

/// Returns whether this is the time of a line of crontab: five fields of digits, `*`, `/`, `,`, `-` and names.
pub(crate) fn has_five_fields(text: &str) -> bool {
    let is_field =
        |field: &str| field.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '*' | '/' | ',' | '-'));
    let is_numeric = |field: &str| field.starts_with(|c: char| c.is_ascii_digit() || c == '*');
    text.split_ascii_whitespace().count() == 5
        && text.split_ascii_whitespace().all(is_field)
        && text.split_ascii_whitespace().take(3).all(is_numeric)
}

/// Returns the schedule in systemd's words, if it has one: crontab's "this day of the month or that day of the week" has none.
pub(crate) fn schedule(text: &str) -> Option<String> {
    if !has_five_fields(text) {
        return None;
    }
    let mut fields = text.split_ascii_whitespace();
    let [minute, hour, day, month, weekday] = std::array::from_fn(|_| fields.next().unwrap_or("*"));
    let weekdays = match weekday {
        "*" => String::new(),
        _ if day != "*" => return None,
        weekday => format!("{} ", weekdays(weekday)?),
    };
    let (month, day) = (field(month, 1), field(day, 1));
    Some(format!("{weekdays}*-{month}-{day} {}:{}:00", field(hour, 0), field(minute, 0)))
}

/// `*/5` → `0/5`, `1-5` → `01..05`.
fn field(text: &str, from: u8) -> String {
    let one = |part: &str| match part.strip_prefix("*/") {
        Some(step) => format!("{from}/{step}"),
        None => part.split('-').map(padded).collect::<Vec<_>>().join(".."),
    };
    text.split(',').map(one).collect::<Vec<_>>().join(",")
}

fn padded(number: &str) -> String {
    if number.len() == 1 && number != "*" { format!("0{number}") } else { number.to_owned() }
}

/// `1-5` → `Mon..Fri`; 0 and 7 are Sunday.
fn weekdays(text: &str) -> Option<String> {
    const DAYS: [&str; 8] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let name = |day: &str| match day.parse::<usize>() {
        Ok(number) => DAYS.get(number).copied().map(str::to_owned),
        Err(_) => Some(day.to_owned()),
    };
    let one = |part: &str| Some(part.split('-').map(name).collect::<Option<Vec<_>>>()?.join(".."));
    Some(text.split(',').map(one).collect::<Option<Vec<_>>>()?.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_the_same() {
        for (cron, calendar) in [
            ("0 3 * * *", Some("*-*-* 03:00:00")),
            ("*/5 * * * *", Some("*-*-* *:0/5:00")),
            ("30 8 * * 1-5", Some("Mon..Fri *-*-* 08:30:00")),
            ("0 0 1,15 1-6 *", Some("*-01..06-01,15 00:00:00")),
            ("0 0 * * 0,mon", Some("Sun,mon *-*-* 00:00:00")),
            ("0 0 1 * 1", None),
            ("0 0 * * 9", None),
            ("0 3 * *", None),
        ] {
            assert_eq!(schedule(cron).as_deref(), calendar, "{cron}");
            assert!(calendar.is_none_or(|calendar| super::super::check(calendar).is_ok()), "{cron}");
        }
    }
}
