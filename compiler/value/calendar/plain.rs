//! A schedule → one spelling for all that mean the same times, as far as that is easy to see: `daily`, `00:00`, `*-*-* 0:00:00`.

use super::{weekdays, zone};

/// Returns the spelling. Only for a schedule that was read.
pub(super) fn spelling(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    let times = zone::without(&text).unwrap_or(&text);
    let zone = text[times.len()..].trim();
    let times = word(times).unwrap_or(times);
    let rest = weekdays::read(times).unwrap_or(times);
    let days = times[..times.len() - rest.len()].trim();
    let rest = rest.trim();
    let (date, time) = match rest.split_once(' ') {
        Some(both) => both,
        None if rest.contains(':') => ("*-*-*", rest),
        None if rest.is_empty() => ("*-*-*", "0:0:0"),
        None => (rest, "0:0:0"),
    };
    let year = if date.matches(['-', '~']).count() == 1 { "*-" } else { "" };
    let second = if time.matches(':').count() == 1 { ":0" } else { "" };
    format!("{days} {year}{} {}{second} {zone}", short(date), short(time))
}

/// Numbers without zeros in front.
fn short(text: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let end =
            rest[start..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len(), |length| start + length);
        let digits = rest[start..end].trim_start_matches('0');
        // A fraction keeps its zeros.
        let is_fraction = rest[..start].ends_with('.') && !rest[..start].ends_with("..");
        let digits = if is_fraction { &rest[start..end] } else { digits };
        short.push_str(&rest[..start]);
        short.push_str(if digits.is_empty() { "0" } else { digits });
        rest = &rest[end..];
    }
    short + rest
}

fn word(text: &str) -> Option<&'static str> {
    Some(match text {
        "minutely" => "*-*-* *:*:0",
        "hourly" => "*-*-* *:0:0",
        "daily" => "*-*-* 0:0:0",
        "weekly" => "mon *-*-* 0:0:0",
        "monthly" => "*-*-1 0:0:0",
        "quarterly" => "*-1,4,7,10-1 0:0:0",
        "biannually" | "bi-annually" | "semiannually" | "semi-annually" => "*-1,7-1 0:0:0",
        "annually" | "yearly" | "anually" => "*-1-1 0:0:0",
        _ => return None,
    })
}
