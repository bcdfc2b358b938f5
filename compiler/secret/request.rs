//! The request of a health check, as `printf %b` reads it → the values of its headers that look secret. It has `\r\n` between them.

use super::name::looks_secret;
use super::spans::Spans;
use std::ops::Range;

const START: &str = r" HTTP/1.1\r\n";
const LINE: &str = r"\r\n";

/// Finds them in all requests of a text; each stands on one line.
pub(super) fn header_values(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut end = 0;
    for (at, _) in text.match_indices(START) {
        let start = at + START.len();
        if start < end {
            continue;
        }
        end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        let mut place = start;
        for header in text[start..end].split(LINE) {
            if let Some((name, value)) = header.split_once(": ") {
                let value_at = place + name.len() + 2;
                let value = value.strip_suffix(r"\r").unwrap_or(value);
                if looks_secret(name) {
                    found.push(value_at..value_at + value.len());
                } else {
                    found.extend(Spans::of(value).shifted(value_at));
                }
            }
            place += header.len() + LINE.len();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::spans::conceal;
    use super::*;

    #[test]
    fn values_of_secret_headers_are_marks() {
        let text = r"ask 2 http a 1 200-399 'GET /x HTTP/1.1\r\nHost: a:1\r\nX-Api-Key: hunter2\r\nB-Token: a '\''b c=d\r\nAuthorization: Digest username=x, response=y\r\n\r'";
        let mut spans = Spans::default();
        spans.add(header_values(text));
        let shown = conceal(text, &spans, |_| "•••");
        let wanted = r"ask 2 http a 1 200-399 'GET /x HTTP/1.1\r\nHost: a:1\r\nX-Api-Key: •••\r\nB-Token: •••\r\nAuthorization: •••\r\n\r'";
        assert_eq!(shown, wanted);
    }
}
