//! A word that begins like a number → whether it is one, or why not.

/// Says why `word`, which begins with a digit or a sign and a digit, is not a `number`; nothing if it is one.
pub(super) fn fault(word: &str) -> Option<&'static str> {
    let digits = word.strip_prefix(['+', '-']).unwrap_or(word).as_bytes();
    match digits {
        [b'0', b'x', rest @ ..] => {
            radix(rest, u8::is_ascii_hexdigit, "`0x` must be followed by a digit, 0–9 or a–f")
        }
        [b'0', b'o', rest @ ..] => {
            radix(rest, |byte| matches!(byte, b'0'..=b'7'), "`0o` must be followed by a digit, 0–7")
        }
        [b'0', b'b', rest @ ..] => {
            radix(rest, |byte| matches!(byte, b'0' | b'1'), "`0b` must be followed by a digit, 0 or 1")
        }
        _ => decimal(digits),
    }
}

fn radix(digits: &[u8], is_digit: impl Fn(&u8) -> bool, none: &'static str) -> Option<&'static str> {
    match digits {
        [first, rest @ ..] if is_digit(first) => {
            if rest.iter().all(|byte| is_digit(byte) || *byte == b'_') {
                None
            } else {
                Some("it has a character that is no digit of its base")
            }
        }
        _ => Some(none),
    }
}

/// `decimal := sign? integer ('.' integer)? exponent?`, behind the sign.
fn decimal(digits: &[u8]) -> Option<&'static str> {
    let Some(mut rest) = integer(digits) else { return Some(STRAY) };
    if let [b'.', fraction @ ..] = rest {
        let Some(behind) = integer(fraction) else { return Some("a digit must follow the `.`") };
        rest = behind;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = match exponent {
            [b'+' | b'-', unsigned @ ..] => unsigned,
            _ => exponent,
        };
        let Some(behind) = integer(exponent) else { return Some("a digit must follow the exponent's `e`") };
        rest = behind;
    }
    (!rest.is_empty()).then_some(STRAY)
}

const STRAY: &str = "a bare word must not begin like a number";

/// `integer := digit (digit | '_')*`; what follows it.
fn integer(bytes: &[u8]) -> Option<&[u8]> {
    bytes.first().filter(|byte| byte.is_ascii_digit())?;
    let length = bytes.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count();
    Some(&bytes[length..])
}
