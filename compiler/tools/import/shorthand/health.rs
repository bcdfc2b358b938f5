//! Durations as Go writes them: `1m30s`, `1.5h`, `500ms`.

/// Returns a duration in dpc's form, in one unit; none if the text is no duration.
pub(crate) fn seconds(text: &str) -> Option<String> {
    let mut millis = 0.0_f64;
    let mut rest = text.trim();
    if !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("{rest}s")).filter(|_| rest.len() < 9);
    }
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        let unit = &rest[end..];
        let (each, length) = [
            ("ms", 1.0),
            ("us", 0.001),
            ("ns", 0.000_001),
            ("h", 3_600_000.0),
            ("m", 60_000.0),
            ("s", 1000.0),
        ]
        .into_iter()
        .find_map(|(name, each)| unit.starts_with(name).then_some((each, name.len())))?;
        millis += number * each;
        rest = &unit[length..];
    }
    #[expect(clippy::cast_possible_truncation, reason = "what does not fit becomes the largest number")]
    let millis = millis.round() as u64;
    if millis.is_multiple_of(1000) {
        Some(format!("{}s", millis / 1000))
    } else {
        Some(format!("{millis}ms"))
    }
}
