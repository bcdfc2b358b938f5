//! A number as KDL writes it (`0x1F`, `1_000`, `3.10`, `-1`, `#inf`) → the whole number, or its text.
//!
//! KDL 2.0.0, 3.9 to 3.14. The text of a number arrives as it was written, so that nothing is lost before we decide.

use super::{Invalid, quoted};

/// The whole number.
pub fn parse(text: &str) -> Result<i64, Invalid> {
    let fault = |what: &str| Invalid::new(format!("{} {what}", quoted(text)));
    if text.starts_with('#') {
        return Err(fault("is not a number that can be counted").help("write a whole number"));
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (radix, digits) = match unsigned.get(..2) {
        Some("0x") => (16, &unsigned[2..]),
        Some("0o") => (8, &unsigned[2..]),
        Some("0b") => (2, &unsigned[2..]),
        _ => (10, unsigned),
    };
    if radix == 10 && digits.contains(['.', 'e', 'E']) {
        return Err(
            fault("is not a whole number").help("write a whole number, without a point and an exponent")
        );
    }
    let plain = digits.replace('_', "");
    if !digits.starts_with(|c: char| c.is_digit(radix)) || !plain.chars().all(|c| c.is_digit(radix)) {
        return Err(fault("is not a number").help("write a whole number"));
    }
    if radix == 10 && plain.len() > 1 && plain.starts_with('0') {
        return Err(fault("starts with a zero, which KDL drops").help(leading_zero(&plain)));
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    i64::from_str_radix(&format!("{sign}{plain}"), radix)
        .map_err(|_| fault("is too large").help("write a number of at most 63 bits"))
}

/// Reads a whole number between `LEAST` and `MOST`.
pub(crate) fn within<const LEAST: i64, const MOST: i64>(text: &str) -> Result<i64, Invalid> {
    let number = parse(text)?;
    if (LEAST..=MOST).contains(&number) {
        return Ok(number);
    }
    Err(Invalid::new(match MOST {
        i64::MAX => format!("`{number}` is less than {LEAST}"),
        _ => format!("`{number}` is not between {LEAST} and {MOST}"),
    }))
}

/// Reads a number as text, if every reader of KDL would print it unchanged: `8080` and `1.5`, but not `3.10` (which is 3.1),
/// `0755` (755), `1_000` or `0x1F`.
pub fn as_text(text: &str) -> Result<&str, Invalid> {
    if is_plain(text) {
        Ok(text)
    } else {
        Err(Invalid::new(format!(
            "{} is a number in KDL, which need not stay as it is written",
            quoted(text)
        ))
        .write(format_args!("{text:?}")))
    }
}

/// Accepts whole numbers of up to 18 digits, and decimals of up to 15 without a zero at the end.
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_whole = |text: &str| {
        text == "0"
            || text.starts_with(|c: char| matches!(c, '1'..='9'))
                && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    match digits.split_once('.') {
        None => is_whole(digits) && digits.len() <= 18 && text != "-0",
        Some((whole, places)) => {
            is_whole(whole)
                && places.bytes().all(|byte| byte.is_ascii_digit())
                && !places.is_empty()
                && !places.ends_with('0')
                && digits.len() <= 16
        }
    }
}

fn leading_zero(digits: &str) -> String {
    let plain = digits.trim_start_matches('0');
    let plain = if plain.is_empty() { "0" } else { plain };
    if digits.bytes().all(|byte| matches!(byte, b'0'..=b'7')) && plain != "0" {
        format!("write `{plain}`, or `0o{plain}` for an octal number")
    } else {
        format!("write `{plain}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::refused;
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        for (text, number) in [
            ("0", 0),
            ("8080", 8080),
            ("-1", -1),
            ("+1", 1),
            ("0x1F", 31),
            ("0x1f", 31),
            ("-0x10", -16),
            ("0o755", 493),
            ("0b101", 5),
            ("1_000", 1000),
            ("1__0_", 10),
            ("0x7f_ff", 32767),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("-0", 0),
        ] {
            assert_eq!(parse(text), Ok(number), "{text}");
        }
        for text in ["0", "8080", "-1", "1.5", "0.25", "-0.5", "999999999999999999"] {
            assert_eq!(as_text(text), Ok(text));
        }
    }

    #[test]
    fn refuses() {
        let (whole, number) =
            ("write a whole number, without a point and an exponent", "write a whole number");
        refused(
            parse,
            &[
                ("3.10", "`3.10` is not a whole number", whole),
                ("1e3", "`1e3` is not a whole number", whole),
                ("2.0", "`2.0` is not a whole number", whole),
                ("#inf", "`#inf` is not a number that can be counted", number),
                ("#-inf", "`#-inf` is not a number that can be counted", number),
                ("#nan", "`#nan` is not a number that can be counted", number),
                (
                    "0755",
                    "`0755` starts with a zero, which KDL drops",
                    "write `755`, or `0o755` for an octal number",
                ),
                ("080", "`080` starts with a zero, which KDL drops", "write `80`"),
                ("00", "`00` starts with a zero, which KDL drops", "write `0`"),
                (
                    "9223372036854775808",
                    "`9223372036854775808` is too large",
                    "write a number of at most 63 bits",
                ),
                (
                    "0xFFFFFFFFFFFFFFFF",
                    "`0xFFFFFFFFFFFFFFFF` is too large",
                    "write a number of at most 63 bits",
                ),
                ("", "`` is not a number", number),
                ("-", "`-` is not a number", number),
                ("--1", "`--1` is not a number", number),
                ("0x", "`0x` is not a number", number),
                ("0x_1", "`0x_1` is not a number", number),
                ("0b2", "`0b2` is not a number", number),
                ("_1", "`_1` is not a number", number),
                ("é1", "`é1` is not a number", number),
            ],
        );
        for text in [
            "3.10",
            "0755",
            "1_000",
            "0x1F",
            "1e3",
            "+1",
            "-0",
            "#inf",
            "1.0",
            "1000000000000000000",
            "0.12345678901234567",
        ] {
            let invalid = as_text(text).unwrap_err();
            assert_eq!(
                invalid.message,
                format!("`{text}` is a number in KDL, which need not stay as it is written")
            );
            assert_eq!(invalid.help, Some(format!("write `\"{text}\"`")));
        }
    }

    proptest! {
        #[test]
        fn reads_what_rust_prints(number: i64) {
            prop_assert_eq!(parse(&number.to_string()), Ok(number));
            let sign = if number < 0 { "-" } else { "" };
            prop_assert_eq!(parse(&format!("{sign}{:#x}", number.unsigned_abs())), Ok(number));
        }

        #[test]
        fn what_is_text_prints_the_same(text in "-?[0-9]{1,10}(\\.[0-9]{1,7})?") {
            if as_text(&text).is_ok() {
                prop_assert_eq!(text.parse::<f64>().unwrap().to_string(), text);
            }
        }

        #[test]
        fn nothing_panics(text in "[+-]?(0[xob])?[0-9a-f_.]{0,9}|\\PC*") {
            let _ = (parse(&text), as_text(&text));
        }
    }
}
