//! The status codes of HTTP that count as healthy: `204`, `200-399 401` (RFC 9110, 15).

use super::{Invalid, quoted};
use std::fmt;

/// Codes and ranges of them, as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusCodes(Vec<(u16, u16)>);

impl StatusCodes {
    /// Reads codes and ranges with spaces between them.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            return Err(Invalid::new("no status is accepted").help("write codes such as `200` or `200-399`"));
        }
        if words.len() > Self::MOST {
            return Err(Invalid::new(format!("{} codes are too many", words.len()))
                .help("write ranges such as `200-399`"));
        }
        words.into_iter().map(range).collect::<Result<_, _>>().map(Self)
    }

    /// Maximum number of codes and ranges.
    const MOST: usize = 20;

    /// The usual ones: success and redirections.
    pub(crate) fn usual() -> Self {
        Self(vec![(200, 399)])
    }

    /// Returns whether they are the usual ones.
    pub(crate) fn is_usual(&self) -> bool {
        *self == Self::usual()
    }
}

fn range(word: &str) -> Result<(u16, u16), Invalid> {
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let range = code(first).zip(code(last)).ok_or_else(|| {
        let fault = Invalid::new(format!("{} is not a status of HTTP", quoted(word)));
        let all = match word.as_bytes() {
            [digit @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => Some(char::from(*digit)),
            _ => None,
        };
        fault.write_or(
            all.map(|digit| format!("{digit}00-{digit}99")),
            "write codes from 100 to 599 with spaces between them, such as `200-399 401`",
        )
    })?;
    if range.0 > range.1 {
        return Err(Invalid::new(format!("the range {} ends before it begins", quoted(word)))
            .write(format!("{last}-{first}")));
    }
    Ok(range)
}

fn code(text: &str) -> Option<u16> {
    let code = text.parse().ok().filter(|code| (100..=599).contains(code))?;
    (text.len() == 3).then_some(code)
}

impl fmt::Display for StatusCodes {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let words = self
            .0
            .iter()
            .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") });
        f.pad(&words.collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::table::{accepted, refused, round_trips};
    use proptest::prelude::*;

    #[test]
    fn accepts() {
        accepted(
            StatusCodes::parse,
            &[
                ("200", "200"),
                ("200-399", "200-399"),
                (" 204  401 ", "204 401"),
                ("200-200", "200"),
                ("100-599", "100-599"),
            ],
        );
        assert!(StatusCodes::usual().is_usual());
    }

    #[test]
    fn refuses() {
        let help = "write codes from 100 to 599 with spaces between them, such as `200-399 401`";
        refused(
            StatusCodes::parse,
            &[
                ("", "no status is accepted", "write codes such as `200` or `200-399`"),
                ("2xx", "`2xx` is not a status of HTTP", "write `200-299`"),
                ("200,204", "`200,204` is not a status of HTTP", help),
                ("600", "`600` is not a status of HTTP", help),
                ("+20", "`+20` is not a status of HTTP", help),
                ("20", "`20` is not a status of HTTP", help),
                ("399-200", "the range `399-200` ends before it begins", "write `200-399`"),
                (&"200 ".repeat(21), "21 codes are too many", "write ranges such as `200-399`"),
            ],
        );
    }

    proptest! {
        #[test]
        fn any_text(text in "[0-9x -]{0,12}") {
            round_trips(StatusCodes::parse, &text);
        }
    }
}
