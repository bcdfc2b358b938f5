//! The time zone at the end of a schedule.

use crate::value::quoted;

/// Returns the schedule without its time zone, or the reason why a time zone cannot be used.
pub(crate) fn without(text: &str) -> Result<&str, String> {
    let Some((before, last)) = text.rsplit_once(' ') else { return Ok(text) };
    if last.eq_ignore_ascii_case("utc") {
        return Ok(before);
    }
    let is_word = last.starts_with(|c: char| c.is_ascii_alphabetic());
    if !is_word || super::cron::has_five_fields(text) {
        return Ok(text);
    }
    if is_area_and_city(last) {
        Ok(before)
    } else {
        Err(format!(
            "has the time zone {}, and a host need not know it: use `UTC` or an area and a city, such as `Europe/Berlin`",
            quoted(last)
        ))
    }
}

/// `Europe/Berlin`, `America/Argentina/Buenos_Aires`: the names that a file of a zone can have (systemd, `timezone_is_valid`).
/// Only the host knows whether it has the file.
fn is_area_and_city(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+'))
    };
    text.contains('/') && text.split('/').all(is_part)
}
