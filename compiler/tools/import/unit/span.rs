//! Time spans of units → durations of docker and dpc. Source: systemd.time(7), "Parsing Time Spans".

/// `1min 30s` → `1m30s`. Other text stays, and is refused later.
pub(super) fn span(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let number = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let behind = rest[number..].trim_start();
        let word = behind.find(|c: char| !c.is_alphabetic()).unwrap_or(behind.len());
        let Some(unit) = unit(&behind[..word]).filter(|_| number > 0) else { return text.to_string() };
        out.push_str(&rest[..number]);
        out.push_str(unit);
        rest = behind[word..].trim_start();
    }
    out
}

fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "ms" | "msec" => "ms",
        "" | "s" | "sec" | "second" | "seconds" => "s",
        "m" | "min" | "minute" | "minutes" => "m",
        "h" | "hr" | "hour" | "hours" => "h",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn spans() {
        for (text, wanted) in [
            ("5", "5s"),
            ("10sec", "10s"),
            ("1min 30s", "1m30s"),
            ("1minute", "1m"),
            ("500msec", "500ms"),
            ("2 h", "2h"),
            ("infinity", "infinity"),
            ("", ""),
        ] {
            assert_eq!(super::span(text), wanted);
        }
    }
}
