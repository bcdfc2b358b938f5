//! A time in everyday words → the same schedule for systemd, as advice.

/// `every day`, `every 5 minutes`, `15m`, `3am`, `at 3:30 pm`.
pub(crate) fn schedule(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let text = lower.strip_prefix("at ").unwrap_or(&lower).trim();
    every(text.strip_prefix("every ").unwrap_or(text).trim()).or_else(|| clock(text))
}

fn every(text: &str) -> Option<String> {
    let word = match text {
        "minute" => "minutely",
        "hour" => "hourly",
        "day" | "night" | "midnight" => "daily",
        "week" => "weekly",
        "month" => "monthly",
        "year" => "yearly",
        _ => return interval(text),
    };
    Some(word.to_owned())
}

/// `15 minutes`, `2h`: a calendar can repeat them only if they divide the hour, or the day.
fn interval(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u32 = text[..end].parse().ok().filter(|number| *number > 0)?;
    match text[end..].trim() {
        "s" | "sec" | "secs" | "second" | "seconds" if 60 % number == 0 && number < 60 => {
            Some(format!("*:*:0/{number}"))
        }
        "m" | "min" | "mins" | "minute" | "minutes" if 60 % number == 0 && number < 60 => {
            Some(format!("*:0/{number}"))
        }
        "h" | "hr" | "hour" | "hours" if 24 % number == 0 && number < 24 => Some(format!("0/{number}:00")),
        "d" | "day" if number == 1 => Some("daily".to_owned()),
        _ => None,
    }
}

/// `3am`, `3:30 pm`, and an hour alone.
fn clock(text: &str) -> Option<String> {
    let (time, noon) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(time), _) => (time.trim(), Some(0)),
        (_, Some(time)) => (time.trim(), Some(12)),
        _ => (text, None),
    };
    let (hour, minute) = time.split_once(':').unwrap_or((time, "00"));
    let digits = |text: &str| text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let hour: u32 = hour.parse().ok()?;
    let hour = match noon {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(noon) => hour % 12 + noon,
        None => hour,
    };
    Some(format!("{hour:02}:{minute:0>2}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn is_what_systemd_takes() {
        for (said, wanted) in [
            ("every day", Some("daily")),
            ("Every Hour", Some("hourly")),
            ("every 5 minutes", Some("*:0/5")),
            ("15m", Some("*:0/15")),
            ("every 2 hours", Some("0/2:00")),
            ("30s", Some("*:*:0/30")),
            ("3am", Some("03:00")),
            ("at 3:30 pm", Some("15:30")),
            ("12am", Some("00:00")),
            ("12pm", Some("12:00")),
            ("03", Some("03:00")),
            ("every 7 minutes", None),
            ("every 0 minutes", None),
            ("13pm", None),
            ("every other day", None),
            ("", None),
        ] {
            assert_eq!(super::schedule(said).as_deref(), wanted, "{said}");
        }
    }
}
