//! The request of a health check, as `printf %b` reads it, with `\r\n` between its lines → the secrets in its path and its headers.

use super::name::looks_secret;
use super::spans::Spans;
use std::ops::Range;

/// What ends the first line, behind the path.
const VERSION: &str = r" HTTP/1.1\r\n";
const LINE: &str = r"\r\n";

/// Returns whether a word of a script is a request.
pub(super) fn is_one(word: &str) -> bool {
    word.contains(VERSION)
}

/// Finds them in all requests of a text; each stands on one line.
pub(super) fn secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut end = 0;
    for (at, _) in text.match_indices(VERSION) {
        let start = at + VERSION.len();
        if start < end {
            continue;
        }
        let path = text[end..at].rfind(char::is_whitespace).map_or(end, |space| end + space + 1);
        found.extend(Spans::of(&text[path..at]).shifted(path));
        end = text[start..].find('\n').map_or(text.len(), |length| start + length);
        headers(text, start..end, &mut found);
    }
    found
}

fn headers(text: &str, lines: Range<usize>, found: &mut Vec<Range<usize>>) {
    let mut place = lines.start;
    for header in text[lines].split(LINE) {
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

#[cfg(test)]
mod tests {
    use super::super::spans::conceal;
    use super::*;

    #[test]
    fn secrets_of_a_request_are_marks() {
        let text = r"ask 2 http a 1 200-399 'GET /x?a=1&token=hunter2 HTTP/1.1\r\nHost: a:1\r\nX-Api-Key: hunter2\r\nB-Token: a '\''b c=d\r\nAuthorization: Digest username=x, response=y\r\n\r'";
        let mut spans = Spans::default();
        spans.add(secrets(text));
        let shown = conceal(text, &spans, |_| "•••");
        let wanted = r"ask 2 http a 1 200-399 'GET /x?a=1&token=••• HTTP/1.1\r\nHost: a:1\r\nX-Api-Key: •••\r\nB-Token: •••\r\nAuthorization: •••\r\n\r'";
        assert_eq!(shown, wanted);
    }
}
