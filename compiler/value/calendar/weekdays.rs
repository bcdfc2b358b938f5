//! The days of the week at the start of a schedule: `Mon`, `Mon..Fri`, `Mon,Wed,Sat..Sun`.

use crate::value::quoted;

/// Returns the schedule without its days of the week.
pub(super) fn read(text: &str) -> Result<&str, String> {
    let Some((mut day, mut rest)) = one(text) else { return Ok(text) };
    let mut open = None;
    loop {
        if open.is_some_and(|first| first > day) {
            return Err("has days of the week from last to first: the week starts on Monday".to_owned());
        }
        if rest.is_empty() || rest.starts_with(' ') {
            return Ok(rest.trim_start_matches(' '));
        }
        (open, rest) = separator(rest, day, open)?;
        if rest.is_empty() || rest.starts_with(' ') {
            return match open {
                None => Ok(rest.trim_start_matches(' ')),
                Some(_) => Err("has a range of days of the week that does not end".to_owned()),
            };
        }
        (day, rest) =
            one(rest).ok_or_else(|| format!("has {} where a day of the week is expected", quoted(rest)))?;
    }
}

/// Returns the range that a separator opens, if any, and the rest. `-` is an old way to write `..`.
fn separator(text: &str, day: usize, open: Option<usize>) -> Result<(Option<usize>, &str), String> {
    if let Some(rest) = text.strip_prefix(',') {
        return Ok((None, rest));
    }
    match text.strip_prefix("..").or(text.strip_prefix('-')) {
        Some(_) if open.is_some() => Err("has a range in a range of days of the week".to_owned()),
        Some(rest) => Ok((Some(day), rest)),
        None => Err(format!("has {} behind a day of the week", quoted(text))),
    }
}

/// A day at the start of a text, in any case, in full or by three letters.
fn one(text: &str) -> Option<(usize, &str)> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let has = |name: &str| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    DAYS.iter().enumerate().find_map(|(day, name)| {
        let length = if has(name) { name.len() } else { 3 };
        has(&name[..length]).then(|| (day, &text[length..]))
    })
}
